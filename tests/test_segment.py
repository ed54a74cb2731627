from __future__ import annotations

import importlib
import socket
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.records import Article, Sentence, Span
from annotator.segment import article_language, segment

MARK = "‖"
TABLE = tomllib.loads(
    (Path(__file__).parent / "hard_sentences.toml").read_text("utf-8")
)
FAULTS = {
    "He was flown to the U.S.": "only syntax tells 'Doctors there' from a name",
    "Everyone knows who did it": "an ellipsis before a name reads as an end",
    "Ali Hassan, a.k.a.": "St. is taken for Saint, never for Street",
    "Three dead in Idlib!": "hashtags between sentences go with the later one",
    "We are safe": "an emoji without a full stop ends no sentence",
    "Die Armee rückte": "German ordinals are not known; German is not labelled",
}


def hard_cases() -> list[object]:
    cases = []
    for topic, entries in TABLE.items():
        for number, case in enumerate(entries["cases"], 1):
            reasons = [why for start, why in FAULTS.items() if case.startswith(start)]
            marks = [pytest.mark.xfail(reason=why) for why in reasons]
            cases.append(pytest.param(case, id=f"{topic}-{number}", marks=marks))
    return cases


def article(text: str, **known: object) -> Article:
    return Article(article_id="a", source_path="a.txt", text=text, **known)  # type: ignore[arg-type]


def texts(read: Article, sentences: tuple[Sentence, ...]) -> list[str]:
    return [read.text[s.start : s.end] for s in sentences]


@pytest.mark.parametrize("case", hard_cases())
def test_hard_news_sentences_are_cut_where_a_careful_reader_cuts(case: str) -> None:
    read = article(case.replace(MARK, ""))
    expected = [sentence.strip() for sentence in case.split(MARK)]
    assert texts(read, segment(read)) == expected


def test_every_known_fault_names_one_case() -> None:
    cases = [case for topic in TABLE.values() for case in topic["cases"]]
    assert [sum(c.startswith(start) for c in cases) for start in FAULTS] == [1] * len(
        FAULTS
    )


ENGLISH = (
    "The army said on Monday that it had taken the town after a week of fighting. "
    "Rebels denied the claim and said that the battle was going on."
)
ARABIC = "قالت الوزارة إن القوات دخلت المدينة يوم الاثنين. وأضافت أن السكان غادروا."
RUSSIAN = (
    "Министерство обороны России сообщило, что войска вошли в город в понедельник."
)
SPANISH = (
    "El ministerio de Defensa dijo el lunes que el ejército había entrado en la "
    "ciudad después de una semana de combates con los rebeldes."
)
PERSIAN = "وزارت دفاع ایران روز دوشنبه اعلام کرد که نیروهای این کشور وارد شهر شده‌اند."

LANGUAGES = [
    ("English", ENGLISH, None, {"en"}, {None}),
    ("Arabic", ARABIC, None, {"ar"}, {"language ar"}),
    ("Persian", PERSIAN, None, {"fa"}, {"language fa"}),
    ("Russian", RUSSIAN, None, {"ru"}, {"language ru"}),
    ("Spanish", SPANISH, None, {"es"}, {"language es"}),
    ("Arabic in a file said to be English", ARABIC, "en", {"ar"}, {"language ar"}),
    ("Spanish in a file said to be English", SPANISH, "en", {"es"}, {"language es"}),
    ("a name of unknown language", "Bashar al-Assad", None, {None}, {None}),
    ("a name in an English file", "Bashar al-Assad", "en", {"en"}, {None}),
    ("numbers", "12 345", "en", {None}, {None}),
    ("a row of stars", "* * *", "en", {None}, {"no words"}),
    ("an emoji", "🎉", "en", {None}, {"no words"}),
    ("a script outside the table", "ክረምት መጣ", "en", {"am", "und"}, None),
]


@pytest.mark.parametrize(
    ("text", "given_language", "languages", "reasons"),
    [pytest.param(*row[1:], id=row[0]) for row in LANGUAGES],
)
def test_what_the_model_cannot_read_is_kept_and_says_why(
    text: str,
    given_language: str | None,
    languages: set[str | None],
    reasons: set[str | None] | None,
) -> None:
    sentences = segment(article(text, language=given_language))
    assert {s.language for s in sentences} <= languages
    assert sentences
    if reasons is None:
        reasons = {f"language {s.language}" for s in sentences}
    assert {s.skipped for s in sentences} == reasons


