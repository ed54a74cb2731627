"""Decisions in order of arrival -> what stands of them, sentence by sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from annotator.codebook import LabelName
from annotator.records import Decision, Verdict


def current(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Give the decision that stands in each thread, a skip being one too.

    A thread is a person's reviews of a sentence, or all adjudications of a sentence.
    It is a stack: a label or a skip goes on top, `undo` takes off what is on top, and
    nothing where nothing is left. What stands may be filtered and asked again:
    `current(current(d)) == current(d)`; filtering the log itself would tear an undo
    from what it takes back.

    Returns
    -------
    tuple of Decision
        In the order in which they arrived; a thread that is all undone gives none.
    """
    threads: defaultdict[tuple[str, ...], list[tuple[int, Decision]]]
    threads = defaultdict(list)
    for arrival, decision in enumerate(decisions):
        thread = threads[_thread(decision)]
        if decision.action != "undo":
            thread.append((arrival, decision))
        elif thread:
            thread.pop()
    standing = dict(thread[-1] for thread in threads.values() if thread)
    return tuple(standing[arrival] for arrival in sorted(standing))


def verdicts(decisions: Iterable[Decision]) -> dict[str, Verdict]:
    """Give what people together say, by sentence id.

    An adjudicator's label wins; else the label that more than half of those who gave
    one gave. Skips have no vote, and are no adjudication. A verdict rests on all
    standing decisions for its label; spans are those of the adjudicator, or else of
    the latest of them who corrected any.
    """
    found = {}
    for sentence_id, labelled in _by_sentence(decisions).items():
        if (label := _winner(labelled)) is not None:
            found[sentence_id] = _verdict(label, labelled)
    return found


def disputed(decisions: Iterable[Decision]) -> tuple[str, ...]:
    """Give the sentences whose reviewers differ in label and nobody settled.

    A majority settles nothing: whoever was outvoted may be right. In the order in
    which the sentences first got a label that still stands.
    """
    return tuple(
        sentence_id
        for sentence_id, labelled in _by_sentence(decisions).items()
        if _settled(labelled) is None and len({d.label for d in labelled}) > 1
    )


def _thread(decision: Decision) -> tuple[str, ...]:
    if decision.turn == "adjudication":
        return (decision.sentence_id,)
    return decision.sentence_id, decision.reviewer


def _by_sentence(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Group the labels that stand, any adjudication last."""
    sentences: defaultdict[str, list[Decision]] = defaultdict(list)
    for decision in current(decisions):
        if decision.label is not None:
            sentences[decision.sentence_id].append(decision)
    for labelled in sentences.values():
        labelled.sort(key=lambda d: d.turn == "adjudication")
    return sentences


def _settled(labelled: Sequence[Decision]) -> LabelName | None:
    return labelled[-1].label if labelled[-1].turn == "adjudication" else None


def _winner(labelled: Sequence[Decision]) -> LabelName | None:
    """Give the adjudicator's label, or that of more than half; None of a tie."""
    if (settled := _settled(labelled)) is not None:
        return settled
    label, votes = Counter(d.label for d in labelled).most_common(1)[0]
    return label if 2 * votes > len(labelled) else None


def _verdict(label: LabelName, labelled: Sequence[Decision]) -> Verdict:
    """Put together a verdict of the decisions for its label."""
    agreeing = [decision for decision in labelled if decision.label == label]
    corrected = [d.spans for d in agreeing if d.spans is not None]
    latest = agreeing[-1]
    return Verdict(
        sentence_id=latest.sentence_id,
        label=label,
        spans=corrected[-1] if corrected else None,
        reviewers=tuple(sorted({decision.reviewer for decision in agreeing})),
        adjudicated=latest.turn == "adjudication",
        overrides=label != latest.machine_label,
    )
