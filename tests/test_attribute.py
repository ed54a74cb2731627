"""From the tagger's spans to who says what, over the sentences of an article.

In the texts below ``{s|Orman}`` marks a source, ``{c|said}`` a cue, ``{t|it fell}`` a
content and ``{w|regime}`` a loaded word, as the tagger would; ``{s:ngo|...}`` gives
the source kind, `named_person` where it is left out.
"""

from __future__ import annotations

import re
import time
from collections import deque
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.attribute import CHECKABILITY, Attributed, attribute
from annotator.attribute.entities import Entities
from annotator.attribute.heads import read_head
from annotator.attribute.mentions import find_mentions
from annotator.attribute.phrases import Names
from annotator.codebook import SOURCE_KINDS
from annotator.records import (
    Article,
    Attribution,
    MarkedSpan,
    Sentence,
    Span,
    SpanLayer,
    TaggedSentence,
)
from annotator.segment import segment

CLAIM = (0.0, 1.0, 0.0, 0.0)
FACT = (1.0, 0.0, 0.0, 0.0)
LAYERS: dict[str, SpanLayer] = {
    "s": "source",
    "c": "cue",
    "t": "content",
    "w": "loaded",
}
MARK = re.compile(r"\{([sctw])(?::(\w+))?\||\}")

Tagged = list[tuple[Sentence, TaggedSentence]]


def read(marked: str, outlet: str | None = None) -> tuple[Article, Tagged]:
    """The article without marks, and its sentences with them."""
    pieces, found, opened, at = [], [], [], 0
    length = 0
    for match in MARK.finditer(marked):
        pieces.append(marked[at : match.start()])
        length += match.start() - at
        at = match.end()
        if match[1]:
            opened.append((LAYERS[match[1]], match[2], length))
        else:
            layer, kind, start = opened.pop()
            found.append((layer, kind or "named_person", Span(start, length)))
    text = "".join(pieces) + marked[at:]
    article = Article("a", "", text, outlet=outlet)
    spans = deque(sorted(found, key=lambda x: x[2]))
    tagged = []
    for sentence in segment(article):
        here = []
        while spans and spans[0][2].start < sentence.end:
            layer, kind, s = spans.popleft()
            if s.start >= sentence.start:
                inside = Span(s.start - sentence.start, s.end - sentence.start)
                here.append(mark(layer, kind, inside))
        probabilities = CLAIM if here else FACT
        tagged.append((sentence, TaggedSentence(probabilities, 1.0, tuple(here))))
    return article, tagged


def mark(layer: SpanLayer, kind: str, span: Span) -> MarkedSpan:
    if layer == "loaded":
        return MarkedSpan(layer, span, polarity="-", voice="outlet")
    return MarkedSpan(layer, span, kind=kind)


def run(marked: str, outlet: str | None = None) -> tuple[Article, Attributed]:
    article, tagged = read(marked, outlet)
    return article, attribute(article, tagged)


def words(article: Article, span: Span | None) -> str | None:
    return article.text[span.start : span.end] if span else None


def rows(marked: str) -> list[tuple[str | None, str | None, str | None, str | None]]:
    article, found = run(marked)
    return [
        (
            words(article, a.source),
            words(article, a.cue),
            words(article, a.content),
            a.form,
        )
        for a in found.attributions
    ]


def speakers(marked: str, outlet: str | None = None) -> list[str | None]:
    return [a.resolved_source for a in run(marked, outlet)[1].attributions]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "{s|Orman} {c|said} {t|the bridge fell}.",
            [("Orman", "said", "the bridge fell", "indirect")],
        ),
        (
            "{s|Orman} {c|said} {t|it fell}, but {s|Deniz} {c|denied} it.",
            [
                ("Orman", "said", "it fell", "indirect"),
                ("Deniz", "denied", None, None),
            ],
        ),
        (
            "{s|Orman}: {t|it fell}.",
            [("Orman", None, "it fell", "indirect")],
        ),
        (
            "The bridge {c:hearsay|reportedly} {t:hearsay|fell}.",
            [(None, "reportedly", "fell", "indirect")],
        ),
        ("The bridge {c:hearsay|reportedly} fell.", [(None, "reportedly", None, None)]),
        ("A {c|statement} lay on the desk.", []),
        ("The bridge fell.", []),
    ],
)
def test_spans_are_paired_within_a_sentence(
    marked: str, expected: list[tuple[str | None, ...]]
) -> None:
    assert rows(marked) == expected


