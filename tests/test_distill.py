"""A teacher's answers on unlabelled articles become targets, and are learned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, pre_tokenizers

from annotator.errors import BadTrainingData
from annotator.tag.description import Description
from annotator.tag.folder import LoadedModel, load_model, save_model
from annotator.tag.tagger import Text
from annotator.tag.windows import WindowBuilder, WindowShape
from annotator.train.batches import Lessons, epoch_batches, taught_targets
from annotator.train.config import TrainingConfig
from annotator.train.distill import taught_windows, unlabelled
from annotator.train.loop import Trainer, loss_of, new_network
from annotator.train.progress import Progress

CPU = torch.device("cpu")
TEXTS = [
    Text(("The army said it was in the city.", "Police were on the bridge."), "Army"),
    Text(("A report says the minister was killed.",) * 13),
]


def ignored(_: Progress) -> None:
    """Report to nobody."""


@pytest.fixture(scope="module")
def teacher(
    tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory
) -> LoadedModel:
    folder = tmp_path_factory.mktemp("teacher")
    torch.manual_seed(7)
    save_model(
        folder,
        new_network(tiny_encoder, 0.0),
        Description("teacher", "", WindowShape()),
        tiny_encoder / "tokenizer.json",
    )
    return load_model(folder)


def test_answers_are_shares_for_scored_sentences_and_the_same_from_disk(
    teacher: LoadedModel, tmp_path: Path
) -> None:
    cache = tmp_path / "work" / "taught.safetensors"
    told: list[Progress] = []
    asked = taught_windows(teacher, teacher.builder, TEXTS, cache, CPU, told.append)
    again = taught_windows(teacher, teacher.builder, TEXTS, cache, CPU, told.append)
    assert len(asked) == 3
    assert [(p.step, p.steps) for p in told] == [(3, 3)]
    for one, other in zip(asked, again, strict=True):
        assert len(one.label) == len(one.window.scored)
        torch.testing.assert_close(one.label.sum(1), torch.ones(len(one.label)))
        shares = one.tags.sum(-1)
        known = ((shares - 1).abs() < 1e-3) | (shares == 0)
        assert known.all()
        index = torch.from_numpy(one.window.sentence_index)
        assert not shares[index == -1].any()
        torch.testing.assert_close(one.label, other.label, atol=1e-3, rtol=0)
        torch.testing.assert_close(one.tags, other.tags, atol=1e-3, rtol=0)


def test_answers_of_other_articles_are_refused(
    teacher: LoadedModel, tmp_path: Path
) -> None:
    cache = tmp_path / "taught.safetensors"
    taught_windows(teacher, teacher.builder, TEXTS, cache, CPU, ignored)
    with pytest.raises(BadTrainingData, match="other articles"):
        taught_windows(teacher, teacher.builder, TEXTS[:1], cache, CPU, ignored)


def test_a_teacher_that_cuts_words_otherwise_is_refused(
    teacher: LoadedModel, tiny_encoder: Path, tmp_path: Path
) -> None:
    tokenizer = Tokenizer.from_file(str(tiny_encoder / "tokenizer.json"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("e", "isolated")
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    other = WindowBuilder(tmp_path / "tokenizer.json", WindowShape())
    with pytest.raises(BadTrainingData, match="other pieces"):
        taught_windows(teacher, other, TEXTS, tmp_path / "taught", CPU, ignored)


def test_a_student_that_answers_as_its_teacher_has_nothing_to_lose(
    teacher: LoadedModel, tiny_encoder: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "taught.safetensors"
    taught = taught_windows(teacher, teacher.builder, TEXTS, cache, CPU, ignored)
    inputs, targets = taught_targets(taught, teacher.builder.pad_id)
    config = TrainingConfig("")

    def loss(network: torch.nn.Module) -> float:
        return loss_of(network, network(inputs), targets, config).item()  # type: ignore[arg-type]

    torch.manual_seed(8)
    student = new_network(tiny_encoder, 0.0)
    with torch.inference_mode():
        assert loss(teacher.network) < loss(student)
    trainer = Trainer(student, teacher.builder, config, tmp_path / "work", print)
    before = loss(student)
    for _ in range(5):
        trainer._step(taught, 0, 5)
    assert loss(student) < before


def test_taught_batches_stand_among_the_labelled(
    teacher: LoadedModel, tmp_path: Path
) -> None:
    taught = taught_windows(
        teacher, teacher.builder, TEXTS, tmp_path / "t", CPU, ignored
    )
    config = TrainingConfig("", batch_windows=2)
    batches = epoch_batches(Lessons([], taught), teacher.builder, config, 0)
    assert sorted(len(b) for b in batches) == [1, 2]


def test_articles_of_the_evaluation_data_are_not_learned_from(tmp_path: Path) -> None:
    rows = [
        {"id": f"a{n}", "text": f"The army said it was in city {n}. It was not."}
        for n in range(4)
    ]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    rows[3]["id"] = "corpus:a3"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    got = unlabelled([path], {"a1", "a3"}, 100, seed=1)
    assert sorted(t.sentences[0][-2] for t in got) == ["0", "2"]
    assert len(unlabelled([path], {"a1"}, 2, seed=1)) == 1
    with pytest.raises(BadTrainingData, match="no article"):
        unlabelled([path], {"a0", "a1", "a2", "a3"}, 100, seed=1)
