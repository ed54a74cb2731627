"""What a results folder promises to those who read it with other tools."""

from __future__ import annotations

import json
import random
import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.codebook import LABELS, SOURCE_KINDS
from annotator.errors import BadResults
from annotator.records import (
    Article,
    Attribution,
    DroppedLine,
    Failure,
    Headline,
    Label,
    LoadedTerm,
    OutletProfile,
    Passage,
    ScoredArticle,
    Sentence,
    Share,
    Span,
    Stance,
    VoicedSpan,
)
from annotator.store import Results, ResultsWriter, read_results
from annotator.store import parquet as parquet_module

PROMISED_COLUMNS = {
    "articles": "article_id source_path source_id outlet title author published url "
    "language text topic n_sentences status reason",
    "sentences": "article_id sentence_id index start end source_start source_end text "
    "label p_reported_fact p_attributed_claim p_opinion p_unverifiable_allegation "
    "confidence flagged flag_reasons",
    "attributions": "sentence_id source source_start source_end cue cue_start cue_end "
    "content content_start content_end source_kind resolved_source depth form",
    "loaded_terms": "sentence_id start end text target polarity voice",
    "stances": "sentence_id target start end polarity p_negative p_neutral p_positive "
    "voice text kind family head article_id attribution_id speaker",
    "outlets": "outlet n_articles n_duplicates n_sentences opinion_count opinion_total "
    "opinion_share opinion_low opinion_high flagged_share enough note",
    "dropped": "source_path article_id line start end text reason",
}

maybe = st.none() | st.text(max_size=12)
spans = st.tuples(st.integers(0, 30), st.integers(0, 10)).map(
    lambda pair: Span(pair[0], pair[0] + pair[1])
)
articles = st.builds(
    Article,
    article_id=st.text(max_size=8),
    source_path=st.text(max_size=8),
    text=st.text(min_size=40, max_size=80),
    **dict.fromkeys(
        (
            *("source_id", "outlet", "title", "author", "published", "url"),
            *("language", "topic"),
        ),
        maybe,
    ),
    passages=st.lists(st.builds(Passage, *[st.integers(0, 99)] * 4), max_size=2).map(
        tuple
    ),
    headings=st.lists(spans, max_size=2).map(tuple),
    notes=st.lists(st.text(max_size=12), max_size=2).map(tuple),
    duplicate_of=maybe,
)
sentences = st.builds(
    Sentence,
    sentence_id=st.text(max_size=8),
    article_id=st.text(max_size=8),
    index=st.integers(0, 99),
    start=st.integers(0, 20),
    end=st.integers(20, 40),
    kind=st.sampled_from(["body", "headline"]),
    language=maybe,
    skipped=maybe,
)
probability = st.floats(0, 1)
labels = st.builds(
    Label,
    sentence_id=st.just(""),
    label=st.sampled_from(LABELS),
    probabilities=st.tuples(*[probability] * 4),
    confidence=probability,
    flag_reasons=st.lists(st.text(max_size=12), max_size=2).map(tuple),
    model=st.text(max_size=8),
)
shares = st.builds(
    Share,
    st.integers(0, 9),
    st.integers(0, 9),
    st.none() | probability,
    st.none() | probability,
)
profiles = st.builds(
    OutletProfile,
    outlet=maybe,
    n_articles=st.integers(0, 9),
    n_duplicates=st.integers(0, 9),
    n_sentences=st.integers(0, 9),
    labels=st.tuples(*[shares] * 4),
    flagged=shares,
    enough=st.booleans(),
    note=maybe,
)
attributions = st.builds(
    Attribution,
    sentence_id=st.text(max_size=8),
    source=st.none() | spans,
    cue=st.none() | spans,
    content=st.none() | spans,
    source_kind=st.none() | st.sampled_from(SOURCE_KINDS),
    resolved_source=maybe,
    depth=st.integers(0, 3),
    form=st.none() | st.sampled_from(["direct", "indirect", "mixed"]),
    attribution_id=st.text(max_size=8),
    resolved_confidence=st.none() | st.floats(0, 1),
    named_at=st.none() | spans,
    parent_id=maybe,
    weakest_kind=st.none() | st.sampled_from(SOURCE_KINDS),
)
terms = st.builds(
    LoadedTerm,
    sentence_id=st.text(max_size=8),
    span=spans,
    target=maybe,
    polarity=st.sampled_from("+-"),
    voice=st.sampled_from(["outlet", "quoted"]),
    attribution_id=maybe,
    speaker=maybe,
)
voices = st.builds(
    VoicedSpan,
    sentence_id=st.text(max_size=8),
    span=spans,
    voice=st.sampled_from(["outlet", "quoted"]),
    attribution_id=maybe,
    speaker=maybe,
)
stances = st.builds(
    Stance,
    sentence_id=st.text(max_size=8),
    span=spans,
    target=st.text(max_size=8),
    kind=st.sampled_from(["person", "body", "state", "group", "unknown"]),
    voice=st.sampled_from(["outlet", "quoted"]),
    probabilities=st.none() | st.tuples(*[probability] * 3),
    family=maybe,
    head=maybe,
    attribution_id=maybe,
    speaker=maybe,
)
headlines = st.none() | st.builds(
    Headline,
    label=st.sampled_from(LABELS),
    confidence=probability,
    source=maybe,
    cue=maybe,
)
scored_articles = st.builds(
    ScoredArticle,
    article=articles,
    sentences=st.lists(sentences, max_size=2).map(tuple),
    labels=st.just({}),
    attributions=st.lists(attributions, max_size=2).map(tuple),
    voices=st.lists(voices, max_size=2).map(tuple),
    loaded_terms=st.lists(terms, max_size=2).map(tuple),
    stances=st.lists(stances, max_size=2).map(tuple),
    headline=headlines,
    skipped=maybe,
)
dropped_lines = st.builds(
    DroppedLine,
    st.text(max_size=8),
    st.integers(1, 99),
    st.integers(0, 99),
    st.integers(0, 99),
    st.text(max_size=12),
    st.text(max_size=12),
    st.none(),
)
failures = st.builds(Failure, *[st.text(max_size=12)] * 3)


