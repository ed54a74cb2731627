"""Sentences of articles -> probabilities and spans of every layer.

articles ─ windows ─► batches of like length ─► encoder and heads ─► outputs
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from annotator.codebook import SOURCE_KINDS
from annotator.records import MarkedSpan, Span, SpanLayer, TaggedSentence
from annotator.tag.device import bf16_pays, pick_device
from annotator.tag.folder import LoadedModel, load_model
from annotator.tag.model import SPAN_LAYERS, Batch, Logits, collate
from annotator.tag.shelf import model_folder
from annotator.tag.spans import best_spans_of
from annotator.tag.unpadded import UnpaddedEncoder
from annotator.tag.windows import NO_SENTENCE, Window, like_lengths, tokens_of


@dataclass(frozen=True, slots=True)
class Text:
    """What the tagger reads of an article.

    Attributes
    ----------
    sentences
        In order.
    mentions
        For each sentence the spans that name an actor the stance is asked towards; may
        be left empty.
    """

    sentences: tuple[str, ...]
    title: str | None = None
    mentions: tuple[tuple[Span, ...], ...] = ()


def threads() -> int:
    """How many cores the models use that this thread runs."""
    return torch.get_num_threads()


def use_threads(n: int) -> None:
    """Let the models that this thread runs use so many cores, and later threads'."""
    torch.set_num_threads(n)
    os.environ["RAYON_NUM_THREADS"] = str(n)


