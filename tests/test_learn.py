"""What people decided teaches a model, and nothing that is worse is installed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import torch
import typer
from typer.testing import CliRunner, Result

from annotator.cli.learn import learn as learn_command
from annotator.codebook import LABELS, LabelName
from annotator.errors import BadModel, BadTrainingData
from annotator.records import (
    Article,
    Decision,
    Label,
    MarkedSpan,
    ScoredArticle,
    Sentence,
    Span,
    Verdict,
)
from annotator.store import ResultsWriter, read_results
from annotator.store.decisions import write_decisions
from annotator.tag.description import sha256_of
from annotator.tag.folder import load_model
from annotator.tag.tagger import Tagger, Text
from annotator.train import learn as module
from annotator.train.changes import Change, changes
from annotator.train.data import Run, read_runs, split_of
from annotator.train.decided import decided_runs, is_held_out
from annotator.train.learn import Known, learn
from annotator.train.rehearse import replay, size
from annotator.train.scores import Figure

ARTICLES = 16


def article(name: str, sentences: int = 4, **more: Any) -> ScoredArticle:
    lines = [f"The army said {name} was in city {n}." for n in range(sentences)]
    made, at = [], 0
    for index, line in enumerate(lines):
        made.append(Sentence(f"{name}:{index}", name, index, at, at + len(line)))
        at += len(line) + 1
    labels = {
        s.sentence_id: Label(
            s.sentence_id, "opinion", (0.2, 0.2, 0.4, 0.2), 0.4, (), "m"
        )
        for s in made
    }
    text = " ".join(lines)
    return ScoredArticle(
        Article(name, f"{name}.txt", text, title=name, **more), tuple(made), labels
    )


def verdict(sentence_id: str, label: LabelName = "reported_fact") -> Verdict:
    return Verdict(sentence_id, label, None, ("ada",), False, True)


def reviewed(
    name: str, places: list[int], sentences: int = 12, **more: Any
) -> ScoredArticle:
    scored = article(name, sentences, **more)
    scored.verdicts.update({f"{name}:{i}": verdict(f"{name}:{i}") for i in places})
    return scored


@pytest.mark.parametrize(
    ("places", "runs"),
    [
        ([5], [(3, 6, 2)]),
        ([0], [(0, 1, 0)]),
        ([11], [(9, 11, 2)]),
        ([4, 5], [(2, 6, 2)]),
        ([4, 7], [(2, 8, 2)]),
        ([3, 7], [(1, 4, 2), (5, 8, 2)]),
    ],
)
def test_a_decided_sentence_is_read_with_its_neighbours(
    places: list[int], runs: list[tuple[int, int, int]]
) -> None:
    found = decided_runs([reviewed("a", places), article("b")])
    assert [(_place(r, 0), _place(r, -1), r.context) for r in found] == runs
    labelled = [s.id for r in found for s in r.sentences if s.label]
    assert labelled == [f"a:{i}" for i in places]


def _place(run: Run, which: int) -> int:
    return int(run.sentences[which].text.split()[-1].rstrip("."))


def test_corrected_spans_are_taught_and_others_are_left_open() -> None:
    scored = reviewed("a", [2, 3])
    spans = (MarkedSpan("source", Span(0, 8), kind="military"),)
    scored.verdicts["a:2"] = Verdict("a:2", "opinion", spans, ("ada",), False, False)
    (run,) = decided_runs([scored])
    assert [s.spans for s in run.sentences if s.label] == [spans, None]


def test_a_copy_is_on_the_side_of_what_it_copies() -> None:
    (run,) = decided_runs([reviewed("copy", [3], duplicate_of="original")])
    assert run.article == "original"


def test_a_quarter_of_the_articles_measures_whatever_trains_elsewhere() -> None:
    names = [f"article {n}" for n in range(4000)]
    held = [name for name in names if is_held_out(name)]
    assert len(held) / len(names) == pytest.approx(0.25, abs=0.02)
    trains = [split_of(name) == "train" for name in held]
    assert sum(trains) / len(held) == pytest.approx(0.9, abs=0.03)


def claims_file(path: Path, articles: int = 60) -> Path:
    rows = (
        {
            "article": f"made {n}",
            "index": i,
            "text": f"Police closed bridge {n} on day {i}.",
            "label": LABELS[(n + i) % 4],
        }
        for n in range(articles)
        for i in range(3)
    )
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    return path


@pytest.mark.parametrize(("wanted", "held"), [(0, 0), (1, 3), (7, 9), (10**6, None)])
def test_whole_runs_of_the_training_split_are_repeated(
    tmp_path: Path, wanted: int, held: int | None
) -> None:
    claims = read_runs(claims_file(tmp_path / "claims.jsonl"))
    drawn = replay(claims, wanted, seed=1)
    assert {split_of(run.article) for run in drawn} <= {"train"}
    every = size([run for run in claims if split_of(run.article) == "train"])
    assert size(drawn) == (every if held is None else held)
    assert drawn == replay(claims, wanted, seed=1)


def test_a_model_and_itself_differ_by_nothing(tiny_model: Path, tmp_path: Path) -> None:
    runs = read_runs(claims_file(tmp_path / "claims.jsonl", 12))
    model = load_model(tiny_model)
    found = changes("made", runs, (model, model), {"accuracy": 0.0})
    assert [c.figure for c in found] == ["macro-F1", "accuracy"]
    for change in found:
        assert change.before == change.after
        assert change.difference == Figure(0, 0, 0)
        assert not change.worse


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Results whose sentences one person has labelled, all of them."""
    path = tmp_path / "results"
    made = [article(f"a{n}") for n in range(ARTICLES)]
    with ResultsWriter(path) as out:
        for scored in made:
            out.add_article(
                scored.article,
                scored.sentences,
                scored.labels,
                status="scored",
                reason=None,
            )
        out.finish([], {"model": "m"})
    write_decisions(
        path,
        [
            Decision(
                uuid4().hex,
                s.sentence_id,
                s.article_id,
                "ada",
                "label",
                LABELS[s.index],
                None,
                "",
                1.0,
                datetime(2031, 5, 4, tzinfo=UTC),
                False,
                "review",
                "opinion",
                0.4,
                "m",
            )
            for scored in made
            for s in scored.sentences
        ],
    )
    return path


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command()(learn_command)
    given = [str(a) for a in arguments]
    return CliRunner().invoke(app, given, env={"COLUMNS": "120"})


