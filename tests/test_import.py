"""Annotations made elsewhere come back as they were made, or are refused by line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from exchange_items import LETTERS, PARTS, article, every, settled, verdict
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import BadExchange, StaleDecision
from annotator.export import (
    READERS,
    Answer,
    Imported,
    Item,
    Known,
    Read,
    Refused,
    add,
    decisions,
    doccano,
    label_studio,
    prodigy,
)
from annotator.export.offsets import from_utf16, to_utf16
from annotator.export.parsing import Anchor
from annotator.records import Decision, MarkedSpan, ScoredArticle, Span

NOW = datetime(2031, 5, 11, 12, tzinfo=UTC)
SIREN = "\U0001f6a8"
WRITERS: dict[str, Callable[[Iterable[Item]], Iterator[str]]] = {
    "label-studio": label_studio.tasks,
    "doccano": doccano.rows,
    "prodigy": prodigy.rows,
}


def data_of(name: str, row: dict) -> dict:
    """What a row says besides the annotation."""
    data: dict = row["data"] if name == "label-studio" else row
    return data


def exported(name: str, found: Iterable[Item]) -> list[dict]:
    """The rows of a file, without the mark of what people had settled before."""
    text = "".join(WRITERS[name](found))
    lines = text.splitlines()
    rows: list[dict] = (
        json.loads(text)
        if name == "label-studio"
        else [json.loads(line) for line in lines]
    )
    for row in rows:
        del data_of(name, row)["settled"]
    return rows


def read(name: str, rows: list[Any]) -> Read:
    text = (
        json.dumps(rows) if name == "label-studio" else "\n".join(map(json.dumps, rows))
    )
    return READERS[name](text.encode())


# Offsets


@given(st.text(LETTERS, max_size=20))
def test_offsets_in_utf_16_units_come_back(text: str) -> None:
    for at in range(len(text) + 1):
        units = to_utf16(text, at)
        assert units == len(text[:at].encode("utf-16-le")) // 2
        assert from_utf16(text, units) == at


@pytest.mark.parametrize(
    ("text", "unit", "point"),
    [
        ("on", 2, 2),
        ("on", 3, None),
        ("on", -1, None),
        (f"{SIREN} on", 1, None),
        (f"{SIREN} on", 2, 1),
        (f"{SIREN} on", 5, 4),
        (f"{SIREN} on", 6, None),
        ("e\u0301", 1, 1),
    ],
)
def test_an_offset_inside_a_pair_or_past_the_end_is_none(
    text: str, unit: int, point: int | None
) -> None:
    assert from_utf16(text, unit) == point


# There and back


@pytest.mark.parametrize("name", WRITERS)
@given(item=settled())
def test_nothing_is_lost_on_the_way_there_and_back(name: str, item: Item) -> None:
    found = read(name, exported(name, [item]))
    assert not found.refused
    (answer,) = found.answers
    assert answer.text == item.text
    assert answer.label == item.label
    assert answer.spans == item.spans
    assert answer.note == item.note
    assert answer.anchor.sentence_id == item.sentence.sentence_id
    assert answer.anchor.article_id == item.article.article_id


@pytest.mark.parametrize("name", WRITERS)
def test_what_people_had_settled_comes_back_as_no_new_decision(name: str) -> None:
    known = Known({"a1:1": verdict("a1:1")}, {"a1:1": "it mocks"})
    text = "".join(WRITERS[name](every(article(), known=known)))
    found = READERS[name](text.encode())
    assert (found.answers, found.refused) == ([], [])
    assert (found.unchanged, found.untouched) == (1, 3)


def test_a_second_person_who_agrees_is_not_what_was_settled_before() -> None:
    known = Known({"a1:1": verdict("a1:1")})
    task = json.loads("".join(label_studio.tasks(every(article(), known=known))))[1]
    task["annotations"] *= 2
    found = read("label-studio", [task])
    assert (len(found.answers), found.unchanged) == (1, 1)


# Label Studio


def task(*annotations: dict, text: str = PARTS[1], **data: str) -> dict:
    return {"data": {"text": text, **data}, "annotations": list(annotations)}


def annotation(*regions: dict, **facts: Any) -> dict:
    chosen = {
        "id": "l",
        "from_name": "label",
        "type": "choices",
        "value": {"choices": ["opinion"]},
    }
    return {"result": [chosen, *regions], **facts}


def region(start: Any, end: Any, words: str | None = None, layer: str = "cue") -> dict:
    value = {"start": start, "end": end, "labels": [layer]}
    if words is not None:
        value["text"] = words
    return {"id": f"r{start}", "from_name": "layer", "type": "labels", "value": value}


@pytest.mark.parametrize(
    ("text", "told", "span"),
    [
        (f"{SIREN} they said", region(7, 11, "said"), Span(7, 11)),
        (f"{SIREN} they said", region(8, 12, "said"), Span(7, 11)),
        ("they said", region(5, 9), Span(5, 9)),
        ("had\r\nlied", region(0, 9, "had\\nlied"), Span(0, 9)),
        ("had\nlied", region(0, 8, "had lied"), Span(0, 8)),
        (f"{SIREN} aaaa", region(3, 4, "a"), Span(3, 4)),
        (f"قالت {SIREN} الوزارة", region(0, 4, "قالت"), Span(0, 4)),
    ],
)
def test_the_words_of_a_region_say_in_what_its_offsets_count(
    text: str, told: dict, span: Span
) -> None:
    (answer,) = read("label-studio", [task(annotation(told), text=text)]).answers
    assert answer.spans == (MarkedSpan("cue", span),)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (region(1, 3), "no text to tell which"),
        (region(1, 3, "they"), "is not 'they'"),
        (region(7, 11), "no text to tell which"),
        (region(7, 11, "lied"), "is not 'lied'"),
        (region(0, 99), "no span of this text"),
        (region(5, 5), "no span of this text"),
        (region(-4, 2), "no span of this text"),
        (region(1.0, 2), "expected a whole number"),
        (region(True, 2), "expected a whole number"),
        (region(10**400, 2), "no span of this text"),
        (region("0", 2), "expected a whole number"),
        (region(2, 6, "they", layer="hedge"), "as layer, expected source"),
        (region(2, 6, "they", layer="loaded"), "as polarity, expected positive"),
        ({"id": "x", "from_name": "layer", "value": {"labels": []}}, "has no label"),
        ({"id": "x", "from_name": "kind", "value": {"choices": ["ngo"]}}, "no label"),
        ({"id": "x", "from_name": "kind", "value": {}}, "expected a list with one"),
        ({"from_name": "layer"}, "expected a region or a choice"),
        ("layer", "expected a region or a choice"),
    ],
)
def test_a_region_that_is_none_refuses_its_annotation(told: Any, reason: str) -> None:
    text = f"{SIREN} they said so {SIREN}"
    good = annotation(region(2, 6, "they"))
    found = read("label-studio", [task(annotation(told), good, text=text)])
    assert [r.reason for r in found.refused if reason in r.reason]
    assert len(found.answers) == 1


def test_who_when_and_how_long_are_read() -> None:
    told = annotation(
        completed_by={"id": 3, "email": "amal@example.org"},
        created_at="2031-05-01T10:00:00Z",
        updated_at="2031-05-02T10:00:00+02:00",
        lead_time=4.25,
    )
    (answer,) = read("label-studio", [task(told)]).answers
    assert answer.reviewer == "amal@example.org"
    assert answer.at == datetime(2031, 5, 2, 8, tzinfo=UTC)
    assert answer.seconds == 4.25


@pytest.mark.parametrize(
    ("lead_time", "at"),
    [(10**400, "yesterday"), (-1, 10**400), ("5", None), (None, [])],
)
def test_times_that_are_none_are_unknown(lead_time: Any, at: Any) -> None:
    told = annotation(lead_time=lead_time, updated_at=at)
    (answer,) = read("label-studio", [task(told)]).answers
    assert (answer.seconds, answer.at) == (0.0, None)


def test_a_cancelled_annotation_is_a_skip() -> None:
    (answer,) = read("label-studio", [task({"was_cancelled": True})]).answers
    assert (answer.label, answer.spans) == (None, None)


def test_no_regions_leave_the_machine_s_spans_unless_said() -> None:
    nothing = {
        "id": "s",
        "from_name": "spans",
        "value": {"choices": [label_studio.NO_SPANS]},
    }
    tasks = [task(annotation()), task(annotation(nothing))]
    assert [a.spans for a in read("label-studio", tasks).answers] == [None, ()]


# doccano and Prodigy


def row(**facts: Any) -> dict:
    return {"text": f"{SIREN} they said so", "sentence_id": "a1:0", **facts}


@pytest.mark.parametrize(
    ("told", "label", "spans"),
    [
        (row(cats=["opinion"]), "opinion", None),
        (row(cats=["opinion"], entities=[]), "opinion", ()),
        (
            row(cats=["opinion"], entities=[[8, 12, "cue/ngo"]]),
            "opinion",
            (MarkedSpan("cue", Span(7, 11), "ngo"),),
        ),
        (
            row(
                cats=["opinion"],
                entities=[
                    {"start_offset": 0, "end_offset": 2, "label": "loaded/negative"}
                ],
            ),
            "opinion",
            (MarkedSpan("loaded", Span(0, 1), polarity="-"),),
        ),
        (row(label=["reported_fact"]), "reported_fact", None),
    ],
)
def test_doccano_s_project_types_are_read(
    told: dict, label: str, spans: tuple[MarkedSpan, ...] | None
) -> None:
    (answer,) = read("doccano", [told]).answers
    assert (answer.label, answer.spans) == (label, spans)


def test_comments_made_in_doccano_are_the_note() -> None:
    told = row(cats=["opinion"], note="as it went out", Comments=["one", "two"])
    (answer,) = read("doccano", [told]).answers
    assert answer.note == "one\ntwo"


@pytest.mark.parametrize(
    ("name", "told", "reason"),
    [
        ("doccano", row(cats=["opinion", "reported_fact"]), "2 labels, expected one"),
        ("doccano", row(cats=["fact"]), "'fact', expected reported_fact"),
        ("doccano", row(cats="opinion"), "expected a list"),
        ("doccano", row(cats=["opinion"], entities=[[1, 2, "cue"]]), "inside a char"),
        ("doccano", row(cats=["opinion"], entities=[[0, 99, "cue"]]), "past its end"),
        ("doccano", row(cats=["opinion"], entities=[[0, 2]]), "start, end and type"),
        ("doccano", row(cats=["opinion"], entities=[[0, 2, "cue/x"]]), "'x' cannot"),
        ("doccano", row(cats=["opinion"], entities=[[0, 2, "cue/ngo/ngo"]]), "cannot"),
        ("doccano", row(cats=["opinion"], entities={}), "expected a list"),
        ("doccano", row(label=[[0, 2, "cue"]]), "Intent Detection and Slot Filling"),
        ("doccano", {"cats": ["opinion"]}, "there is no text"),
        ("doccano", {"cats": ["opinion"], "text": 7}, "there is no text"),
        ("prodigy", row(answer="reject", label="opinion"), "what label is right"),
        ("prodigy", row(answer="accept", accept=[]), "no label was chosen"),
        ("prodigy", row(answer="accept"), "got the label None"),
        (
            "prodigy",
            row(answer="accept", label="opinion", spans=[{"start": 0, "end": 99}]),
            "no span of this text",
        ),
        ("prodigy", row(answer="accept", label="opinion", spans=[7]), "of objects"),
    ],
)
def test_a_row_that_says_something_else_is_refused_with_its_line(
    name: str, told: dict, reason: str
) -> None:
    found = read(
        name, [row(cats=["opinion"], answer="accept", accept=["opinion"]), told]
    )
    assert [r.line for r in found.refused] == [2]
    assert reason in found.refused[0].reason
    assert len(found.answers) == 1


def test_prodigy_s_ignore_is_a_skip_and_its_session_the_reviewer() -> None:
    told = row(answer="ignore", _annotator_id="set-bo", _timestamp=1_900_000_000)
    (answer,) = read("prodigy", [told]).answers
    assert (answer.label, answer.reviewer) == (None, "set-bo")
    assert answer.at == datetime(2030, 3, 17, 17, 46, 40, tzinfo=UTC)


# Hostile files


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"text": ' * 100_000,
        b"{",
        b"7",
        b"NaN",
        b'{"text": NaN, "cats": []}',
        b'{"text": ' + b"9" * 5_000 + b"}",
        b'{"text": "a", "cats": [], "answer": null} trailing',
        b"null",
        b'"text"',
    ],
)
def test_a_broken_line_is_refused_and_never_a_traceback(name: str, line: bytes) -> None:
    if name == "label-studio":
        with pytest.raises(BadExchange):
            READERS[name](b"[" + line)
        return
    found = READERS[name](b'\n{"text": "a", "cats": []}\r\n' + line)
    assert [r.line for r in found.refused] == [3]
    assert found.untouched == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[", b"[{}", b"[{},", b"[{} {}]", b"[] []", b"[{}]x", b"\xff[]"],
)
def test_what_is_no_list_of_tasks_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(BadExchange):
        READERS["label-studio"](data)


def test_a_task_is_refused_with_the_line_it_begins_on() -> None:
    found = READERS["label-studio"](b'\xef\xbb\xbf[\n {"data": 1},\n\n 7, {}\n]\n')
    assert [r.line for r in found.refused] == [2, 4, 4]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.data())
@pytest.mark.parametrize("name", READERS)
def test_any_value_anywhere_is_read_or_refused(name: str, data: st.DataObject) -> None:
    (whole,) = exported(
        name,
        every(article(parts=PARTS[:2]), known=Known({"a1:0": verdict("a1:0")}))[:1],
    )
    spot: Any = whole
    while True:
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        key = data.draw(st.sampled_from(keys))
        inner = spot[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        spot = inner
    spot[key] = data.draw(ANYTHING)
    try:
        found = read(name, [whole])
    except BadExchange:
        return
    decisions(found, [article()], name, NOW, "Amal")


# The sentence an annotation is about


def answer(text: str, **facts: Any) -> Answer:
    names = Anchor.__slots__
    anchor = Anchor(**{name: facts.pop(name) for name in names if name in facts})
    return Answer(3, text, anchor, "opinion", None, reviewer="Amal", **facts)


def decided(*answers: Answer, articles: Iterable[ScoredArticle] = ()) -> Imported:
    return decisions(Read(list(answers)), articles or [article()], "doccano", NOW)


TWICE = ("Again.", "He left.", "Again.", "He left.", "Again.", "He stayed.")


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (answer("Again.", sentence_id="t:2"), "t:2"),
        (answer("Again.", sentence_id="t:1", prefix="", suffix="\n\nHe left."), None),
        (answer("Again.", sentence_id="t:2", article_id="gone"), "t:2"),
        (answer("He stayed.", sentence_id="t:1"), None),
        (
            answer(
                "He stayed.",
                sentence_id="t:1",
                article_id="t",
                prefix="He left.\n\nAgain.\n\nHe left.\n\nAgain.\n\n"[-32:],
                suffix="",
            ),
            "t:5",
        ),
        (
            answer(
                "He stayed.",
                article_id="gone",
                prefix="He left.\n\nAgain.\n\nHe left.\n\nAgain.\n\n"[-32:],
                suffix="",
            ),
            None,
        ),
        (
            answer(
                "He stayed.",
                prefix="He left.\n\nAgain.\n\nHe left.\n\nAgain.\n\n"[-32:],
                suffix="",
            ),
            "t:5",
        ),
        (answer("He stayed.", article_id="t", prefix="other", suffix=""), None),
        (answer("He went.", sentence_id="t:5", article_id="t"), None),
    ],
)
def test_an_annotation_finds_its_sentence_or_is_refused(
    told: Answer, found: str | None
) -> None:
    result = decided(told, articles=[article("t", TWICE)])
    assert [d.decision.sentence_id for d in result.decisions] == [found] * bool(found)
    assert [r.line for r in result.refused] == [3] * (found is None)


def test_an_annotation_that_two_sentences_fit_is_never_guessed() -> None:
    copies = [article("t", ("Before.", "Again.")), article("u", ("Before.", "Again."))]
    told = answer("Again.", prefix="Before.\n\n", suffix="")
    result = decided(told, articles=copies)
    assert not result.decisions
    assert "2 sentences read so" in result.refused[0].reason
    inside = answer("Again.", prefix="Before.\n\n", suffix="", article_id="u")
    (found,) = decided(inside, articles=copies).decisions
    assert found.decision.sentence_id == "u:1"


def test_a_sentence_without_a_label_takes_no_decision() -> None:
    scored = article()
    del scored.labels["a1:0"]
    result = decided(answer(PARTS[0], sentence_id="a1:0"), articles=[scored])
    assert "no label of the machine" in result.refused[0].reason


# Decisions


def test_a_decision_says_who_what_and_what_the_machine_had_said() -> None:
    told = answer(PARTS[1], sentence_id="a1:1", note="mocks", seconds=2.5, at=NOW)
    (found,) = decided(told).decisions
    made = found.decision
    assert made == Decision(
        made.decision_id,
        "a1:1",
        "a1",
        "Amal",
        "label",
        "opinion",
        None,
        "mocks",
        2.5,
        NOW,
        False,
        "review",
        "attributed_claim",
        0.3 + 0.1,
        "made@0",
        "doccano",
    )
    assert len(bytes.fromhex(made.decision_id)) == 16


def test_the_same_annotation_has_the_same_id_and_any_other_another() -> None:
    told = answer(PARTS[1], sentence_id="a1:1")
    others = [
        replace(told, note="x"),
        replace(told, reviewer="Bo"),
        replace(told, spans=()),
        replace(told, label="reported_fact"),
        answer(PARTS[0], sentence_id="a1:0"),
    ]
    found = decided(told, replace(told, line=9, seconds=5.0, at=NOW), *others)
    ids = [d.decision.decision_id for d in found.decisions]
    assert len(ids) == len(set(ids)) == 1 + len(others)
    (again,) = decided(told).decisions
    assert again.decision.decision_id == ids[0]


def test_spans_that_are_the_machine_s_correct_nothing() -> None:
    item = every(article())[1]
    told = answer(item.text, sentence_id="a1:1")
    same, fewer = decided(
        replace(told, spans=item.spans), replace(told, spans=item.spans[1:])
    ).decisions
    assert same.decision.spans is None
    assert fewer.decision.spans == item.spans[1:]


@pytest.mark.parametrize(
    "name", [None, "", "  ", "a" * 101, "a\x1b[31m", "a\nb", "\ud800"]
)
def test_a_name_that_is_none_is_refused(name: str | None) -> None:
    told = replace(answer(PARTS[0], sentence_id="a1:0"), reviewer=name)
    assert not decided(told).decisions


@pytest.mark.parametrize("note", ["a\x00", "a\x1b[31m", "\ud800", "a" * 10_001])
def test_a_note_that_no_database_takes_is_refused(note: str) -> None:
    told = replace(answer(PARTS[0], sentence_id="a1:0"), note=note)
    assert "note" in decided(told).refused[0].reason


def test_a_time_to_come_is_now() -> None:
    told = answer(PARTS[0], sentence_id="a1:0", at=NOW + timedelta(days=900))
    assert decided(told).decisions[0].decision.at == NOW


def test_one_reviewer_is_not_put_in_place_of_several() -> None:
    told = answer(PARTS[0], sentence_id="a1:0")
    both = Read([told, replace(told, reviewer="Bo")])
    with pytest.raises(BadExchange, match="2 people"):
        decisions(both, [article()], "prodigy", NOW, "Cleo")
    (found,) = decisions(Read([told]), [article()], "prodigy", NOW, "Cleo").decisions
    assert found.decision.reviewer == "Cleo"


# The log


class Log:
    """A log in memory that takes what goes on from the last of its thread."""

    def __init__(self) -> None:
        self.kept: list[Decision] = []

    def decisions(self) -> Iterator[Decision]:
        return iter(tuple(self.kept))

    def record(self, decision: Decision, after: str | None) -> Decision:
        thread = decision.sentence_id, decision.reviewer
        before = [
            d.decision_id for d in self.kept if (d.sentence_id, d.reviewer) == thread
        ]
        if (before or [None])[-1] != after:
            raise StaleDecision("decided anew")
        self.kept.append(decision)
        return decision


def test_importing_twice_adds_nothing() -> None:
    log, told = Log(), answer(PARTS[0], sentence_id="a1:0")
    found = decided(told, replace(told, reviewer="Bo"), replace(told, note="x"))
    assert (add(found, log).new, add(found, log).new) == (3, 0)
    assert add(found, log).same == 3
    assert len(log.kept) == 3


def test_nothing_is_stored_where_only_asked() -> None:
    log = Log()
    found = decided(answer(PARTS[0], sentence_id="a1:0"))
    assert add(found, log, store=False).new == 1
    assert add(found, None, store=False).new == 1
    assert not log.kept


def test_what_its_maker_changed_since_is_refused() -> None:
    log, told = Log(), answer(PARTS[0], sentence_id="a1:0", at=NOW)
    add(decided(told), log)
    older = decided(replace(told, note="x", at=NOW - timedelta(days=1)))
    undated = decided(replace(told, note="y", at=None))
    assert [r.line for r in add(older, log).refused] == [3]
    assert add(undated, log).new == 1


def test_refusals_come_in_the_order_of_the_file() -> None:
    found = decisions(
        Read([answer("Nothing.")], [Refused(7, "late"), Refused(1, "early")]),
        [article()],
        "doccano",
        NOW,
    )
    assert [r.line for r in add(found, Log()).refused] == [1, 3, 7]