def write(
    path: Path, *articles: Article, failures: tuple[Failure, ...] = ()
) -> Results:
    with ResultsWriter(path) as results:
        for article in articles:
            sentence = Sentence(f"{article.article_id}:0", article.article_id, 0, 0, 5)
            results.add_article(article, [sentence], {}, status="scored", reason=None)
        for failure in failures:
            results.add_failure(failure)
        results.finish([], {"model": "m"})
    return read_results(path)


class TestRoundTrip:
    @settings(max_examples=20, deadline=None)
    @given(data=st.data())
    def test_every_record_comes_back_equal(self, data: st.DataObject) -> None:
        article = data.draw(articles)
        sentence, label = data.draw(sentences), data.draw(labels)
        attribution, term = data.draw(attributions), data.draw(terms)
        stance = data.draw(stances)
        line, failure = data.draw(dropped_lines), data.draw(failures)
        profile = data.draw(profiles)
        label = Label(
            sentence.sentence_id,
            label.label,
            label.probabilities,
            label.confidence,
            label.flag_reasons,
            label.model,
        )
        with tempfile.TemporaryDirectory() as folder:
            with ResultsWriter(Path(folder) / "out") as out:
                out.add_dropped(line)
                out.add_article(
                    article,
                    [sentence],
                    {label.sentence_id: label},
                    status="scored",
                    reason=None,
                )
                out.add_attributions(article, [attribution])
                out.add_loaded_terms(article, [term])
                out.add_stances(article, [stance])
                out.add_failure(failure)
                out.finish([profile], {"options": {"batch": 8}})
            stored = read_results(Path(folder) / "out")
            assert [a.article for a in stored.articles()] == [article]
            assert list(stored.sentences()) == [(sentence, label)]
            assert list(stored.attributions()) == [attribution]
            assert list(stored.loaded_terms()) == [term]
            assert list(stored.stances()) == [stance]
            assert list(stored.dropped()) == [line]
            assert list(stored.failures()) == [failure]
            assert stored.outlets() == (profile,)
            assert stored.run["options"] == {"batch": 8}

    @settings(max_examples=30, deadline=None)
    @given(scored=st.lists(scored_articles, max_size=5))
    def test_whole_articles_come_back_with_what_is_theirs(
        self, scored: list[ScoredArticle]
    ) -> None:
        scored = [
            replace(one, article=replace(one.article, article_id=f"a{n}"))
            for n, one in enumerate(scored)
        ]
        with tempfile.TemporaryDirectory() as folder:
            with ResultsWriter(Path(folder) / "out") as out:
                for one in scored:
                    out.add_article(
                        one.article,
                        one.sentences,
                        {},
                        status="scored" if one.skipped is None else "skipped",
                        reason=one.skipped,
                        headline=one.headline,
                    )
                    out.add_attributions(one.article, one.attributions)
                    out.add_voices(one.article, one.voices)
                    out.add_loaded_terms(one.article, one.loaded_terms)
                    out.add_stances(one.article, one.stances)
                out.finish([], {})
            assert list(read_results(Path(folder) / "out").scored()) == scored

    @pytest.mark.parametrize(
        "text",
        [
            "🛩️ shot down 👩🏽‍🚀",
            "\u202egnp.exe\u202c",
            "قالت الوزارة",
            "a\x00b",
            "=cmd()",
            "\u2028",
        ],
    )
    def test_text_comes_back_character_for_character(
        self, tmp_path: Path, text: str
    ) -> None:
        stored = write(tmp_path / "out", Article("a", "p", text, title=text))
        (row,) = stored.articles()
        assert row.article.text == row.article.title == text

    def test_a_lone_surrogate_becomes_one_replacement_character(
        self, tmp_path: Path
    ) -> None:
        article = Article("a", "caf\udce9.txt", "x\ud83d y \udc00", notes=("\udfff",))
        stored = write(
            tmp_path / "out", article, failures=(Failure("\udce9", "read", "bad"),)
        )
        (row,) = stored.articles()
        assert row.article.text == "x\ufffd y \ufffd"
        assert row.article.source_path == "caf\ufffd.txt"
        assert row.article.notes == ("\ufffd",)
        assert [f.path for f in stored.failures()] == ["\ufffd"]

    def test_an_unlabelled_sentence_has_null_label_columns(
        self, tmp_path: Path
    ) -> None:
        write(tmp_path / "out", Article("a", "p", "Hello."))
        (row,) = pq.read_table(tmp_path / "out" / "sentences.parquet").to_pylist()
        assert row["text"] == "Hello"
        empty = ["label", "confidence", "flagged", "flag_reasons", "model"]
        assert {row[c] for c in [*empty, *(f"p_{n}" for n in LABELS)]} == {None}

    def test_source_offsets_follow_the_passages(self, tmp_path: Path) -> None:
        article = Article("a", "p", "Hello.", passages=(Passage(0, 6, 100, 106),))
        write(tmp_path / "out", article)
        (row,) = pq.read_table(tmp_path / "out" / "sentences.parquet").to_pylist()
        assert (row["source_start"], row["source_end"]) == (100, 105)

    def test_dropped_lines_are_counted_with_their_article(self, tmp_path: Path) -> None:
        with ResultsWriter(tmp_path / "out") as out:
            out.add_dropped(DroppedLine("p", 3, 9, 14, "Share", "share button", "a"))
            out.add_dropped(DroppedLine("p", 4, 15, 20, "Tweet", "share button", "a"))
            article = Article("a", "p", "Hello.")
            out.add_article(article, [], {}, status="skipped", reason="no sentence")
            out.finish([], {})
        (row,) = read_results(tmp_path / "out").articles()
        assert (row.n_dropped, row.status, row.reason) == (2, "skipped", "no sentence")

    def test_a_dropped_line_after_its_article_is_a_bug(self, tmp_path: Path) -> None:
        with ResultsWriter(tmp_path / "out") as out:
            article = Article("a", "p", "Hello.")
            out.add_article(article, [], {}, status="scored", reason=None)
            with pytest.raises(ValueError, match="came after"):
                out.add_dropped(DroppedLine("p", 3, 9, 14, "Share", "button", "a"))

    def test_sentences_of_one_article_can_be_asked_for(self, tmp_path: Path) -> None:
        stored = write(
            tmp_path / "out", *(Article(name, "p", "Hello.") for name in "abc")
        )
        assert [s.article_id for s, _ in stored.sentences("b")] == ["b"]
        assert [s.article_id for s, _ in stored.sentences()] == ["a", "b", "c"]


