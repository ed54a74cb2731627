"""`annotator profile`, from a results folder to tables, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner, Result

from annotator import collection
from annotator.cli import app
from annotator.collection import Profiled, profile_outlets, trace_sources
from annotator.errors import BadManifest
from annotator.export.tabular import cell
from annotator.profile import MEASURES, MINIMUM_ARTICLES
from annotator.records import (
    Article,
    Label,
    LoadedTerm,
    ScoredArticle,
    Sentence,
    Span,
    Stance,
    VoicedSpan,
)
from annotator.report import charts, html
from annotator.store import ResultsWriter, read_results

HOSTILE = "=Evil\x1b[31m\u202e [bold]Times"
TABLES = ("actors", "profiles", "differences", "namings", "terms", "axis")
ARTICLES = 60
OF_BEACON = 4


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], env={"COLUMNS": "160"})


def article(outlet: str, number: int, *, undated: bool = False) -> ScoredArticle:
    """An article that calls the Karland government what its outlet calls it."""
    name = "regime" if outlet == "Herald" else "government"
    lines = (
        f"The {name} of Karland met for the {number}th time.",
        f"Its plan {'is a disgrace' if number % 3 else 'was read out'}, day {number}.",
    )
    text, article_id = " ".join(lines), f"{outlet}{number}"
    month = "2031-05" if number % 2 else "2031-06"
    made = Article(
        article_id,
        f"{article_id}.txt",
        text,
        outlet=outlet,
        published=None if undated else f"{month}-11",
        topic="ports" if number % 2 else None,
    )
    ends = [len(lines[0]), len(text)]
    sentences = tuple(
        Sentence(f"{article_id}:{i}", article_id, i, start, end)
        for i, (start, end) in enumerate(zip((0, ends[0] + 1), ends, strict=True))
    )
    likely = (0.8, 0.15, 0.05) if outlet == "Herald" else (0.1, 0.2, 0.7)
    first = sentences[0].sentence_id
    at = Span(4, 4 + len(name))
    return ScoredArticle(
        made,
        sentences,
        {s.sentence_id: label(s, opinion=bool(number % 3)) for s in sentences},
        voices=tuple(VoicedSpan(s.sentence_id, s.span, "outlet") for s in sentences),
        loaded_terms=(LoadedTerm(first, at, "Karland", "-", "outlet"),)
        if outlet == "Herald"
        else (),
        stances=(
            Stance(
                first,
                at,
                "Karland government",
                "body",
                "outlet",
                likely,
                "leadership",
                name,
            ),
        ),
    )


def label(sentence: Sentence, *, opinion: bool) -> Label:
    return Label(
        sentence.sentence_id,
        "opinion" if opinion and sentence.index else "reported_fact",
        (0.4, 0.1, 0.4, 0.1),
        0.4,
        (),
        "made@0",
    )


def write(path: Path, *articles: ScoredArticle) -> Path:
    with ResultsWriter(path) as out:
        for scored in articles:
            out.add_article(
                scored.article,
                scored.sentences,
                scored.labels,
                status="scored",
                reason=None,
            )
            out.add_voices(scored.article, scored.voices)
            out.add_loaded_terms(scored.article, scored.loaded_terms)
            out.add_stances(scored.article, scored.stances)
        out.finish([], {"model": "made@0"})
    trace_sources(path)
    return path


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = [
        article(outlet, number, undated=number < 4)
        for outlet in ("Herald", "Courier", HOSTILE)
        for number in range(ARTICLES)
    ]
    made += [article("Beacon", number) for number in range(OF_BEACON)]
    return write(tmp_path_factory.mktemp("made") / "results", *made)


@pytest.fixture
def copied(results: Path, tmp_path: Path) -> Path:
    """The folder for a test that writes other tables to it."""
    return Path(copytree(results, tmp_path / "copied"))


@pytest.fixture
def profiled(results: Path, shown: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder as `shown` left it; the command shows it without new sums."""
    stored = read_results(results)
    axis = stored.axis()
    assert shown
    assert axis is not None
    found = Profiled(
        tuple(stored.actors()),
        tuple(stored.estimates()),
        tuple(stored.differences()),
        tuple(stored.namings()),
        tuple(stored.terms()),
        axis,
        len(list(stored.articles())),
    )
    monkeypatch.setattr(collection, "profile_outlets", lambda *_: found)
    monkeypatch.setattr(html, "write_report", lambda *_: None)
    return results


