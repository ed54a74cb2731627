"""The shipped model: whole, small, its figures its own, and no fool."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from annotator import DEFAULT_MODEL, Annotator
from annotator.codebook import LABELS
from annotator.tag.description import WEIGHTS
from annotator.tag.folder import load_model
from annotator.tag.shelf import model_folder

FOLDER = model_folder(DEFAULT_MODEL)
CASES = tomllib.loads(
    (Path(__file__).parent / "codebook_cases.toml").read_text(encoding="utf-8")
)["case"]

RIGHT_AT_LEAST = 0.85
"""Share of the codebook's plain cases; a bag of words gets two thirds of news
sentences right, and a lower share here would embarrass us."""


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(DEFAULT_MODEL, "cpu")


def test_the_weights_are_what_their_hash_says_and_under_60_megabytes() -> None:
    assert load_model(FOLDER).description.name == DEFAULT_MODEL
    assert (FOLDER / WEIGHTS).stat().st_size < 60_000_000


def test_the_figures_in_the_folder_are_of_these_weights() -> None:
    version = load_model(FOLDER).description.version
    metrics = json.loads((FOLDER / "metrics.json").read_text(encoding="utf-8"))
    assert version in metrics["scores"]
    assert json.loads((FOLDER / "training.json").read_text())["model"] == version
    assert json.loads((FOLDER / "audit.json").read_text())["model"] == version
    assert version in (FOLDER / "card.md").read_text(encoding="utf-8")


def test_plain_cases_of_the_codebook_are_labelled_as_it_says(
    annotator: Annotator,
) -> None:
    wrong = []
    for case in CASES:
        before = case.get("before", "")
        tagged = annotator.tag(f"{before}\n\n{case['text']}")
        label = tagged.labels[tagged.sentences[-1].sentence_id].label
        if label != case["label"]:
            wrong.append((case["text"], label))
    assert len(wrong) <= (1 - RIGHT_AT_LEAST) * len(CASES), wrong


def test_every_label_is_found_among_the_plain_cases(annotator: Annotator) -> None:
    found = {
        label.label
        for case in CASES
        for label in annotator.tag(case["text"]).labels.values()
    }
    assert found == set(LABELS)


def test_a_source_and_its_cue_are_found(annotator: Annotator) -> None:
    text = "The foreign ministry said nine people were killed in the attack."
    (attribution,) = annotator.tag(text).attributions
    assert attribution.source
    assert attribution.cue
    assert text[slice(*attribution.source)] == "The foreign ministry"
    assert text[slice(*attribution.cue)] == "said"
    assert attribution.source_kind == "government"
    assert attribution.form == "indirect"


def test_a_target_error_flags_more_and_says_what_is_left(
    annotator: Annotator, tmp_path: Path
) -> None:
    story = tmp_path / "story.txt"
    story.write_text("\n\n".join(case["text"] for case in CASES))
    plain = annotator.score(story, out=tmp_path / "plain").progress
    strict = annotator.score(story, out=tmp_path / "strict", target_error=0.05).progress
    assert plain.coverage == 1
    assert 0.2 < strict.coverage < 1
    assert strict.flagged >= plain.flagged
    facts = json.loads((tmp_path / "strict" / "run.json").read_text())
    assert facts["target_error"]["coverage"] == strict.coverage
