"""Sentences of an article -> token windows that one encoder pass reads.

A window holds consecutive sentences, joined by the encoder's separator (Cohan et
al. 2019, "Pretrained Language Models for Sequential Sentence Classification").
The sentences at its edges are read for context only and scored in the window
beside it, so that every sentence has its neighbours in view. Windows are planned
from one article alone: a sentence gets the same window whatever else is in the
batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from annotator.records import Span

NO_SENTENCE = -1
"""Sentence index of tokens that belong to none: title, start mark, padding."""


BATCH_TOKENS: Final = 4096
"""Tokens of a batch, padding included. On two AVX2 cores 2k, 4k and 8k differ by
less than 5 %; memory grows with it. Time `annotator score` again if it changes."""


CHARACTERS_READ: Final = 32
"""Of a long text for each token asked for; English has 4 or 5. A token takes 700 bytes
while it is made, so a line of megabytes shall not be read whole."""


@dataclass(frozen=True, slots=True)
class WindowShape:
    """How much one window holds.

    Attributes
    ----------
    max_tokens
        Tokens of a whole window, separators included.
    max_sentences
        Sentences scored in one window.
    before, after
        Sentences read for context on either side of the scored ones.
    max_sentence_tokens
        Where a longer sentence is cut for the encoder.
    max_title_tokens
        Where a longer title is cut; 0 leaves titles out.
    """

    max_tokens: int = 384
    max_sentences: int = 10
    before: int = 2
    after: int = 1
    max_sentence_tokens: int = 128
    max_title_tokens: int = 24


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder reads in one pass.

    Attributes
    ----------
    token_ids
        Encoder vocabulary ids, shape (tokens,).
    sentence_index
        For each token the sentence of the article it belongs to, or
        `NO_SENTENCE`; a separator belongs to the sentence before it.
    offsets
        For each token its range in its sentence's text, shape (tokens, 2); (0, 0)
        for marks and title tokens.
    words
        For each token the word of its sentence it is a piece of, -1 for marks and
        title tokens; shape (tokens,).
    scored
        Range of sentences whose outputs count.
    """

    token_ids: NDArray[np.int64]
    sentence_index: NDArray[np.int64]
    offsets: NDArray[np.int64]
    words: NDArray[np.int64]
    scored: range


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's token ids, their (start, end) code-point offsets and their words."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    words: list[int]


class WindowBuilder:
    """A tokenizer, with its special tokens, that builds windows.

    Parameters
    ----------
    tokenizer_file
        A Hugging Face ``tokenizer.json``.
    shape
        How much one window holds.
    """

    def __init__(self, tokenizer_file: Path, shape: WindowShape) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.shape = shape
        self.start_id, self.separator_id = self._tokenizer.encode("").ids
        pad = [self._tokenizer.token_to_id(name) for name in ("[PAD]", "<pad>")]
        self.pad_id: int = next(i for i in pad if i is not None)

    def tokenize(self, texts: Sequence[str], limit: int) -> list[Tokens]:
        """Tokens of each text without special marks, at most `limit` each.

        Only as much of a long text is looked at as it takes.
        """
        reach = limit * CHARACTERS_READ
        heads = [text[:reach] for text in texts]
        encoded = self._tokenizer.encode_batch(heads, add_special_tokens=False)
        return [
            self._first(text, encoding, limit)
            for text, encoding in zip(texts, encoded, strict=True)
        ]

    def _first(self, text: str, encoding: Encoding, limit: int) -> Tokens:
        """First tokens of a text, given the encoding of its head.

        The last word of a head may be cut off; the words before it stand.
        """
        reach = limit * CHARACTERS_READ
        while reach < len(text) and _before_last_word(encoding) < limit:
            reach *= 8
            encoding = self._tokenizer.encode(text[:reach], add_special_tokens=False)
        return Tokens(
            encoding.ids[:limit],
            encoding.offsets[:limit],
            [word or 0 for word in encoding.word_ids[:limit]],
        )

    def windows(self, texts: Sequence[str], title: str | None = None) -> list[Window]:
        """Windows that score every sentence of an article once, in order."""
        sentences = self.tokenize(texts, self.shape.max_sentence_tokens)
        head = (
            self.tokenize([title], self.shape.max_title_tokens)[0].ids
            if title and self.shape.max_title_tokens
            else []
        )
        room = self.shape.max_tokens - 1 - (len(head) + 1 if head else 0)
        plan = plan_windows([len(s.ids) + 1 for s in sentences], room, self.shape)
        return [self._pack(head, sentences, read, scored) for read, scored in plan]

    def _pack(
        self, head: list[int], sentences: list[Tokens], read: range, scored: range
    ) -> Window:
        ids = [self.start_id, *head]
        if head:
            ids.append(self.separator_id)
        index = [NO_SENTENCE] * len(ids)
        offsets = [(0, 0)] * len(ids)
        words = [-1] * len(ids)
        for number in read:
            tokens = sentences[number]
            ids += [*tokens.ids, self.separator_id]
            index += [number] * (len(tokens.ids) + 1)
            offsets += [*tokens.offsets, (0, 0)]
            words += [*tokens.words, -1]
        return Window(
            np.asarray(ids, dtype=np.int64),
            np.asarray(index, dtype=np.int64),
            np.asarray(offsets, dtype=np.int64).reshape(-1, 2),
            np.asarray(words, dtype=np.int64),
            scored,
        )


def _before_last_word(encoding: Encoding) -> int:
    words = encoding.word_ids
    return words.index(words[-1]) if words else 0


def plan_windows(
    lengths: Sequence[int], room: int, shape: WindowShape
) -> list[tuple[range, range]]:
    """Which sentences each window reads, and which of them it scores.

    Parameters
    ----------
    lengths
        Tokens of each sentence, its separator included.
    room
        Tokens there are for sentences in a window.

    Returns
    -------
    list of (read, scored)
        `scored` ranges follow one another and cover every sentence once; `read`
        contains `scored`.

    Examples
    --------
    >>> shape = WindowShape(max_sentences=2, before=1, after=1)
    >>> plan_windows([5, 5, 5, 5, 5], 100, shape)
    [(range(0, 3), range(0, 2)), (range(1, 5), range(2, 4)), (range(3, 5), range(4, 5))]
    """
    plan = []
    start = 0
    while start < len(lengths):
        first, used = start, lengths[start]
        while (
            first > max(0, start - shape.before)
            and used + lengths[first - 1] <= room * 2 // 3
        ):
            first -= 1
            used += lengths[first]
        stop = start + 1
        while (
            stop < min(len(lengths), start + shape.max_sentences)
            and used + lengths[stop] <= room
        ):
            used += lengths[stop]
            stop += 1
        last = stop
        while (
            last < min(len(lengths), stop + shape.after)
            and used + lengths[last] <= room
        ):
            used += lengths[last]
            last += 1
        plan.append((range(first, last), range(start, stop)))
        start = stop
    return plan


def tokens_of(span: Span, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions of the tokens that have a character in common with the span.

    `offsets` are those of one sentence's tokens, shape (tokens, 2).
    """
    return np.flatnonzero((offsets[:, 0] < span.end) & (offsets[:, 1] > span.start))


def like_lengths(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of like lengths together, at most `BATCH_TOKENS` a batch with padding.

    The longest comes first, in each batch and of all batches.

    >>> list(like_lengths([5, 3000, 1000, 2000]))
    [[1], [3, 2], [0]]
    """
    group: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if group and lengths[group[0]] * (len(group) + 1) > BATCH_TOKENS:
            yield group
            group = []
        group.append(place)
    if group:
        yield group
