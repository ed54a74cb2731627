"""What articles measure is the same in little room."""

from __future__ import annotations

from tempfile import TemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.profile.measures import ArticleMeasures
from annotator.profile.packing import Packer, Pairs, ShelvedTerms

NUMBERS = st.tuples(st.floats(allow_nan=False), st.integers(0, 10**6))


@given(
    st.lists(
        st.dictionaries(st.from_regex(r"\w+( \w+)?", fullmatch=True), st.integers(1))
    )
)
def test_words_on_a_shelf_are_those_put_there_however_they_are_read(
    articles: list[dict[str, int]],
) -> None:
    with TemporaryFile() as file:
        shelved = [ShelvedTerms.of(file, counts.items()) for counts in articles]
        for one, counts in reversed(list(zip(shelved, articles, strict=True))):
            begun = iter(one)
            assert dict(one) == dict(begun) == counts


@given(st.dictionaries(st.tuples(st.text(), st.text()), NUMBERS))
def test_pairs_are_the_mapping_they_were_made_of(
    pairs: dict[tuple[str, str], tuple[float, float]],
) -> None:
    packed = Pairs(pairs)
    assert packed == pairs
    assert [packed[key] for key in packed] == list(pairs.values())
    missing = ("", "not there")
    assert missing not in packed
    with pytest.raises(KeyError):
        packed[missing]


def measured(number: int) -> ArticleMeasures:
    """An article with keys and names that equal those of others, and are not they."""
    actor = "".join(["the", "-regime"])
    return ArticleMeasures(
        article_id=f"a{number}",
        outlet="".join(["The ", "Courier"]),
        topic=None,
        month="2017-04",
        events=frozenset({f"e{n}" for n in range(number)}),
        duplicate_of=None,
        sums={"opinion": (number, 12), "loaded": (0, 300)},
        stances={(actor, "outlet"): (-0.5, 2)},
        names={(actor, "regime"): 2},
        loaded_names={(actor, "regime"): (1, 0)},
        words=[("regime", number), ("armed rebels", 1)],
    )


def test_what_articles_measure_is_the_same_and_keys_are_kept_once() -> None:
    with TemporaryFile() as file:
        packer = Packer(file)
        articles = [measured(number) for number in range(3)]
        packed = [packer.pack(article) for article in articles]
        for one, other in zip(packed, articles, strict=True):
            assert list(one.words) == list(other.words)
            for name in (
                "sums",
                "stances",
                "names",
                "loaded_names",
                "events",
                "outlet",
                "article_id",
            ):
                assert getattr(one, name) == getattr(other, name)
    first, last = packed[0], packed[-1]
    assert first.outlet is last.outlet
    for name in ("stances", "names", "loaded_names"):
        assert next(iter(getattr(first, name))) is next(iter(getattr(last, name)))
