"""Floors: pinned to data by hash, and named when a model falls below one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.codebook import LABELS
from annotator.errors import BadConfig
from annotator.tag.shelf import model_folder
from annotator.train.evaluate import Evaluation, evaluate
from annotator.train.gate import FLOORS, read_floors, shortfalls


@pytest.fixture(scope="module")
def evaluation(
    tiny_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Evaluation:
    data = tmp_path_factory.mktemp("data") / "dev.jsonl"
    rows = [
        {"article": n, "index": 0, "text": f"The minister said {n}.", "label": label}
        for n, label in enumerate(LABELS * 5)
    ]
    data.write_text("\n".join(json.dumps(r) for r in rows))
    return evaluate(tiny_model, data, None, None)


def floors(folder: Path, evaluation: Evaluation, text: str) -> Path:
    pin = f'data_sha256 = "{evaluation.data_sha256}"\n'
    (folder / FLOORS).write_text(pin + text)
    return folder


def test_a_figure_below_its_floor_is_named(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    folder = floors(tmp_path, evaluation, "macro_f1 = 1.0\naccuracy = 0.0")
    (line,) = shortfalls(evaluation, folder)
    assert line.startswith("macro_f1 is 0.")
    assert line.endswith("its floor is 1.000")


def test_floors_hold_on_their_own_data_only(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    (tmp_path / FLOORS).write_text('data_sha256 = "other"\nmacro_f1 = 0.0')
    with pytest.raises(BadConfig, match="is pinned to data with hash other"):
        shortfalls(evaluation, tmp_path)


def test_a_floor_under_a_figure_that_is_not_measured_is_refused(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    folder = floors(tmp_path, evaluation, "maccro_f1 = 0.0")
    with pytest.raises(BadConfig, match="no figure 'maccro_f1'"):
        shortfalls(evaluation, folder)


def test_a_model_without_floors_is_refused(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    with pytest.raises(BadConfig, match=r"has no floors\.toml"):
        shortfalls(evaluation, tmp_path)


def test_the_shipped_figures_are_above_the_shipped_floors() -> None:
    folder = model_folder("compact")
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    pinned = read_floors(folder)
    assert pinned.pop("data_sha256") == metrics["data_sha256"]
    scores = next(iter(metrics["scores"].values()))
    got = {
        "macro_f1": scores["macro_f1"]["value"],
        "calibration": 1 - scores["calibration_error"]["value"],
    } | {
        name: s["f1"]["value"] for name, s in zip(LABELS, scores["labels"], strict=True)
    }
    assert all(got[name] >= float(str(floor)) for name, floor in pinned.items())
