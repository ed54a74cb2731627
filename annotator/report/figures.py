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


def reliability_picture(bins: NDArray[np.float64], out: Path) -> None:
    """Draw how often labels of a confidence are right.

    Parameters
    ----------
    bins
        (bins, 4): mean confidence, share right, and the ends of its interval. On
        the diagonal, confidence and share right are the same.
    """
    confidence, right, low, high = bins.T
    figure = Figure(figsize=(5, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.plot((0, 1), (0, 1), color="grey", linestyle="--", linewidth=1)
    below, above = np.maximum(right - low, 0), np.maximum(high - right, 0)
    axes.errorbar(confidence, right, (below, above), fmt="o-", capsize=3)
    axes.set_xlim(min(0.25, confidence.min()), 1)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("confidence of the label")
    axes.set_ylabel("share right, with 95 % interval")
    figure.savefig(out, dpi=150)
