"""Tag scores of a sentence's tokens -> its spans: the likeliest, in whole words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

OUTSIDE, BEGIN, INSIDE = 0, 1, 2


def best_spans(
    logits: NDArray[np.float64],
    words: NDArray[np.int64],
    costs: Sequence[float],
) -> list[tuple[int, slice]]:
    """The spans of the likeliest tag sequence of each layer (Viterbi 1967).

    Parameters
    ----------
    logits
        Shape (tokens, layers, 3): outside, begin, inside.
    words
        For each token the word it is a piece of, rising; shape (tokens,).
    costs
        Log-odds against opening a span, one a layer: a doubtful word in the middle of a
        name shall not cut it in two. Below 0 they are in favour of it.

    Returns
    -------
    list of (layer, tokens)
        Layer by layer, in the order of the sentence.
    """
    if not len(words):
        return []
    starts = np.flatnonzero(np.diff(words, prepend=words[0] - 1))
    ends = np.append(starts[1:], len(words))
    scores = _of_words(logits, starts, ends)
    tags = _likeliest(scores, _moves(costs))
    return [
        (layer, slice(int(starts[first]), int(ends[last])))
        for layer in range(logits.shape[1])
        for first, last in _runs(tags[:, layer])
    ]


def _moves(costs: Sequence[float]) -> NDArray[np.float64]:
    """Log-scores of going from tag to tag, shape (layers, from, to)."""
    moves = np.zeros((len(costs), 3, 3))
    moves[:, :, BEGIN] = -np.asarray(costs)[:, None]
    moves[:, OUTSIDE, INSIDE] = -np.inf
    return moves


def _of_words(
    logits: NDArray[np.float64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Log-probabilities of each word's tag, (words, layers, 3).

    The mean of its pieces; whether a span begins is read from the first of them.
    """
    log_sum = np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    likely = logits - log_sum
    sums = np.add.reduceat(likely, starts, axis=0)
    means = sums / (ends - starts)[:, None, None]
    inside = np.logaddexp(likely[..., BEGIN], likely[..., INSIDE])
    begun = likely[starts][..., BEGIN] - inside[starts]
    within = np.add.reduceat(inside, starts, axis=0) / (ends - starts)[:, None]
    means[..., BEGIN] = within + begun
    means[..., INSIDE] = within + np.log1p(-np.exp(np.minimum(begun, -1e-9)))
    return np.asarray(means)


def _likeliest(
    scores: NDArray[np.float64], moves: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Best tag sequence; (words, layers, 3) to (words, layers)."""
    n, layers, _ = scores.shape
    back = np.zeros((n, layers, 3), dtype=np.int64)
    best = scores[0] + moves[:, OUTSIDE]
    for i in range(1, n):
        reached = best[:, :, None] + moves
        back[i] = reached.argmax(axis=1)
        best = reached.max(axis=1) + scores[i]
    tags = np.zeros((n, layers), dtype=np.int64)
    tags[-1] = best.argmax(axis=1)
    for i in range(n - 1, 0, -1):
        tags[i - 1] = back[i][np.arange(layers), tags[i]]
    return tags


def _runs(tags: NDArray[np.int64]) -> list[tuple[int, int]]:
    """First and last word of each span of one layer."""
    runs: list[tuple[int, int]] = []
    for i, tag in enumerate(tags):
        if tag == BEGIN:
            runs.append((i, i))
        elif tag == INSIDE:
            runs[-1] = (runs[-1][0], i)
    return runs
