"""A model's name -> its folder.

Nothing here loads a model, so that what only reads a model's description needs no
torch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from annotator.errors import BadModel

DESCRIPTION: Final = "model.json"
"""What every model folder holds."""


def shelves() -> tuple[Path, ...]:
    """Give where shipped models lie: in an installed package, or beside a checkout's.

    Neither need exist.
    """
    package = Path(__file__).parents[1]
    return package / "models", package.parent / "models"


def model_folder(name: str) -> Path:
    """The folder of a shipped model, or `name` itself where it is a folder.

    Raises
    ------
    BadModel
        If there is no such model; the message names those there are.
    """
    if (Path(name) / DESCRIPTION).is_file():
        return Path(name)
    for shelf in shelves():
        if (shelf / name / DESCRIPTION).is_file():
            return shelf / name
    found = (p for shelf in shelves() for p in shelf.glob(f"*/{DESCRIPTION}"))
    there = sorted({p.parent.name for p in found})
    raise BadModel(
        f"no model {name!r}: expected a folder with {DESCRIPTION}, or one of the "
        f"shipped models ({', '.join(there) or 'none are installed'}); `accurate` "
        "comes with the repository only: give the folder models/accurate of a checkout"
    )