class TestFiles:
    @pytest.mark.parametrize("table", PROMISED_COLUMNS)
    def test_duckdb_opens_each_table_with_the_promised_columns(
        self, tmp_path: Path, table: str
    ) -> None:
        write(tmp_path / "out", Article("a", "p", "Hello."))
        found = duckdb.read_parquet(str(tmp_path / "out" / f"{table}.parquet"))
        assert set(PROMISED_COLUMNS[table].split()) <= set(found.columns)
        assert len(found.fetchall()) == (table in ("articles", "sentences"))

    def test_each_table_names_its_schema_version(self, tmp_path: Path) -> None:
        write(tmp_path / "out", Article("a", "p", "Hello."))
        for file in (tmp_path / "out").glob("*.parquet"):
            assert pq.read_schema(file).metadata[b"annotator.schema"] == b"1"

    def test_row_groups_are_bounded_in_rows_and_in_characters(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parquet_module, "ROWS_IN_MEMORY", 4)
        monkeypatch.setattr(parquet_module, "CHARACTERS_IN_MEMORY", 30)
        texts = ["Hello."] * 4 + ["x" * 40, "Hello."]
        write(
            tmp_path / "out",
            *(Article(str(i), "p", text) for i, text in enumerate(texts)),
        )
        groups = pq.ParquetFile(tmp_path / "out" / "articles.parquet").metadata
        rows = [groups.row_group(i).num_rows for i in range(groups.num_row_groups)]
        assert rows == [4, 1, 1]

    def test_what_is_read_holds_a_piece_of_a_table_and_not_the_whole(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parquet_module, "ROWS_IN_MEMORY", 128)
        texts = (random.Random(n).randbytes(500).hex() for n in range(6000))
        write(tmp_path / "out", *(Article(str(n), "p", t) for n, t in enumerate(texts)))
        before = pa.total_allocated_bytes()
        articles = read_results(tmp_path / "out").articles()
        next(articles)
        held = pa.total_allocated_bytes() - before
        assert 0 < held < (tmp_path / "out" / "articles.parquet").stat().st_size / 2
        assert sum(1 for _ in articles) == 5999

    def test_one_failure_is_one_line(self, tmp_path: Path) -> None:
        failures = (Failure("a\nb", "read", "broken\u2028line"), Failure("c", "d", "e"))
        write(tmp_path / "out", failures=failures)
        written = (tmp_path / "out" / "errors.jsonl").read_text("utf-8")
        lines = written.rstrip("\n").split("\n")
        assert [json.loads(line)["path"] for line in lines] == ["a\nb", "c"]