@pytest.mark.parametrize(
    "line",
    [
        "Abu Mohammad al-Julani, Jabhat Fatah al-Sham",
        "Emrah Gurel/AP",
        "Maarat al-Numan, Khan Sheikhoun, Jisr al-Shughur, Deir ez-Zor, Qamishli",
        "Nein.",
        "Allahu akbar!",
        "Recep Tayyip Erdogan, Ankara",
        "SYRIAN ARMY TAKES ALEPPO",
    ],
)
def test_a_short_or_uncertain_paragraph_of_an_english_article_is_read(
    line: str,
) -> None:
    sentences = segment(article(f"{ENGLISH}\n\n{line}\n\n{ENGLISH}"))
    assert {(s.language, s.skipped) for s in sentences} == {("en", None)}


def test_doubt_in_a_foreign_article_never_costs_a_sentence_its_label() -> None:
    read = article(f"{SPANISH}\n\nAt least 12 died in Homs.\n\n{SPANISH}")
    skipped = [s.skipped for s in segment(read)]
    assert skipped == ["language es", None, "language es"]


def test_a_foreign_sentence_inside_an_english_paragraph_is_skipped_alone() -> None:
    read = article(f"{ENGLISH} {ARABIC}")
    assert [s.skipped for s in segment(read)] == [None, None] + ["language ar"] * 2


def test_languages_the_model_reads_are_an_argument() -> None:
    sentences = segment(article(SPANISH), readable=frozenset({"es"}))
    assert {s.skipped for s in sentences} == {None}


def test_the_language_of_an_article_is_that_of_most_of_its_text() -> None:
    read = article(f"{SPANISH}\n\n{ENGLISH}\n\n{ENGLISH}\n\n12 345")
    assert article_language(segment(read), read.text) == "en"
    assert article_language((), "") is None


def test_a_subheading_is_one_sentence_and_gets_no_label() -> None:
    text = "He left. She stayed.\n\nWhat next? Nobody knows\n\nThe war goes on."
    heading = Span(text.index("What"), text.index("knows") + 5)
    sentences = segment(article(text, headings=(heading,)))
    assert [(s.index, s.kind, s.skipped) for s in sentences] == [
        (0, "body", None),
        (1, "body", None),
        (2, "headline", "headline"),
        (3, "body", None),
    ]
    assert sentences[2].span == heading
    assert sentences[2].sentence_id == "a:2"


def test_text_without_a_full_stop_stays_one_sentence_however_long() -> None:
    assert len(segment(article("and the army went on " * 500))) == 1


def test_no_language_is_looked_up_on_the_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    importlib.import_module("annotator.segment")._detector.cache_clear()
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert segment(article(SPANISH))[0].language == "es"


# fmt: off
SCRAPS = [
    "Gen. ", "U.S. ", "The ", "said", "5 ", "p.m. ", "A. ", ". ", ".", "? ", "...", "…",
    "“", "” ", '"', "'", "(", ") ", "[12]", "#a ", "🎉", "— ", "。", "؟ ", "قال ",
    "\n", "\n\n", "\r\n", "\t", "\x00", "\x85", "\u200b", "\u2028", "\ufeff",
]
HOSTILE = [
    '"', "'", "“", "(", "[", "«»", ".", "?", "…", " ", "\n", "a", "ا", "🎉", "A.",
    "A. ", "? A", "'.", ".”", '." ', ". .", ".[1]A", "U.S. ", "no. ", "#a ", "http://a",
]
# fmt: on
NEWSLIKE = st.lists(st.sampled_from(SCRAPS)).map("".join)
ANY_TEXT = st.text(st.characters(exclude_categories=())) | NEWSLIKE


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(ANY_TEXT)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    headings = tuple(map(Span, cuts[0::2], cuts[1::2]))
    return article(text, headings=headings)


@settings(max_examples=150, deadline=None)
@given(articles())
def test_sentences_and_white_space_tile_any_text(read: Article) -> None:
    at = 0
    for index, sentence in enumerate(segment(read)):
        words = read.text[sentence.start : sentence.end]
        assert sentence.index == index
        assert at <= sentence.start < sentence.end <= len(read.text)
        assert words == words.strip() != ""
        assert not read.text[at : sentence.start].strip()
        at = sentence.end
    assert not read.text[at:].strip()


@settings(max_examples=50, deadline=None)
@given(ANY_TEXT)
def test_no_body_sentence_runs_over_a_line_break(text: str) -> None:
    for sentence in segment(article(text)):
        assert len(text[sentence.start : sentence.end].splitlines()) == 1


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_length_alone_on_hostile_text(unit: str) -> None:
    def seconds(length: int) -> float:
        read = article(unit * (length // len(unit)))
        taken = []
        for _ in range(3):
            began = time.process_time()
            segment(read)
            taken.append(time.process_time() - began)
        return min(taken)

    # Four times the length takes four times as long; quadratic would be sixteen.
    assert seconds(16_000) < 10 * seconds(4_000) + 0.02
