from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, get_args

from annotator.codebook import LABELS, SOURCE_KINDS
from annotator.records import Article, QuoteForm
from annotator.segment import segment

Row = dict[str, Any]


def table(name: str) -> Row:
    return tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))


CASES = table("attributions.toml")["case"]
ROWS = [(case, row) for case in CASES for row in case.get("attribution", [])]
ARTICLES = table("other_domains.toml")["article"]
SENTENCES = [sentence for piece in ARTICLES for sentence in piece["sentence"]]


@cache
def sentences(text: str) -> tuple[str, ...]:
    return tuple(text[s.start : s.end] for s in segment(Article("a", "a.txt", text)))


def place(case: Row, row: Row) -> int:
    """Index of the sentence that begins as the row says; -1 if none does."""
    begins = [s.startswith(row["sentence"]) for s in sentences(case["text"])]
    return begins.index(True) if any(begins) else -1


def failing(rows: list[tuple[Row, Row]]) -> list[tuple[str, str]]:
    """Case and sentence of each row, for a message one can look up."""
    return [(case["id"], row["sentence"]) for case, row in rows]


def test_there_are_as_many_attributions_and_cases_as_the_figures_need() -> None:
    assert len(CASES) >= 70
    assert len(ROWS) >= 160
    assert len({case["id"] for case in CASES}) == len(CASES)


def test_some_cases_hold_no_attribution_and_some_attributions_stand_in_others() -> None:
    assert sum("attribution" not in case for case in CASES) >= 4
    depths = Counter(row.get("depth", 0) for _, row in ROWS)
    assert depths[1] >= 10
    assert depths[2] >= 2


def test_every_row_names_one_sentence_by_how_it_begins() -> None:
    assert not failing([(c, r) for c, r in ROWS if len(r["sentence"]) < 20])
    assert not failing([(c, r) for c, r in ROWS if c["text"].count(r["sentence"]) != 1])
    assert not failing([(c, r) for c, r in ROWS if place(c, r) < 0])


def test_every_head_stands_in_its_sentence() -> None:
    lost = [
        (case, row)
        for case, row in ROWS
        if row["head"] not in sentences(case["text"])[place(case, row)]
    ]
    assert not failing(lost)


def test_rows_are_in_the_order_of_the_text() -> None:
    for case in CASES:
        order = [place(case, row) for row in case.get("attribution", [])]
        assert order == sorted(order), case["id"]


def test_forms_and_kinds_are_those_of_the_codebook() -> None:
    assert {row["form"] for _, row in ROWS} == set(get_args(QuoteForm))
    assert {row["kind"] for _, row in ROWS} == set(SOURCE_KINDS)


def test_hearsay_shows_no_source_and_nobody_unnamed_has_a_name() -> None:
    hearsay = [(c, r) for c, r in ROWS if r["kind"] == "hearsay"]
    unnamed = [(c, r) for c, r in ROWS if r["kind"] in ("hearsay", "unnamed_other")]
    assert not failing([(c, r) for c, r in hearsay if r["head"]])
    assert not failing([(c, r) for c, r in unnamed if r["speaker"]])


def test_what_holds_an_attribution_stands_before_it_in_the_same_sentence() -> None:
    for case in CASES:
        rows = case.get("attribution", [])
        for index, row in enumerate(rows):
            assert ("parent" in row) == (row.get("depth", 0) > 0), case["id"]
            if "parent" in row:
                assert row["parent"] < index, case["id"]
                parent = rows[row["parent"]]
                assert parent["sentence"] == row["sentence"], case["id"]
                assert row["depth"] == parent.get("depth", 0) + 1, case["id"]


def test_each_domain_has_fifty_sentences_and_six_of_every_label() -> None:
    for domain in ("sport", "science", "crime"):
        labels = Counter(
            sentence["label"]
            for piece in ARTICLES
            if piece["domain"] == domain
            for sentence in piece["sentence"]
        )
        assert labels.total() == 50
        assert min(labels[label] for label in LABELS) >= 6


def test_articles_beyond_the_domain_run_over_five_to_eight_sentences() -> None:
    assert {len(piece["sentence"]) for piece in ARTICLES} <= set(range(5, 9))
    assert len({s["text"] for s in SENTENCES}) == len(SENTENCES)


def test_every_label_is_the_first_accepted_and_one_of_the_four() -> None:
    for sentence in SENTENCES:
        accept = sentence["accept"]
        assert accept[0] == sentence["label"], sentence["text"]
        assert len(set(accept)) == len(accept), sentence["text"]
        assert set(accept) <= set(LABELS), sentence["text"]
