"""Token scores become spans: the likeliest ones, in whole words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.tag.spans import best_spans

SURE = {"O": (6.0, 0.0, 0.0), "B": (0.0, 6.0, 0.0), "I": (0.0, 0.0, 6.0)}
DOUBT = {"o": (0.6, 0.0, 0.4), "b": (0.0, 0.3, 0.2), "i": (0.4, 0.0, 0.6)}
SCORES = SURE | DOUBT


@pytest.mark.parametrize(
    ("tags", "words", "spans"),
    [
        ("OBIO", [0, 1, 2, 3], [(1, 3)]),
        ("BBOO", [0, 1, 2, 3], [(0, 1), (1, 2)]),
        ("OIIO", [0, 1, 2, 3], [(1, 3)]),
        ("OOOB", [0, 1, 2, 3], [(3, 4)]),
        ("BIoIO", [0, 1, 2, 3, 4], [(0, 4)]),
        ("OObOO", [0, 1, 2, 3, 4], []),
        ("OBOO", [0, 1, 1, 2], []),
        ("OBIO", [0, 1, 1, 2], [(1, 3)]),
        ("OBIB", [0, 1, 1, 1], [(1, 4)]),
        ("OOOO", [0, 1, 2, 3], []),
        ("", [], []),
    ],
)
def test_doubtful_words_neither_cut_a_span_nor_open_one(
    tags: str, words: list[int], spans: list[tuple[int, int]]
) -> None:
    logits = np.array([SCORES[t] for t in tags]).reshape(-1, 1, 3)
    got = best_spans(logits, np.array(words, dtype=np.int64), costs=[1.5])
    assert [(t.start, t.stop) for _, t in got] == spans


@given(st.data())
def test_spans_of_a_layer_hold_whole_words_and_do_not_overlap(
    data: st.DataObject,
) -> None:
    n = data.draw(st.integers(1, 25))
    steps = data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    seed = data.draw(st.integers(0, 1000))
    words = np.cumsum(steps)
    logits = np.random.default_rng(seed).normal(scale=3, size=(n, 4, 3))
    last = (-1, 0)
    for layer, tokens in best_spans(logits, words, costs=[0.75, 0.0, 2.5, -1.0]):
        assert 0 <= tokens.start < tokens.stop <= n
        assert tokens.start == 0 or words[tokens.start] != words[tokens.start - 1]
        assert tokens.stop == n or words[tokens.stop] != words[tokens.stop - 1]
        assert (layer, tokens.start) >= last
        last = (layer, tokens.stop)
