"""`annotator diff`: which labels differ between two results folders."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
import typer
from decision_log import LABEL, log
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from annotator.cli.diff import diff
from annotator.comparison import Change, Comparison, compare, pairing, written
from annotator.comparison.pairing import in_order, paired, sentence_pairs
from annotator.errors import BadResults
from annotator.records import Article, Label, ScoredArticle, Sentence
from annotator.store import Results, ResultsWriter, read_results
from annotator.store.decisions import write_decisions

FROZE = "fact .9 The river froze in January."
SAID = "claim .8 The ferry board said nine piers had closed."
HARSH = "opinion .7 It was a shameful winter."
BLAMED = "allegation .6! Reportedly the guild cut the ropes."
WINTER = (FROZE, SAID, HARSH, BLAMED)
HOSTILE = "=1+1\x1b[31m,\u202egolden"


def story(
    article_id: str, *lines: str, outlet: str | None = "Star", model: str = "small@1"
) -> ScoredArticle:
    """One sentence a line: label or `none`, confidence, `!` where flagged, text."""
    sentences, labels, parts, start = [], {}, [], 0
    for index, line in enumerate(lines):
        name, sure, text = line.split(" ", 2)
        sentence_id = f"{article_id}:{index}"
        end = start + len(text)
        sentences.append(Sentence(sentence_id, article_id, index, start, end))
        if name != "none":
            reasons = ("close call",) if sure.endswith("!") else ()
            labels[sentence_id] = Label(
                sentence_id,
                LABEL[name],
                (0.25,) * 4,
                float(sure.rstrip("!")),
                reasons,
                model,
            )
        parts.append(text)
        start = end + 1
    article = Article(article_id, "a.txt", " ".join(parts), outlet=outlet)
    return ScoredArticle(article, tuple(sentences), labels)


def relabelled(line: str, label: str, sure: str = ".5") -> str:
    return f"{label} {sure} {line.split(' ', 2)[2]}"


def folder(path: Path, *stories: ScoredArticle) -> Results:
    with ResultsWriter(path) as out:
        for one in stories:
            out.add_article(
                one.article, one.sentences, one.labels, status="scored", reason=None
            )
        out.finish([], {"model": "small@1"})
    return read_results(path)


Folders = Callable[..., tuple[Results, Results]]
Compared = Callable[..., tuple[Comparison, list[Change]]]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Write an old folder and a new one."""

    def write(
        old: list[ScoredArticle], new: list[ScoredArticle]
    ) -> tuple[Results, Results]:
        return folder(tmp_path / "old", *old), folder(tmp_path / "new", *new)

    return write


@pytest.fixture
def compared(folders: Folders) -> Compared:
    """Write two folders and compare them."""

    def of(
        old: list[ScoredArticle], new: list[ScoredArticle]
    ) -> tuple[Comparison, list[Change]]:
        comparison = Comparison()
        return comparison, list(compare(*folders(old, new), comparison))

    return of


class TestPairsInOrder:
    @pytest.mark.parametrize(
        ("old", "new", "kept"),
        [
            ("abc", "abc", "abc"),
            ("abc", "abxc", "abc"),
            ("abc", "ac", "ac"),
            ("abc", "cab", "ab"),
            ("abcd", "axcd", "acd"),
            ("aaa", "aa", "aa"),
            ("xaya", "aya", "aya"),
            ("abc", "xyz", ""),
            ("", "abc", ""),
        ],
    )
    def test_what_stands_in_both_is_paired(self, old: str, new: str, kept: str) -> None:
        pairs = list(in_order(old, new))
        assert "".join(old[i] for i, _ in pairs) == kept
        assert "".join(new[j] for _, j in pairs) == kept

    @given(st.text("abcd", max_size=12), st.text("abcd", max_size=12))
    def test_pairs_are_equal_and_cross_nowhere(self, old: str, new: str) -> None:
        pairs = list(in_order(old, new))
        assert all(old[i] == new[j] for i, j in pairs)
        for (i, j), (later_i, later_j) in pairwise(pairs):
            assert i < later_i
            assert j < later_j

    @given(st.permutations(range(7)), st.permutations(range(9)))
    def test_no_order_keeps_more_where_nothing_repeats(
        self, old: list[int], new: list[int]
    ) -> None:
        assert len(list(in_order(old, new))) == longest_common(old, new)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (["ha"] * 100_000, ["no", *["ha"] * 99_998, "no"]),
            (
                [str(n) for n in range(100_000)],
                [str(n) if n % 2 else "new" for n in range(100_000)],
            ),
            (
                [str(n) for n in range(100_000)],
                [str(n) for n in reversed(range(100_000))],
            ),
        ],
        ids=["one sentence over and over", "every other one new", "backwards"],
    )
    def test_a_hundred_thousand_sentences_take_no_minutes(
        self, old: list[str], new: list[str]
    ) -> None:
        before = time.process_time()
        assert list(in_order(old, new))
        assert time.process_time() - before < 5


