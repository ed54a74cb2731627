"""`annotator export` and `import`, from a results folder to files and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from exchange_items import PARTS, article
from typer.testing import CliRunner, Result

from annotator.cli import exchange
from annotator.errors import BadExchange
from annotator.store import ResultsWriter
from annotator.store.reviews import open_log

STEERING = "=Evil\x1b[31m Times"
FORMATS = {
    "label-studio": "tasks.json",
    "doccano": "rows.jsonl",
    "prodigy": "cards.jsonl",
    "brat": "folder",
    "w3c": "page.json",
    "claim": "claims.json",
    "misp": "event.json",
    "csv": "rows.csv",
    "jsonl": "all.jsonl",
}

app = typer.Typer(pretty_exceptions_enable=False)
app.command("export")(exchange.export)
app.command("import")(exchange.import_)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def done(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


@pytest.fixture
def results(tmp_path: Path) -> Path:
    path = tmp_path / "results"
    with ResultsWriter(path) as out:
        for scored in (
            article("a1", outlet="Herald", title="Bridge shut"),
            article("a2", ("One more.", "And two."), outlet=STEERING),
        ):
            out.add_article(
                scored.article,
                scored.sentences,
                scored.labels,
                status="scored",
                reason=None,
            )
            out.add_attributions(scored.article, scored.attributions)
            out.add_loaded_terms(scored.article, scored.loaded_terms)
        out.finish([], {"model": "made@0"})
    return path


@pytest.fixture
def annotated(results: Path, tmp_path: Path) -> Path:
    """Two sentences as somebody answered them in Label Studio, and one unanswered."""
    file = tmp_path / "tasks.json"
    done("export", results, "--format", "label-studio", "--out", file, "--what", "all")
    tasks = json.loads(file.read_text())
    for task in tasks[:2]:
        task["annotations"] = [
            {
                "result": task["predictions"][0]["result"],
                "completed_by": {"email": "amal@example.org"},
            }
        ]
    tasks[0]["annotations"][0]["result"][0]["value"]["choices"] = ["opinion"]
    file.write_text(json.dumps(tasks, indent=1))
    return file


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_written_and_counted(
    results: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "new" / FORMATS[name]
    told = done("export", results, "--format", name, "--out", out)
    assert told.startswith("4 sentences, 0 of them labelled by people, in")
    assert out.exists()
    assert not (results / "review.db").exists()


@pytest.mark.parametrize(
    ("options", "sentences"),
    [
        ((), 4),
        (("--what", "all"), 6),
        (("--what", "decided"), 0),
        (("--what", "all", "--outlet", "herald"), 4),
        (("--what", "all", "--label", "reported_fact"), 2),
    ],
)
def test_the_scope_is_as_asked(
    results: Path, tmp_path: Path, options: tuple[str, ...], sentences: int
) -> None:
    out = tmp_path / "x.jsonl"
    done("export", results, "--format", "jsonl", "--out", out, *options)
    assert len(out.read_text().splitlines()) == sentences


def test_a_label_that_there_is_not_is_told_with_those_there_are(results: Path) -> None:
    result = run("export", results, "--format", "csv", "--out", "x", "--label", "fact")
    assert result.exit_code == 2
    assert "unverifiable_allegation" in result.output


def test_annotations_come_into_the_log_once(results: Path, annotated: Path) -> None:
    asked = ("import", results, annotated, "--format", "label-studio")
    assert done(*asked, "--dry-run") == "Decisions: 2 would be added, 4 not annotated."
    assert not (results / "review.db").exists()
    assert done(*asked) == "Decisions: 2 added, 4 not annotated."
    assert done(*asked) == "Decisions: 2 there already, 4 not annotated."
    with open_log(results) as log:
        kept = list(log.decisions())
    assert [(d.sentence_id, d.label, d.spans, d.origin) for d in kept] == [
        ("a1:0", "opinion", None, "label-studio"),
        ("a1:1", "attributed_claim", None, "label-studio"),
    ]


def test_people_s_labels_go_out_in_place_of_the_machine_s(
    results: Path, annotated: Path, tmp_path: Path
) -> None:
    done("import", results, annotated, "--format", "label-studio")
    out = tmp_path / "x.jsonl"
    done("export", results, "--format", "jsonl", "--out", out, "--what", "decided")
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    told = [(r["label"], r["labelled_by"], r["reviewers"]) for r in rows]
    assert told == [
        ("opinion", "people", ["amal@example.org"]),
        ("attributed_claim", "people", ["amal@example.org"]),
    ]


def test_what_went_out_comes_back_as_nothing_new(
    results: Path, annotated: Path, tmp_path: Path
) -> None:
    done("import", results, annotated, "--format", "label-studio")
    for name in ("label-studio", "doccano", "prodigy"):
        out = tmp_path / FORMATS[name]
        done("export", results, "--format", name, "--out", out)
        told = done("import", results, out, "--format", name, "--reviewer", "Bo")
        assert told == "Decisions: 2 unchanged since the export, 2 not annotated."


def test_a_reviewer_with_an_account_goes_by_its_name(
    results: Path, annotated: Path
) -> None:
    with open_log(results) as log:
        log.add_account("Amal", "reviewer")
    done("import", results, annotated, "--format", "label-studio", "--reviewer", "AMAL")
    with open_log(results) as log:
        assert {d.reviewer for d in log.decisions()} == {"Amal"}


def test_another_database_is_used_where_one_is_named(
    results: Path, annotated: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'team.db'}"
    done("import", results, annotated, "--format", "label-studio", "--db", url)
    assert not (results / "review.db").exists()
    out = tmp_path / "x.jsonl"
    told = done("export", results, "--format", "jsonl", "--out", out, "--db", url)
    assert told.startswith("4 sentences, 2 of them labelled by people")


def test_refused_rows_are_listed_with_their_line_and_steer_nothing(
    results: Path, tmp_path: Path
) -> None:
    file = tmp_path / "rows.jsonl"
    rows = [
        {"text": "No such.", "cats": ["opinion"], "sentence_id": "x\x1b[31m"},
        {"text": PARTS[0], "cats": ["opinion"], "sentence_id": "a1:0"},
    ]
    file.write_text("\n".join(map(json.dumps, [*rows, {"text": "\x1b[2J", "cats": 1}])))
    told = run(
        "import", results, file, "--format", "doccano", "--reviewer", "Bo"
    ).stdout
    assert "\x1b" not in told
    assert "refused: line 1, sentence x⟨1B⟩[31m:" in told
    assert "refused: line 3:" in told
    assert "Decisions: 1 added, 2 refused." in told


def test_a_file_of_another_format_is_said_to_be_one(
    results: Path, tmp_path: Path
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"text": "a"}\n')
    result = run("import", results, file, "--format", "label-studio")
    assert isinstance(result.exception, BadExchange)


@pytest.mark.parametrize("name", ["missing.json", ".", "x" * 300])
def test_a_file_that_cannot_be_read_is_a_wrong_argument(
    results: Path, tmp_path: Path, name: str
) -> None:
    result = run("import", results, tmp_path / name, "--format", "prodigy")
    assert result.exit_code == 2
    assert "Invalid value" in result.output


def test_a_place_that_cannot_be_written_is_a_wrong_argument(
    results: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" / "x.jsonl"
    result = run("export", results, "--format", "jsonl", "--out", out)
    assert result.exit_code == 2
    assert "Invalid value" in result.output


def test_a_sentence_that_changed_since_takes_no_annotation(
    results: Path, annotated: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    scored = article("a1", ("Another bridge.", *PARTS[1:]))
    with ResultsWriter(other) as out:
        out.add_article(
            scored.article,
            scored.sentences,
            scored.labels,
            status="scored",
            reason=None,
        )
        out.finish([], {"model": "made@0"})
    told = done("import", other, annotated, "--format", "label-studio")
    assert "refused: line 2" in told
    assert "1 added" in told
