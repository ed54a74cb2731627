"""The tagger's promises, on a random model: its labels mean nothing, its form does."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from annotator.errors import BadModel
from annotator.records import TaggedSentence
from annotator.tag.description import WEIGHTS, Description
from annotator.tag.flags import decide
from annotator.tag.folder import load_model
from annotator.tag.shelf import model_folder
from annotator.tag.tagger import Tagger, Text
from annotator.tag.windows import WindowShape

STORY = Text(
    tuple(
        f"The minister said {n} police were killed in the attack on the bridge."
        for n in range(23)
    ),
    "Attack on the bridge",
)
SHORT = Text(("It was not.", "🔥 He said: “they were in the city”.", "۝"))


@pytest.fixture(scope="module")
def tagger(tiny_model: Path) -> Tagger:
    return Tagger(tiny_model, "cpu")


def test_every_sentence_comes_back_in_order_with_probabilities_that_sum_to_one(
    tagger: Tagger,
) -> None:
    for text, tagged in zip((STORY, SHORT), tagger.tag([STORY, SHORT]), strict=True):
        assert len(tagged) == len(text.sentences)
        for sentence in tagged:
            assert sum(sentence.probabilities) == pytest.approx(1)


def test_spans_lie_inside_their_sentence(tagger: Tagger) -> None:
    tagged = tagger.tag([STORY, SHORT])
    assert any(s.spans for text in tagged for s in text)
    for text, sentences in zip((STORY, SHORT), tagged, strict=True):
        for words, sentence in zip(text.sentences, sentences, strict=True):
            for mark in sentence.spans:
                assert 0 <= mark.span.start < mark.span.end <= len(words)


def test_a_text_is_labelled_alike_alone_and_in_a_batch(tagger: Tagger) -> None:
    alone = [tagger.tag([t])[0] for t in (STORY, SHORT)]
    together = tagger.tag([STORY, SHORT, STORY])[:2]
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(
            [s.probabilities for s in one],
            [s.probabilities for s in other],
            atol=1e-3,
        )


def test_nothing_in_nothing_out(tagger: Tagger) -> None:
    assert tagger.tag([]) == []
    assert tagger.tag([Text(())]) == [[]]


def test_a_changed_weight_file_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(tiny_model, folder)
    weights = bytearray((folder / WEIGHTS).read_bytes())
    weights[-1] ^= 1
    (folder / WEIGHTS).write_bytes(weights)
    with pytest.raises(BadModel, match="was changed"):
        load_model(folder)


def test_a_model_of_a_later_format_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "later"
    shutil.copytree(tiny_model, folder)
    text = (folder / "model.json").read_text()
    (folder / "model.json").write_text(text.replace('"format": 1', '"format": 99'))
    with pytest.raises(BadModel, match="upgrade"):
        load_model(folder)


def test_a_missing_model_names_those_there_are() -> None:
    with pytest.raises(BadModel, match="compact"):
        model_folder("no-such-model")


@pytest.mark.parametrize(
    ("probabilities", "body", "cut", "label", "reasons"),
    [
        ((0.9, 0.05, 0.03, 0.02), 0.9, False, "reported_fact", []),
        ((0.5, 0.4, 0.06, 0.04), 0.9, False, "reported_fact", ["close call"]),
        ((0.0, 0.0, 0.1, 0.9), 0.9, False, "unverifiable_allegation", ["allegation"]),
        ((0.9, 0.1, 0.0, 0.0), 0.1, False, "reported_fact", ["may be a caption"]),
        ((0.1, 0.9, 0.0, 0.0), 0.9, True, "attributed_claim", ["very long"]),
        (
            (0.0, 0.0, 0.45, 0.55),
            0.2,
            False,
            "unverifiable_allegation",
            ["allegation", "close call", "may be a caption"],
        ),
    ],
)
def test_a_flag_says_why_in_words(
    probabilities: tuple[float, float, float, float],
    body: float,
    cut: bool,
    label: str,
    reasons: list[str],
) -> None:
    got = decide("a:0", TaggedSentence(probabilities, body, (), cut), "m@0")
    assert got.label == label
    assert all(r.startswith(w) for r, w in zip(got.flag_reasons, reasons, strict=True))


def test_a_sentence_less_sure_than_asked_is_flagged() -> None:
    sure = TaggedSentence((0.9, 0.05, 0.03, 0.02), 1.0, ())
    assert decide("a:0", sure, "m@0", 0.85).flag_reasons == ()
    (reason,) = decide("a:0", sure, "m@0", 0.95).flag_reasons
    assert reason == "less sure than the target error asks: 90% of 95%"


@pytest.mark.parametrize(
    ("target", "confidence"), [(0.2, 0.5), (0.05, 0.9), (0.04, 0.9)]
)
def test_a_target_error_asks_for_the_least_confidence_that_keeps_it(
    target: float, confidence: float
) -> None:
    risk = ((0.5, 0.2), (0.9, 0.03), (0.99, 0.06))
    description = Description("m", "", WindowShape(), risk=risk)
    assert description.confidence_for(target) == confidence


def test_a_target_error_that_cannot_be_promised_is_refused() -> None:
    description = Description("m", "", WindowShape(), risk=((0.9, 0.03),))
    with pytest.raises(BadModel, match=r"the least its calibration supports is 0\.030"):
        description.confidence_for(0.01)


def test_what_costs_more_to_open_is_opened_no_more_often(tiny_model: Path) -> None:
    tagger = Tagger(tiny_model)
    text = Text(("The minister said the bridge was killed.", "Police said a city was."))

    def opened(cost: float) -> int:
        (tagged,) = tagger.with_opening_costs((cost,) * 4).tag([text])
        return sum(len(t.spans) for t in tagged)

    found = [opened(cost) for cost in (-50.0, 0.0, 50.0)]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1] == 0


def test_half_the_bits_give_nearly_the_same_probabilities(tiny_model: Path) -> None:
    whole, half = (
        Tagger(tiny_model, "cpu", bf16).tag([STORY]) for bf16 in (False, True)
    )
    np.testing.assert_allclose(
        [s.probabilities for s in whole[0]],
        [s.probabilities for s in half[0]],
        atol=0.02,
    )
    assert [s.probabilities for s in whole[0]] != [s.probabilities for s in half[0]]