def longest_common(old: list[int], new: list[int]) -> int:
    """The textbook's quadratic recurrence."""
    row = [0] * (len(new) + 1)
    for a in old:
        above = row
        row = [0]
        for j, b in enumerate(new):
            row.append(above[j] + 1 if a == b else max(row[j], above[j + 1]))
    return row[-1]


class TestSentencePairs:
    def ids(self, old: ScoredArticle, new: ScoredArticle) -> list[tuple[int, int]]:
        return [(a.index, b.index) for a, b in sentence_pairs(old, new)]

    def test_of_the_same_text_are_those_at_the_same_place(self) -> None:
        whole = story("a", "fact .9 Ice came. Ferries stopped.", "fact .9 It thawed.")
        cut = story(
            "a", "fact .9 Ice came.", "fact .9 Ferries stopped.", "fact .9 It thawed."
        )
        assert whole.article.text == cut.article.text
        assert self.ids(whole, cut) == [(1, 2)]

    def test_of_another_text_are_those_with_the_same_words_in_order(self) -> None:
        old = story("a", FROZE, SAID, HARSH, BLAMED)
        new = story("a", "fact .9 Ice came.", SAID, BLAMED, FROZE)
        assert self.ids(old, new) == [(1, 1), (3, 2)]

    def test_a_line_end_moved_is_no_change_of_a_sentence(self) -> None:
        old = story("a", "fact .9 The river\nfroze.", SAID)
        new = story("a", "fact .9 The river froze.", SAID, HARSH)
        assert self.ids(old, new) == [(0, 0), (1, 1)]

    def test_of_two_alike_the_first_goes_with_the_first(self) -> None:
        old = story("a", HARSH, FROZE, HARSH)
        new = story("a", "fact .9 Ice came.", HARSH, SAID, HARSH)
        assert self.ids(old, new) == [(0, 1), (2, 3)]


