"""What a figure of the report opens is what the figure counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from annotator.profile import MEASURES, measure
from annotator.records import (
    Actor,
    Article,
    Attribution,
    Label,
    LinkedMention,
    LoadedTerm,
    ScoredArticle,
    Sentence,
    Span,
    Stance,
    VoicedSpan,
)
from annotator.report.evidence import NOT_FOUND, Cell, Mention, Wanted, mentions
from annotator.sources import sourcing

LINES = (
    "The brutal regime of Karland reportedly shut the port.",
    "“We saw the shelling ourselves,” said Leyla Orman, a nurse in Dorin.",
    "The junta did it, Leyla Orman said, and reportedly with a rabble.",
    "A vile sign hung there.",
)
TEXT = " ".join(LINES)
STARTS = [TEXT.index(line) for line in LINES]
SENTENCES = tuple(
    Sentence(f"a:{n}", "a", n, at, at + len(line))
    for n, (at, line) in enumerate(zip(STARTS, LINES, strict=True))
)
KARLAND = Actor("karland-1", "Karland government", "body", 9, 5, (), ())


def at(words: str, sentence: int = 0) -> Span:
    start = TEXT.index(words, STARTS[sentence])
    return Span(start, start + len(words))


def stance(words: str, sentence: int, **fields: object) -> Stance:
    given = {"voice": "outlet", "probabilities": (0.8, 0.1, 0.1), **fields}
    return Stance(f"a:{sentence}", at(words, sentence), words, "body", **given)  # type: ignore[arg-type]


STANCES = (
    stance("regime of Karland", 0, head="regime"),
    stance("junta", 2, head="junta", voice="quoted"),
    stance("Karland", 0, probabilities=None),
)
SCORED = ScoredArticle(
    Article("a", "a.txt", TEXT, outlet="Herald"),
    SENTENCES,
    {
        s.sentence_id: Label(s.sentence_id, "opinion", (0, 0, 1, 0), 1.0, flags, "toy")
        for s, flags in zip(SENTENCES[:3], ((), ("unsure",), ()), strict=True)
    },
    attributions=(
        Attribution("a:0", None, at("reportedly"), None, "hearsay"),
        Attribution(
            "a:1",
            at("Leyla Orman", 1),
            at("said", 1),
            at("“We saw the shelling ourselves,”", 1),
            "named_person",
            resolved_source="Leyla Orman",
            form="direct",
        ),
        Attribution(
            "a:2",
            at("Leyla Orman", 2),
            at("said", 2),
            at("The junta did it", 2),
            "named_person",
            resolved_source="Leyla Orman",
            form="indirect",
        ),
        Attribution("a:2", None, at("reportedly", 2), None, "hearsay", depth=1),
    ),
    voices=(
        VoicedSpan("a:0", SENTENCES[0].span, "outlet"),
        VoicedSpan("a:1", at("“We saw the shelling ourselves,”", 1), "quoted"),
        VoicedSpan("a:2", SENTENCES[2].span, "quoted"),
        VoicedSpan("a:3", SENTENCES[3].span, "outlet"),
    ),
    loaded_terms=(
        LoadedTerm("a:0", at("brutal"), "regime", "-", "outlet"),
        LoadedTerm("a:2", at("rabble", 2), None, "-", "quoted"),
        LoadedTerm("a:3", at("vile", 3), None, "-", "outlet"),
    ),
    stances=STANCES,
)
LINKED = tuple(
    LinkedMention(
        s.sentence_id,
        s.span,
        "a",
        KARLAND.actor_id,
        "regime" if s.voice == "outlet" else None,
    )
    for s in STANCES
)


def found(*cells: Cell, linked: Sequence[LinkedMention] = LINKED) -> list[Mention]:
    return [m for m in mentions(SCORED, linked, Wanted(cells)) if m.cell in cells]


def of(name: str) -> list[Mention]:
    return found(Cell("Herald", "measure", name))


ONE_BY_ONE = [
    name
    for name in MEASURES
    if name not in {"stance", "named", "single_source_paragraphs", *NOT_FOUND}
]


class TestMeasures:
    @pytest.mark.parametrize("name", ONE_BY_ONE)
    def test_a_measure_opens_what_it_counts(self, name: str) -> None:
        sums = measure(SCORED, sourcing(SCORED), frozenset(), lambda _: None).sums
        counted = sums.get(name, (0, 0))[0]
        if name == "attributed_words":
            words = [TEXT[slice(*m.span)].split() for m in of(name) if m.span]
            assert sum(map(len, words)) == counted
        else:
            assert len(of(name)) == counted

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("opinion", [None, None, None]),
            ("flagged", [None]),
            ("loaded", ["brutal"]),
            ("all_loaded", ["brutal", "rabble"]),
            ("hedging", ["reportedly"]),
            ("direct_quotation", ["“We saw the shelling ourselves,”"]),
            ("named", ["Leyla Orman", "Leyla Orman"]),
            ("first_hand", ["Leyla Orman"]),
            ("single_source_paragraphs", ["Leyla Orman", "Leyla Orman"]),
            *((name, []) for name in NOT_FOUND),
        ],
    )
    def test_what_is_shown_stands_in_the_text(
        self, name: str, shown: list[str | None]
    ) -> None:
        assert [m.span and TEXT[slice(*m.span)] for m in of(name)] == shown


class TestActors:
    def test_stances_without_probabilities_are_in_no_figure(self) -> None:
        cell = Cell("Herald", "stance", "outlet", KARLAND.actor_id)
        sums = measure(SCORED, None, frozenset(), lambda _: KARLAND).stances
        assert len(found(cell)) == sums[KARLAND.actor_id, "outlet"][1] == 1

    @pytest.mark.parametrize(("name", "count"), [("regime", 2), ("junta", 0)])
    def test_a_name_is_the_narrators_as_it_is_counted(
        self, name: str, count: int
    ) -> None:
        assert len(found(Cell("Herald", "naming", name, KARLAND.actor_id))) == count

    def test_a_mention_of_nobody_known_shows_nothing(self) -> None:
        strange = LinkedMention("a:9", Span(0, 3), "a", KARLAND.actor_id, "regime")
        cell = Cell("Herald", "naming", "regime", KARLAND.actor_id)
        assert found(cell, linked=[strange]) == []


def test_an_article_of_another_outlet_shows_nothing() -> None:
    cells = [Cell("Courier", "measure", name) for name in MEASURES]
    assert found(*cells) == []


def test_terms_are_found_in_the_narrators_words_only() -> None:
    cells = [Cell("Herald", "term", term) for term in ("brutal regime", "junta")]
    counts = Counter(m.cell.name for m in found(*cells))
    assert counts == {"brutal regime": 1}
