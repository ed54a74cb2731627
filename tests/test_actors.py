"""Whom a text names: actors.toml is the specification, the rest invariants."""

from __future__ import annotations

import time
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.attribute.actors import find_actors
from annotator.attribute.families import families
from annotator.records import ActorMention, Sentence

CASES = tomllib.loads((Path(__file__).parent / "actors.toml").read_text("utf-8"))[
    "case"
]
KNOWN_FAULTS = {
    "arabic-names": "a kunya alone, and a band without a word for one, are no actors",
    "capital-as-government": "a capital that is accused, and does not act, is a place",
    "lists-of-people": "a role in the plural is taken into the first name behind it",
    "migrants-2": "an office in the plural is found where its members are meant",
}
FLOORS = {"seen": (0.9, 0.9), "held": (0.9, 0.85), "fresh": (0.95, 0.85)}
"""Precision and recall, of cases that were looked at and of two sets that were not."""

FRAGMENTS = r"""
    the The of in Syrian Syria's Russia rebels regime government forces Orlan Omar
    al-Deniz Mr. said against White House US-backed group “ ” ( ) , . é 👩‍🚒 'S
"""
WORDS = st.sampled_from([*FRAGMENTS.split(" "), *FRAGMENTS.split()])


def found(text: str) -> list[ActorMention]:
    return find_actors(text, [Sentence("a:0", "a", 0, 0, len(text))])


def rows(text: str) -> list[tuple[str, ...]]:
    return [
        (text[slice(*m.span)], m.kind, *((m.family,) if m.family else ()))
        for m in found(text)
    ]


def expected(case: dict[str, Any]) -> list[tuple[str, ...]]:
    return [tuple(p.strip() for p in row.split("|")) for row in case["actors"]]


def seen() -> list[Any]:
    return [
        pytest.param(
            case,
            id=case["id"],
            marks=[pytest.mark.xfail(strict=True, reason=KNOWN_FAULTS[case["id"]])]
            if case["id"] in KNOWN_FAULTS
            else [],
        )
        for case in CASES
        if case["half"] == "seen"
    ]


@pytest.mark.parametrize("case", seen())
def test_a_sentence_names_its_actors(case: dict[str, Any]) -> None:
    assert rows(case["text"]) == expected(case)


@pytest.mark.parametrize("half", FLOORS)
def test_precision_and_recall_keep_their_floors(half: str) -> None:
    agreed = given_ = wanted = 0
    for number, case in enumerate(c for c in CASES if c["half"] == half):
        right = Counter((number, row[0]) for row in expected(case))
        ours = Counter((number, row[0]) for row in rows(case["text"]))
        agreed += (right & ours).total()
        given_ += ours.total()
        wanted += right.total()
    precision, recall = FLOORS[half]
    assert agreed / given_ >= precision
    assert agreed / wanted >= recall


@pytest.mark.parametrize(
    ("text", "head", "family"),
    [
        ("The Syrian regime fell.", "regime", "leadership"),
        ("They met Syrian rebels.", "rebel", "armed group"),
        ("They met rebel fighters.", "rebel", "armed group"),
        ("They met terrorist groups.", "terrorist", "armed group"),
        ("They met government forces.", "government forces", "army"),
        ("They met illegal aliens.", "illegal alien", "people on the move"),
        ("They met regime officials.", "regime", "leadership"),
        ("They met government officials.", "government", "leadership"),
        ("They left rebel-held towns.", "rebel", "armed group"),
        ("The dictatorial regime fell.", "regime", "leadership"),
    ],
)
def test_a_class_has_the_noun_that_says_most_as_its_head(
    text: str, head: str, family: str
) -> None:
    (mention,) = found(text)
    assert (mention.head, mention.family) == (head, family)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Omar Deniz left. Deniz was tired.", ["Omar Deniz", "Omar Deniz"]),
        ("Regime forces left.", ["regime forces"]),
        ("Syrian forces left.", ["Syrian forces"]),
        ("Omar Deniz left. Omar Deniz Airstrikes. Deniz said so.", ["Omar Deniz"] * 3),
    ],
)
def test_a_name_is_the_fullest_of_the_article(text: str, name: list[str]) -> None:
    assert [m.name for m in found(text)] == name


@pytest.mark.parametrize(
    "text",
    [
        "The tax regime changed.",
        "They feared a terrorist attack.",
        "It was on social media.",
        "They passed the Clean Air Defense Act.",
        "Read more on Lakepost.com today. It is MORE than that.",
    ],
)
def test_what_only_looks_like_an_actor_is_none(text: str) -> None:
    assert found(text) == []


def test_many_people_who_share_a_first_name_take_linear_time() -> None:
    def seconds(people: int) -> float:
        letters = "abcdefghij"
        names = ("".join(letters[int(d)] for d in f"{n:04}") for n in range(people))
        text = "".join(f"Mr. Omar B{name} left. " for name in names)
        begin = time.process_time()
        found(text)
        return time.process_time() - begin

    seconds(100)
    assert seconds(1_600) < 0.5 + 16 * seconds(200)


def test_no_noun_stands_in_two_families() -> None:
    path = Path(__file__).parents[1] / "annotator" / "attribute" / "families.toml"
    tables = [
        t
        for t in tomllib.loads(path.read_text("utf-8")).values()
        if isinstance(t, dict)
    ]
    nouns = Counter(
        noun
        for table in tables
        for polarity in ("neutral", "negative", "positive")
        for noun in table.get(polarity, ())
    )
    assert [noun for noun, times in nouns.items() if times > 1] == []
    assert nouns.keys() == families().nouns.keys()


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_spans_lie_in_their_sentence_in_order_and_do_not_overlap(text: str) -> None:
    cut = len(text) // 2
    sentences = [
        Sentence("a:0", "a", 0, 0, cut),
        Sentence("a:1", "a", 1, cut, len(text)),
    ]
    mentions = find_actors(text, sentences)
    spans = {s.sentence_id: s.span for s in sentences}
    for mention in mentions:
        start, end = spans[mention.sentence_id]
        assert start <= mention.span.start < mention.span.end <= end
        assert mention.name.strip()
        assert text[slice(*mention.span)].strip() == text[slice(*mention.span)]
    for left, right in pairwise(mentions):
        assert left.span.end <= right.span.start


@pytest.mark.parametrize(
    "hostile", ["government forces troops ", "Army of ", "regime of ", "al-", "Syrian "]
)
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    def seconds(size: int) -> float:
        text = hostile * (size // len(hostile))
        begin = time.process_time()
        found(text)
        return time.process_time() - begin

    seconds(5_000)
    assert min(seconds(40_000) for _ in range(3)) < 0.5 + 16 * seconds(5_000)