def outcome(fall: float) -> Any:
    """Stand for the measuring: accuracy falls by so much, held to a tolerance."""

    def made(*_: object) -> list[Change]:
        before, after, lost = (Figure(x, x, x) for x in (0.5, 0.5 - fall, -fall))
        return [Change("made", "accuracy", before, after, lost, 9, 3, 0.005)]

    return made


@pytest.mark.parametrize(
    ("fall", "installed"), [(-0.1, True), (0.0, True), (0.004, True), (0.006, False)]
)
def test_only_what_is_no_worse_is_installed(
    folder: Path,
    tiny_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fall: float,
    installed: bool,
) -> None:
    monkeypatch.setattr(module, "changes", outcome(fall))
    out, work = tmp_path / "models" / "mine", tmp_path / "runs"
    before = sha256_of(tiny_model / "tagger.safetensors")
    done = run(folder, "--model", tiny_model, "--out", out, "--work", work)
    assert done.exit_code == (0 if installed else 1), done.output
    assert out.exists() is installed
    assert sha256_of(tiny_model / "tagger.safetensors") == before
    (candidate,) = work.glob("*/mine")
    assert load_model(candidate).description.name == "mine"
    said = " ".join(done.output.split())
    assert "without --dev nobody knows whether it forgot" in said
    assert ("nothing was installed" in said) is not installed
    assert ("worse: accuracy on made fell by 0.006" in said) is not installed


