"""The audit swaps what should not matter, both ways, and counts labels that flip."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.codebook import LABELS
from annotator.train.audit import audit, read_swaps, swapper, write_audit

PAIRS = [["he", "she"], ["Democrats", "Republicans"], ["the Guardian", "RT"]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He said she left.", "She said he left."),
        ("The Democrats met.", "The Republicans met."),
        ("The Guardian and RT", "RT and the Guardian"),
        ("Theresa sheltered there.", "Theresa sheltered there."),
        ("", ""),
    ],
)
def test_whole_words_are_swapped_both_ways_with_their_capital(
    text: str, wanted: str
) -> None:
    got = swapper(PAIRS)(text)
    assert got.casefold() == wanted.casefold()
    assert got[:1].isupper() == wanted[:1].isupper()


@given(st.lists(st.sampled_from(["he", "she", "ran", "hello", "and"]), max_size=12))
def test_a_swap_made_twice_is_undone(words: list[str]) -> None:
    change = swapper(PAIRS[:1])
    text = " ".join(words)
    assert change(change(text)) == text


def test_every_swap_of_the_table_changes_something() -> None:
    text = "The BBC said Russia and the Democrats met him, and “John” said, he left."
    for swap in read_swaps():
        assert swap.change(text) != text, swap.name


def test_flips_are_counted_over_changed_sentences_and_no_text_is_stored(
    tiny_model: Path, tmp_path: Path
) -> None:
    rows = [
        {"article": n, "index": 0, "text": f"He said {n}, they said.", "label": label}
        for n, label in enumerate(LABELS * 3)
    ]
    data = tmp_path / "dev.jsonl"
    data.write_text("\n".join(json.dumps(r) for r in rows))
    version, results = audit(tiny_model, data)
    changed = {r.name: r.changed for r in results}
    assert changed["genders"] == changed["cues"] == changed["commas gone"] == 12
    assert changed["parties"] == 0
    assert all(0 <= r.flipped.value <= 1 for r in results)
    write_audit(version, results, tmp_path)
    stored = (tmp_path / "audit.json").read_text(encoding="utf-8")
    assert "they said" not in stored
    assert json.loads(stored)["model"] == version