class TestFolder:
    def test_nothing_is_left_of_a_run_that_fails(self, tmp_path: Path) -> None:
        with pytest.raises(KeyError), ResultsWriter(tmp_path / "out"):
            raise KeyError
        assert list(tmp_path.iterdir()) == []

    def test_a_failed_run_leaves_earlier_results_as_they_were(
        self, tmp_path: Path
    ) -> None:
        write(tmp_path / "out", Article("old", "p", "Hello."))
        with ResultsWriter(tmp_path / "out") as out:
            article = Article("new", "p", "Hello.")
            out.add_article(article, [], {}, status="scored", reason=None)
        (row,) = read_results(tmp_path / "out").articles()
        assert row.article.article_id == "old"

    def test_earlier_results_are_replaced_with_their_report(
        self, tmp_path: Path
    ) -> None:
        write(tmp_path / "out", Article("old", "p", "Hello."))
        (tmp_path / "out" / "report.html").write_text("old")
        stored = write(tmp_path / "out", Article("new", "p", "Hello."))
        assert [a.article.article_id for a in stored.articles()] == ["new"]
        assert not (tmp_path / "out" / "report.html").exists()
        assert not any(f.name.startswith(".") for f in (tmp_path / "out").iterdir())

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("thesis.docx", "thesis.docx"),
            ("articles.parquet", "no run.json"),
            ("review.db", "review"),
            ("run.json", "not written by this program"),
        ],
    )
    def test_a_folder_with_other_files_is_refused_and_kept(
        self, tmp_path: Path, name: str, said: str
    ) -> None:
        (tmp_path / name).write_text("{}")
        with pytest.raises(BadResults, match=said), ResultsWriter(tmp_path):
            pass
        assert [f.name for f in tmp_path.iterdir()] == [name]

    def test_a_file_that_comes_while_writing_is_not_touched(
        self, tmp_path: Path
    ) -> None:
        with ResultsWriter(tmp_path) as out:
            (tmp_path / "mine").write_text("")
            with pytest.raises(BadResults, match="mine"):
                out.finish([], {})
        assert [f.name for f in tmp_path.iterdir()] == ["mine"]

    def test_what_a_killed_run_left_behind_does_not_stop_the_next(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / ".partial").mkdir()
        (tmp_path / ".partial" / "articles.parquet").write_text("half")
        (tmp_path / "sentences.parquet").write_text("moved before run.json was")
        assert list(write(tmp_path).articles()) == []

    def test_two_runs_cannot_write_one_folder(self, tmp_path: Path) -> None:
        with (
            ResultsWriter(tmp_path),
            pytest.raises(BadResults, match="another run"),
            ResultsWriter(tmp_path),
        ):
            pass

    def test_a_file_in_the_place_of_the_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("")
        with pytest.raises(BadResults, match="is a file"):
            ResultsWriter(tmp_path / "out")

    @pytest.mark.parametrize(
        ("run", "said"),
        [
            (None, "no run.json"),
            ("{", "cannot be read"),
            ("{}", "not written by this program"),
            ('{"format": "source-annotator results", "schema_version": 99}', "update"),
        ],
    )
    def test_reading_says_what_is_wrong(
        self, tmp_path: Path, run: str | None, said: str
    ) -> None:
        if run is not None:
            (tmp_path / "run.json").write_text(run)
        with pytest.raises(BadResults, match=said):
            read_results(tmp_path)

    def test_a_folder_without_stances_is_read_as_one_that_names_nobody(
        self, tmp_path: Path
    ) -> None:
        stored = write(tmp_path / "out", Article("a", "p", "Hello."))
        (tmp_path / "out" / "stances.parquet").unlink()
        assert list(read_results(stored.path).stances()) == []
        assert [one.stances for one in stored.scored()] == [()]

    def test_reading_says_which_file_is_missing_or_broken(self, tmp_path: Path) -> None:
        stored = write(tmp_path / "out", Article("a", "p", "Hello."))
        (tmp_path / "out" / "articles.parquet").write_text("not parquet")
        with pytest.raises(BadResults, match=r"articles\.parquet"):
            list(stored.articles())
        (tmp_path / "out" / "articles.parquet").unlink()
        with pytest.raises(BadResults, match=r"lacks articles\.parquet"):
            read_results(tmp_path / "out")
