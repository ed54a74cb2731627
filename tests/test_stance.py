"""Stance towards named actors: reading, training, tagging and measuring it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from annotator.codebook import LABELS
from annotator.errors import BadModel, BadTrainingData
from annotator.records import Span
from annotator.tag.folder import load_model
from annotator.tag.tagger import Tagger, Text
from annotator.tag.windows import WindowBuilder, WindowShape
from annotator.train.batches import (
    MOST_TOGETHER,
    Lessons,
    epoch_batches,
    examples,
    together,
    with_targets,
)
from annotator.train.config import TrainingConfig
from annotator.train.data import LabelledSentence, Run
from annotator.train.measure import stance_logits
from annotator.train.run import Material, train
from annotator.train.scores import calibrated
from annotator.train.stance import read_stances
from annotator.train.stance_scores import evaluate_stances, score_stances

PRAISE = "Mayor Lind bravely saved the bridge that Mr. Orth had neglected for years."
LIND, ORTH = Span(6, 10), Span(45, 49)


def row(span: Span = LIND, polarity: object = 1, **other: object) -> dict[str, object]:
    values = {"sentence": PRAISE, "from": span.start, "to": span.end}
    return {**values, "mention": PRAISE[slice(*span)], "polarity": polarity, **other}


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_rows_of_one_sentence_are_one_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "s.jsonl", [row(ORTH, -1), row(LIND, 1), row(LIND, 1)])
    assert read_stances(path) == [
        LabelledSentence(PRAISE, stances=((LIND, 1), (ORTH, -1)))
    ]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"polarity": 2}, "polarity 2, expected -1, 0 or 1"),
        ({"polarity": True}, "polarity true, expected"),
        ({"polarity": 0.5}, "polarity 0.5, expected"),
        ({"polarity": [1]}, "expected -1, 0 or 1"),
        ({"sentence": " "}, "expected a sentence"),
        ({"from": "6"}, "expected whole numbers"),
        ({"to": 600}, "outside a sentence of"),
        ({"from": 10}, "outside a sentence of"),
        ({"mention": "Orth"}, "mention is 'Orth', but from and to point at 'Lind'"),
    ],
)
def test_a_wrong_row_is_named(
    tmp_path: Path, wrong: dict[str, object], says: str
) -> None:
    path = write(tmp_path / "s.jsonl", [row(), {**row(), **wrong}])
    with pytest.raises(BadTrainingData, match="row 2") as raised:
        read_stances(path)
    assert says in str(raised.value)


def test_every_sentence_stands_in_one_window_an_epoch() -> None:
    sentences = [LabelledSentence(f"Number {n}.") for n in range(50)]
    runs = list(together(sentences, random.Random(3)))
    assert sorted(s.text for run in runs for s in run.sentences) == sorted(
        s.text for s in sentences
    )
    assert {len(run.sentences) for run in runs[:-1]} <= set(range(1, MOST_TOGETHER + 1))


def test_a_target_is_the_tokens_that_name_it(tiny_encoder: Path) -> None:
    sentence = LabelledSentence(PRAISE, stances=((LIND, 1), (ORTH, -1)))
    other = LabelledSentence("It rained.", stances=((Span(0, 2), 0),))
    run = Run("", None, None, (sentence, other), 0)
    builder = WindowBuilder(tiny_encoder / "tokenizer.json", WindowShape())
    made = examples([run], builder)
    inputs, targets = with_targets(made, builder.pad_id, 0)
    assert targets.stance.tolist() == [2, 0, 1]
    offsets = made[0].window.offsets
    for n, span in enumerate((LIND, ORTH)):
        at = np.flatnonzero(targets.stance_slot[0].numpy() == n)
        assert (offsets[at[0]][0], offsets[at[-1]][1]) == span
    first, _, last = targets.stance_separator.tolist()
    assert [first, last] == inputs.separator.tolist()
    assert not targets.label_known.any()


def test_labelled_runs_have_no_stance_to_learn(tiny_encoder: Path) -> None:
    config = TrainingConfig("")
    builder = WindowBuilder(tiny_encoder / "tokenizer.json", config.window)
    run = Run("a", None, None, (LabelledSentence("It rained.", "opinion"),), 0)
    leaning = LabelledSentence(PRAISE, stances=((LIND, 1),))
    batches = epoch_batches(Lessons([run], stances=[leaning]), builder, config, 0)
    assert sum(len(b) for b in batches) == 2
    alone = with_targets(examples([run], builder), builder.pad_id, 0)[1]
    assert len(alone.stance) == 0


@pytest.fixture(scope="module")
def leaning_model(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model that has learned that Lind is praised and Orth is not."""
    folder = tmp_path_factory.mktemp("leaning")
    claims = write(
        folder / "claims.jsonl",
        [
            {"id": f"a{n}", "text": f"Item {n}.", "label": LABELS[n % len(LABELS)]}
            for n in range(80)
        ],
    )
    rows = [
        row(span, polarity, sentence=f"{PRAISE} {n}")
        for n in range(120)
        for span, polarity in ((LIND, 1), (ORTH, -1))
    ]
    stances = write(folder / "stances.jsonl", rows)
    config = TrainingConfig(
        str(tiny_encoder), epochs=4, learning_rate=2e-3, head_learning_rate=2e-3
    )
    out = folder / "model"
    train(
        config, Material(claims, stances=stances), out, folder / "work", lambda _: None
    )
    return out


