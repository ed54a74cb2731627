"""Training data: every format reads alike, and every row that is wrong is named."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.codebook import LABELS
from annotator.errors import BadTrainingData
from annotator.records import MarkedSpan, Span
from annotator.train.data import (
    FAULTS,
    LabelledSentence,
    Part,
    column_of,
    read_claims,
    read_runs,
    read_spans,
    runs_of,
    split_of,
)

HOSTILE = '=cmd|"/c calc"!A1; \u202e, \x1b[31m 🧨'
ROWS = [
    {
        "id": "a:0",
        "article": "a",
        "index": 0,
        "outlet": "Made Times",
        "label": "opinion",
    }
    | {"title": "The bridge", "text": 'It is a shame; truly, a "shame".'},
    {"id": "a:1", "article": "a", "index": 1, "outlet": "Made Times"}
    | {"title": "The bridge", "label": "attributed_claim", "text": HOSTILE},
    {"id": "b:4", "article": "b", "index": 4, "label": "not_body", "text": "Share 🇺🇦"},
]


def write(path: Path, content: str | list[Any]) -> Path:
    if not isinstance(content, str):
        lines = [r if isinstance(r, str) else json.dumps(r) for r in content]
        content = "\n".join(lines) + "\n"
    path.write_bytes(content.encode())
    return path


def write_table(path: Path, rows: list[dict[str, Any]], delimiter: str = ",") -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, names, delimiter=delimiter)
        table.writeheader()
        table.writerows(rows)
    return path


def task(
    text: str, results: list[Any], number: int = 1, /, **data: Any
) -> dict[str, Any]:
    """A Label Studio task; a list of results for each person who annotated it."""
    people = results if results and isinstance(results[0], list) else [results]
    return {
        "id": number,
        "data": {"text": text, **data},
        "annotations": [{"result": result} for result in people],
        "predictions": [{"result": [chose("opinion"), chose("reported_fact")]}],
    }


def chose(*names: str, region: str = "") -> dict[str, Any]:
    own = {"id": region} if region else {}
    return {"type": "choices", "value": {"choices": list(names)}, **own}


def marked(text: str, part: str, *names: str, region: str = "r") -> dict[str, Any]:
    """A region on the first place where the part stands, in UTF-16 units."""
    before = text[: text.index(part)]
    start = len(before.encode("utf-16-le")) // 2
    end = start + len(part.encode("utf-16-le")) // 2
    value = {"start": start, "end": end, "text": part, "labels": list(names)}
    return {"type": "labels", "id": region, "value": value}


def as_dataset(path: Path, rows: list[dict[str, Any]]) -> Path:
    from datasets import ClassLabel, Dataset

    names = dict.fromkeys(name for row in rows for name in row)
    data = Dataset.from_list([dict.fromkeys(names) | row for row in rows])
    label = ClassLabel(names=[*LABELS, "not_body"])
    if path.suffix == ".parquet":
        data.to_parquet(path)
    else:
        data.cast_column("label", label).save_to_disk(path)
    return path


FORMATS: dict[str, Callable[[Path], Path]] = {
    "JSON Lines": lambda d: write(d / "c.jsonl", ROWS),
    "JSON Lines of Windows": lambda d: write(
        d / "c.jsonl", "\ufeff" + "\r\n\r\n".join(map(json.dumps, ROWS))
    ),
    "JSON Lines named otherwise": lambda d: write(d / "c.json", ROWS),
    "JSON": lambda d: write(d / "c.json", json.dumps(ROWS, indent=1)),
    "CSV": lambda d: write_table(d / "c.csv", ROWS),
    "CSV with semicolons": lambda d: write_table(d / "c.csv", ROWS, ";"),
    "TSV named otherwise": lambda d: write_table(d / "c.txt", ROWS, "\t"),
    "Label Studio": lambda d: write(
        d / "export.json",
        json.dumps([task(r["text"], [chose(r["label"])], **r) for r in ROWS]),
    ),
    "doccano": lambda d: write(
        d / "export.jsonl", [r | {"label": [r["label"]]} for r in ROWS]
    ),
    "doccano with meta": lambda d: write(
        d / "export.jsonl",
        [{"text": r["text"], "labels": [r["label"]], "meta": r} for r in ROWS],
    ),
    "a folder of datasets": lambda d: as_dataset(d / "saved", ROWS),
    "Parquet": lambda d: as_dataset(d / "c.parquet", ROWS),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_reads_alike(name: str, tmp_path: Path) -> None:
    path = FORMATS[name](tmp_path)
    assert read_runs(path) == read_runs(FORMATS["JSON Lines"](tmp_path))
    first, second = read_runs(path)
    assert [s.text for s in first.sentences] == [ROWS[0]["text"], HOSTILE]
    assert (first.article, first.outlet, first.title) == (
        "a",
        "Made Times",
        "The bridge",
    )
    assert second.sentences == (
        LabelledSentence("Share 🇺🇦", "not_body", ("not_body",), id="b:4"),
    )


@pytest.mark.parametrize(
    ("label", "is_label"),
    [
        ("Reported fact", "reported_fact"),
        ("OPINION ", "opinion"),
        ("unverifiable-allegation", "unverifiable_allegation"),
        ("not body", "not_body"),
    ],
)
def test_labels_may_be_spelt_as_people_spell_them(
    label: str, is_label: str, tmp_path: Path
) -> None:
    path = write_table(tmp_path / "c.csv", [{"Text": "It fell.", "LABEL": label}])
    assert read_runs(path)[0].sentences[0].label == is_label


@pytest.mark.parametrize(
    ("accept", "accepted"),
    [
        ("", ("opinion",)),
        ("opinion", ("opinion",)),
        ("Reported fact|opinion", ("opinion", "reported_fact")),
        ("not_body; reported fact", ("opinion", "not_body", "reported_fact")),
    ],
)
def test_a_cell_may_name_several_defensible_labels(
    accept: str, accepted: tuple[str, ...], tmp_path: Path
) -> None:
    row = {"text": "It fell.", "label": "opinion", "accept": accept}
    path = write_table(tmp_path / "c.csv", [row])
    assert read_runs(path)[0].sentences[0].accept == accepted


def test_a_row_without_an_article_is_one_and_one_without_an_index_follows_on(
    tmp_path: Path,
) -> None:
    rows = [
        {"text": "One.", "label": "opinion"},
        {"text": "Two.", "label": "opinion"},
        {"text": "Three.", "label": "opinion", "article": "a"},
        {"text": "Four.", "label": "opinion", "article": "a"},
        {"text": "Five.", "label": "opinion", "id": "x"},
    ]
    runs = read_runs(write_table(tmp_path / "c.csv", rows))
    assert [(r.article, len(r.sentences)) for r in runs] == [
        ("row 1", 1),
        ("row 2", 1),
        ("a", 2),
        ("x", 1),
    ]


def test_a_row_that_comes_again_counts_once_as_it_came_last(tmp_path: Path) -> None:
    again = [ROWS[0], ROWS[1], ROWS[0] | {"source_kind": "ngo"}]
    (run,) = read_runs(write(tmp_path / "c.jsonl", again))
    assert [s.source_kind for s in run.sentences] == ["ngo", None]


BROKEN_ROWS: list[tuple[str, Any, str]] = [
    ("a label that is none", ROWS[0] | {"label": "rumour"}, "label 'rumour', expected"),
    ("a label left empty", ROWS[0] | {"label": None}, "label None, expected one of"),
    ("no label", {"text": "It fell."}, "no field 'label'"),
    ("no text", {"label": "opinion"}, "no field 'text'"),
    (
        "a text that is a number",
        ROWS[0] | {"text": 7},
        "text is 7, expected a sentence",
    ),
    ("a blank text", ROWS[0] | {"text": " \t"}, "expected a sentence"),
    ("half an emoji", ROWS[0] | {"text": "It \ud83d fell"}, "half a character"),
    (
        "an index in words",
        ROWS[0] | {"index": "third"},
        "index 'third', expected a num",
    ),
    ("a true index", ROWS[0] | {"index": True}, "index is True"),
    ("an index below 0", ROWS[0] | {"index": -1}, "index -1, expected a number"),
    ("a defensible label", ROWS[0] | {"accept": ["rumour"]}, "accept 'rumour', expect"),
    ("a source kind", ROWS[0] | {"source_kind": "gossip"}, "source_kind 'gossip', exp"),
    (
        "an article in a list",
        ROWS[0] | {"article": ["a"]},
        "article is ['a'], expected",
    ),
    (
        "a context in one string",
        ROWS[0] | {"context": "It"},
        "context is 'It', expected",
    ),
    (
        "an id with other text",
        ROWS[2] | {"id": "a:1"},
        "id 'a:1' with another text than",
    ),
    (
        "an id with other label",
        ROWS[1] | {"label": "opinion"},
        "with another label than",
    ),
    ("no object", "[1, 2]", "got list, expected an object"),
    ("no JSON", '{"id": ', ":2: not JSON: Expecting value"),
    ("deep JSON", "[" * 100_000, ":2: not JSON: nested too deeply"),
]


@pytest.mark.parametrize(
    ("row", "says"), [b[1:] for b in BROKEN_ROWS], ids=[b[0] for b in BROKEN_ROWS]
)
def test_a_wrong_row_is_named_with_what_was_expected(
    row: Any, says: str, tmp_path: Path
) -> None:
    with pytest.raises(BadTrainingData) as error:
        read_runs(write(tmp_path / "c.jsonl", [ROWS[1], row]))
    assert says in str(error.value)
    assert str(tmp_path / "c.jsonl") in str(error.value)
    assert "\n" not in str(error.value)


BROKEN_TABLES: list[tuple[str, str, str]] = [
    ("no label column", "text,lable\nIt fell.,opinion", "columns 'text, lable', expec"),
    ("an empty file", "", "expected text and label among them"),
    ("two columns of a name", "text,label,Text\na,opinion,b", "two columns 'text'"),
    ("no rows", "text,label\n\n , \n", "no rows that somebody has labelled"),
    ("an empty label", "text,label\nIt fell.,", "row 2: no field 'label'"),
    ("a comma unquoted", "text,label\n\nAh, so,opinion", "row 3: 3 fields, expected 2"),
    (
        "a quotation mark left open",
        'text,label\n"It fell,opinion\nIt rose.,opinion\n',
        "row 2: unexpected end of data: is a quotation mark not closed?",
    ),
    ("another encoding", "text,label\nCaf\udce9,opinion", "cannot be read: 'utf-8'"),
]


@pytest.mark.parametrize(
    ("content", "says"),
    [b[1:] for b in BROKEN_TABLES],
    ids=[b[0] for b in BROKEN_TABLES],
)
def test_a_wrong_table_is_told_as_a_spreadsheet_counts_rows(
    content: str, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadTrainingData) as error:
        read_runs(path)
    assert says in str(error.value)


def test_all_wrong_rows_are_named_up_to_a_screen_of_them(tmp_path: Path) -> None:
    rows = [{"text": "It fell.", "label": f"bad {n}"} for n in range(FAULTS + 7)]
    with pytest.raises(BadTrainingData) as error:
        read_runs(write_table(tmp_path / "c.csv", rows))
    first, *named, last = str(error.value).split("\n")
    assert first.endswith(f"{FAULTS + 7} rows cannot be used")
    assert [line.split(", expected")[0] for line in named] == [
        f"{tmp_path / 'c.csv'}, row {n + 2}: label 'bad {n}'" for n in range(FAULTS)
    ]
    assert last == "and 7 more"


def test_a_wrong_value_is_shown_short_and_on_one_line(tmp_path: Path) -> None:
    row = ROWS[0] | {"label": "error: all is well\n" * 1000}
    with pytest.raises(BadTrainingData) as error:
        read_runs(write(tmp_path / "c.jsonl", [row]))
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


TEXT = "🇺🇦 “It fell”, Ms Orman said."


@pytest.mark.parametrize(
    ("people", "label", "accept"),
    [
        ([["opinion"]], "opinion", ("opinion",)),
        ([["opinion"], ["opinion"]], "opinion", ("opinion",)),
        (
            [["reported_fact"], ["opinion"], ["opinion"]],
            "opinion",
            ("opinion", "reported_fact"),
        ),
    ],
)
def test_most_people_decide_and_what_others_said_is_defensible(
    people: list[list[str]], label: str, accept: tuple[str, ...], tmp_path: Path
) -> None:
    made = task(TEXT, [[chose(*names)] for names in people])
    (run,) = read_runs(write(tmp_path / "x.json", json.dumps([made])))
    assert (run.sentences[0].label, run.sentences[0].accept) == (label, accept)


def test_ground_truth_outweighs_the_others_and_withdrawn_work_counts_for_nothing(
    tmp_path: Path,
) -> None:
    made = task(
        TEXT, [[chose("opinion")], [chose("reported_fact")], [chose("opinion")]]
    )
    made["annotations"][1]["ground_truth"] = True
    other = task(TEXT, [[chose("opinion")], [chose("reported_fact")]], 2)
    other["annotations"][0]["was_cancelled"] = True
    runs = read_runs(write(tmp_path / "x.json", json.dumps([made, other])))
    assert [r.sentences[0].accept for r in runs] == [("reported_fact",)] * 2


def test_tasks_that_only_a_model_has_labelled_are_left_out(tmp_path: Path) -> None:
    bare = task(TEXT, [], 2)
    none = {**task(TEXT, [], 3), "annotations": []}
    made = [task(TEXT, [chose("opinion")]), bare, none]
    assert len(read_runs(write(tmp_path / "x.json", json.dumps(made)))) == 1
    with pytest.raises(BadTrainingData, match="no rows that somebody has labelled"):
        read_runs(write(tmp_path / "y.json", json.dumps([bare, none])))


BROKEN_TASKS: list[tuple[str, Any, str]] = [
    ("no text", task(TEXT, [chose("opinion")]) | {"data": {}}, "data.text is None"),
    (
        "another label",
        task(TEXT, [chose("Fact")]),
        "the choices ['Fact'], expected one",
    ),
    ("two labels", task(TEXT, [chose("opinion", "not body")]), "expected one label"),
    (
        "a tie",
        task(TEXT, [[chose("opinion")], [chose("reported_fact")]]),
        "as many people say opinion as reported_fact: mark one annotation as ground",
    ),
    (
        "two people who marked sentences",
        task(TEXT, [[marked(TEXT, "said", "opinion")]] * 2),
        "2 people marked sentences: mark one annotation as ground truth",
    ),
    (
        "another span type",
        task(TEXT, [chose("opinion"), marked(TEXT, "said", "PER")]),
        "a span of type 'PER', expected one of source, cue",
    ),
    (
        "half an emoji",
        task(
            TEXT,
            [
                chose("opinion"),
                {
                    "type": "labels",
                    "value": {"start": 1, "end": 4, "labels": ["cue"]},
                },
            ],
        ),
        "span [1, 4] cuts a character in two",
    ),
    (
        "offsets that drifted",
        task(
            TEXT,
            [
                chose("opinion"),
                {
                    "type": "labels",
                    "value": {"start": 5, "end": 8, "text": "said", "labels": ["cue"]},
                },
            ],
        ),
        "but its text 'said'",
    ),
    (
        "a span outside",
        task(
            TEXT,
            [
                chose("opinion"),
                {
                    "type": "labels",
                    "value": {"start": 0, "end": 900, "labels": ["cue"]},
                },
            ],
        ),
        "outside a text of",
    ),
    (
        "regions of HTML",
        task(TEXT, [chose("opinion"), {"type": "hypertextlabels", "value": {}}]),
        "'hypertextlabels', expected labels on Text",
    ),
    (
        "spans alone",
        task(TEXT, [marked(TEXT, "said", "cue")]),
        "no label, expected one",
    ),
    (
        "a result in pieces",
        task(TEXT, ["opinion"]),
        "a result is 'opinion', expected an",
    ),
]


@pytest.mark.parametrize(
    ("broken", "says"), [b[1:] for b in BROKEN_TASKS], ids=[b[0] for b in BROKEN_TASKS]
)
def test_a_wrong_task_is_named_with_what_was_expected(
    broken: Any, says: str, tmp_path: Path
) -> None:
    good = task(TEXT, [chose("opinion")], 7)
    with pytest.raises(BadTrainingData) as error:
        read_runs(write(tmp_path / "x.json", json.dumps([good, broken])))
    assert "row 2, task 1: " in str(error.value)
    assert says in str(error.value)


def test_choices_on_a_region_say_its_kind_polarity_and_voice(tmp_path: Path) -> None:
    text = "The regime’s thugs fled, Ms Orman said."
    results = [
        chose("Attributed claim"),
        marked(text, "Ms Orman", "Source", region="s"),
        chose("Named person", region="s"),
        marked(text, " said", "cue", region="c"),
        marked(text, "regime’s thugs", "Loaded", region="l"),
        chose("-", "Quoted", region="l"),
        marked(text, "fled", "target", region="t"),
    ]
    path = write(tmp_path / "x.json", json.dumps([task(text, results)]))
    (run,) = read_runs(path)
    assert run.sentences[0].spans == (
        MarkedSpan("source", Span(25, 33), kind="named_person"),
        MarkedSpan("cue", Span(34, 38)),
        MarkedSpan("loaded", Span(4, 18), polarity="-", voice="quoted"),
    )


def test_where_no_span_is_marked_at_all_spans_are_unknown_and_not_absent(
    tmp_path: Path,
) -> None:
    plain = task(TEXT, [chose("opinion")], 1)
    spans = task(TEXT, [chose("opinion"), marked(TEXT, "said", "cue")], 2)
    one = read_runs(write(tmp_path / "x.json", json.dumps([plain])))
    two = read_runs(write(tmp_path / "y.json", json.dumps([plain, spans])))
    assert one[0].sentences[0].spans is None
    assert two[0].sentences[0].spans == ()


ARTICLE = "It fell. “A shame 🧨”, he said!\n\nShare\n\nIt rose."
PARTS = [
    ("It fell.", "reported fact"),
    ("“A shame 🧨”, he said!", "attributed claim"),
    ("It rose.", "reported_fact"),
]


@pytest.mark.parametrize("tool", ["Label Studio", "doccano"])
def test_sentences_may_be_marked_in_a_whole_article(tool: str, tmp_path: Path) -> None:
    marks = [*PARTS, ("said", "cue")]
    if tool == "Label Studio":
        results = [marked(ARTICLE, part, name) for part, name in marks]
        content: Any = [task(ARTICLE, results, 9, outlet="Made Times")]
    else:
        found = [
            [ARTICLE.index(part), ARTICLE.index(part) + len(part), name]
            for part, name in marks
        ]
        content = [{"id": 9, "text": ARTICLE, "label": found, "outlet": "Made Times"}]
    first, second = read_runs(write(tmp_path / "x.json", json.dumps(content)))
    assert [s.text for s in first.sentences] == [PARTS[0][0], PARTS[1][0]]
    assert first.sentences[1].spans == (MarkedSpan("cue", Span(16, 20)),)
    assert [s.text for s in second.sentences] == ["It rose."]
    assert {r.article for r in (first, second)} == {"9"}
    assert first.outlet == "Made Times"


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ([[0, 8, "opinion"], [4, 12, "cue"]], "not within one marked sentence"),
        ([[0, 8, "opinion"], [4, 12, "opinion"]], "two sentences marked at [4, 8]"),
        ([[0, 8, "opinion"], "opinion"], "expected one or the other"),
        ([[0, 8]], "a span [0, 8], expected [start, end, type]"),
        ([[0, 800, "opinion"]], "span [0, 800] outside a text of"),
        ([[8, 9, "cue"], "opinion"], "marks nothing but white space"),
        (["opinion", "not_body"], "the labels ['opinion', 'not_body'], expected one"),
        ([{"label": "cue"}, "opinion"], "expected [start, end, type]"),
    ],
)
def test_a_wrong_row_of_doccano_is_named(
    label: list[Any], says: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "x.jsonl", [{"text": ARTICLE, "label": label}])
    with pytest.raises(BadTrainingData) as error:
        read_runs(path)
    assert says in str(error.value)


def test_a_relation_export_of_doccano_has_its_entities_read(tmp_path: Path) -> None:
    entity = {"id": 1, "label": "Cue", "start_offset": 26, "end_offset": 30}
    row = {"id": 1, "text": ARTICLE, "entities": [entity], "cats": ["opinion"]}
    (run,) = read_runs(write(tmp_path / "x.jsonl", [row | {"relations": []}]))
    (span,) = run.sentences[0].spans or ()
    assert ARTICLE[span.span.start : span.span.end] == ARTICLE[26:30].strip()


@settings(max_examples=50, deadline=None)
@given(
    text=st.text(st.sampled_from("a é🧨🇺\u0301\u202e\r\n\tع"), min_size=1, max_size=20),
    data=st.data(),
)
def test_spans_point_at_the_same_characters_in_every_tool(text: str, data: Any) -> None:
    from annotator.train.formats.doccano import from_doccano
    from annotator.train.formats.label_studio import from_label_studio
    from annotator.train.formats.row import Row

    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    if not part.strip():
        return
    region = marked(text, part, "cue")
    studio = task(text, [chose("opinion"), region])
    at = text.index(part)
    doccano = {"text": text, "label": ["opinion", [at, at + len(part), "cue"]]}
    for (row,) in (
        from_label_studio(Row("x", studio)),
        from_doccano(Row("x", doccano)),
    ):
        (span,) = row.values["spans"]
        assert row.values["text"][span["start"] : span["end"]] == part.strip()


@settings(max_examples=50, deadline=None)
@given(
    texts=st.lists(
        st.text(st.sampled_from("a ,;\t\"'=\r\n\0\u2028é🧨"), min_size=1).filter(
            str.strip
        ),
        min_size=1,
        max_size=5,
    ),
    delimiter=st.sampled_from(",;\t"),
)
def test_a_table_that_was_written_is_read_back(
    texts: list[str], delimiter: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = [{"text": text, "label": "opinion"} for text in texts]
    path = write_table(tmp_path_factory.mktemp("t") / "c.csv", rows, delimiter)
    assert [r.sentences[0].text for r in read_runs(path)] == texts


def test_spans_join_by_id_and_stand_alone_by_an_id_that_names_the_place(
    tmp_path: Path,
) -> None:
    marks = [
        {"id": f"made:a:{n}", "text": f"Ms Orman said {n}.", "loaded": []}
        | {"attributions": [{"source": [0, 8], "cue": [9, 13], "kind": "named_person"}]}
        for n in (0, 1, 3)
    ]
    spans = write(tmp_path / "s.jsonl", marks)
    runs = runs_of(read_spans(spans))
    assert [(r.article, len(r.sentences)) for r in runs] == [("a", 2), ("a", 1)]
    row = {"id": "made:a:1", "text": "Ms Orman said 1.", "label": "attributed_claim"}
    (run,) = read_runs(write(tmp_path / "c.jsonl", [row]), spans)
    assert run.sentences[0].spans == runs[0].sentences[1].spans


def test_a_column_of_spans_that_is_empty_leaves_them_unknown(tmp_path: Path) -> None:
    said = [{"layer": "cue", "start": 0, "end": 2, "kind": None}]
    rows = [ROWS[0] | {"spans": said}, ROWS[1] | {"spans": None}]
    (run,) = read_runs(as_dataset(tmp_path / "c.parquet", rows))
    assert run.sentences[0].spans == (MarkedSpan("cue", Span(0, 2)),)
    assert run.sentences[1].spans is None


def test_spans_of_another_text_are_refused(tmp_path: Path) -> None:
    spans = [{"id": "a:0", "text": "Another.", "attributions": [], "loaded": []}]
    path = write(tmp_path / "c.jsonl", ROWS)
    with pytest.raises(BadTrainingData, match="claims and spans differ in text"):
        read_runs(path, write(tmp_path / "s.jsonl", spans))


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        (
            {"loaded": [{"span": [0, 2], "polarity": "bad", "voice": "outlet"}]},
            "polarity",
        ),
        (
            {"loaded": [{"span": [0, 2], "polarity": "-"}]},
            "voice None, expected one of",
        ),
        ({"loaded": [{"span": 3}]}, "a span is 3, expected a list"),
        (
            {"attributions": [{"cue": [0, "2"]}]},
            "a span [0, '2'], expected [start, end]",
        ),
        ({"attributions": [{"cue": [0, 2], "kind": "x"}]}, "kind 'x', expected one of"),
        (
            {"spans": [{"layer": "hedge", "start": 0, "end": 2}]},
            "layer 'hedge', expected",
        ),
        ({}, "no spans, expected attributions and loaded"),
    ],
)
def test_a_wrong_span_is_named(mark: dict[str, Any], says: str, tmp_path: Path) -> None:
    path = write(tmp_path / "s.jsonl", [{"id": "a:0", "text": "It fell."} | mark])
    with pytest.raises(BadTrainingData) as error:
        read_spans(path)
    assert says in str(error.value)


def test_any_column_of_the_data_can_be_asked_for(tmp_path: Path) -> None:
    claims = read_claims(write(tmp_path / "c.jsonl", [ROWS[0] | {"side": 3}, ROWS[2]]))
    assert column_of(claims, "side") == {"a:0": "3"}
    with pytest.raises(BadTrainingData, match="no column 'leaning': there are article"):
        column_of(claims, "leaning")


@given(st.text())
def test_the_parts_of_a_file_are_made_of_its_splits(article: str) -> None:
    split = split_of(article)
    parts = {part for part in Part if part.has(article)}
    wanted = {Part.ALL, Part(split)}
    assert parts == (wanted if split == "train" else wanted | {Part.HELD_OUT})


@pytest.mark.parametrize("name", ["nothing.parquet", "nothing.csv", "no-data-set"])
def test_a_file_that_is_no_data_is_said_in_one_line(name: str, tmp_path: Path) -> None:
    if name == "no-data-set":
        (tmp_path / name).mkdir()
    with pytest.raises(BadTrainingData, match="cannot be read") as error:
        read_runs(tmp_path / name)
    assert "\n" not in str(error.value)