@pytest.mark.parametrize(
    ("marked", "sources"),
    [
        (
            "{s|Sen. Chris Coons (D-Del}.) {c|said} {t|it fell}.",
            ["Sen. Chris Coons (D-Del.)"],
        ),
        (
            "{s|Sen. Chris Coons (the} senior one {c|said} {t|it fell}.",
            ["Sen. Chris Coons"],
        ),
        ("{s|Leyla} Orman {c|said} {t|it fell}.", ["Leyla Orman"]),
        ("{s|Army Lt}. Deniz Kaya {c|said} {t|it fell}.", ["Army Lt. Deniz Kaya"]),
        (
            "{s|the coach}, Inès Carrasco, {c|said} {t|it fell}.",
            ["the coach, Inès Carrasco"],
        ),
        (
            "{s|A statement} issued by {s|the Marsh Front} {c|said} {t|it fell}.",
            ["A statement issued by the Marsh Front"],
        ),
        (
            "The mayor and {s|the Marsh Front (}{s|MF}) {c|said} {t|it fell}.",
            ["the Marsh Front (MF)"],
        ),
        ("{t|The bridge fell last week}, the ministry {c|said}.", ["the ministry"]),
        ("{t|The bridge fell last week}, {c|said} Leyla Orman.", ["Leyla Orman"]),
        ("{c|According to} the ministry, {t|the bridge fell}.", ["the ministry"]),
        ("{s|He} left, {c|adding} that {t|it fell}.", ["He"]),
        (
            "Some said the bridge fell. Orman {c|told} Kaya {t|it had}.",
            ["Some", "Orman"],
        ),
    ],
)
def test_a_source_is_made_whole_and_a_missed_subject_is_found(
    marked: str, sources: list[str]
) -> None:
    assert [row[0] for row in rows(marked)] == sources


@pytest.mark.parametrize(
    ("marked", "form"),
    [
        ("“{t|We are done},” {s|Orman} {c|said}.", "direct"),
        ("{s|Orman} {c|said}: “{t|We are done}.”", "direct"),
        ("„{t|We are done}“, {s|Orman} {c|said}.", "direct"),
        ("« {t|We are done} », {c|said} {s|Orman}.", "direct"),
        ("'{t|We aren't done yet},' {s|Orman} {c|said}.", "direct"),
        ("{s|Orman} {c|said} {t|the bridge was “a ruin” by noon}.", "mixed"),
        ("{s|Orman} {c|said} that “{t|nobody at all was hurt there}”.", "mixed"),
        ("{s|Orman} {c|called} it {t|“a ruin”}.", "mixed"),
        ("{s|Orman} {c|said} {t|the so-called 'moderate' rebels fled}.", "mixed"),
        ("{s|Orman} {c|said} {t|the rebels' camp wasn't Deniz's}.", "indirect"),
        ("{t|And it fell},” {s|Orman} {c|said}.", "direct"),
        ("{t|We will not go} {s|he} {c|said}.", "direct"),
        ("{s|He} {c|said} {t|we will not go}.", "indirect"),
    ],
)
def test_a_form_is_told_by_what_the_marks_hold(marked: str, form: str) -> None:
    assert [row[3] for row in rows(marked)] == [form]


FIRST = "{s|Leyla Orman} {c|said} {t|the bridge fell}. "


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "“{t|The river rose}. We left,” {c|said} {s|Leyla Orman}.",
            ["Leyla Orman"] * 2,
        ),
        (
            "“{t|We left},” {c|said} {s|Leyla Orman}. “The river rose. It is gone.”",
            ["Leyla Orman"] * 3,
        ),
        (
            "“{t|The river rose}.\n\n“{t|We left},” {s|Leyla Orman} {c|said}.",
            ["Leyla Orman"] * 2,
        ),
        ('"{t|We left. "The river rose}" {s|Leyla Orman} {c|added}.', None),
        (FIRST + "{t|We will build it again}. It was old.", ["Leyla Orman"] * 2),
        (FIRST + "“{t|It was old}.”", ["Leyla Orman"] * 2),
        (
            "“{t|We left},” the mayor went on, “{t|and the river rose}.”",
            ["mayor", "mayor"],
        ),
        ("Fire chief Rodel Bautista: “{t|We had one ladder}.”", ["Rodel Bautista"]),
        (
            "“{t|We left},” she posted. {s|Leyla Orman} {c|said} {t|it fell}.",
            [None, "Leyla Orman"],
        ),
    ],
)
def test_a_quotation_runs_on_to_its_speaker(
    marked: str, expected: list[str | None] | None
) -> None:
    found = speakers(marked)
    if expected is None:
        assert set(found) == {"Leyla Orman"}
    else:
        assert found == expected


