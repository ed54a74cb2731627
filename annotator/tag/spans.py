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
    return best_spans_of([(logits, words)], costs)[0]


def best_spans_of(
    sentences: Sequence[tuple[NDArray[np.float64], NDArray[np.int64]]],
    costs: Sequence[float],
) -> list[list[tuple[int, slice]]]:
    """`best_spans` of many sentences, each by itself: logits and words of each."""
    starts = [np.flatnonzero(np.diff(words, prepend=-1)) for _, words in sentences]
    counts = [len(s) for s in starts]
    if not sum(counts):
        return [[] for _ in sentences]
    firsts = np.cumsum([0, *(len(words) for _, words in sentences)])
    scores = _of_words(
        np.concatenate([logits for logits, _ in sentences]),
        np.concatenate([s + at for s, at in zip(starts, firsts, strict=False)]),
    )
    padded = np.full((len(sentences), max(counts), *scores.shape[1:]), -np.inf)
    padded[..., OUTSIDE] = 0.0
    padded[np.arange(max(counts)) < np.array(counts)[:, None]] = scores
    tags = _likeliest(padded, _moves(costs))
    return [
        [
            (layer, slice(int(bounds[first]), int(bounds[last + 1])))
            for layer in np.flatnonzero(own.any(axis=0)).tolist()
            for first, last in _runs(own[:, layer].tolist())
        ]
        for own, begin, (_, words) in zip(tags, starts, sentences, strict=True)
        for bounds in [np.append(begin, len(words))]
    ]


def _moves(costs: Sequence[float]) -> NDArray[np.float64]:
    """Log-scores of going from tag to tag, shape (layers, from, to)."""
    moves = np.zeros((len(costs), 3, 3))
    moves[:, :, BEGIN] = -np.asarray(costs)[:, None]
    moves[:, OUTSIDE, INSIDE] = -np.inf
    return moves


def _of_words(
    logits: NDArray[np.float64], starts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Log-probabilities of each word's tag, (words, layers, 3).

    The mean of its pieces, which begin at `starts`; whether a span begins is read from
    the first of them.
    """
    pieces = np.diff(starts, append=len(logits))[:, None]
    log_sum = np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    likely = logits - log_sum
    means = np.add.reduceat(likely, starts, axis=0) / pieces[..., None]
    inside = np.logaddexp(likely[..., BEGIN], likely[..., INSIDE])
    begun = likely[starts][..., BEGIN] - inside[starts]
    within = np.add.reduceat(inside, starts, axis=0) / pieces
    means[..., BEGIN] = within + begun
    means[..., INSIDE] = within + np.log1p(-np.exp(np.minimum(begun, -1e-9)))
    return np.asarray(means)


def _likeliest(
    scores: NDArray[np.float64], moves: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Best tag sequences; (sentences, words, layers, 3) to (sentences, words, layers).

    Where a sentence has ended only `OUTSIDE` is possible, and costs nothing.
    """
    back = np.zeros(scores.shape, dtype=np.int64)
    best = scores[:, 0] + moves[:, OUTSIDE]
    for i in range(1, scores.shape[1]):
        reached = best[..., None] + moves
        back[:, i] = reached.argmax(axis=-2)
        best = reached.max(axis=-2) + scores[:, i]
    tags = np.zeros(scores.shape[:-1], dtype=np.int64)
    tags[:, -1] = best.argmax(axis=-1)
    for i in range(scores.shape[1] - 1, 0, -1):
        came = np.take_along_axis(back[:, i], tags[:, i, :, None], axis=-1)
        tags[:, i - 1] = came[..., 0]
    return tags


def _runs(tags: Sequence[int]) -> list[tuple[int, int]]:
    """First and last word of each span of one layer."""
    runs: list[tuple[int, int]] = []
    for i, tag in enumerate(tags):
        if tag == BEGIN:
            runs.append((i, i))
        elif tag == INSIDE:
            runs[-1] = (runs[-1][0], i)
    return runs