def test_stance_is_learned_and_answered_for_each_mention(leaning_model: Path) -> None:
    tagger = Tagger(leaning_model, "cpu")
    assert tagger.stance
    text = Text((PRAISE, "It rained."), mentions=((LIND, ORTH), ()))
    [[first, second]] = tagger.tag([text])
    assert second.stances == ()
    lind, orth = first.stances
    assert lind is not None
    assert orth is not None
    assert sum(lind) == pytest.approx(1)
    assert lind[2] > 0.5 > lind[0]
    assert orth[0] > 0.5 > orth[2]


def test_the_tagger_answers_as_the_evaluation_does(leaning_model: Path) -> None:
    sentences = [
        LabelledSentence(PRAISE, stances=((LIND, 1), (ORTH, -1))),
        LabelledSentence("Orth slept.", stances=((Span(0, 4), 0),)),
    ]
    model = load_model(leaning_model)
    logits = stance_logits(model.network, model.builder, sentences, torch.device("cpu"))
    likely = calibrated(logits, model.description.stance_temperature or 0)
    tagger = Tagger(leaning_model, "cpu")
    texts = [
        Text((s.text,), mentions=(tuple(span for span, _ in s.stances),))
        for s in sentences
    ]
    tagged = [p for [one] in tagger.tag(texts) for p in one.stances]
    np.testing.assert_allclose(np.array(tagged), likely, atol=1e-4)


def test_asking_for_stances_changes_nothing_else(leaning_model: Path) -> None:
    tagger = Tagger(leaning_model, "cpu")
    [[asked]] = tagger.tag([Text((PRAISE,), mentions=((LIND,),))])
    [[plain]] = tagger.tag([Text((PRAISE,))])
    assert asked.probabilities == plain.probabilities
    assert asked.spans == plain.spans


def test_a_mention_beyond_what_the_encoder_reads_has_no_stance(
    leaning_model: Path,
) -> None:
    long = "word " * 400 + "Lind"
    [[tagged]] = Tagger(leaning_model, "cpu").tag(
        [Text((long,), mentions=((Span(2000, 2004),),))]
    )
    assert tagged.stances == (None,)


def test_a_model_trained_without_stances_gives_none(
    tiny_model: Path, tmp_path: Path
) -> None:
    tagger = Tagger(tiny_model, "cpu")
    assert not tagger.stance
    [[tagged]] = tagger.tag([Text((PRAISE,), mentions=((LIND,),))])
    assert tagged.stances == (None,)
    with pytest.raises(BadModel, match="trained without stances"):
        evaluate_stances(tiny_model, write(tmp_path / "s.jsonl", [row()]))


def test_macro_f1_is_the_mean_over_the_three_stances() -> None:
    sentences = [
        LabelledSentence(f"{n}", stances=((Span(0, 1), polarity),))
        for n, polarity in enumerate((-1, -1, 0, 0, 1, 1))
    ]
    likely = np.eye(3)[[0, 0, 1, 2, 2, 2]] * 0.8 + 0.2 / 3
    found = score_stances(sentences, likely, "invented")
    assert [f.value for f in found.f1] == pytest.approx([1.0, 2 / 3, 0.8])
    assert found.macro_f1.value == pytest.approx((1 + 2 / 3 + 0.8) / 3)
    assert found.accuracy.value == pytest.approx(5 / 6)
    assert found.confusion == ((2, 0, 0), (0, 1, 1), (0, 0, 2))
    assert found.macro_f1.low <= found.macro_f1.value <= found.macro_f1.high
