"""Numbers -> pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from annotator.codebook import LABELS


def confusion_picture(confusion: NDArray[np.int64], out: Path) -> None:
    """Draw a (4, 4) confusion matrix, rows truth, coloured by share of the row."""
    names = [name.replace("_", "\n", 1).replace("_", " ") for name in LABELS]
    shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(6, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("predicted")
    axes.set_ylabel("labelled")
    for (i, j), n in np.ndenumerate(confusion):
        colour = "white" if shares[i, j] > 0.5 else "black"
        text = f"{n}\n{shares[i, j]:.0%}"
        axes.text(j, i, text, ha="center", va="center", color=colour)
    figure.savefig(out, dpi=150)
