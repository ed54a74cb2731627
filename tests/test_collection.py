"""A results folder gains its sources, grades and corroborations, and shows them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pytest
from filelock import FileLock
from numpy.typing import NDArray
from typer.testing import CliRunner

from annotator.cli import app
from annotator.codebook import LabelName
from annotator.collection import compare_claims, profile_outlets, trace_sources
from annotator.errors import BadManifest, BadResults
from annotator.records import (
    Article,
    Attribution,
    Headline,
    Label,
    Sentence,
    Span,
    Stance,
)
from annotator.report.html import write_report
from annotator.store import ResultsWriter, read_results
from annotator.tag import embedding

SAID = re.compile(
    r"(?P<source>.+?) (?P<cue>said|denied|alleged) that (?P<content>.+)\."
)


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Hashed words as unit vectors: alike where texts share words."""
    vectors = np.zeros((len(texts), 256), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in re.findall(r"\w+", text.lower()):
            vectors[row, hashlib.sha256(word.encode()).digest()[0]] += 1
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def add(out: ResultsWriter, name: str, outlet: str, day: str, *lines: str) -> None:
    """Add an article of one paragraph; "X said that Y." is an attribution."""
    text = " ".join(lines)
    article = Article(
        name, f"{name}.txt", text, outlet=outlet, title=lines[0], published=day
    )
    sentences, labels, attributions, at = [], {}, [], 0
    for index, line in enumerate(lines):
        sentence_id = f"{name}:{index}"
        sentences.append(Sentence(sentence_id, name, index, at, at + len(line)))
        match = SAID.fullmatch(line)
        label: LabelName = "attributed_claim" if match else "reported_fact"
        labels[sentence_id] = Label(
            sentence_id, label, (0.1, 0.7, 0.1, 0.1), 0.7, (), "made@0"
        )
        if match:
            spans = {
                part: Span(at + match.start(part), at + match.end(part))
                for part in ("source", "cue", "content")
            }
            attributions.append(
                Attribution(
                    sentence_id,
                    **spans,
                    source_kind="named_person",
                    resolved_source=match["source"],
                    form="indirect",
                    attribution_id=f"{sentence_id}#0",
                )
            )
        at += len(line) + 1
    headline = Headline("reported_fact", 0.9)
    out.add_article(
        article, sentences, labels, status="scored", reason=None, headline=headline
    )
    out.add_attributions(article, attributions)


FIRE = "Leyla Orman said that 9 dockers were killed by the fire in Kavala harbour."


@pytest.fixture
def results(tmp_path: Path) -> Path:
    path = tmp_path / "results"
    with ResultsWriter(path) as out:
        add(out, "a", "Herald", "2031-05-14", FIRE, "The harbour lies in the north.")
        add(
            out,
            "b",
            "Courier",
            "2031-05-14",
            "The fire in Kavala harbour killed 11 dockers.",
            "Deniz Aydin said that the harbour would stay closed.",
        )
        add(
            out,
            "c",
            "Beacon",
            "2031-05-15",
            "Leyla Orman said that the budget was passed in parliament.",
            "Deniz Aydin denied that the budget was passed in parliament.",
        )
        out.finish([], {"model": "made@0"})
    return path


def test_before_they_are_worked_out_there_are_none(results: Path) -> None:
    stored = read_results(results)
    assert list(stored.sources()) == list(stored.corroborations()) == []
    assert not stored.has("sources")


def test_sources_and_grades_are_tables_other_tools_open(results: Path) -> None:
    compare_claims(results, embed)
    traced = trace_sources(results)
    assert {s.name: s.cited for s in traced.sources} == {
        "Leyla Orman": 2,
        "Deniz Aydin": 2,
    }
    (row,) = duckdb.sql(
        f"""SELECT s.name, s.cited, g.value, g.sentence
        FROM '{results}/sources.parquet' s
        JOIN '{results}/grades.parquet' g ON g.subject = s.source_id
        WHERE s.name = 'Leyla Orman'"""
    ).fetchall()
    assert row[:2] == ("Leyla Orman", 2)
    assert row[2] in "ABCDEF"
    assert "Leyla Orman" in row[3]
    stored = read_results(results)
    assert tuple(stored.sources()) == traced.sources
    blocks = list(stored.sourcing())
    assert [b.article_id for b in blocks[:3]] == ["a", "b", "c"]
    assert tuple(blocks[3:]) == traced.sourcing


def test_a_claim_denied_in_the_same_text_is_graded_lower(results: Path) -> None:
    trace_sources(results)
    by_subject = {
        g.subject: g for g, _ in read_results(results).grades() if ":" in g.subject
    }
    denied, plain = by_subject["c:0"], by_subject["b:1"]
    assert denied.axis == plain.axis == "credibility"
    assert denied.rules != plain.rules


def test_figures_that_differ_stand_side_by_side(results: Path) -> None:
    found = compare_claims(results, embed)
    (pair,) = [p for p in found.pairs if p.relation == "differs_in_figures"]
    assert {pair.sentence_id, pair.other_id} == {"a:0", "b:0"}
    assert {pair.figure, pair.other_figure} == {"9", "11"}
    stored = read_results(results)
    assert tuple(stored.corroborations()) == found.pairs
    assert tuple(stored.standings()) == found.standings
    assert tuple(stored.losses()) == found.losses


def test_the_report_shows_sources_and_events(results: Path) -> None:
    out = results / "report.html"
    write_report(read_results(results), out)
    assert 'id="sources"' not in out.read_text("utf-8")
    compare_claims(results, embed)
    trace_sources(results)
    write_report(read_results(results), out)
    page = out.read_text("utf-8")
    assert "Leyla Orman" in page.split('id="sources"')[1].split("</section>")[0]
    events = page.split('id="events"')[1].split("</section>")[0]
    assert "9 / 11" in events or "11 / 9" in events
    for anchor in re.findall(r'href="#(s\d+-\d+)"', events):
        assert f"id={anchor}" in page


def test_a_passage_without_end_does_not_swell_the_report(tmp_path: Path) -> None:
    path = tmp_path / "results"
    name = "Leyla Orman " * 5_000
    with ResultsWriter(path) as out:
        for article, outlet in (("a", "Herald"), ("b", "Courier")):
            line = f"{name.strip()} said that {FIRE.rstrip('.')} {'again ' * 5_000}."
            add(out, article, outlet, "2031-05-14", line)
        out.finish([], {})
    compare_claims(path, embed)
    trace_sources(path)
    write_report(read_results(path), path / "report.html")
    page = (path / "report.html").read_text("utf-8")
    sections = page.split('id="sources"')[1].split('<section id="articles"')[0]
    assert len(sections) < 20_000


def test_a_persons_grade_stays_beside_the_machines(
    results: Path, tmp_path: Path
) -> None:
    table = tmp_path / "grades.csv"
    table.write_text(
        "subject,reliability,credibility,reviewer,note\n"
        "Leyla Orman,D,,mina,was wrong before\nb:1,,2,mina,\n",
        encoding="utf-8",
    )
    machine = trace_sources(results).grades
    traced = trace_sources(results, table)
    assert traced.grades == machine
    again = trace_sources(results)
    for found in (traced, again):
        given = {k: (o.reliability, o.credibility) for k, o in found.overrides.items()}
        orman = next(s.source_id for s in found.sources if s.name == "Leyla Orman")
        assert given == {orman: ("D", None), "b:1": (None, "2")}
    write_report(read_results(results), results / "report.html")
    assert "mina" in (results / "report.html").read_text("utf-8")


def test_a_bad_override_changes_nothing(results: Path, tmp_path: Path) -> None:
    trace_sources(results)
    before = (results / "grades.parquet").read_bytes()
    table = tmp_path / "grades.csv"
    table.write_text("subject,reliability,reviewer\nLeyla Orman,Z,mina\n", "utf-8")
    with pytest.raises(BadManifest):
        trace_sources(results, table)
    assert (results / "grades.parquet").read_bytes() == before


def test_a_folder_that_is_being_written_is_left_alone(results: Path) -> None:
    with (
        FileLock(results / ".lock"),
        pytest.raises(BadResults, match="being written"),
    ):
        trace_sources(results)
    assert not (results / "sources.parquet").exists()


def test_a_new_run_takes_the_old_ones_sources_away(results: Path) -> None:
    trace_sources(results)
    with ResultsWriter(results) as out:
        out.finish([], {})
    assert not (results / "sources.parquet").exists()


ALIASES = """
[[actor]]
name = "Karland government"
kind = "body"
also = ["Lake Palace"]
"""


@pytest.fixture
def named(tmp_path: Path) -> Path:
    """Articles of two outlets that call one government by two names."""
    path = tmp_path / "named"
    lines = ("The Lake Palace met today.", "The Karland government met today.")
    with ResultsWriter(path) as out:
        for number in range(12):
            line, outlet = lines[number % 2], ("Herald", "Courier")[number // 6]
            name = line.removeprefix("The ").removesuffix(" met today.")
            article = Article(f"n{number}", f"n{number}.txt", line, outlet=outlet)
            sentence = Sentence(f"n{number}:0", f"n{number}", 0, 0, len(line))
            label = Label(
                sentence.sentence_id, "reported_fact", (1, 0, 0, 0), 1.0, (), "made@0"
            )
            out.add_article(
                article,
                [sentence],
                {sentence.sentence_id: label},
                status="scored",
                reason=None,
            )
            at = Span(4, 4 + len(name))
            likely = (0.1, 0.1, 0.8)
            stance = Stance(sentence.sentence_id, at, name, "body", "outlet", likely)
            out.add_stances(article, [stance])
        out.finish([], {"model": "made@0"})
    return path


def test_every_stance_is_linked_to_its_actor_by_the_users_names_too(
    named: Path, tmp_path: Path
) -> None:
    apart = profile_outlets(named)
    table = tmp_path / "actors.toml"
    table.write_text(ALIASES, encoding="utf-8")
    joined = profile_outlets(named, table)
    assert len(apart.actors) == 2
    (actor,) = joined.actors
    mentions = list(read_results(named).mentions())
    assert [m.article_id for m in mentions] == [f"n{number}" for number in range(12)]
    assert {m.actor_id for m in mentions} == {actor.actor_id}
    assert {m.name for m in mentions} == {n.name for n in joined.namings}


def test_a_naming_counts_the_mentions_of_its_name(named: Path, tmp_path: Path) -> None:
    table = tmp_path / "actors.toml"
    table.write_text(ALIASES, encoding="utf-8")
    profile_outlets(named, table)
    counted = duckdb.sql(
        f"""SELECT n.outlet, n.name, any_value(n.own_count), count(m.sentence_id)
        FROM '{named}/namings.parquet' n
        LEFT JOIN ('{named}/mentions.parquet' m
            JOIN '{named}/articles.parquet' a USING (article_id))
        ON (a.outlet, m.actor_id, m.name) = (n.outlet, n.actor_id, n.name)
        GROUP BY ALL"""
    ).fetchall()
    assert sorted(counted) == [
        (outlet, name, 3, 3)
        for outlet in ("Courier", "Herald")
        for name in ("Karland government", "Lake Palace")
    ]


def test_comparing_claims_makes_all_that_rests_on_it_anew(
    named: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "Embedder", lambda _: embed)
    table = tmp_path / "actors.toml"
    table.write_text(ALIASES, encoding="utf-8")
    done = CliRunner().invoke(app, ["corroborate", str(named), "--actors", str(table)])
    assert done.exit_code == 0, done.output
    stored = read_results(named)
    assert [actor.name for actor in stored.actors()] == ["Karland government"]
    for name in ("standings", "grades", "profiles", "mentions"):
        assert stored.has(name)
