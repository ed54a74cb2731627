"""Claims and their vectors -> pairs worth comparing, most alike first.

Each claim is compared with its nearest neighbours among claims of other articles
whose days lie within the window. The vectors are in one inverted file in the order of
their days (Jégou et al. 2011, "Product quantization for nearest neighbor search",
without the quantization): a search reads the lists nearest to it, and of those only
the days it may match. With n claims there are some √n lists, so that the work grows
as n to the 1.5 where the days fill up, and as n where there are more days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import faiss
import numpy as np
from numpy.typing import NDArray

from annotator.corroborate.claims import Claim

NEIGHBOURS: Final = 24
_EXACT: Final = 4096
"""Claims up to which every vector in the window is compared."""
_PROBED: Final = 16
"""Lists read in a search. Of the neighbours that an exact search found among 7,600
claims about one war, 16 lists of 87 held 97 % of those alike to 0.6 and more, 99.8 % of
those to 0.75; 8 held 91 and 99.4 %, 24 held 99 and 99.9 %."""
_SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two claims, by their place among all, and the cosine of their vectors."""

    one: int
    other: int
    similarity: float


@dataclass(slots=True)
class Comparisons:
    """How many vectors were compared, a measure of work that no clock disturbs."""

    count: int = 0


def candidates(
    claims: Sequence[Claim],
    vectors: NDArray[np.float32],
    window: int,
    least: float,
    done: Comparisons | None = None,
) -> list[Candidate]:
    """Give pairs of claims of different articles at most `window` days apart.

    Claims come in the order of their days, those without a day last; these are
    compared with all. `vectors` are unit vectors, of shape (claims, size).
    """
    if len(claims) < 2:
        return []
    index = _index(vectors)
    stats = faiss.cvar.indexIVF_stats  # type: ignore[attr-defined]
    stats.reset()
    found: dict[tuple[int, int], float] = {}
    for rows, reach in _searches(claims, window):
        searched = faiss.SearchParametersIVF(  # type: ignore[call-arg]
            nprobe=min(index.nlist, _PROBED),
            sel=faiss.IDSelectorRange(reach.start, reach.stop, True),
        )
        wanted = min(NEIGHBOURS, len(reach))
        near, ids = index.search(
            vectors[rows.start : rows.stop], wanted, params=searched
        )
        for row, scores, others in zip(rows, near.tolist(), ids.tolist(), strict=True):
            for score, other in zip(scores, others, strict=True):
                if other < 0 or score < least:
                    break
                if claims[row].article_id != claims[other].article_id:
                    found[min(row, other), max(row, other)] = min(score, 1.0)
    if done is not None:
        done.count += stats.ndis + index.nlist * len(claims)
    return sorted(
        (Candidate(a, b, score) for (a, b), score in found.items()),
        key=lambda c: (-c.similarity, c.one, c.other),
    )


def _index(vectors: NDArray[np.float32]) -> faiss.IndexIVFFlat:
    """Put vectors into √n lists; into one where they are few, which is exact."""
    faiss.omp_set_num_threads(1)
    size, lists = vectors.shape[1], 1
    if len(vectors) > _EXACT:
        lists = int(len(vectors) ** 0.5)
    quantizer = faiss.IndexFlatIP(size)
    index = faiss.IndexIVFFlat(quantizer, size, lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed, index.cp.min_points_per_centroid = _SEED, 1
    index.cp.max_points_per_centroid = 64
    index.train(vectors)
    index.add(vectors)
    return index


def _searches(claims: Sequence[Claim], window: int) -> Iterator[tuple[range, range]]:
    """Give the claims of each day, and the range of claims they may match.

    Pairs are found from the later one, so that no range reaches forward.
    """
    days = np.array([c.day for c in claims if c.day is not None], dtype=np.int64)
    for day, rows in groupby(range(len(claims)), key=lambda i: claims[i].day):
        first, *rest = rows
        last = rest[-1] if rest else first
        start = 0 if day is None else int(np.searchsorted(days, day - window))
        yield range(first, last + 1), range(start, last + 1)
