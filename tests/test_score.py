"""`annotator score`, from files to a results folder."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from annotator import pipeline
from annotator.cli import app, inputs, main
from annotator.ingest import Options
from annotator.records import ActorMention, Sentence
from annotator.store import read_results

SEEDS = Path(__file__).parents[1] / "seeds"
STORY = (
    "The bridge over the river was closed on Monday morning.\n\n"
    "Officials at the transport ministry said nine people were hurt when it fell.\n"
)


def run(*arguments: str | int | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)


def failures(results: Path) -> dict[str, str]:
    lines = (results / "errors.jsonl").read_text(encoding="utf-8").splitlines()
    return {Path(r["path"]).name: r["reason"] for r in map(json.loads, lines)}


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Path:
    out = tmp_path_factory.mktemp("seeds") / "results"
    done = run(
        "score", SEEDS, "--manifest", SEEDS / "manifest.csv", "--out", out,
        "--model", tiny_model,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return out


def test_ten_english_articles_are_scored_and_the_arabic_one_is_skipped_with_its_reason(
    seeds: Path,
) -> None:
    stored = list(read_results(seeds).articles())
    assert [a.status for a in stored].count("scored") == 10
    assert [a.reason for a in stored if a.status == "skipped"] == ["language ar"]
    arabic = next(a for a in stored if a.status == "skipped")
    assert arabic.article.text
    assert {a.article.language for a in stored} == {"en", "ar"}


def test_every_scored_sentence_stands_in_its_file_where_it_says(seeds: Path) -> None:
    results = read_results(seeds)
    texts = {p.name: p.read_text(encoding="utf-8") for p in SEEDS.glob("*.txt")}
    checked = 0
    articles = {a.article.article_id: a.article for a in results.articles()}
    for sentence, _ in results.sentences():
        article = articles[sentence.article_id]
        place = article.source_span(sentence.span)
        assert place is not None
        source = texts[Path(article.source_path).name][place.start : place.end]
        assert source.split() == article.text[sentence.start : sentence.end].split()
        checked += 1
    assert checked > 200


def test_every_line_of_a_page_is_in_an_article_or_dropped_with_a_reason(
    seeds: Path,
) -> None:
    results = read_results(seeds)
    kept: dict[str, str] = {}
    for stored in results.articles():
        name = Path(stored.article.source_path).name
        kept[name] = kept.get(name, "") + " " + stored.article.text
    dropped: dict[str, set[int]] = {}
    for line in results.dropped():
        assert line.reason
        dropped.setdefault(Path(line.source_path).name, set()).add(line.line)
    for path in SEEDS.glob("*.txt"):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            words = " ".join(line.split())
            if words and number not in dropped.get(path.name, set()):
                assert words in " ".join(kept[path.name].split()), (path.name, number)


def test_a_report_and_a_record_of_the_run_lie_beside_the_tables(seeds: Path) -> None:
    facts = json.loads((seeds / "run.json").read_text())
    assert facts["model"].startswith("tiny@")
    assert facts["counts"]["articles"] == 10
    assert (seeds / "report.html").stat().st_size > 10_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good story and everything that can be wrong with a file."""
    made = tmp_path / "pages"
    made.mkdir()
    (made / "good.txt").write_text(STORY)
    (made / "empty.txt").touch()
    (made / "binary.txt").write_bytes(os.urandom(4096))
    (made / "line.txt").write_text("word " * 10_000_000)
    (made / "broken.txt").write_bytes(STORY.encode() + b"\xff\xfe\xc3 broken.\n")
    (made / "bomb.html").write_text("<div>" * 200_000 + "text")
    (made / "no_text.csv").write_text("when,where\n2020,Erbil\n")
    lines = [json.dumps({"text": STORY}), '{"text": ', json.dumps({"text": STORY * 2})]
    (made / "lines.jsonl").write_text("\n".join(lines))
    (made / "loop").symlink_to(made, target_is_directory=True)
    (made / "cut.txt.gz").write_bytes(gzip.compress(STORY.encode())[:40])
    return made