def test_an_unclosed_mark_holds_no_more_than_its_paragraph() -> None:
    article, found = run(
        "“{t|We left}, {s|Leyla Orman} {c|said}.\n\n"
        "The river rose. {s:ngo|The Marsh Front} {c|said} {t|it was safe}."
    )
    assert [a.resolved_source for a in found.attributions] == [
        "Leyla Orman",
        "Marsh Front",
    ]
    river = next(v for v in found.voices if words(article, v.span) == "The river rose.")
    assert river.voice == "outlet"


def test_answers_printed_under_a_name_are_its_own_words() -> None:
    marked = (
        "Amara Nwosu runs the ward.\n\nHow many beds?\n\n"
        "Nwosu: {t|We have eleven}. The rest lie in the corridor."
    )
    assert [(row[0], row[3]) for row in rows(marked)] == [
        ("Nwosu", "direct"),
        (None, "direct"),
    ]
    assert speakers(marked) == ["Amara Nwosu", "Amara Nwosu"]


SAID = "{{s|{}}} {{c|said}} {{t|the bridge fell}}."


@pytest.mark.parametrize(
    ("before", "source", "name"),
    [
        ("Leyla Orman, minister of transport, came.", "Orman", "Leyla Orman"),
        ("Leyla Orman, minister of transport, came.", "Ms Orman", "Leyla Orman"),
        ("Leyla Orman, minister of transport, came.", "the minister", "Leyla Orman"),
        ("Leyla Orman, minister of transport, came.", "She", "Leyla Orman"),
        ("Leyla Orman, minister of transport, came.", "He", None),
        (
            "Transport minister Leyla Orman met Deniz Kaya.",
            "The transport minister",
            "Leyla Orman",
        ),
        ("Leyla Orman met John Kaya.", "He", "John Kaya"),
        ("Mr Orman met Mrs Orman. Leyla Orman left.", "Mrs Orman", "Leyla Orman"),
        ("John Kaya met Paul Kaya.", "Kaya", None),
        ("A man came.", "Leyla Orman, minister of transport,", "Leyla Orman"),
        (
            "A man came.",
            "the U.S. State Department spokeswoman Heather Nauert",
            "Heather Nauert",
        ),
        ("A man came.", "Observatory director Rami Abdel Rahman", "Rami Abdel Rahman"),
        ("Bashar al-Assad spoke.", "Assad", "Bashar al-Assad"),
        ("Mustafa Abu Omar spoke.", "Abu Omar", "Mustafa Abu Omar"),
        ("Jean-Luc Picard-Roy spoke.", "Picard-Roy", "Jean-Luc Picard-Roy"),
        ("John F. Kerry spoke.", "Kerry", "John F. Kerry"),
        ("ORMAN SPOKE. Leyla Orman left.", "Orman", "Leyla Orman"),
        ("Leyla Orman’s car stood there.", "Orman", "Leyla Orman"),
        ("Walid Hamdan, known as Abu Layth, came.", "Abu Layth", "Walid Hamdan"),
        ("A man came.", "Laila Kiki of The Marsh Campaign", "Laila Kiki"),
        ("Senate Majority Leader John Kaya on Tuesday left.", "Kaya", "John Kaya"),
        ("British Muslim organisations came.", "She", None),
    ],
)
def test_a_person_is_given_the_fullest_name(
    before: str, source: str, name: str | None
) -> None:
    assert speakers(f"{before} {SAID.format(source)}") == [name]


