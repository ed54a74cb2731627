"""Evaluation from the command line, and the measurements in benchmarks/."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from annotator.cli import app
from annotator.codebook import LABELS
from annotator.tag.shelf import DESCRIPTION

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def claims(n: int) -> list[dict[str, Any]]:
    """`n` rows, four an article, of two outlets."""
    return [
        {
            "id": f"made:{i // 4}:{i % 4}",
            "article": f"{i // 4}",
            "index": i % 4,
            "outlet": "[red]Times" if i % 8 < 4 else "=Post",
            "text": f"The minister said the bridge was {i}.",
            "label": LABELS[i % 4],
        }
        for i in range(n)
    ]


def spans(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    said = {
        "source": [0, 12],
        "cue": [13, 17],
        "content": [18, 30],
        "kind": "government",
    }
    kept = [{"id": r["id"], "text": r["text"]} for r in rows]
    return [row | {"attributions": [said], "loaded": []} for row in kept]


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, ["evaluate", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


def test_an_evaluation_prints_groups_and_promises_and_writes_what_it_found(
    tiny_model: Path, tmp_path: Path
) -> None:
    data = write(tmp_path / "dev.jsonl", claims(80))
    errors, out = tmp_path / "errors.csv", tmp_path / "out"
    options = ("--group", "outlet", "--errors", errors, "--out", out)
    printed = run(tiny_model, "--data", data, *options)
    assert "[red]Times" in printed
    assert "at --target-error 0.01: coverage" in printed
    assert "not promised" in printed
    record = json.loads((out / "metrics.json").read_text())
    wrong = 80 - sum(
        record["scores"][name]["confusion"][i][i]
        for name in record["scores"]
        for i in range(4)
    )
    assert errors.read_text(encoding="utf-8-sig").count("made:") == wrong
    assert "'=Post" in errors.read_text(encoding="utf-8-sig")
    assert [g["column"] for g in record["groupings"]] == ["outlet"]
    assert "minister" not in (out / "metrics.json").read_text()
    for name in ("confusion.png", "reliability.png"):
        assert (out / name).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("split", ["held-out", "all", "train"])
def test_spans_are_scored_by_themselves_on_the_part_that_is_named(
    split: str, tiny_model: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "spans.jsonl", spans(claims(160)))
    out = tmp_path / "out"
    printed = run(tiny_model, "--spans", path, "--split", split, "--out", out)
    assert f"({split})" in printed
    record = json.loads((out / "metrics.json").read_text())["spans"]
    assert 0 < record["articles"] <= 40
    assert (record["articles"] == 40) == (split == "all")


def test_spans_are_read_with_their_neighbours_where_the_data_has_them(
    tiny_model: Path, tmp_path: Path
) -> None:
    rows = claims(160)
    data = write(tmp_path / "data.jsonl", rows)
    path = write(tmp_path / "spans.jsonl", spans(rows[::2]))
    printed = run(tiny_model, "--data", data, "--spans", path, "--split", "all")
    assert "spans: 80 sentences of 40 articles (all)" in printed


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "nothing to measure on: give --data, --spans or"),
        (
            ["--data", "DATA", "--group", "leaning"],
            "no column 'leaning': there are art",
        ),
        (["--spans", "SPANS"], "none of its 1 articles is in the part held-out"),
    ],
)
def test_what_cannot_be_measured_is_said(
    options: list[str], says: str, tiny_model: Path, tmp_path: Path
) -> None:
    rows = [row | {"id": "made:a:0", "article": "a"} for row in claims(1)]
    there = {
        "DATA": str(write(tmp_path / "data.jsonl", rows)),
        "SPANS": str(write(tmp_path / "spans.jsonl", spans(rows))),
    }
    arguments = ["evaluate", str(tiny_model), *(there.get(o, o) for o in options)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code != 0
    assert says in f"{result.output} {result.exception}"


def test_other_domains_are_measured_one_by_one(
    tiny_model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = Path(__file__).parent / "other_domains.toml"
    arguments = ["other_domains.py", str(path), "--model", str(tiny_model)]
    monkeypatch.setattr(sys, "argv", arguments)
    runpy.run_path(str(BENCHMARKS / "other_domains.py"), run_name="__main__")
    printed = capsys.readouterr().out
    for domain in ("sport", "science", "crime", "all"):
        assert f"{domain}: " in printed


def test_a_learning_curve_has_a_point_for_each_nested_share(
    tiny_encoder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'encoder = "{tiny_encoder}"\nepochs = 1\n')
    out = tmp_path / "curve"
    options = {
        "--config": config,
        "--claims": write(tmp_path / "claims.jsonl", claims(240)),
        "--dev": write(tmp_path / "dev.jsonl", claims(40)),
        "--out": out,
    }
    arguments = [str(word) for pair in options.items() for word in pair]
    monkeypatch.setattr(sys, "argv", ["learning_curve.py", *arguments])
    runpy.run_path(str(BENCHMARKS / "learning_curve.py"), run_name="__main__")
    assert capsys.readouterr().out.count("macro-F1") == 3
    subsets = [
        set((out / "rows" / f"share-{share}.jsonl").read_text().split("\n"))
        for share in ("0.25", "0.5", "1")
    ]
    assert subsets[0] < subsets[1] < subsets[2]
    assert (out / "share-1" / DESCRIPTION).exists()
    assert (out / "curve.png").read_bytes().startswith(b"\x89PNG")