def test_bad_files_are_each_named_and_the_rest_is_scored(
    folder: Path, tiny_model: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results"
    done = run("score", folder, "--out", out, "--model", tiny_model)
    assert done.exit_code == 0, done.output
    named = failures(out)
    for name, says in {
        "empty.txt": "empty",
        "binary.txt": "binary",
        "line.txt": "characters",
        "bomb.html": "inside one another",
        "no_text.csv": "when, where",
        "lines.jsonl": "line 2",
        "cut.txt.gz": "",
        "loop": "",
    }.items():
        assert says in named[name], (name, named[name])
    scored = {Path(a.article.source_path).name for a in read_results(out).articles()}
    assert {"good.txt", "broken.txt", "lines.jsonl"} <= scored
    assert f"{len((out / 'errors.jsonl').read_text().splitlines())} failures" in (
        done.output
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_is_named(
    tiny_model: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(STORY)
    secret.chmod(0)
    done = run("score", secret, "--out", tmp_path / "r", "--model", tiny_model)
    assert done.exit_code == 1
    assert "secret.txt" in failures(tmp_path / "r")


def test_the_exit_status_is_one_if_nothing_could_be_scored(
    tiny_model: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").touch()
    done = run(
        "score", tmp_path / "empty.txt", "--out", tmp_path / "r", "--model", tiny_model
    )
    assert done.exit_code == 1


def test_standard_input_is_scored(tiny_model: Path, tmp_path: Path) -> None:
    out = tmp_path / "results"
    done = run("score", "-", "--out", out, "--model", tiny_model, stdin=STORY)
    assert done.exit_code == 0, done.output
    assert len(list(read_results(out).sentences())) == 2


def test_a_story_saved_twice_counts_once_and_is_kept(
    tiny_model: Path, tmp_path: Path
) -> None:
    pages = tmp_path / "Made Times"
    pages.mkdir()
    body = "\n\n".join(f"Sentence number {n} of a story told twice." for n in range(30))
    for name in ("one.txt", "two.txt"):
        (pages / name).write_text(body)
    out = tmp_path / "results"
    done = run(
        "score", pages, "--out", out, "--model", tiny_model, "--outlet-from-folder"
    )
    assert done.exit_code == 0, done.output
    (profile,) = read_results(out).outlets()
    assert (profile.outlet, profile.n_articles) == ("Made Times", 1)
    assert profile.n_duplicates == 1
    assert len(list(read_results(out).articles())) == 2


def test_more_articles_than_are_tagged_at_once_keep_their_dropped_lines(
    tiny_model: Path, tmp_path: Path
) -> None:
    page = "Share this\n\n" + STORY
    records = [json.dumps({"id": n, "text": f"{page}Story {n}."}) for n in range(150)]
    (tmp_path / "many.jsonl").write_text("\n".join(records))
    out = tmp_path / "results"
    done = run("score", tmp_path / "many.jsonl", "--out", out, "--model", tiny_model)
    assert done.exit_code == 0, done.output
    results = read_results(out)
    assert len(list(results.articles())) == len(list(results.dropped())) == 150


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["score", "seeds", "--model", "no-such-model"], "no model 'no-such-model'"),
        (["score", "seeds", "--manifest", "no-such.csv"], "no-such.csv"),
        (["score", "seeds", "--out", "seeds"], "seeds"),
        (["evaluate", "compact", "--data", "no-such.jsonl"], "no-such.jsonl"),
        (["train", "--config", "no-such.toml", "--claims", "x"], "no-such.toml"),
    ],
)
def test_what_a_user_can_mend_is_one_error_and_no_traceback(
    arguments: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(SEEDS.parent)
    monkeypatch.setattr("sys.argv", ["annotator", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    shown = capsys.readouterr().err
    assert "error: " in shown
    assert says in shown
    assert "Traceback" not in shown


def test_an_article_that_trips_a_fault_of_ours_costs_itself_and_no_other(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = pipeline.find_actors

    def faulty(text: str, sentences: Sequence[Sentence]) -> list[ActorMention]:
        if "nine people" in text:
            raise IndexError("tuple index out of range")
        return found(text, sentences)

    monkeypatch.setattr(pipeline, "find_actors", faulty)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.txt").write_text(STORY, encoding="utf-8")
    for n in range(2):
        (tmp_path / "in" / f"good{n}.txt").write_text(
            STORY.replace("nine", f"{n + 3}"), encoding="utf-8"
        )
    out = tmp_path / "results"
    done = run("score", tmp_path / "in", "--out", out, "--model", tiny_model)
    assert "2 articles scored" in done.output
    paths = [Path(a.article.source_path).name for a in read_results(out).articles()]
    assert sorted(paths) == ["good0.txt", "good1.txt"]
    [reason] = failures(out).values()
    assert "IndexError: tuple index out of range, at line" in reason
    assert "report it" in reason


@pytest.mark.parametrize(
    ("limit", "says"),
    [(("--max-bytes", 50), "more than 50 bytes"), (("--max-chars", 60), "at most 60")],
)
def test_limits_refuse_with_a_reason_and_can_be_set(
    limit: tuple[str, int], says: str, tiny_model: Path, tmp_path: Path
) -> None:
    (tmp_path / "story.txt").write_text(STORY)
    out = tmp_path / "results"
    run("score", tmp_path / "story.txt", "--out", out, "--model", tiny_model, *limit)
    assert says in failures(out)["story.txt"]


def test_the_limits_of_the_command_are_those_of_the_reader() -> None:
    assert (
        Options().max_bytes,
        Options().max_chars,
    ) == (inputs.MAX_BYTES, inputs.MAX_CHARS)
