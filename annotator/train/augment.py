"""A run of labelled sentences -> the same run as another desk might have left it.

Names are exchanged so that a label cannot lean on who is named (counterfactual data
augmentation, Lu et al. 2018), and marks that scrapers lose are lost. Spans move
along with their words.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

from annotator.records import Span
from annotator.train.config import TrainingConfig
from annotator.train.data import LabelledSentence, Run

QUOTES: Final = re.compile("[\"'“”‘’«»„]")
COMMAS: Final = re.compile(",")


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


def roughened(run: Run, config: TrainingConfig, rng: random.Random) -> Run:
    """The run without its title or context, without marks, or with other names.

    Each happens to the share of runs that the configuration gives.
    """
    if rng.random() < config.drop_title:
        run = replace(run, title=None)
    if rng.random() < config.drop_context:
        run = replace(run, sentences=run.sentences[run.context :], context=0)
    if rng.random() < config.strip_quotes:
        run = _rewritten(run, QUOTES, lambda match: "")
    if rng.random() < config.strip_commas:
        run = _rewritten(run, COMMAS, lambda match: "")
    if config.swap_names and rng.random() < config.swap_names:
        run = with_other_names(run, rng)
    return run


def with_other_names(run: Run, rng: random.Random) -> Run:
    """The run with each name of `names.toml` exchanged for another of its group.

    One name stays one name throughout the run.
    """
    pattern, groups = _names()
    other: dict[str, str] = {}
    for group in groups:
        columns = list(range(len(group)))
        rng.shuffle(columns)
        for forms, column in zip(group, columns, strict=True):
            for one, two in zip(forms, group[column], strict=True):
                other.setdefault(one, two)
    return _rewritten(run, pattern, lambda match: other[match[0]])


@cache
def _names() -> tuple[re.Pattern[str], list[list[list[str]]]]:
    """A pattern for every name, and the groups: rows of forms of one name."""
    source = files("annotator.train").joinpath("names.toml")
    tables = tomllib.loads(source.read_text("utf-8"))["group"]
    groups = [
        [n if isinstance(n, list) else [n] for n in table["names"]] for table in tables
    ]
    forms = {form for group in groups for row in group for form in row}
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"), groups


def _rewritten(
    run: Run, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]
) -> Run:
    title = pattern.sub(new, run.title) if run.title else run.title
    sentences = tuple(
        edited(s, [Edit(*m.span(), new(m)) for m in pattern.finditer(s.text)])
        for s in run.sentences
    )
    return replace(run, title=title, sentences=sentences)


def edited(sentence: LabelledSentence, edits: Sequence[Edit]) -> LabelledSentence:
    """The sentence with edits made, in order and apart, and its spans moved along.

    A span that an edit empties is left out. A sentence that would have no text left
    stays as it is.
    """
    pieces: list[str] = []
    at = 0
    for edit in edits:
        pieces += [sentence.text[at : edit.start], edit.text]
        at = edit.end
    text = "".join([*pieces, sentence.text[at:]])
    if not text.strip():
        return sentence
    spans = sentence.spans
    if spans is not None:
        moved = [
            replace(m, span=Span(_moved(m.span.start, edits), end))
            for m in spans
            if (end := _moved(m.span.end, edits, end=True))
            > _moved(m.span.start, edits)
        ]
        spans = tuple(moved)
    return replace(sentence, text=text, spans=spans)


def _moved(offset: int, edits: Iterable[Edit], *, end: bool = False) -> int:
    """Where an offset lies after the edits; inside one, at that edit's near edge."""
    shift = 0
    for edit in edits:
        if offset >= edit.end:
            shift += len(edit.text) - (edit.end - edit.start)
        elif offset > edit.start:
            return edit.start + shift + (len(edit.text) if end else 0)
        else:
            break
    return offset + shift
