"""The narrator's words, and those that set an outlet apart."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.profile.distinctive import BEYOND_CHANCE, distinctive_terms, log_odds
from annotator.profile.measures import ArticleMeasures
from annotator.profile.words import find_terms, terms_of
from annotator.records import (
    Article,
    DistinctiveTerm,
    ScoredArticle,
    Sentence,
    Span,
    Voice,
    VoicedSpan,
)


def scored(*stretches: tuple[str, Voice], **fields: str) -> ScoredArticle:
    """One sentence made of stretches of either voice."""
    text = "".join(stretch for stretch, _ in stretches)
    at, voices = 0, []
    for stretch, voice in stretches:
        voices.append(VoicedSpan("a:0", Span(at, at + len(stretch)), voice))
        at += len(stretch)
    sentence = Sentence("a:0", "a", 0, 0, len(text))
    article = Article("a", "p", text, **fields)  # type: ignore[arg-type]
    return ScoredArticle(article, (sentence,), {}, voices=tuple(voices))


def words(text: str, **fields: str) -> list[str]:
    return list(terms_of(scored((text, "outlet"), **fields)))


class TestWords:
    @pytest.mark.parametrize(
        ("text", "terms"),
        [
            ("Rebels fled.", ["rebels", "fled", "rebels fled"]),
            ("the regime", ["the", "regime"]),
            ("rebels, troops", ["rebels", "troops"]),
            ("rebels “moderates” fled", ["rebels", "moderates", "fled"]),
            ("killed 12 civilians", ["killed", "civilians"]),
            ("state-run don’t", ["state-run", "don't", "state-run don't"]),
            ("regime's", ["regime"]),
            ("U.S. troops", ["u.s.", "troops", "u.s. troops"]),
            ("Οδός ÉTÉ", ["οδόσ", "été", "οδόσ été"]),
            ("हिन्दी", ["हिन्दी"]),
            ("see https://lake.example/a?b=c now", ["see", "now"]),
            ("write to desk@lake.example today", ["write", "to", "today"]),
            ("_ -- ' 7th \u200d", ["th"]),
            ("a" * 1000, []),
            ("", []),
        ],
    )
    def test_terms_are_words_and_pairs_of_words_that_stand_together(
        self, text: str, terms: list[str]
    ) -> None:
        assert words(text) == terms

    def test_what_a_source_says_is_left_out(self) -> None:
        article = scored(
            ("The minister called ", "outlet"),
            ("terrorists cowards", "quoted"),
            (" on Monday", "outlet"),
        )
        assert sorted(terms_of(article)) == [
            "called", "minister", "minister called", "monday", "on", "the",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "change", [{"kind": "headline"}, {"skipped": "heading"}, {"sentence_id": "b"}]
    )
    def test_only_sentences_of_the_body_that_were_read_count(
        self, change: dict[str, str]
    ) -> None:
        article = scored(("Rebels fled.", "outlet"))
        other = replace(article.sentences[0], **change)  # type: ignore[arg-type]
        assert not terms_of(replace(article, sentences=(other,)))

    @pytest.mark.parametrize(
        ("text", "fields", "terms"),
        [
            ("told the Lake Courier", {"outlet": "Lake Courier"}, ["told", "the"]),
            ("THE COURIER'S desk", {"outlet": "The Courier"}, ["the", "desk"]),
            ("by Leyla Orman", {"author": "Leyla Orman"}, ["by"]),
            ("young men", {"author": "Ada Young"}, ["young", "men", "young men"]),
        ],
    )
    def test_the_outlets_name_and_the_byline_do_not_count(
        self, text: str, fields: dict[str, str], terms: list[str]
    ) -> None:
        assert words(text, **fields) == terms

    @given(st.text(), st.text(), st.text(max_size=20))
    def test_every_term_is_one_or_two_words_of_the_narrator(
        self, mine: str, theirs: str, name: str
    ) -> None:
        found = terms_of(
            scored((mine, "outlet"), (theirs, "quoted"), outlet=name, author=name)
        )
        alone = terms_of(scored((mine, "outlet"), outlet=name, author=name))
        assert found == alone
        for term in found:
            assert 1 <= len(term.split(" ")) <= 2
            assert all(word == word.strip() != "" for word in term.split(" "))


class TestPlaces:
    @pytest.mark.parametrize(
        ("text", "term", "stands"),
        [
            ("The Regime’s men", "regime", ["Regime’s"]),
            ("armed  REBELS, armed men", "armed rebels", ["armed  REBELS"]),
            ("co‐operate, co-operate", "co-operate", ["co‐operate", "co-operate"]),
            ("see https://lake.example/now now", "now", ["now"]),
        ],
    )
    def test_a_term_is_found_where_it_stands_as_it_is_written(
        self, text: str, term: str, stands: list[str]
    ) -> None:
        article = scored(("“no”, he said. ", "quoted"), (text, "outlet"))
        found = [f for f in find_terms(article) if f.term == term]
        assert [article.article.text[slice(*f.span)] for f in found] == stands
        assert {f.sentence_id for f in found} == {"a:0"}

    @given(st.text())
    def test_what_stands_there_is_the_term(self, text: str) -> None:
        for found in find_terms(scored((text, "outlet"))):
            assert found.term in words(text[slice(*found.span)])


def article(outlet: str | None, number: int, text: str) -> ArticleMeasures:
    empty: dict[str, object] = {}
    return ArticleMeasures(
        article_id=f"{outlet}{number}",
        outlet=outlet,
        topic=None,
        month=None,
        events=frozenset(),
        duplicate_of=None,
        words=Counter(text.split()).items(),
        sums=empty,  # type: ignore[arg-type]
        stances=empty,  # type: ignore[arg-type]
        names=empty,  # type: ignore[arg-type]
        loaded_names=empty,  # type: ignore[arg-type]
    )


def outlet(name: str | None, text: str, articles: int = 12) -> list[ArticleMeasures]:
    return [article(name, n, text) for n in range(articles)]


COMMON = "on monday people said that troops moved near town " * 3


def terms(articles: list[ArticleMeasures], name: str = "A") -> dict[str, float]:
    return {t.term: t.z for t in distinctive_terms(articles) if t.outlet == name}


class TestPublishedFigures:
    """The examples in the README of Wigderowitz, `fightin_words` (MIT licence).

    After J. Hessel's `FightingWords`, whose variance is equation 20.
    """

    FIRST = "the quick brown fox jumps over the lazy pig"
    SECOND = "the lazy purple pig jumps over the lazier donkey"
    LONG = f"the lazy purple pig jumps over the {'very ' * 1000} sleepy donkey"

    def z(self, other: str, prior: float, **priors: float) -> dict[str, float]:
        first, second = Counter(self.FIRST.split()), Counter(other.split())
        known = sorted({*first, *second})
        alpha = dict.fromkeys(known, prior) | priors
        _, z = log_odds(
            *(np.array([float(n[w]) for w in known]) for n in (first, second, alpha))
        )
        return dict(zip(known, z.tolist(), strict=True))

    @pytest.mark.parametrize(
        ("word", "z"),
        [("donkey", -0.6894227886807968), ("the", 0), ("fox", 0.6894227886807968)],
    )
    def test_a_flat_prior(self, word: str, z: float) -> None:
        assert self.z(self.SECOND, 0.05)[word] == pytest.approx(z)

    @pytest.mark.parametrize(
        ("word", "flat", "informed"),
        [
            ("very", -2.2144429606255946, -0.4368846171934332),
            ("donkey", 0.3528670051726073, 0.3539801999989518),
            ("fox", 1.7074955767167836, 1.7087406001344665),
            ("lazy", 3.4564380059373603, 3.4605672465974453),
            ("the", 4.954523357120953, 4.961066225017743),
        ],
    )
    def test_a_prior_of_its_own_for_one_word(
        self, word: str, flat: float, informed: float
    ) -> None:
        assert self.z(self.LONG, 0.05)[word] == pytest.approx(flat)
        assert self.z(self.LONG, 0.05, very=0.001)[word] == pytest.approx(informed)


class TestDistinctiveTerms:
    def test_what_one_outlet_says_more_and_less(self) -> None:
        rows = outlet("A", COMMON + "regime") + outlet("B", COMMON + "government")
        first, *_, last = distinctive_terms(rows)
        assert first == DistinctiveTerm(
            "A", "regime", first.z, first.log_odds, count=12, others=0, articles=12
        )
        assert first.z > BEYOND_CHANCE
        assert first.log_odds > 0
        assert (last.outlet, last.term, last.articles) == ("B", "regime", 0)
        assert last.z < -BEYOND_CHANCE

    def test_outlets_that_write_alike_have_no_words_of_their_own(self) -> None:
        assert distinctive_terms(outlet("A", COMMON) + outlet("B", COMMON)) == ()

    def test_one_long_article_makes_no_word_distinctive(self) -> None:
        rows = outlet("A", COMMON) + outlet("B", COMMON)
        rows += [article("A", 99, "helium " * 500), article("B", 99, "helium")]
        rows += [article("A", n, f"{COMMON} helium") for n in (100, 101)]
        assert "helium" not in terms(rows)

    @pytest.mark.parametrize(("articles", "listed"), [(2, False), (3, True)])
    def test_a_word_must_stand_in_three_articles(
        self, articles: int, listed: bool
    ) -> None:
        rows = outlet("A", COMMON, 20) + outlet("B", COMMON, 20)
        rows += [article("A", 50 + n, "regime " * 20) for n in range(articles)]
        rows += [article("B", 50, "regime")]
        assert ("regime" in terms(rows)) is listed

    def test_a_word_of_one_outlet_alone_is_not_what_all_others_avoid(self) -> None:
        rows = outlet("A", COMMON) + outlet("B", COMMON) + outlet("C", COMMON)
        rows += outlet("D", COMMON + "newsletter")
        assert terms(rows, "D")["newsletter"] > 0
        assert not terms(rows, "A")

    def test_the_outlets_name_is_never_distinctive(self) -> None:
        rows = outlet("Lake Courier", COMMON + "lakeside regime courier")
        rows += outlet("Other", COMMON + "lake")
        assert set(terms(rows, "Lake Courier")) == {"lakeside", "regime"}

    def test_a_pair_is_not_listed_beside_its_word(self) -> None:
        words = Counter(COMMON.split()) + Counter({"white": 2, "white house": 2})
        rows = [replace(a, words=words.items()) for a in outlet("A", "")]
        found = terms(rows + outlet("B", COMMON))
        assert len({"white", "white house"} & set(found)) == 1

    def test_copies_count_once_in_an_outlet(self) -> None:
        rows = outlet("A", COMMON + "regime") + outlet("B", COMMON)
        copies = [
            replace(a, article_id=f"{a.article_id}'", duplicate_of=a.article_id)
            for a in rows[:12]
        ]
        assert distinctive_terms(rows + copies) == distinctive_terms(rows)

    @pytest.mark.parametrize(
        "rows",
        [
            [],
            outlet("A", COMMON + "regime"),
            outlet("A", COMMON + "regime") + outlet(None, COMMON),
            outlet("A", COMMON + "regime", 9) + outlet("B", COMMON, 9),
            outlet("A", "word") + outlet("B", "word"),
            outlet("A", "") + outlet("B", ""),
        ],
        ids=[
            "nothing",
            "one outlet",
            "nobody known to compare with",
            "too few articles",
            "one word",
            "no words",
        ],
    )
    def test_without_enough_to_compare_there_are_no_terms(
        self, rows: list[ArticleMeasures]
    ) -> None:
        assert distinctive_terms(rows) == ()

    def test_at_most_so_many_terms_a_side_with_z_falling(self) -> None:
        mine = " ".join(f"mine{n}" for n in range(30))
        theirs = " ".join(f"theirs{n}" for n in range(30))
        rows = outlet("A", COMMON + mine) + outlet("B", COMMON + theirs)
        z = [t.z for t in distinctive_terms(rows, each=7) if t.outlet == "A"]
        assert z == sorted(z, reverse=True)
        assert (sum(x > 0 for x in z), sum(x < 0 for x in z)) == (7, 7)

    @given(st.randoms(use_true_random=False))
    def test_the_order_of_articles_makes_no_difference(
        self, rng: random.Random
    ) -> None:
        rows = outlet("A", COMMON + "regime") + outlet("B", COMMON + "rebels fled")
        mixed = list(rows)
        rng.shuffle(mixed)
        assert distinctive_terms(mixed) == distinctive_terms(rows)