@pytest.fixture(scope="module")
def shown(results: Path) -> str:
    done = run("profile", results)
    assert done.exit_code == 0, done.output
    return done.output


def rows(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output)))


def test_a_figure_is_shown_with_its_interval(shown: str) -> None:
    row = next(line for line in shown.split("\n") if line.startswith("Herald"))
    assert "33\N{NO-BREAK SPACE}%" in row
    assert "[" in row


def test_an_outlet_without_enough_articles_is_named_with_how_many_more_it_needs(
    shown: str,
) -> None:
    told = shown.split("Not enough data")[1].split("\n")[0]
    assert f"Beacon (about {MINIMUM_ARTICLES - OF_BEACON} more)" in told


def test_the_table_shows_stances_differences_words_and_an_axis_or_none(
    shown: str,
) -> None:
    assert "−0.75" in shown
    assert "Stance of the narrator" in shown
    assert "“regime”" in shown
    assert "First axis: " in shown


def test_no_name_can_steer_the_terminal(shown: str) -> None:
    assert "=Evil⟨1B⟩[31m⟨202E⟩ [bold]Times" in shown
    assert not {"\x1b", "\u202e"} & set(shown)


def test_all_tables_are_written_and_the_report_anew(results: Path, shown: str) -> None:
    stored = read_results(results)
    assert shown
    assert all(stored.has(table) for table in TABLES)
    assert {e.measure for e in stored.estimates()} <= set(MEASURES)
    assert {e.group.outlet for e in stored.estimates()} == {
        *("Herald", "Courier", "Beacon"),
        HOSTILE,
    }
    assert (results / "report.html").exists()


def test_csv_has_a_line_a_figure_and_no_formulas(profiled: Path) -> None:
    found = rows(run("profile", profiled, "--format", "csv").stdout)
    (opinion,) = (
        row for row in found if (row["outlet"], row["measure"]) == ("Herald", "opinion")
    )
    assert float(opinion["value"]) == pytest.approx(1 / 3)
    assert float(opinion["low"]) < 1 / 3 < float(opinion["high"])
    assert {row["outlet"] for row in found} >= {"'=Evil⟨1B⟩[31m⟨202E⟩ [bold]Times"}
    assert {row["actor"] for row in found if row["measure"] == "stance"}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\ufeff=1", " =1", "＝1", "\r=1"]
)
def test_a_cell_that_would_be_a_formula_is_text(text: str) -> None:
    assert str(cell(text)).startswith("'")


def test_json_is_one_object_with_every_table(profiled: Path) -> None:
    found = json.loads(run("profile", profiled, "--format", "json").stdout)
    assert list(found) == ["by", "articles", "left_out", "measures", *TABLES]
    assert found["articles"] == 3 * ARTICLES + OF_BEACON
    assert found["measures"].keys() == MEASURES.keys()
    assert HOSTILE in {row["outlet"] for row in found["profiles"]}
    assert isinstance(found["axis"][0]["told"], bool)


def test_only_the_measures_asked_for_are_given(profiled: Path) -> None:
    asked = ("--measure", "loaded", "--measure", "stance", "--format", "csv")
    found = rows(run("profile", profiled, *asked).stdout)
    assert {row["measure"] for row in found} == {"loaded", "stance"}
    shown = run("profile", profiled, "--measure", "loaded").stdout
    assert "Loaded terms" in shown
    assert "Opinion" not in shown


def test_undated_articles_are_left_out_of_months_and_counted(copied: Path) -> None:
    done = run("profile", copied, "--by", "month")
    undated, whole = 3 * 4, 3 * ARTICLES + OF_BEACON
    said = f"Left out of these figures: {undated} of {whole} articles, whose month"
    assert said in done.stdout
    months = {e.group.month for e in read_results(copied).estimates()}
    assert months == {None, "2031-05", "2031-06"}


