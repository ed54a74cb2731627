"""Sentences in the formats of other programs: each is what that program reads."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pandas as pd
import pytest
from exchange_items import LETTERS, MODEL, PARTS, article, every, verdict
from hypothesis import given
from hypothesis import strategies as st

from annotator.codebook import LABELS, LabelName
from annotator.export import brat, doccano, label_studio, linked_data, misp, prodigy
from annotator.export.files import write_export
from annotator.export.items import Item, Known, Scope, items
from annotator.export.tabular import COLUMNS, cell, csv_rows, jsonl_rows
from annotator.records import MarkedSpan, ScoredArticle, Span

NOW = datetime(2031, 5, 11, 12, tzinfo=UTC)
DECIDED = Known(
    {"a1:1": verdict("a1:1"), "a1:2": verdict("a1:2", spans=())},
    {"a1:1": "it mocks"},
    lambda scored, found: ("B", "2"),
)
FORMULA = re.compile("[\\s\ufeff\u200b-\u200f\u2060]*[=+\\-@＝＋－＠\t\r]")


def rows(chunks: Iterable[str]) -> list[dict]:
    return [json.loads(line) for line in "".join(chunks).splitlines()]


@pytest.fixture
def two() -> list[Item]:
    """The sentences of an article: two labelled by people, and two by the machine."""
    return every(article(outlet="Herald", url="https://example.org/1"), known=DECIDED)


@pytest.mark.parametrize(
    ("scope", "taken"),
    [
        (Scope(), [0, 1, 2]),
        (Scope("all"), [0, 1, 2, 3]),
        (Scope("decided"), [1, 2]),
        (Scope("all", outlet="hERALD"), [0, 1, 2, 3]),
        (Scope("all", outlet="Courier"), []),
        (Scope("all", label="opinion"), [1, 2]),
        (Scope("all", label="attributed_claim"), []),
        (Scope("flagged", "Herald", "reported_fact"), [0]),
    ],
)
def test_a_scope_goes_by_flag_outlet_and_the_label_that_counts(
    scope: Scope, taken: list[int]
) -> None:
    found = items(article(outlet="Herald"), DECIDED, scope)
    assert [item.sentence.index for item in found] == taken


def test_a_sentence_without_a_label_is_in_no_export() -> None:
    scored = article()
    del scored.labels["a1:0"]
    assert [item.sentence.index for item in every(scored)] == [1, 2, 3]


def test_a_row_says_whose_label_it_has_and_what_the_machine_said(
    two: list[Item],
) -> None:
    found = rows(jsonl_rows(two))
    told = [(r["label"], r["labelled_by"], r["machine_label"]) for r in found]
    assert told == [
        ("reported_fact", "machine", "reported_fact"),
        ("opinion", "people", "attributed_claim"),
        ("opinion", "people", "opinion"),
        ("unverifiable_allegation", "machine", "unverifiable_allegation"),
    ]
    assert {r["model"] for r in found} == {MODEL}
    assert [r["sentence_id"] for r in found] == [f"a1:{n}" for n in range(4)]
    assert {r["article_id"] for r in found} == {"a1"}


def test_spans_that_nobody_corrected_are_the_machine_s(two: list[Item]) -> None:
    assert [(m.layer, two[1].quote(m.span)) for m in two[1].spans] == [
        ("source", "Harbour police"),
        ("cue", "said"),
        ("content", "the so-called \u201cregime\u201d had\r\nlied"),
        ("loaded", "regime"),
    ]


def test_no_json_has_a_character_that_steers_a_terminal(two: list[Item]) -> None:
    writers = (
        label_studio.tasks,
        doccano.rows,
        prodigy.rows,
        linked_data.web_annotations,
        linked_data.claims,
        jsonl_rows,
        lambda found: misp.event(found, NOW),
    )
    for writer in writers:
        assert re.fullmatch(r"[\n -~]*", "".join(writer(two)))
        assert "".join(writer([])).isascii()


# Label Studio


def results_of(task: dict) -> Iterator[dict]:
    for answer in (*task["predictions"], *task["annotations"]):
        yield from answer["result"]


def test_what_tasks_hold_is_in_the_configuration_beside_them(two: list[Item]) -> None:
    config = ElementTree.fromstring(label_studio.config())
    controls = {e.get("name"): e for e in config if e.get("toName")}
    shown = {e.get("value") for e in config if e.tag == "Text"}
    tags = {"Choices": "choices", "Labels": "labels", "TextArea": "textarea"}
    kinds = set()
    for task in json.loads("".join(label_studio.tasks(two))):
        assert shown <= {f"${name}" for name in task["data"]}
        for part in results_of(task):
            control = controls[part["from_name"]]
            assert part["to_name"] == control.get("toName") == "text"
            assert part["type"] == tags[control.tag]
            values = part["value"].get(part["type"], [])
            assert set(values) <= {each.get("value") for each in control}
            kinds.add(part["from_name"])
    assert kinds == set(controls)


def test_the_machine_predicts_and_people_annotate(two: list[Item]) -> None:
    tasks = json.loads("".join(label_studio.tasks(two)))
    assert [len(t["annotations"]) for t in tasks] == [0, 1, 1, 0]
    for task in tasks:
        (prediction,) = task["predictions"]
        assert prediction["model_version"] == MODEL
        assert prediction["score"] == 0.4


def test_label_studio_gets_offsets_in_code_points_with_the_words(
    two: list[Item],
) -> None:
    task = json.loads("".join(label_studio.tasks(two)))[1]
    text = task["data"]["text"]
    regions = [r["value"] for r in results_of(task) if r["type"] == "labels"]
    assert len(regions) == 8
    assert regions[0]["start"] == len("\U0001f6a8 ")
    for value in regions:
        assert text[value["start"] : value["end"]] == value["text"]


def test_choices_on_a_region_share_its_id(two: list[Item]) -> None:
    task = json.loads("".join(label_studio.tasks(two)))[1]
    told = [
        (r["id"], r["from_name"], r["value"].get("choices") or r["value"].get("labels"))
        for r in task["predictions"][0]["result"]
    ]
    assert ("span0", "layer", ["source"]) in told
    assert ("span0", "kind", ["government"]) in told
    assert ("span3", "polarity", ["negative"]) in told
    assert ("span3", "voice", ["quoted"]) in told


# doccano and Prodigy


def test_doccano_gets_offsets_in_utf_16_units(two: list[Item]) -> None:
    row = rows(doccano.rows(two))[1]
    units = row["text"].encode("utf-16-le")
    start, end, name = row["entities"][0]
    assert units[2 * start : 2 * end].decode("utf-16-le") == "Harbour police"
    assert name == "source/government"
    assert row["entities"][3][2] == "loaded/negative/quoted"


def test_doccano_is_not_told_the_machine_s_label_as_if_it_were_done(
    two: list[Item],
) -> None:
    found = rows(doccano.rows(two))
    assert [row["cats"] for row in found] == [[], ["opinion"], ["opinion"], []]
    assert found[0]["machine_label"] == "reported_fact"
    assert all(value is not None for row in found for value in row.values())


def test_prodigy_has_an_answer_only_where_people_gave_one(two: list[Item]) -> None:
    found = rows(prodigy.rows(two))
    assert [row.get("answer") for row in found] == [None, "accept", "accept", None]
    assert [row["accept"] for row in found] == [[row["label"]] for row in found]
    for row in found:
        assert {option["id"] for option in row["options"]} == set(LABELS)
    span = found[1]["spans"][0]
    assert found[1]["text"][span["start"] : span["end"]] == "Harbour police"
    assert (span["label"], span["kind"]) == ("source", "government")


# brat


@pytest.fixture
def standoff(two: list[Item]) -> list[list[str]]:
    return [line.split("\t") for line in brat.standoff(two).splitlines()]


def test_brat_s_offsets_give_the_words_beside_them(standoff: list[list[str]]) -> None:
    text = "\n\n".join(PARTS)
    bound = [line for line in standoff if line[0].startswith("T")]
    assert len(bound) == 9
    for _, where, words in bound:
        pieces = [p.split() for p in where.split(" ", 1)[1].split(";")]
        parts = [text[int(start) : int(end)] for start, end in pieces]
        assert " ".join(parts) == words
        assert not re.search(r"[\r\n]", words)


def test_brat_has_each_attribution_as_an_event(standoff: list[list[str]]) -> None:
    bound = {line[0]: (line[1].split()[0], line[2]) for line in standoff if line[2:]}
    ((_, event),) = [line for line in standoff if line[0].startswith("E")]
    roles = dict(role.split(":") for role in event.split())
    assert {role: bound[name] for role, name in roles.items()} == {
        "Attribution": ("Attribution", "said"),
        "Source": ("Source", "Harbour police"),
        "Cue": ("Cue", "said"),
        "Content": ("Content", "the so-called \u201cregime\u201d had lied"),
    }


def test_brat_s_configuration_names_all_types_and_values(
    standoff: list[list[str]],
) -> None:
    config = brat.config()
    for name, what, *_ in standoff:
        words = what.split()
        kind = words[0].split(":")[0]
        assert re.search(rf"^{kind}\b", config, re.M) or kind == "AnnotatorNotes"
        if name.startswith("A"):
            (values,) = re.findall(rf"^{kind}\t.*Value:(.*)$", config, re.M)
            assert words[2] in values.split("|")


def test_an_attribution_that_people_took_apart_is_no_event() -> None:
    moved = (MarkedSpan("source", Span(2, 9)),)
    known = Known({"a1:1": verdict("a1:1", spans=moved)})
    assert "Attribution" not in brat.standoff(every(article(), known=known))


# W3C, schema.org and MISP


def test_web_annotations_quote_the_text_at_their_position(two: list[Item]) -> None:
    page = json.loads("".join(linked_data.web_annotations(two)))
    text = two[0].article.text
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert len(page["items"]) == 4 + 4
    assert len({a["id"] for a in page["items"]}) == 8
    for annotation in page["items"]:
        assert annotation["type"] == "Annotation"
        assert annotation["body"]
        target = annotation["target"]
        assert target["source"] == "https://example.org/1"
        quote, position = target["selector"]
        start, end = position["start"], position["end"]
        assert quote["exact"] == text[start:end]
        assert text[:start].endswith(quote["prefix"])
        assert text[end:].startswith(quote["suffix"])


def test_web_annotations_say_whether_a_person_or_a_model_made_them(
    two: list[Item],
) -> None:
    page = json.loads("".join(linked_data.web_annotations(two)))
    labels = [a for a in page["items"] if a["motivation"] == "classifying"]
    people = [
        {"type": "Person", "name": "Amal"},
        {"type": "Person", "name": "Bo"},
    ]
    model = {"type": "Software", "name": MODEL}
    assert [a["creator"] for a in labels] == [model, people, people, model]


def test_only_what_a_person_said_is_a_claim_review(two: list[Item]) -> None:
    graph = json.loads("".join(linked_data.claims(two)))
    assert graph["@context"] == "https://schema.org"
    kinds = [each["@type"] for each in graph["@graph"]]
    assert kinds == ["Claim", "ClaimReview", "ClaimReview", "Claim"]
    review = graph["@graph"][1]
    assert review["itemReviewed"]["author"] == [
        {"@type": "Thing", "name": "Harbour police"}
    ]
    assert review["author"][0] == {"@type": "Person", "name": "Amal"}
    assert "ratingValue" not in review["reviewRating"]


def test_misp_reads_the_event_with_its_tags(two: list[Item]) -> None:
    pymisp = pytest.importorskip("pymisp")
    event = pymisp.MISPEvent()
    event.load("".join(misp.event(two, NOW)))
    assert [a.value for a in event.attributes] == [item.text for item in two]
    assert {a.type for a in event.attributes} == {"text"}
    assert not any(a.to_ids for a in event.attributes)
    assert {tag.name for tag in event.attributes[1].tags} == {
        'source-annotator:label="opinion"',
        'source-annotator:labelled-by="people"',
        'admiralty-scale:source-reliability="b"',
        'admiralty-scale:information-credibility="2"',
    }


@pytest.mark.parametrize(
    ("credibility", "confidence"),
    [("1", "90"), ("2", "70"), ("3", "50"), ("4", "30"), ("5", "10"), ("6", None)],
)
def test_confidence_follows_stix_and_is_absent_where_nothing_can_be_judged(
    credibility: str, confidence: str | None
) -> None:
    known = Known(grades=lambda scored, found: (None, credibility))
    event = json.loads("".join(misp.event(every(article(), known=known), NOW)))
    comment = event["Event"]["Attribute"][1]["comment"]
    told = re.findall(r"STIX confidence: (\d+)", comment)
    assert told == ([confidence] if confidence else [])


# CSV


@given(st.text(f"{LETTERS}=+-@＝＋－＠\t\r\n\u200b ';,\"\x1b\u202e", max_size=12))
def test_no_cell_is_a_formula_or_steers_anything(text: str) -> None:
    safe = str(cell(text))
    assert not FORMULA.match(safe)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", safe)


@given(
    st.lists(
        st.tuples(*[st.text(f"{LETTERS}=+-@＝－\";,'|", max_size=8)] * 3),
        min_size=1,
        max_size=3,
    )
)
def test_csv_reads_alike_everywhere_and_has_no_formula(
    told: list[tuple[str, str, str]],
) -> None:
    made = [
        article(f"a{n}", (sentence or "x",), outlet=outlet, title=title)
        for n, (sentence, outlet, title) in enumerate(told)
    ]
    text = "".join(csv_rows(every(*made)))
    plain = text.removeprefix("\ufeff")
    by_csv = list(csv.DictReader(io.StringIO(plain, newline="")))
    by_pandas = pd.read_csv(io.StringIO(plain), dtype=str, keep_default_na=False)
    assert by_pandas.to_dict("records") == by_csv
    for row in by_csv:
        assert None not in row.values()
        assert not any(FORMULA.match(value) for value in row.values())


def test_duckdb_reads_the_csv_and_its_byte_order_mark(
    two: list[Item], tmp_path: Path
) -> None:
    write_export(two, "csv", tmp_path / "x.csv", NOW)
    found = duckdb.read_csv(str(tmp_path / "x.csv"), all_varchar=True)
    assert tuple(found.columns) == COLUMNS
    read = found.fetchall()
    assert len(read) == 4
    assert not any(FORMULA.match(c) for row in read for c in row if c)


# spaCy


def test_spacy_reads_the_docbin(two: list[Item], tmp_path: Path) -> None:
    tokens = pytest.importorskip("spacy.tokens")
    spacy = pytest.importorskip("spacy")
    write_export(two, "docbin", tmp_path / "x.spacy", NOW)
    found = tokens.DocBin().from_disk(tmp_path / "x.spacy")
    docs = list(found.get_docs(spacy.blank("xx").vocab))
    assert [doc.text for doc in docs] == [item.text for item in two]
    assert docs[0].cats == pytest.approx(
        dict(zip(LABELS, (0.4, 0.3, 0.2, 0.1), strict=True))
    )
    assert docs[1].cats["opinion"] == 1.0
    (source,) = docs[1].spans["source"]
    assert (source.text, source.label_) == ("Harbour police", "government")
    assert docs[1].user_data["labelled_by"] == "people"
    assert docs[1].user_data["spans"][3]["start"] == two[1].text.index("regime")


# Files


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    def broken() -> Iterator[Item]:
        yield from every(article())
        raise RuntimeError

    out = tmp_path / "x.jsonl"
    out.write_text("before")
    with pytest.raises(RuntimeError):
        write_export(broken(), "jsonl", out, NOW)
    assert [p.name for p in tmp_path.iterdir()] == ["x.jsonl"]
    assert out.read_text() == "before"


def test_brat_writes_a_text_and_its_annotations_for_each_article(
    tmp_path: Path,
) -> None:
    found = every(article("a1"), article("../../b", ("One.", "Two.")))
    write_export(found, "brat", tmp_path / "brat", NOW)
    names = sorted(p.name for p in (tmp_path / "brat").iterdir())
    hashed = [name for name in names if re.fullmatch(r"[0-9a-f]{16}\.(ann|txt)", name)]
    assert len(hashed) == 2
    assert sorted({*names} - {*hashed}) == ["a1.ann", "a1.txt", "annotation.conf"]
    assert (tmp_path / "brat" / "a1.txt").read_bytes() == "\n\n".join(PARTS).encode()


def test_the_configuration_of_label_studio_lies_beside_its_tasks(
    two: list[Item], tmp_path: Path
) -> None:
    written = write_export(two, "label-studio", tmp_path / "tasks.json", NOW)
    assert [p.name for p in written] == ["tasks.json", "tasks.xml"]
    assert ElementTree.parse(tmp_path / "tasks.xml").getroot().tag == "View"


def decided_as(name: LabelName, scored: ScoredArticle) -> list[Item]:
    known = Known({"a1:0": verdict("a1:0", name)})
    return every(scored, known=known)[:1]


def test_what_people_settled_has_a_digest_that_the_label_changes() -> None:
    first, second = (decided_as(n, article())[0] for n in ("opinion", "reported_fact"))
    assert first.settled
    assert first.settled != second.settled
    assert every(article())[0].settled is None