OBSERVATORY = "The Syrian Observatory for Human Rights (SOHR) counts the dead."


@pytest.mark.parametrize(
    ("before", "kind", "source", "name"),
    [
        (OBSERVATORY, "ngo", "the SOHR", "Syrian Observatory for Human Rights"),
        (OBSERVATORY, "ngo", "The Observatory", "Syrian Observatory for Human Rights"),
        (
            OBSERVATORY,
            "ngo",
            "The UK-based Observatory",
            "Syrian Observatory for Human Rights",
        ),
        (OBSERVATORY, "ngo", "It", "Syrian Observatory for Human Rights"),
        (
            "The Trump administration sued.",
            "government",
            "The administration",
            "Trump administration",
        ),
        ("The health ministry sued.", "government", "It", "health ministry"),
        ("A man came.", "military", "The Turkish army", "Turkish army"),
        (
            "A man came.",
            "government",
            "Russia’s defence ministry",
            "Russia’s defence ministry",
        ),
        ("A man came.", "media_outlet", "The SANA news agency", "SANA"),
        ("A man came.", "media_outlet", "Our correspondent", "Meridian correspondent"),
        ("A man came.", "ngo", "the Sons of Sahl", "Sons of Sahl"),
        (
            "A man came.",
            "unnamed_official",
            "Two Pentagon officials",
            "Pentagon officials",
        ),
        (
            "A man came.",
            "unnamed_official",
            "A spokesman for the Syrian army",
            "spokesman for the Syrian army",
        ),
        (
            "Ann Lind was a University of Virginia student.",
            "ngo",
            "The university",
            "University of Virginia",
        ),
        (
            "Mersin's Supreme Court on Wednesday heard it.",
            "government",
            "The court",
            "Supreme Court",
        ),
        ("A man came.", "unnamed_official", "A senior official", None),
        ("A man came.", "unnamed_other", "Local sources", None),
        ("Leyla Orman came.", "unnamed_other", "A resident", None),
        ("Leyla Orman came.", "unnamed_other", "Her neighbour", None),
        ("Leyla Orman came.", "unnamed_other", "Witnesses in Idlib", None),
        ("Leyla Orman came.", "named_person", "Her lawyer, Deniz Kaya,", "Deniz Kaya"),
    ],
)
def test_a_body_is_named_and_the_unnamed_are_not(
    before: str, kind: str, source: str, name: str | None
) -> None:
    said = f"{{s:{kind}|{source}}} {{c|said}} {{t|the bridge fell}}."
    assert speakers(f"{before} {said}", outlet="Meridian") == [name]


def test_a_source_does_not_end_in_the_word_that_opens_its_clause() -> None:
    text = "The child of Leyla Orman who saw it left."
    mentions = find_mentions(text, [Sentence("a:0", "a", 0, 0, len(text))])
    names, entities = Names(text, mentions), Entities(text, mentions)
    source = Span(0, text.index(" saw"))
    assert read_head(source, names, entities).plain == "child of Leyla Orman"


@pytest.mark.parametrize(
    ("marked", "names"),
    [
        (FIRST + "{s|She} {c|added} that {t|it was old}.", ["Leyla Orman"] * 2),
        (
            FIRST + "{s:unnamed_other|A resident} {c|said} {t|no}. {s|She} {c|left}.",
            ["Leyla Orman", None, None],
        ),
        (
            "{s:ngo|The Marsh Front} {c|said in} a statement {t|it fell}. "
            "{s:document|The statement} {c|said} {t|it was old}.",
            ["Marsh Front", "Marsh Front"],
        ),
        (
            "{s:ngo|A monitoring group} {c|said} {t|it fell}. "
            "{s:ngo|The Marsh Monitor} {c|said} {t|it was old}.",
            ["Marsh Monitor", "Marsh Monitor"],
        ),
        (
            "{s:ngo|A monitoring group} {c|said} {t|it fell}. "
            "It had been held by the Marsh Front group for a year.",
            [None],
        ),
        (
            "{s:ngo|The Britain-based monitoring group} {c|said} {t|it fell}.",
            [None],
        ),
        (
            "{s:media_outlet|Reuters}, {c|citing} "
            "{s:unnamed_official|two port authority officials}, "
            "{c|reported} that {t|it fell}.",
            ["Reuters", "port authority officials"],
        ),
        (
            "{s|Leyla Orman} {c|said} {t|it fell}, {c|adding} that {t|it was old}.",
            ["Leyla Orman", "Leyla Orman"],
        ),
    ],
)
def test_sources_are_resolved_by_who_spoke_before(
    marked: str, names: list[str | None]
) -> None:
    assert speakers(marked) == names


