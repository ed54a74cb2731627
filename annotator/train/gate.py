"""An evaluation and a model's floors -> what has fallen below them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from annotator.codebook import LABELS
from annotator.errors import BadConfig
from annotator.train.evaluate import Evaluation

FLOORS: Final = "floors.toml"


def shortfalls(evaluation: Evaluation, folder: Path) -> list[str]:
    """What is below the floors pinned in a model folder, in words.

    Raises
    ------
    BadConfig
        If there are no floors, they name an unknown figure, or they are pinned to
        other data than was evaluated.
    """
    floors = read_floors(folder)
    pinned = floors.pop("data_sha256", None)
    if pinned != evaluation.data_sha256:
        raise BadConfig(
            f"{folder / FLOORS} is pinned to data with hash {str(pinned)[:12]}, but "
            f"{evaluation.data} has {evaluation.data_sha256[:12]}: floors hold on the "
            "data they were set on"
        )
    figures = _figures(evaluation)
    if unknown := sorted(set(floors) - set(figures)):
        raise BadConfig(
            f"{folder / FLOORS}: no figure {unknown[0]!r}; there are "
            f"{', '.join(figures)}"
        )
    return [
        f"{name} is {figures[name]:.3f}, its floor is {float(str(floor)):.3f}"
        for name, floor in floors.items()
        if figures[name] < float(str(floor))
    ]


def read_floors(folder: Path) -> dict[str, object]:
    """The floors of a model folder: the data's hash, and figures by name."""
    try:
        return tomllib.loads((folder / FLOORS).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadConfig(f"{folder} has no {FLOORS}") from error


def _figures(evaluation: Evaluation) -> Mapping[str, float]:
    scores = next(iter(evaluation.scores.values()))
    return {
        "macro_f1": scores.macro_f1.value,
        "accuracy": scores.accuracy.value,
        **{n: s.f1.value for n, s in zip(LABELS, scores.labels, strict=True)},
        "calibration": 1 - scores.calibration_error.value,
    }