class Tagger:
    """A model in memory.

    Parameters
    ----------
    model
        Name of a shipped model, or a model folder.
    device
        "cpu", "cuda", "mps"; picked if None.
    bf16
        Whether the encoder computes in bfloat16; where that is faster if None. Five
        labels of 2,410 were others then, by the shipped model on news.

    Raises
    ------
    BadModel
        If the model is missing, altered or too new.
    """

    def __init__(
        self, model: str | Path, device: str | None = None, bf16: bool | None = None
    ) -> None:
        self._device = pick_device(device)
        self._loaded: LoadedModel = load_model(
            model_folder(str(model)), self._device.type == "cpu"
        )
        self._network = self._loaded.network.to(self._device)
        if bf16_pays(self._device) if bf16 is None else bf16:
            self._network.encoder.bfloat16()
        if isinstance(self._network.encoder, UnpaddedEncoder):
            self._network.encoder.pack()
        self._builder = self._loaded.builder
        self._costs = self._loaded.description.opening_costs

    def with_opening_costs(self, costs: tuple[float, ...]) -> Tagger:
        """The same model in memory with other costs of opening a span, one a layer."""
        other = copy(self)
        other._costs = costs
        return other

    @property
    def version(self) -> str:
        """Name and weight hash of the model."""
        return self._loaded.description.version

    @property
    def stance(self) -> bool:
        """Whether the model answers for stances."""
        return self._loaded.description.stance_temperature is not None

    def confidence_for(self, target_error: float) -> float:
        """See `Description.confidence_for`."""
        return self._loaded.description.confidence_for(target_error)

    def tag(self, texts: Sequence[Text]) -> list[list[TaggedSentence]]:
        """Tag the sentences of each text, in order.

        A sentence's result depends on its own article alone, not on what else
        is in the batch.
        """
        results: list[list[TaggedSentence | None]] = [
            [None] * len(t.sentences) for t in texts
        ]
        work = [
            (number, window)
            for number, text in enumerate(texts)
            for window in self._builder.windows(text.sentences, text.title)
        ]
        for chosen in like_lengths([len(w.token_ids) for _, w in work]):
            group = [work[i] for i in chosen]
            batch = collate([w for _, w in group], self._builder.pad_id)
            mentions = [texts[number].mentions for number, _ in group]
            for row, index, tagged in self._run(batch, [w for _, w in group], mentions):
                results[group[row][0]][index] = tagged
        return [[t for t in one if t is not None] for one in results]

    def _run(
        self,
        batch: Batch,
        windows: Sequence[Window],
        mentions: Sequence[Sequence[Sequence[Span]]],
    ) -> Iterator[tuple[int, int, TaggedSentence]]:
        with torch.inference_mode():
            logits = self._network(batch.to(self._device))
            scaled = logits.label.float() / self._loaded.description.temperature
            probabilities = torch.softmax(scaled.cpu().double(), dim=-1).numpy()
            body = torch.sigmoid(logits.body.float()).cpu().numpy()
            tags = logits.tags.cpu().double().numpy()
        places = list(_scored(batch, windows))
        marked = best_spans_of(
            [(tags[row, where], windows[row].words[where]) for row, _, where in places],
            self._costs,
        )
        found = [
            (row, index, where, _placed(spans, windows[row].offsets[where]))
            for (row, index, where), spans in zip(places, marked, strict=True)
        ]
        described = self._describe(batch, logits, found)
        asked = [
            tuple(mentions[row][index]) if mentions[row] else ()
            for row, index, _, _ in found
        ]
        leaning = self._lean(batch, logits, windows, found, asked)
        rows = {sentence: i for i, sentence in enumerate(batch.sentences)}
        limit = self._builder.shape.max_sentence_tokens
        for (row, index, where, _), spans, stances in zip(
            found, described, leaning, strict=True
        ):
            i = rows[row, index]
            a, b, c, d = (float(p) for p in probabilities[i])
            tagged = TaggedSentence(
                (a, b, c, d), float(body[i]), tuple(spans), len(where) >= limit, stances
            )
            yield row, index, tagged

    def _lean(
        self,
        batch: Batch,
        logits: Logits,
        windows: Sequence[Window],
        found: Sequence[_Found],
        asked: Sequence[tuple[Span, ...]],
    ) -> list[tuple[_Stance | None, ...]]:
        """Stance probabilities of the mentions of each sentence, one pool in all."""
        temperature = self._loaded.description.stance_temperature
        if temperature is None or not any(asked):
            return [(None,) * len(spans) for spans in asked]
        slot = torch.full(batch.token_ids.shape, NO_SENTENCE, dtype=torch.int64)
        separators: list[int] = []
        placed: list[list[int | None]] = []
        for (row, _, where, _), spans in zip(found, asked, strict=True):
            offsets = windows[row].offsets[where]
            placed.append([])
            for span in spans:
                tokens = where[tokens_of(span, offsets)]
                placed[-1].append(len(separators) if len(tokens) else None)
                if len(tokens):
                    slot[row, torch.from_numpy(tokens)] = len(separators)
                    separators.append(row * slot.shape[1] + int(where[-1]) + 1)
        with torch.inference_mode():
            raw = self._network.of_mentions(
                logits.hidden,
                slot.to(self._device),
                torch.tensor(separators, dtype=torch.int64, device=self._device),
            )
            likely = (raw.float() / temperature).softmax(dim=-1).tolist()
        return [
            tuple(None if n is None else _three(likely[n]) for n in numbers)
            for numbers in placed
        ]

    def _describe(
        self, batch: Batch, logits: Logits, found: Sequence[_Found]
    ) -> list[list[MarkedSpan]]:
        """The found spans with kind, polarity and voice, one pool a layer."""
        described: list[list[MarkedSpan]] = [[] for _ in found]
        for layer_number, layer in enumerate(SPAN_LAYERS):
            spans = [
                (i, row, span, where[tokens])
                for i, (row, _, where, marks) in enumerate(found)
                for number, span, tokens in marks
                if number == layer_number
            ]
            if not spans:
                continue
            slot = torch.full(batch.token_ids.shape, NO_SENTENCE, dtype=torch.int64)
            for n, (_, row, _, tokens) in enumerate(spans):
                slot[row, torch.from_numpy(tokens)] = n
            with torch.inference_mode():
                heads = self._network.of_spans(
                    logits.hidden, slot.to(self._device), len(spans)
                )
            best = {k: v.argmax(dim=-1).tolist() for k, v in heads.items()}
            for n, (i, _, span, _) in enumerate(spans):
                described[i].append(_marked(layer, span, best, n))
        return described


def _placed(
    spans: Sequence[tuple[int, slice]], offsets: NDArray[np.int64]
) -> list[tuple[int, Span, slice]]:
    """Layer, characters and tokens of each span of a sentence."""
    return [
        (
            layer,
            Span(int(offsets[tokens.start][0]), int(offsets[tokens.stop - 1][1])),
            tokens,
        )
        for layer, tokens in spans
    ]


_Stance = tuple[float, float, float]


def _three(values: Sequence[float]) -> _Stance:
    negative, neutral, positive = values
    return negative, neutral, positive


_Found = tuple[int, int, NDArray[np.int64], list[tuple[int, Span, slice]]]


def _marked(
    layer: SpanLayer,
    span: Span,
    best: dict[str, list[int]],
    n: int,
) -> MarkedSpan:
    if layer != "loaded":
        return MarkedSpan(layer, span, kind=SOURCE_KINDS[best["kind"][n]])
    return MarkedSpan(
        layer,
        span,
        polarity="+" if best["polarity"][n] else "-",
        voice="quoted" if best["voice"][n] else "outlet",
    )


def _scored(
    batch: Batch, windows: Sequence[Window]
) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
    """Window, sentence and token positions of each sentence that is scored."""
    for row, index in batch.sentences:
        window = windows[row]
        if index in window.scored:
            yield row, index, np.flatnonzero(window.sentence_index == index)[:-1]