@pytest.mark.parametrize(
    ("marked", "chain"),
    [
        (
            "{s|Leyla Orman} {c|said} {t|the police had left}, and "
            "{s:government|the police} {c|said} {t|nothing}.",
            [(0, "named_person"), (0, "government")],
        ),
        (
            "{s:ngo|The Front} {c|said} {t|the bus {c:hearsay|reportedly} held monks}.",
            [(0, "ngo"), (1, "hearsay")],
        ),
        (
            "{s:ngo|The Front} {c|said} "
            "{t|{s:unnamed_other|witnesses} {c|told} it that the bus fell}.",
            [(0, "ngo"), (1, "unnamed_other")],
        ),
        (
            "“{t|The bus fell. {s:unnamed_other|Witnesses} {c|told} me so},” "
            "{c|said} {s|Leyla Orman}.",
            None,
        ),
        (
            "{s:media_outlet|Reuters}, {c|citing} {s:unnamed_other|sources}, "
            "{c|reported} {t|it fell}.",
            [(0, "media_outlet"), (1, "unnamed_other")],
        ),
    ],
)
def test_a_nested_attribution_keeps_its_depth_and_weakest_link(
    marked: str, chain: list[tuple[int, str]] | None
) -> None:
    found = run(marked)[1].attributions
    if chain is None:
        witnesses = next(a for a in found if a.source_kind == "unnamed_other")
        assert (witnesses.depth, witnesses.weakest_kind) == (1, "unnamed_other")
        parent = next(a for a in found if a.attribution_id == witnesses.parent_id)
        assert parent.resolved_source == "Leyla Orman"
    else:
        assert [(a.depth, a.weakest_kind) for a in found] == chain


def test_every_source_kind_has_its_place_in_the_order_of_checkability() -> None:
    assert sorted(CHECKABILITY) == sorted(SOURCE_KINDS)
    assert CHECKABILITY[-3:] == ("unnamed_official", "unnamed_other", "hearsay")


def test_the_ledger_gives_each_stretch_to_its_voice() -> None:
    article, found = run(
        "On Monday {s|Leyla Orman} {c|said} {t|the {w|regime} had {c|told} "
        "{s|Deniz Kaya} nothing}. The {w|regime} left."
    )
    told = [(words(article, v.span), v.voice, v.speaker) for v in found.voices]
    assert told[0] == ("On Monday Leyla Orman said ", "outlet", None)
    assert told[1][1:] == ("quoted", "Leyla Orman")
    assert told[-1] == ("The regime left.", "outlet", None)
    assert [(w.voice, w.speaker) for w in found.loaded_terms] == [
        ("quoted", "Leyla Orman"),
        ("outlet", None),
    ]


def test_hearsay_without_a_source_stays_the_narrator_s() -> None:
    _, found = run("The bridge {c:hearsay|reportedly} {t:hearsay|fell}.")
    assert {v.voice for v in found.voices} == {"outlet"}


@pytest.mark.parametrize(
    ("marked", "target"),
    [
        ("The {w|terrorist} group Nusra Front fled.", "Nusra Front"),
        ("The {w|dictator} Bashar al-Assad fled.", "Bashar al-Assad"),
        ("Bashar al-Assad spoke. The Assad {w|regime} fled.", "Bashar al-Assad"),
        ("The {w|terrorists} fled.", None),
        ("The {w|terrorists}, Deniz Kaya among them, fled.", None),
    ],
)
def test_a_loaded_term_is_about_the_name_beside_it(
    marked: str, target: str | None
) -> None:
    (term,) = run(marked)[1].loaded_terms
    assert term.target == target


