"""Unlabelled articles and a teacher -> windows with the teacher's answers.

A small model that learns what a larger one answers, in shares and not only in the
likeliest class, learns more than from the labels alone (Hinton et al. 2015). Both
read the same windows: their tokenizers must cut the same words into the same pieces,
as those of MiniLM and MPNet do.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from annotator.errors import BadTrainingData
from annotator.ingest import Options, read
from annotator.records import Article
from annotator.segment import segment
from annotator.tag.device import bf16_pays
from annotator.tag.folder import LoadedModel
from annotator.tag.model import SPAN_LAYERS, collate
from annotator.tag.tagger import Text
from annotator.tag.windows import Window, WindowBuilder
from annotator.train.progress import Progress

SENTENCES_TOGETHER = 10
"""Sentences taken from one article: a window full, so that many articles are seen."""

WINDOWS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Taught:
    """A window and what the teacher answers for its scored sentences.

    Attributes
    ----------
    label
        (scored sentences, 4) probabilities, calibrated.
    body
        (scored sentences,) probability of body text.
    tags
        (tokens, 4 layers, 3 tags) probabilities; zeros for tokens of no scored
        sentence.
    """

    window: Window
    label: Tensor
    body: Tensor
    tags: Tensor


def unlabelled(
    paths: Sequence[Path], without: Collection[str], sentences: int, seed: int
) -> list[Text]:
    """A stretch of each article, in random order, until there are enough sentences.

    Parameters
    ----------
    without
        Ids of articles that must not be learned from: those of evaluation data. One
        that an article has behind the name of its corpus ("abp:" and the id) counts.

    Raises
    ------
    BadTrainingData
        If no article is left.
    """
    rng = random.Random(seed)  # noqa: S311 not for secrets
    stretches = [
        stretch
        for item in read(paths, Options())
        if isinstance(item, Article) and not is_among(item, without)
        if (stretch := _stretch(item, rng)).sentences
    ]
    if not stretches:
        raise BadTrainingData(
            f"no article to learn from in {', '.join(map(str, paths))}: give files "
            "that `annotator score` reads, other than the evaluation data"
        )
    rng.shuffle(stretches)
    return list(_until(stretches, sentences))


def is_among(article: Article, ids: Collection[str]) -> bool:
    """Whether its source's id, or what follows the last colon of it, is one of these.

    Labelled sentences name the article alone, collections name themselves before it.
    """
    own = article.source_id or ""
    return own in ids or own.rpartition(":")[2] in ids


def _stretch(article: Article, rng: random.Random) -> Text:
    texts = [
        article.text[s.start : s.end]
        for s in segment(article, readable=frozenset({"en"}))
        if s.skipped is None
    ]
    start = rng.randrange(max(1, len(texts) - SENTENCES_TOGETHER + 1))
    title = article.title if rng.random() < 0.5 else None
    return Text(tuple(texts[start : start + SENTENCES_TOGETHER]), title)


def _until(texts: Iterable[Text], sentences: int) -> Iterator[Text]:
    seen = 0
    for text in texts:
        if seen >= sentences:
            return
        seen += len(text.sentences)
        yield text


def taught_windows(
    teacher: LoadedModel,
    builder: WindowBuilder,
    texts: Sequence[Text],
    cache: Path,
    device: torch.device,
    report: Callable[[Progress], None],
) -> list[Taught]:
    """The windows of the texts with the teacher's answers.

    Answers are kept in the file `cache` and read back from it, so that a run that is
    gone on with does not ask twice. Where that is faster the teacher computes in
    bfloat16, as it does when it scores; it is of no other use afterwards.

    Raises
    ------
    BadTrainingData
        If teacher and student cut words differently.
    """
    windows = [w for t in texts for w in builder.windows(t.sentences, t.title)]
    if cache.exists():
        return _cached(windows, load_file(cache))
    twins = [w for t in texts for w in teacher.builder.windows(t.sentences, t.title)]
    if len(twins) != len(windows) or any(
        not np.array_equal(mine.offsets, its.offsets)
        for mine, its in zip(windows, twins, strict=True)
    ):
        raise BadTrainingData(
            f"teacher {teacher.description.name} cuts words into other pieces than the "
            "student's tokenizer: take an encoder of the same vocabulary"
        )
    by_length = sorted(range(len(twins)), key=lambda i: -len(twins[i].token_ids))
    made: dict[int, Taught] = {}
    network = teacher.network.to(device).eval()
    if bf16_pays(device):
        network.encoder.bfloat16()
    for at in range(0, len(by_length), WINDOWS_AT_ONCE):
        started = perf_counter()
        chosen = by_length[at : at + WINDOWS_AT_ONCE]
        batch = collate([twins[i] for i in chosen], teacher.builder.pad_id)
        with torch.inference_mode():
            logits = network(batch.to(device))
        label = logits.label.float().cpu() / teacher.description.temperature
        body, tags = logits.body.float().cpu(), logits.tags.float().cpu()
        for row, i in enumerate(chosen):
            window = windows[i]
            own = [
                n
                for n, (number, index) in enumerate(batch.sentences)
                if number == row and index in window.scored
            ]
            answers = tags[row, : len(window.token_ids)].softmax(dim=-1)
            answers[torch.from_numpy(~_scored_tokens(window))] = 0
            made[i] = Taught(
                window, label[own].softmax(dim=-1), body[own].sigmoid(), answers
            )
        rate = len(label) / (perf_counter() - started)
        report(Progress("the teacher answers", len(made), len(windows), rate))
    taught = [made[i] for i in range(len(windows))]
    _keep(taught, cache)
    return taught


def _scored_tokens(window: Window) -> NDArray[np.bool_]:
    """Tokens of scored sentences, their separators left out."""
    index = window.sentence_index
    inside = np.isin(index, list(window.scored))
    last = np.append(index[1:] != index[:-1], True)
    scored: NDArray[np.bool_] = inside & ~last
    return scored


def _keep(taught: Sequence[Taught], cache: Path) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    parts = {
        name: torch.cat([getattr(t, name) for t in taught]).half()
        for name in ("label", "body", "tags")
    }
    written = cache.with_name(cache.name + ".new")
    save_file(parts, written)
    written.replace(cache)


def _cached(windows: Sequence[Window], parts: dict[str, Tensor]) -> list[Taught]:
    sentences = [len(w.scored) for w in windows]
    tokens = [len(w.token_ids) for w in windows]
    if len(parts["label"]) != sum(sentences) or len(parts["tags"]) != sum(tokens):
        raise BadTrainingData(
            "the teacher's answers on disk are of other articles: take them away, or "
            "give another --work folder"
        )
    return [
        Taught(window, label.float(), body.float(), tags.float())
        for window, label, body, tags in zip(
            windows,
            torch.split(parts["label"], sentences),
            torch.split(parts["body"], sentences),
            torch.split(parts["tags"], tokens),
            strict=True,
        )
    ]


def layers_of(taught: Sequence[Taught], width: int) -> Tensor:
    """Tag targets of a batch, shape (windows, width, 4 layers, 3 tags)."""
    tags = torch.zeros(len(taught), width, len(SPAN_LAYERS), 3)
    for row, one in enumerate(taught):
        tags[row, : len(one.tags)] = one.tags
    return tags
