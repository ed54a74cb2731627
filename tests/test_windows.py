"""Sentences are read in windows: each scored once, tokens exact to the character."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.tag.windows import (
    NO_SENTENCE,
    WindowBuilder,
    WindowShape,
    plan_windows,
)

LENGTHS = st.lists(st.integers(1, 60), max_size=40)


@given(lengths=LENGTHS, room=st.integers(61, 300))
def test_every_sentence_is_scored_once_and_in_order(
    lengths: list[int], room: int
) -> None:
    plan = plan_windows(lengths, room, WindowShape())
    assert [i for _, scored in plan for i in scored] == list(range(len(lengths)))


@given(lengths=LENGTHS, room=st.integers(61, 300))
def test_a_window_holds_what_it_scores_and_no_more_than_its_room(
    lengths: list[int], room: int
) -> None:
    for read, scored in plan_windows(lengths, room, WindowShape()):
        assert read.start <= scored.start < scored.stop <= read.stop
        assert sum(lengths[i] for i in read) <= room


def test_a_sentence_is_read_with_the_two_before_it() -> None:
    plan = plan_windows([10] * 30, 200, WindowShape())
    assert all(read.start == max(0, scored.start - 2) for read, scored in plan)


@pytest.fixture(scope="module")
def builder(tiny_encoder: Path) -> WindowBuilder:
    return WindowBuilder(tiny_encoder / "tokenizer.json", WindowShape(max_tokens=128))


@settings(max_examples=60)
@given(
    texts=st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=12
    ),
    title=st.none() | st.text(max_size=40),
)
def test_offsets_stay_inside_their_sentence_whatever_the_script(
    builder: WindowBuilder, texts: list[str], title: str | None
) -> None:
    for window in builder.windows(texts, title):
        assert len(window.token_ids) <= 128
        for number, (start, end) in zip(
            window.sentence_index, window.offsets, strict=True
        ):
            if number == NO_SENTENCE:
                assert (start, end) == (0, 0)
            else:
                assert 0 <= start <= end <= len(texts[number])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("🇸🇾🔥 the minister said", "minister"),
        ("👩‍👩‍👧 said the minister", "minister"),
        ("Ｔhe minister — said", "minister"),
        ("é́́ the minister", "minister"),
        ("وقال minister", "minister"),
    ],
)
def test_a_token_points_at_its_own_characters(
    builder: WindowBuilder, text: str, word: str
) -> None:
    tokens = builder.tokenize([text], 64)[0]
    pieces = [text[a:b].casefold() for a, b in tokens.offsets]
    assert word in pieces