class TestArticlePairs:
    @settings(max_examples=12, deadline=None)
    @given(
        orders=st.integers(0, 6).flatmap(
            lambda n: st.tuples(st.permutations(range(n)), st.permutations(range(n)))
        ),
        most_waiting=st.sampled_from([0, 1, 40, 1000]),
    )
    def test_each_comes_once_whatever_the_order_and_the_room(
        self,
        orders: tuple[list[int], list[int]],
        most_waiting: int,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> None:
        path = tmp_path_factory.mktemp("folders")
        old, new = (
            folder(path / name, *(story(f"a{n}", FROZE) for n in order))
            for name, order in zip(("old", "new"), orders, strict=True)
        )
        shared = [f"a{n}" for n in orders[0]]
        found = list(paired(old, new, shared, most_waiting))
        assert sorted(one.article.article_id for one, _ in found) == sorted(shared)
        assert all(a.article.article_id == b.article.article_id for a, b in found)

    def test_folders_in_the_same_order_are_read_once(
        self, folders: Folders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stories = [story(f"a{n}", FROZE) for n in range(20)]
        old, new = folders(stories, stories)
        read: list[Results] = []

        def counted(results: Results) -> Iterator[ScoredArticle]:
            read.append(results)
            return labelled(results)

        labelled = pairing.labelled
        monkeypatch.setattr(pairing, "labelled", counted)
        ids = [one.article.article_id for one in stories]
        assert len(list(paired(old, new, ids, most_waiting=1))) == 20
        assert read == [old, new]

    def test_a_folder_that_was_written_anew_meanwhile_ends_the_comparison(
        self, folders: Folders
    ) -> None:
        old, new = folders([story("a", FROZE)], [story("b", FROZE)])
        with pytest.raises(BadResults, match="changed while it was read"):
            list(paired(old, new, ["a", "b"]))


class TestComparison:
    def test_a_folder_and_itself_do_not_differ(self, compared: Compared) -> None:
        stories = [story("a", *WINTER), story("b", SAID, outlet=None)]
        comparison, changes = compared(stories, stories)
        assert changes == []
        assert comparison.articles == 2
        assert comparison.sentences == 5
        assert all(not any(shift.points or ()) for shift in comparison.outlets)

    def test_a_changed_label_is_told_with_all_that_is_known_of_it(
        self, compared: Compared
    ) -> None:
        _, changes = compared(
            [story("a", FROZE, SAID)],
            [story("a", FROZE, relabelled(SAID, "fact", ".6"), model="big@2")],
        )
        assert changes == [
            Change(
                article_id="a",
                sentence_id_old="a:1",
                sentence_id_new="a:1",
                outlet="Star",
                text="The ferry board said nine piers had closed.",
                label_old="attributed_claim",
                label_new="reported_fact",
                confidence_old=0.8,
                confidence_new=0.6,
                model_old="small@1",
                model_new="big@2",
            )
        ]

    def test_labels_that_changed_and_stayed_are_counted_from_old_to_new(
        self, compared: Compared
    ) -> None:
        comparison, _ = compared(
            [story("a", *WINTER), story("b", SAID)],
            [story("a", *WINTER), story("b", relabelled(SAID, "opinion"))],
        )
        assert comparison.labels == {
            ("reported_fact", "reported_fact"): 1,
            ("attributed_claim", "attributed_claim"): 1,
            ("opinion", "opinion"): 1,
            ("unverifiable_allegation", "unverifiable_allegation"): 1,
            ("attributed_claim", "opinion"): 1,
        }
        assert (comparison.sentences, comparison.changes) == (5, 1)

    def test_articles_that_came_went_and_changed_are_counted(
        self, compared: Compared
    ) -> None:
        comparison, changes = compared(
            [story("stays", FROZE), story("goes", SAID), story("changes", SAID, HARSH)],
            [
                story("new", HARSH),
                story("changes", "fact .9 Ice came.", relabelled(SAID, "fact")),
                story("newer", HARSH),
                story("stays", FROZE),
            ],
        )
        counts = ("articles", "changed", "removed", "added", "only_old", "only_new")
        assert [getattr(comparison, name) for name in counts] == [2, 1, 1, 2, 1, 1]
        assert [(c.sentence_id_old, c.sentence_id_new) for c in changes] == [
            ("changes:0", "changes:1")
        ]

    def test_a_sentence_without_a_label_in_one_folder_is_not_compared(
        self, compared: Compared
    ) -> None:
        comparison, changes = compared(
            [story("a", FROZE, SAID)], [story("a", FROZE, relabelled(SAID, "none"))]
        )
        assert not changes
        assert (comparison.sentences, comparison.only_old, comparison.only_new) == (
            1,
            1,
            0,
        )

    def test_flags_are_compared_whether_or_not_the_label_changed(
        self, compared: Compared
    ) -> None:
        comparison, _ = compared(
            [story("a", "fact .9! Ice came.", "fact .9! It thawed.", FROZE, BLAMED)],
            [
                story(
                    "a",
                    "fact .9 Ice came.",
                    "claim .9 It thawed.",
                    FROZE.replace(".9", ".9!"),
                    BLAMED,
                )
            ],
        )
        assert (comparison.flagged_old, comparison.flagged_new) == (2, 1)

    def test_the_shares_of_an_outlet_are_those_of_each_folder(
        self, compared: Compared
    ) -> None:
        comparison, _ = compared(
            [story("a", FROZE, SAID), story("b", *WINTER, outlet="Gone")],
            [
                story("a", FROZE, relabelled(SAID, "fact")),
                story("c", HARSH, HARSH),
                story("d", SAID, outlet=None),
            ],
        )
        shares = {
            shift.outlet: (
                [(s.count, s.total) for s in shift.old],
                [(s.count, s.total) for s in shift.new],
                shift.points,
            )
            for shift in comparison.outlets
        }
        assert shares == {
            "Star": (
                [(1, 2), (1, 2), (0, 2), (0, 2)],
                [(2, 4), (0, 4), (2, 4), (0, 4)],
                (0.0, -50.0, 50.0, 0.0),
            ),
            "Gone": ([(1, 4)] * 4, [(0, 0)] * 4, None),
            None: ([(0, 0)] * 4, [(0, 1), (1, 1), (0, 1), (0, 1)], None),
        }
        assert comparison.outlets[0].outlet == "Star"

    def test_copies_count_once_in_the_shares_of_an_outlet(
        self, compared: Compared
    ) -> None:
        def copy(article_id: str, of: str, outlet: str) -> ScoredArticle:
            made = story(article_id, SAID, outlet=outlet)
            return replace(made, article=replace(made.article, duplicate_of=of))

        stories = [
            copy("b", "a", "Star"),
            copy("c", "b", "Herald"),
            story("a", SAID, FROZE),
            copy("d", "a", "Herald"),
        ]
        comparison, _ = compared(stories, stories)
        assert {
            s.outlet: [(n.count, n.total) for n in s.new] for s in comparison.outlets
        } == {
            "Star": [(1, 2), (1, 2), (0, 2), (0, 2)],
            "Herald": [(0, 1), (1, 1), (0, 1), (0, 1)],
        }

    def test_people_s_decisions_change_nothing(self, folders: Folders) -> None:
        old, new = folders([story("a", *WINTER)], [story("a", *WINTER)])
        write_decisions(new.path, log("Amal a:0 opinion"))
        new = read_results(new.path)
        assert [one.label_of("a:0") for one in new.scored()] == ["opinion"]
        assert list(compare(old, new, Comparison())) == []

    @settings(max_examples=8, deadline=None)
    @given(
        labels=st.lists(
            st.tuples(st.sampled_from(sorted(LABEL)), st.sampled_from(sorted(LABEL))),
            min_size=1,
            max_size=12,
        )
    )
    def test_the_other_way_round_it_is_turned_over(
        self, labels: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        path = tmp_path_factory.mktemp("folders")
        old, new = (
            folder(
                path / str(side),
                story(
                    "a",
                    *(f"{pair[side]} .5 Pier {n}." for n, pair in enumerate(labels)),
                ),
            )
            for side in (0, 1)
        )
        there, back = Comparison(), Comparison()
        changes = list(compare(old, new, there))
        assert len(list(compare(new, old, back))) == len(changes) == there.changes
        assert len(changes) == sum(a != b for a, b in labels)
        assert there.labels == {(b, a): n for (a, b), n in back.labels.items()}

    def test_progress_is_told_from_none_to_all(self, folders: Folders) -> None:
        stories = [story(f"a{n}", FROZE) for n in range(3)]
        told: list[tuple[int, int]] = []
        list(
            compare(
                *folders(stories, stories),
                Comparison(),
                lambda done, total: told.append((done, total)),
            )
        )
        assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


app = typer.Typer(pretty_exceptions_enable=False)
app.command()(diff)

OLD_STORY = story("a", *WINTER, f"fact .9 {HOSTILE}", outlet=HOSTILE)
NEW_STORY = story(
    "a",
    relabelled(FROZE, "claim", ".95"),
    relabelled(SAID, "fact", ".3"),
    HARSH,
    BLAMED,
    f"opinion .8 {HOSTILE}",
    outlet=HOSTILE,
)


class TestCommand:
    @pytest.fixture
    def asked(self, folders: Folders) -> Callable[..., Result]:
        old, new = folders([OLD_STORY], [NEW_STORY])

        def ask(*options: str | Path) -> Result:
            given = [str(a) for a in (old.path, new.path, *options)]
            return CliRunner().invoke(app, given, env={"COLUMNS": "100"})

        return ask

    def test_the_figures_are_told(self, asked: Callable[..., Result]) -> None:
        told = asked().stdout
        assert "1 article in both, 0 of them with another text" in told
        assert "5 sentences compared, 3 labels changed (60.00%)" in told
        assert told.splitlines()[5].split() == ["fact", "0", "1", "1", "0"]
        assert "20 % -20.0" in told.replace("\N{NO-BREAK SPACE}", " ")

    def test_the_surest_changes_come_first(self, asked: Callable[..., Result]) -> None:
        assert re.findall(r"a:\d", asked().stdout) == ["a:0", "a:4", "a:1"]

    @pytest.mark.parametrize(("limit", "shown"), [("1", 1), ("2", 2), ("0", 3)])
    def test_as_many_are_shown_as_asked(
        self, asked: Callable[..., Result], limit: str, shown: int
    ) -> None:
        told = asked("--limit", limit).stdout
        assert f"{shown} of 3 changed labels" in told
        assert told.count("a:") == shown

    def test_nothing_steers_the_terminal(self, asked: Callable[..., Result]) -> None:
        told = asked().stdout
        assert "\x1b" not in told
        assert "\u202e" not in told
        assert "⟨1B⟩[31m" in told

    @pytest.mark.parametrize("suffix", ["csv", "CSV", "jsonl", "parquet"])
    def test_a_file_has_all_changes_in_the_order_of_the_articles(
        self, asked: Callable[..., Result], tmp_path: Path, suffix: str
    ) -> None:
        out = tmp_path / "new folder" / f"changes.{suffix}"
        result = asked("--limit", "1", "--out", out)
        assert "all 3 changes:" in result.stdout
        rows = read_rows(out)
        assert list(rows[0]) == list(Change.__slots__)
        assert [row["sentence_id_new"] for row in rows] == ["a:0", "a:1", "a:4"]
        assert [float(row["confidence_new"]) for row in rows] == [0.95, 0.3, 0.8]
        assert list(out.parent.iterdir()) == [out]

    def test_a_spreadsheet_finds_no_formula_in_it(
        self, asked: Callable[..., Result], tmp_path: Path
    ) -> None:
        out = tmp_path / "changes.csv"
        asked("--out", out)
        last = read_rows(out)[-1]
        assert last["text"] == last["outlet"] == "'=1+1⟨1B⟩[31m,⟨202E⟩golden"

    def test_other_files_have_the_text_as_it_is(
        self, asked: Callable[..., Result], tmp_path: Path
    ) -> None:
        for name in ("changes.jsonl", "changes.parquet"):
            asked("--out", tmp_path / name)
            assert read_rows(tmp_path / name)[-1]["text"] == HOSTILE

    @pytest.mark.parametrize(
        ("options", "status"),
        [
            ((), 0),
            (("--exit-code",), 1),
            (("--exit-code", "--limit", "1"), 1),
            (("--out", "changes.xlsx"), 2),
            (("--limit", "-1"), 2),
        ],
    )
    def test_the_exit_status_tells_of_changes_where_asked(
        self, asked: Callable[..., Result], options: tuple[str, ...], status: int
    ) -> None:
        assert asked(*options).exit_code == status

    def test_the_exit_status_of_no_change_is_nought(self, folders: Folders) -> None:
        old, new = folders([OLD_STORY], [OLD_STORY])
        result = CliRunner().invoke(app, [str(old.path), str(new.path), "--exit-code"])
        assert result.exit_code == 0
        assert "5 sentences compared, 0 labels changed (0.00%)" in result.stdout

    def test_a_file_that_cannot_be_written_is_named(
        self, asked: Callable[..., Result], tmp_path: Path
    ) -> None:
        (tmp_path / "taken.csv").mkdir()
        result = asked("--out", tmp_path / "taken.csv")
        assert result.exit_code == 2
        assert "cannot be written" in re.sub(r"[\s│]+", " ", result.output)

    def test_a_folder_that_is_none_is_refused_by_name(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        result = CliRunner().invoke(app, [str(tmp_path / "empty"), str(tmp_path / "x")])
        assert isinstance(result.exception, BadResults)


def read_rows(path: Path) -> list[dict[str, object]]:
    match path.suffix.lower():
        case ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                return list(csv.DictReader(file))
        case ".jsonl":
            return [json.loads(line) for line in path.read_text().splitlines()]
        case _:
            return duckdb.sql(f"select * from '{path}'").fetchdf().to_dict("records")


def test_a_file_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    change = Change("a", "a:0", "a:0", None, "x", *["opinion"] * 2, 0.5, 0.5, "m", "m")

    def broken() -> Iterator[Change]:
        yield change
        raise BadResults("the folder cannot be read")

    for suffix in ("csv", "jsonl", "parquet"):
        with pytest.raises(BadResults):
            list(written(broken(), tmp_path / f"changes.{suffix}"))
    assert list(tmp_path.iterdir()) == []