def test_figures_of_outlets_stay_beside_those_of_other_groups(copied: Path) -> None:
    profile_outlets(copied)
    before = list(read_results(copied).estimates())
    profile_outlets(copied, by=("outlet", "topic"))
    after = list(read_results(copied).estimates())
    assert after[: len(before)] == before
    assert {e.group.topic for e in after[len(before) :]} == {"ports"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--by", "editor"), "outlet, topic, month"),
        (("--by", ""), "outlet, topic, month"),
        (("--measure", "charm"), "unverifiable_allegation"),
        (("--format", "xml"), "table"),
        (("--out", "no/such/folder/a.csv"), "cannot be written"),
        (("--figures", __file__), "cannot be written"),
    ],
)
def test_what_is_asked_for_wrongly_is_named_with_what_was_expected(
    profiled: Path, arguments: tuple[str, str], says: str
) -> None:
    done = run("profile", profiled, *arguments)
    assert done.exit_code == 2
    assert says in done.output
    assert "Traceback" not in done.output


def test_a_csv_file_is_marked_as_utf_8_for_spreadsheets(
    profiled: Path, tmp_path: Path
) -> None:
    out = tmp_path / "figures.csv"
    done = run("profile", profiled, "--format", "csv", "--out", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert out.read_bytes().startswith(b"\xef\xbb\xbfoutlet,topic,month,measure,")


def test_a_table_in_a_file_has_no_colours(profiled: Path, tmp_path: Path) -> None:
    out = tmp_path / "profiles.txt"
    assert run("profile", profiled, "--out", out).exit_code == 0
    assert "Herald" in out.read_text("utf-8")
    assert "\x1b" not in out.read_text("utf-8")


def test_the_figures_of_the_report_are_drawn_where_asked_for(
    profiled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[Path, Path]] = []
    monkeypatch.setattr(
        charts, "write_figures", lambda stored, out: drawn.append((stored.path, out))
    )
    assert run("profile", profiled, "--figures", tmp_path).exit_code == 0
    assert drawn == [(profiled, tmp_path)]


def test_names_that_a_person_joins_are_one_actor(copied: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[[actor]\n", "utf-8")
    with pytest.raises(BadManifest):
        profile_outlets(copied, bad)
    good = tmp_path / "good.toml"
    good.write_text(
        '[[actor]]\nname = "The Board"\nkind = "body"\nalso = ["Karland government"]\n',
        "utf-8",
    )
    assert [a.name for a in profile_outlets(copied, good).actors] == ["The Board"]


def test_articles_scored_without_stances_have_all_other_figures(tmp_path: Path) -> None:
    path = write(tmp_path / "results", *(article("Herald", n) for n in range(3)))
    (path / "stances.parquet").unlink()
    done = run("profile", path)
    assert done.exit_code == 0, done.output
    assert "No actors" in done.output
    assert {e.measure for e in read_results(path).estimates()} >= {"opinion", "loaded"}


def test_a_folder_without_articles_says_that_there_is_nothing(tmp_path: Path) -> None:
    done = run("profile", write(tmp_path / "results"))
    assert done.exit_code == 0, done.output


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text("The Karland government met on Monday and closed the port.\n")
    return path


def test_score_profiles_too_and_says_where_to_read_on(
    story: Path, tiny_model: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results"
    done = run("score", story, "--out", out, "--model", tiny_model)
    assert done.exit_code == 0, done.output
    assert all(read_results(out).has(table) for table in TABLES)
    assert f"annotator profile {out}\n" in done.output


def test_score_reads_the_names_of_actors_before_it_scores(
    story: Path, tiny_model: Path, tmp_path: Path
) -> None:
    out, names = tmp_path / "results", tmp_path / "names.toml"
    names.write_text("[[actor]\n", "utf-8")
    done = run("score", story, "--out", out, "--model", tiny_model, "--actors", names)
    assert isinstance(done.exception, BadManifest)
    assert not out.exists()
