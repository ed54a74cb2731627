"""What stands of people's decisions, and what they together say of a sentence."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from decision_log import LABEL, log
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.decisions import current, disputed, verdicts
from annotator.records import Decision, MarkedSpan, Span

LINES = st.tuples(
    st.sampled_from(["ann", "ben", "cem"]),
    st.sampled_from(["a:1", "a:2", "b:1"]),
    st.sampled_from(["fact", "claim", "opinion", "skip", "undo", "undo"]),
    st.sampled_from(["", "", "adjudicates"]),
).map(" ".join)
LOGS = st.lists(LINES, max_size=30).map(lambda lines: log(*lines))


def said(decision: Decision) -> str:
    short = {name: short for short, name in LABEL.items()}
    what = short[decision.label] if decision.label else decision.action
    return f"{decision.reviewer} {decision.sentence_id} {what}"


@pytest.mark.parametrize(
    ("lines", "standing"),
    [
        ("ann a:1 fact", "ann a:1 fact"),
        ("ann a:1 fact; ann a:1 opinion", "ann a:1 opinion"),
        ("ann a:1 fact; ann a:1 opinion; ann a:1 undo", "ann a:1 fact"),
        ("ann a:1 fact; ann a:1 undo", ""),
        ("ann a:1 undo; ann a:1 fact", "ann a:1 fact"),
        ("ann a:1 fact; ann a:1 undo; ann a:1 undo; ann a:1 skip", "ann a:1 skip"),
        ("ann a:1 fact; ann a:1 skip", "ann a:1 skip"),
        ("ann a:1 skip; ann a:1 claim; ann a:1 undo", "ann a:1 skip"),
        ("ann a:1 fact; ben a:1 undo", "ann a:1 fact"),
        ("ann a:1 fact; ann a:2 undo", "ann a:1 fact"),
        ("ann a:1 fact; ann a:1 undo adjudicates", "ann a:1 fact"),
        ("ann a:1 fact adjudicates; ben a:1 claim adjudicates", "ben a:1 claim"),
        ("ann a:1 fact adjudicates; ben a:1 undo adjudicates", ""),
        ("ann a:1 fact; ben a:2 claim", "ann a:1 fact; ben a:2 claim"),
        ("ben a:1 fact; ann a:1 fact; ben a:1 skip", "ann a:1 fact; ben a:1 skip"),
    ],
)
def test_undo_takes_back_what_is_on_top_of_its_own_thread(
    lines: str, standing: str
) -> None:
    assert "; ".join(map(said, current(log(*lines.split("; "))))) == standing


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ("ann a:1 opinion", "opinion by ann"),
        ("ann a:1 opinion; ben a:1 opinion", "opinion by ann ben"),
        ("ann a:1 opinion; ben a:1 fact", None),
        ("ann a:1 opinion; ben a:1 fact; cem a:1 fact", "fact by ben cem"),
        ("ann a:1 fact; ben a:1 fact; cem a:1 claim; dee a:1 opinion", None),
        ("ann a:1 opinion; ben a:1 skip", "opinion by ann"),
        ("ann a:1 skip", None),
        ("ann a:1 fact; ann a:1 undo", None),
        ("zoe a:1 claim adjudicates", "claim by zoe"),
        ("zoe a:1 claim adjudicates; ann a:1 fact; ben a:1 fact", "claim by zoe"),
        ("ann a:1 fact; ben a:1 claim; zoe a:1 fact adjudicates", "fact by ann zoe"),
        ("ann a:1 fact; ben a:1 claim; zoe a:1 skip adjudicates", None),
        ("zoe a:1 opinion adjudicates; zoe a:1 undo adjudicates", None),
        ("zoe a:1 fact; zoe a:1 fact adjudicates", "fact by zoe"),
    ],
)
def test_a_verdict_is_the_adjudicators_or_that_of_more_than_half(
    lines: str, verdict: str | None
) -> None:
    found = verdicts(log(*lines.split("; "))).get("a:1")
    if verdict is None:
        assert found is None
        return
    assert found is not None
    label, _, *names = verdict.split()
    assert (found.label, found.reviewers) == (LABEL[label], tuple(names))
    assert found.adjudicated == ("zoe" in names)


@pytest.mark.parametrize(
    ("lines", "unsettled"),
    [
        ("ann a:1 fact; ben a:1 fact", ()),
        ("ann a:1 fact; ben a:1 claim", ("a:1",)),
        ("ann a:1 fact; ben a:1 skip", ()),
        ("ann a:1 fact; ben a:1 fact; cem a:1 claim", ("a:1",)),
        ("ann a:1 fact; ben a:1 claim; ben a:1 undo", ()),
        ("ann a:1 fact; ben a:1 claim; zoe a:1 opinion adjudicates", ()),
        ("ann a:1 fact; ben a:1 claim; zoe a:1 skip adjudicates", ("a:1",)),
        ("ann a:1 fact; zoe a:1 claim adjudicates", ()),
        ("ann b:1 fact; ann a:1 fact; ben a:1 claim; ben b:1 claim", ("b:1", "a:1")),
    ],
)
def test_a_dispute_is_unsettleduntil_an_adjudicator_settles_it(
    lines: str, unsettled: tuple[str, ...]
) -> None:
    assert disputed(log(*lines.split("; "))) == unsettled


@pytest.mark.parametrize(
    ("label", "machine", "overrides"),
    [("fact", "fact", False), ("opinion", "fact", True)],
)
def test_a_verdict_says_whether_it_overrides_the_machine(
    label: str, machine: str, overrides: bool
) -> None:
    found = verdicts(log(f"ann a:1 {label}", machine=machine))["a:1"]
    assert found.overrides is overrides


def marked(end: int) -> tuple[MarkedSpan, ...]:
    return (MarkedSpan("source", Span(0, end)),)


def test_spans_are_of_the_latest_who_agrees_and_corrected_any() -> None:
    decisions = [
        *log("ann a:1 fact", spans=marked(3)),
        *log("ben a:1 fact", spans=marked(5)),
        *log("cem a:1 fact"),
        *log("dee a:1 claim", spans=marked(7)),
    ]
    assert verdicts(decisions)["a:1"].spans == marked(5)


def test_an_adjudicators_spans_come_before_later_ones() -> None:
    decisions = [
        *log("zoe a:1 fact adjudicates", spans=marked(4)),
        *log("ann a:1 fact", spans=marked(3)),
    ]
    assert verdicts(decisions)["a:1"].spans == marked(4)


def test_no_spans_left_is_a_correction_too() -> None:
    assert verdicts(log("ann a:1 fact", spans=()))["a:1"].spans == ()
    assert verdicts(log("ann a:1 fact"))["a:1"].spans is None


@settings(deadline=None, max_examples=50)
@given(LOGS)
def test_what_stands_stands_by_itself(decisions: list[Decision]) -> None:
    standing = current(decisions)
    assert current(standing) == standing
    assert verdicts(standing) == verdicts(decisions)
    assert disputed(standing) == disputed(decisions)


@settings(deadline=None, max_examples=50)
@given(LOGS, LINES.filter(lambda line: "undo" not in line))
def test_a_decision_taken_back_at_once_leaves_no_trace(
    decisions: list[Decision], line: str
) -> None:
    reviewer, sentence, _, *adjudicates = line.split()
    undo = " ".join([reviewer, sentence, "undo", *adjudicates])
    assert current([*decisions, *log(line, undo)]) == current(decisions)


@settings(deadline=None, max_examples=50)
@given(LOGS, st.randoms(use_true_random=False))
def test_labels_do_not_depend_on_how_threads_arrive(
    decisions: list[Decision], chance: random.Random
) -> None:
    threads: defaultdict[tuple[str, ...], list[Decision]] = defaultdict(list)
    for d in decisions:
        mine = () if d.turn == "adjudication" else (d.reviewer,)
        threads[d.sentence_id, *mine].append(d)
    waiting = list(threads.values())
    dealt = []
    while waiting := [thread for thread in waiting if thread]:
        dealt.append(chance.choice(waiting).pop(0))
    assert verdicts(dealt) == verdicts(decisions)
    assert set(disputed(dealt)) == set(disputed(decisions))


@settings(deadline=None, max_examples=50)
@given(LOGS)
def test_whoever_is_named_in_a_verdict_gave_its_label(
    decisions: list[Decision],
) -> None:
    standing = current(decisions)
    for sentence, verdict in verdicts(decisions).items():
        gave = {
            d.reviewer
            for d in standing
            if (d.sentence_id, d.label) == (sentence, verdict.label)
        }
        assert set(verdict.reviewers) == gave
        assert not (verdict.adjudicated and sentence in disputed(decisions))