def test_it_learns_from_decisions_and_from_what_was_known_before(
    folder: Path, tiny_model: Path, tmp_path: Path
) -> None:
    claims = claims_file(tmp_path / "claims.jsonl")
    dev = claims_file(tmp_path / "dev.jsonl", 9)
    out = tmp_path / "models" / "mine"
    steps: list[object] = []
    known = Known(claims, dev=dev)
    folders = (out, tmp_path / "runs")
    done = learn(read_results(folder), tiny_model, known, None, folders, steps.append)
    assert done.decided + done.held_out == 4 * ARTICLES
    assert done.replayed > 0
    assert done.missing == ()
    assert [(c.data, c.tolerance) for c in done.changes] == [
        ("decided, held out", None),
        ("decided, held out", 0.0),
        ("dev", 0.005),
        ("dev", None),
    ]
    assert done.installed == out.exists()
    assert steps
    old, new = load_model(tiny_model), load_model(done.candidate)
    assert new.description.version == done.description.version
    name = "label.weight"
    assert not torch.equal(
        old.network.state_dict()[name], new.network.state_dict()[name]
    )
    assert len(Tagger(done.candidate, "cpu").tag([Text(("It was so.",))])[0]) == 1
    record = json.loads((done.candidate / "training.json").read_text("utf-8"))
    assert record["config"]["start"] == old.description.version
    assert record["sentences"]["held_out"] == done.held_out


def test_without_what_it_learned_from_it_keeps_its_calibration_and_says_so(
    folder: Path, tiny_model: Path, tmp_path: Path
) -> None:
    folders = (tmp_path / "mine", tmp_path / "runs")
    done = learn(
        read_results(folder), tiny_model, Known(), None, folders, lambda _: None
    )
    old = load_model(tiny_model).description
    kept = ("temperature", "risk", "stance_temperature", "window")
    assert all(getattr(done.description, n) == getattr(old, n) for n in kept)
    assert [words.split()[1] for words in done.missing] == ["--claims", "--dev"]


def test_what_is_measured_on_is_never_learned_from(
    folder: Path, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the decisions held out nor dev, even where --claims holds them too."""
    stored = list(read_results(folder).scored())
    dev = tmp_path / "dev.jsonl"
    rows = [
        {"article": "x", "text": text, "label": "opinion"} for text in ("All left.",)
    ]
    taught = next(s for s in stored if not is_held_out(s.article.article_id))
    rows.append({"article": "y", "text": _text(taught), "label": "opinion"})
    dev.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    claims = claims_file(tmp_path / "claims.jsonl")
    with claims.open("a", encoding="utf-8") as file:
        for n, scored in enumerate(stored):
            row = {"article": f"again {n}", "text": _text(scored), "label": "opinion"}
            file.write(json.dumps(row) + "\n")
    seen: list[str] = []

    class Stop(Exception):
        pass

    def teach(_: object, lessons: Any, claims: Any, *__: object) -> None:
        runs = [*lessons.runs, *claims]
        seen.extend(s.text for r in runs for s in r.sentences if s.label)
        raise Stop

    monkeypatch.setattr(module, "teach", teach)
    folders = (tmp_path / "mine", tmp_path / "runs")
    with pytest.raises(Stop):
        learn(
            read_results(folder),
            tiny_model,
            Known(claims, dev=dev),
            None,
            folders,
            lambda _: None,
        )
    held = [s for s in stored if is_held_out(s.article.article_id)]
    assert held
    assert not {_text(s) for s in held} & set(seen)
    assert _text(taught) not in seen
    assert any(text.startswith("Police") for text in seen)


def _text(scored: ScoredArticle) -> str:
    return scored.article.text[slice(*scored.sentences[0].span)]


@pytest.mark.parametrize(
    ("least", "said"),
    [
        ({"LEAST_SENTENCES": 70}, "on 64 sentences .* it takes 70: decide on 6 more"),
        ({"LEAST_HELD_OUT": 99}, "on 16 articles, of which .* about 8 more articles"),
    ],
)
def test_too_little_is_refused_with_how_much_it_takes(
    folder: Path,
    tiny_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    least: dict[str, int],
    said: str,
) -> None:
    for name, value in least.items():
        monkeypatch.setattr(module, name, value)
    folders = (tmp_path / "mine", tmp_path / "runs")
    with pytest.raises(BadTrainingData, match=said):
        learn(read_results(folder), tiny_model, Known(), None, folders, print)


def test_a_folder_that_is_there_is_never_written_over(
    folder: Path, tiny_model: Path, tmp_path: Path
) -> None:
    folders = (tiny_model, tmp_path / "runs")
    with pytest.raises(BadModel, match="is there already"):
        learn(read_results(folder), tiny_model, Known(), None, folders, print)
