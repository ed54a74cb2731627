"""A model folder -> what it says of itself.

Nothing here needs torch: a run that has nothing to score loads no model.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from annotator.errors import BadModel
from annotator.tag.shelf import DESCRIPTION
from annotator.tag.windows import WindowShape

FORMAT: Final = 1
"""Raise when a folder written now could not be read by the code before."""

WEIGHTS: Final = "tagger.safetensors"


@dataclass(frozen=True, slots=True)
class Description:
    """What a model folder says of itself in `model.json`.

    Attributes
    ----------
    temperature
        Divides the label logits before the softmax (Guo et al. 2017).
    risk
        Pairs of a confidence and a bound on the error of labels given with at
        least that confidence, from the calibration split, confidence rising.
    stance_temperature
        Divides the stance logits; None where the stance head was not trained.
    opening_costs
        Log-odds against opening a span, for source, cue, content and loaded; see
        `annotator.tag.spans`.
    """

    name: str
    sha256: str
    window: WindowShape
    temperature: float = 1.0
    risk: tuple[tuple[float, float], ...] = ()
    stance_temperature: float | None = None
    opening_costs: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    format: int = FORMAT

    @property
    def version(self) -> str:
        """Name and the first twelve digits of the weight hash."""
        return f"{self.name}@{self.sha256[:12]}"

    def confidence_for(self, target_error: float) -> float:
        """The least confidence at and above which at most that share is wrong.

        Raises
        ------
        BadModel
            If no confidence promises so little error; says what can be promised.
        """
        kept = [c for c, bound in self.risk if bound <= target_error]
        if not kept:
            least = min((bound for _, bound in self.risk), default=1.0)
            raise BadModel(
                f"{self.name} cannot promise an error of {target_error:g}: the least "
                f"its calibration supports is {least:.3f}"
            )
        return min(kept)


def read_description(folder: Path) -> Description:
    """Read `model.json`.

    Raises
    ------
    BadModel
        If it is missing, broken or of a newer format.
    """
    path = folder / DESCRIPTION
    try:
        return _described(json.loads(path.read_text(encoding="utf-8")), path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadModel(f"{folder} is not a complete model: {error}") from error


def _described(values: dict[str, Any], path: Path) -> Description:
    if values["format"] > FORMAT:
        raise BadModel(
            f"{path} has format {values['format']}, this version reads up to {FORMAT}: "
            "upgrade source-annotator"
        )
    values["window"] = WindowShape(**values["window"])
    values["risk"] = tuple((t, e) for t, e in values["risk"])
    if "opening_costs" in values:
        values["opening_costs"] = tuple(values["opening_costs"])
    return Description(**values)


def checked_description(folder: Path) -> Description:
    """Read `model.json`, and see that the weights are those it describes.

    Raises
    ------
    BadModel
        If either is missing, broken or altered, or the format is newer.
    """
    description = read_description(folder)
    try:
        digest = sha256_of(folder / WEIGHTS)
    except OSError as error:
        raise BadModel(f"{folder} is not a complete model: {error}") from error
    if digest != description.sha256:
        raise BadModel(
            f"{folder / WEIGHTS} hashes to {digest[:12]}, but {DESCRIPTION} says "
            f"{description.sha256[:12]}: the file was changed or is incomplete; "
            "fetch the model again"
        )
    return description


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_description(folder: Path, description: Description) -> None:
    """Write `model.json`."""
    text = json.dumps(asdict(description), indent=2)
    (folder / DESCRIPTION).write_text(text + "\n", encoding="utf-8")