PIECES = st.sampled_from(
    [
        "{s|Leyla Orman} ", "{s:ngo|the Marsh Front} ", "{s|she} ", "{s|Sen. Kaya (D} ",
        "{c|said} ", "{c|according to} ", "{c:hearsay|reportedly} ", "{c|adding} ",
        "{t|the bridge fell} ", "{t|it was “old} ", "{t|عبد الله قال} ", "{w|regime} ",
        "“", "”", '"', "'", "‘", "’", "«", "»", "„", ", ", ". ", ".\n\n", ".\r\n\r\n",
        "🚨 ", "Nwosu: ", "bin al-Ahmad ", "and ", "The minister ", "Dr. ", "(", ") ",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_the_text_spans_lie_in_their_sentence_and_voices_tile_it(
    marked: str,
) -> None:
    article, tagged = read(marked)
    found = attribute(article, tagged)
    spans = {s.sentence_id: s.span for s, _ in tagged}
    for a in found.attributions:
        inside_or_none(a, spans[a.sentence_id])
    ids = [a.attribution_id for a in found.attributions]
    assert len(set(ids)) == len(ids)
    assert {a.parent_id for a in found.attributions} - {None} <= set(ids)
    for sentence, _ in tagged:
        tiles = [v.span for v in found.voices if v.sentence_id == sentence.sentence_id]
        assert tiles[0].start == sentence.start
        assert tiles[-1].end == sentence.end
        assert all(a.end == b.start for a, b in pairwise(tiles))
    assert [w.span for w in found.loaded_terms] == [
        Span(m.span.start + s.start, m.span.end + s.start)
        for s, t in tagged
        for m in t.spans
        if m.layer == "loaded"
    ]


def inside_or_none(found: Attribution, sentence: Span) -> None:
    assert found.source or found.cue or found.content
    for span in (found.source, found.cue, found.content):
        if span is not None:
            assert sentence.start <= span.start < span.end <= sentence.end
    assert found.resolved_confidence is None or 0 <= found.resolved_confidence <= 1
    assert (found.resolved_source is None) == (found.resolved_confidence is None)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_content_with_a_source_and_cue_is_lost_or_doubled(marked: str) -> None:
    whole = "{s|Leyla Orman} {c|said} {t|the mill burnt down}.\n\n" + marked
    article, found = run(whole)
    told = [
        a
        for a in found.attributions
        if words(article, a.content) == "the mill burnt down"
    ]
    assert [words(article, a.source) for a in told] == ["Leyla Orman"]


@pytest.mark.parametrize("newline", ["\n\n", "\r\n\r\n"])
def test_offsets_count_code_points(newline: str) -> None:
    marked = f"🚨🚨 A fire.{newline}{{s|Şükrü Yılmaz}} {{c|said}} {{t|🌊 it fell}}."
    assert rows(marked) == [("Şükrü Yılmaz", "said", "🌊 it fell", "indirect")]


@pytest.mark.parametrize(
    "paragraph",
    [
        "“{t|We left},” {s|Leyla Orman} {c|said}. {s|She} {c|added} {t|it fell}.\n\n",
        "{s|Deniz Kaya} {c|said} '{t|no} \" “{t|we} ‘ \n\n",
        "“ ‘ ' \" » « Kaya: ",
        "Kaya said Orman told ",
    ],
)
def test_the_time_an_article_takes_grows_with_its_length(paragraph: str) -> None:
    def seconds(times: int) -> float:
        article, tagged = read(paragraph * times)
        start = time.process_time()
        attribute(article, tagged)
        return time.process_time() - start

    length = len(MARK.sub("", paragraph))
    few, many = 25_000 // length, 200_000 // length
    assert seconds(many) < 24 * max(seconds(few), 0.05)


WORDS = [
    *("Director", "for", "The", "Pianist", "of", "Ministry", "President", "Ali"),
    *("US", "spokesman", "Karaman", "U.S.", "Gen.", "al-Din", "Army", "Best", "and"),
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
@example(["Best", "Director", "for", "The", "Pianist"])
@settings(deadline=None)
def test_every_mention_has_a_word_however_titles_and_names_stand(
    words: list[str],
) -> None:
    text = "They saw " + " ".join(words) + " there."
    sentence = Sentence("a:0", "a", 0, 0, len(text))
    for mention in find_mentions(text, [sentence]):
        assert mention.words
        assert text[slice(*mention.span)] == mention.name
