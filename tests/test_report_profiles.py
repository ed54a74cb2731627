"""What the report shows of outlets' profiles, and the sentences behind each figure."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.codebook import LABELS
from annotator.profile.measures import MEASURES
from annotator.records import (
    Actor,
    Article,
    AxisPlace,
    Difference,
    DistinctiveTerm,
    Estimate,
    Group,
    Label,
    LinkedMention,
    Naming,
    OutletAxis,
    Sentence,
    Share,
    Span,
    Stance,
    Tally,
    VoicedSpan,
)
from annotator.report import contents
from annotator.report.html import write_report
from annotator.report.methods import model_facts
from annotator.report.naming import naming_matrix
from annotator.report.scales import Scale, scale_of
from annotator.report.terminal import safe
from annotator.store import ResultsWriter, profiles, read_results, write_derived

FACT, _, OPINION, _ = LABELS
COURIER, HERALD = "Lake Courier", "Hill Herald"
STORY = [
    "The regime closed the ferry port of Ellory on Monday.",
    "No decent regime would strand its islanders.",
    "Divers found the wreck at noon.",
]
ACTOR = Actor(
    "ellory-0000",
    "Ellorian government",
    "body",
    mentions=24,
    articles=12,
    outlets=(Tally(COURIER, 6), Tally(HERALD, 6)),
    variants=(Tally("regime", 24),),
    family="leadership",
)


def article(
    number: int, outlet: str | None, **changes: Any
) -> tuple[Article, list[Sentence]]:
    text = " ".join(STORY)
    starts = [text.index(words) for words in STORY]
    made = Article(
        f"a{number}", f"p{number}.txt", text, outlet=outlet, title=f"Ferry {number}"
    )
    return replace(made, **changes), [
        Sentence(f"a{number}:{i}", f"a{number}", i, at, at + len(words))
        for i, (at, words) in enumerate(zip(starts, STORY, strict=True))
    ]


def label(sentence: Sentence) -> Label:
    name = OPINION if sentence.index == 1 else FACT
    probabilities = tuple(0.7 if n == name else 0.1 for n in LABELS)
    return Label(sentence.sentence_id, name, probabilities, 0.7, (), "toy@0")  # type: ignore[arg-type]


def stances(made: Article, sentences: Sequence[Sentence]) -> Iterable[Stance]:
    for sentence in sentences[:2]:
        at = made.text.index("regime", sentence.start)
        yield Stance(
            sentence.sentence_id,
            Span(at, at + 6),
            "regime",
            "body",
            "outlet",
            (0.8, 0.1, 0.1),
            family="leadership",
            head="regime",
        )


def estimate(outlet: str, measure: str, **changes: Any) -> Estimate:
    scale = MEASURES[measure].scale
    base = Estimate(Group(outlet), measure, 12, 36, 12, scale, low=0.1, high=0.5)
    return replace(base, pooled=0.3, **changes)


def profiled() -> dict[str, list[Any]]:
    """Give the records of two outlets, by table."""
    towards = {"actor_id": ACTOR.actor_id, "voice": "outlet"}
    both = (COURIER, HERALD)
    return {
        "actors": [ACTOR],
        "mentions": [
            LinkedMention(s.sentence_id, s.span, f"a{n}", ACTOR.actor_id, "regime")
            for n in range(12)
            for s in stances(*article(n, None))
        ],
        "profiles": [
            *(estimate(o, m) for o in both for m in ("opinion", "loaded", "replied")),
            *(estimate(o, "stance", **towards, numerator=-8.4) for o in both),
        ],
        "differences": [
            Difference(COURIER, "opinion", 0.2, 0.1, 0.3, 0.001, 0.004, 12, 12),
            Difference(HERALD, "opinion", -0.2, -0.3, 0.1, 0.3, 0.4, 12, 12),
            Difference(
                COURIER, "opinion", 0.1, 0.05, 0.2, 0.01, 0.02, 6, 6, within="topic"
            ),
        ],
        "namings": [
            naming
            for outlet in both
            for naming in (
                Naming(
                    outlet,
                    ACTOR.actor_id,
                    "regime",
                    Share(9, 12, 0.4, 0.9),
                    Share(4, 12),
                    loaded="-",
                    neutral="government",
                ),
                Naming(
                    outlet, ACTOR.actor_id, "government", Share(3, 12), Share(4, 12)
                ),
            )
        ],
        "terms": [DistinctiveTerm(COURIER, "ferry port", 4.2, 1.3, 12, 3, 9)],
        "axis": [OutletAxis(0.4, 0.2, False, "No axis to show.")],
    }


def page_of(
    folder: Path,
    records: dict[str, list[Any]],
    articles: Sequence[tuple[Article, list[Sentence]]] | None = None,
) -> str:
    """Store articles and profiles, write their report and read it."""
    if articles is None:
        articles = [article(n, COURIER if n % 2 else HERALD) for n in range(12)]
    out = folder / "out"
    with ResultsWriter(out) as writer:
        for made, sentences in articles:
            labels = {s.sentence_id: label(s) for s in sentences}
            writer.add_article(made, sentences, labels, status="scored", reason=None)
            writer.add_voices(
                made, [VoicedSpan(s.sentence_id, s.span, "outlet") for s in sentences]
            )
            writer.add_stances(made, stances(made, sentences))
        writer.finish([], {"model": "toy@0", "code_version": "1.2.3"})
    row_of: dict[str, Callable[[Any], Any]] = {
        "actors": profiles.actor_row,
        "mentions": profiles.mention_row,
        "profiles": profiles.estimate_row,
        "differences": profiles.difference_row,
        "namings": profiles.naming_row,
        "terms": profiles.term_row,
    }
    tables: dict[str, list[Any]] = {
        name: [row_of[name](r) for r in own]
        for name, own in records.items()
        if name != "axis"
    }
    tables["axis"] = [
        row for axis in records["axis"] for row in profiles.axis_rows(axis)
    ]
    write_derived(out, tables)
    write_report(read_results(out), out / "report.html")
    return (out / "report.html").read_text("utf-8")


class Page(HTMLParser):
    """Elements of a page, its visible text, and the data it embeds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._inside = ""
        self.feed(html)
        found = re.search(r'id="evidence">(.*?)</script>', html, re.S)
        self.evidence: dict[str, Any] = json.loads(found[1] if found else "{}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.texts.append(data)

    def behind(self, title: str) -> tuple[int, list[list[Any]]]:
        """Give how many sentences a figure has, and those that are embedded."""
        total, *chosen = self.evidence["cells"][self.evidence["titles"].index(title)]
        return total, chosen


class TestSections:
    def test_without_profiles_there_is_no_comparison_but_a_methods_section(
        self, tmp_path: Path
    ) -> None:
        with ResultsWriter(tmp_path / "out") as writer:
            writer.finish([], {"model": "toy@0"})
        write_report(read_results(tmp_path / "out"), tmp_path / "report.html")
        page = Page((tmp_path / "report.html").read_text("utf-8"))
        ids = {attrs.get("id") for _, attrs in page.elements}
        assert "methods" in ids
        assert not {"profiles", "naming", "stance", "terms", "axis"} & ids

    def test_figures_stand_with_their_interval_and_what_they_rest_on(
        self, tmp_path: Path
    ) -> None:
        text = " ".join(Page(page_of(tmp_path, profiled())).texts)
        for shown in ("33\xa0%", "10–50", "24 articles", "All outlets together"):
            assert shown in text
        assert "1 more measure" in text, "measures that are no headline are folded"

    def test_a_difference_is_marked_only_if_it_survives(self, tmp_path: Path) -> None:
        page = Page(page_of(tmp_path, profiled()))
        marks = [a["href"] for tag, a in page.elements if tag == "use"]
        legend = ["#m0", "#m1", "#m-1", "#mp"]
        assert marks[:4] == legend
        assert marks.count("#m1") - 1 == 1
        assert marks.count("#m-1") - 1 == 0

    def test_too_little_data_is_said_with_how_much_more_it_takes(
        self, tmp_path: Path
    ) -> None:
        records = profiled()
        few = estimate(HERALD, "opinion", low=None, high=None, articles=3, needed=27)
        records["profiles"] = [few]
        text = re.sub(r"\s+", " ", " ".join(Page(page_of(tmp_path, records)).texts))
        assert "not enough data, about 27 more articles needed (3 read)" in text
        assert "33\xa0%" not in text

    def test_groups_by_topic_or_month_are_not_taken_for_outlets(
        self, tmp_path: Path
    ) -> None:
        records = profiled()
        other = replace(estimate(COURIER, "opinion"), group=Group(COURIER, "ferries"))
        records["profiles"] = [estimate(COURIER, "opinion"), other]
        html = page_of(tmp_path, records)
        section = html[html.index('id="profiles"') : html.index('id="naming"')]
        assert section.count('<th scope="row">') == 1

    def test_a_loaded_name_has_its_sign_and_the_neutral_one_beside_it(
        self, tmp_path: Path
    ) -> None:
        html = page_of(tmp_path, profiled())
        naming = html[html.index('id="naming"') : html.index('id="stance"')]
        text = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", naming))
        assert "− takes sides, against regime others: government" in text
        assert "75 %" in text
        assert "(25 %)" in text, "too few articles for an interval"

    @pytest.mark.parametrize(
        ("axis", "said"),
        [
            (OutletAxis(0.4, 0.2, False, "No better than chance."), "No axis is shown"),
            (
                OutletAxis(
                    0.4, 0.001, True, "Six.", (AxisPlace("outlet", COURIER, 1.0, 0, 2),)
                ),
                "no name and no good end",
            ),
        ],
    )
    def test_the_axis_is_never_named(
        self, tmp_path: Path, axis: OutletAxis, said: str
    ) -> None:
        html = page_of(tmp_path, profiled() | {"axis": [axis]})
        section = html[html.index('id="axis"') : html.index('id="within"')]
        assert said in section
        assert axis.note in section

    def test_differences_on_the_same_topic_stand_apart(self, tmp_path: Path) -> None:
        html = page_of(tmp_path, profiled())
        section = html[html.index('id="within"') : html.index('id="flagged"')]
        assert section.count('<th scope="row">') == 1
        assert "+10.0 points" in section
        assert "3 differences were tested" in html

    def test_nothing_of_it_is_fetched_or_styled_in_place(self, tmp_path: Path) -> None:
        for tag, attrs in Page(page_of(tmp_path, profiled())).elements:
            assert tag not in ("link", "img", "iframe", "object", "base", "image")
            assert not {"src", "srcset", "style", "action"} & set(attrs)
            assert not [name for name in attrs if name.startswith("on")]


class TestEvidence:
    @pytest.mark.parametrize(
        ("title", "total", "marked"),
        [
            (f"{COURIER} · Opinion", 6, None),
            (f"{COURIER} · stance towards Ellorian government, narrator", 12, "regime"),
            (f"{HERALD} · Ellorian government called “regime”", 12, "regime"),
            (f"{COURIER} · “ferry port”", 6, "ferry port"),
        ],
    )
    def test_a_figure_opens_the_sentences_it_counts(
        self, tmp_path: Path, title: str, total: int, marked: str | None
    ) -> None:
        page = Page(page_of(tmp_path, profiled()))
        found, chosen = page.behind(title)
        assert found == total
        for number, start, end, _ in chosen:
            _, place = page.evidence["sentences"][number]
            words = STORY[place]
            assert (words[start:end] if start >= 0 else None) == marked
        ids = {attrs.get("id") for _, attrs in page.elements}
        for number, *_ in chosen:
            assert "s{}-{}".format(*page.evidence["sentences"][number]) in ids

    def test_a_sample_takes_each_article_before_any_twice(self, tmp_path: Path) -> None:
        page = Page(page_of(tmp_path, profiled()))
        _, chosen = page.behind(f"{HERALD} · Ellorian government called “regime”")
        articles = {page.evidence["sentences"][number][0] for number, *_ in chosen}
        assert len(articles) == len(chosen) == 5

    def test_stances_have_their_polarity(self, tmp_path: Path) -> None:
        title = f"{COURIER} · stance towards Ellorian government, narrator"
        _, chosen = Page(page_of(tmp_path, profiled())).behind(title)
        assert {polarity for *_, polarity in chosen} == {-1}

    def test_a_copy_within_the_outlet_counts_once(self, tmp_path: Path) -> None:
        copied = [article(0, COURIER), article(1, COURIER, duplicate_of="a0")]
        page = Page(page_of(tmp_path, profiled(), copied))
        assert page.behind(f"{COURIER} · Opinion")[0] == 1

    def test_sentences_of_articles_not_shown_are_embedded_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(contents, "ARTICLE_BYTES", 0)
        page = Page(page_of(tmp_path, profiled()))
        texts = [row[3] for row in page.evidence["sentences"]]
        places = [tuple(row[:2]) for row in page.evidence["sentences"]]
        assert set(texts) <= set(STORY)
        assert len(places) == len(set(places))
        assert all(row[2] in "fcoan" for row in page.evidence["sentences"])

    def test_every_figure_that_opens_has_a_list(self, tmp_path: Path) -> None:
        page = Page(page_of(tmp_path, profiled()))
        numbers = {int(a["data-e"] or "") for _, a in page.elements if "data-e" in a}
        assert numbers == set(range(len(page.evidence["cells"])))
        assert len(page.evidence["titles"]) == len(page.evidence["cells"])


HOSTILE = [
    "<script>alert('owned')</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><!--",
    "{{ 7 * 7 }}",
    "\x1b[2J\u202egnp.exe",
    "x" * 10_000,
]


def renamed(text: str) -> dict[str, list[Any]]:
    """Put a text wherever a profile takes one from outside."""
    records = profiled()
    actor = replace(ACTOR, name=text)
    axis = OutletAxis(0.4, 0.001, True, text, (AxisPlace("outlet", text, 1.0, 0, 2),))
    return {
        "actors": [actor],
        "mentions": [replace(m, name=text) for m in records["mentions"]],
        "profiles": [replace(e, group=Group(text)) for e in records["profiles"][::2]]
        + [replace(e, group=Group(f"{text} 2")) for e in records["profiles"][1::2]],
        "differences": [replace(d, outlet=text) for d in records["differences"]],
        "namings": [
            replace(n, outlet=text, name=n.name + text, neutral=text)
            for n in records["namings"][:2]
        ],
        "terms": [replace(t, outlet=text, term=text) for t in records["terms"]],
        "axis": [axis],
    }


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:12]))
def test_hostile_names_stay_text_and_short(tmp_path: Path, hostile: str) -> None:
    calm = Page(page_of(tmp_path / "calm", renamed("plain words")))
    html = page_of(tmp_path / "hostile", renamed(hostile))
    page = Page(html)
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in calm.elements]
    shown = "".join(page.texts)
    assert safe(hostile)[:50] in shown
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e\u2066-\u2069]", shown)
    assert "x" * 601 not in html


def test_many_outlets_fit_beside_the_articles(tmp_path: Path) -> None:
    """All that profiles add stays under 2 MB, whatever the number of outlets."""
    records = profiled()
    outlets = [f"The Northern Courier and Gazette {n}" for n in range(300)]
    records["profiles"] = [
        estimate(o, m) for o in outlets for m in MEASURES if m != "stance"
    ]
    records["namings"] = [
        replace(n, outlet=o) for o in outlets for n in records["namings"][:2]
    ]
    records["terms"] = [
        DistinctiveTerm(o, f"ferry port {n}", 9.0 - n, 1.0, 9, 9, 9)
        for o in outlets
        for n in range(20)
    ]
    html = page_of(tmp_path, records, [])
    assert len(html.encode()) < 2_000_000
    assert "260 more in" in html


class TestNamingMatrix:
    def naming(self, outlet: str, actor: str, name: str, **changes: Any) -> Naming:
        made = Naming(outlet, actor, name, Share(1, 2), Share(1, 4))
        return replace(made, **changes)

    def test_an_actor_of_one_name_is_left_out(self) -> None:
        assert (
            naming_matrix([self.naming("A", ACTOR.actor_id, "regime")], [ACTOR]) is None
        )

    def test_actors_with_a_loaded_name_come_first(self) -> None:
        calm = replace(ACTOR, actor_id="calm", mentions=99)
        namings = [
            self.naming("A", "calm", "ferry line"),
            self.naming("A", "calm", "operator"),
            self.naming("A", ACTOR.actor_id, "government"),
            self.naming("A", ACTOR.actor_id, "regime", loaded="-"),
        ]
        matrix = naming_matrix(namings, [calm, ACTOR])
        assert matrix is not None
        assert [group.actor.actor_id for group in matrix.groups] == [
            ACTOR.actor_id,
            "calm",
        ]


class TestScale:
    @given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9))
    def test_every_figure_stands_on_the_line(self, figures: list[float]) -> None:
        scale = scale_of(figures)
        assert all(0 <= scale.at(x) <= 100 for x in figures)

    @given(st.floats(1e-3, 1e5))
    def test_ticks_are_few_and_on_the_line(self, width: float) -> None:
        ticks = Scale(0, width).ticks
        assert 2 <= len(ticks) <= 6
        assert all(0 <= t <= width * (1 + 1e-9) for t in ticks)


class TestMethods:
    def model(self, home: Path, card: str = "# Toy", **metrics: Any) -> None:
        (home / "toy").mkdir()
        (home / "toy" / "model.json").write_text('{"sha256": "abc123"}')
        (home / "toy" / "metrics.json").write_text(json.dumps(metrics))
        (home / "toy" / "card.md").write_text(card)

    def test_the_model_is_described_from_its_folder(self, tmp_path: Path) -> None:
        figure = {"value": 0.86, "low": 0.83, "high": 0.89}
        self.model(
            tmp_path,
            sentences=1101,
            articles=165,
            scores={"toy@abc": {"macro_f1": figure}},
        )
        facts = model_facts("toy@abc", (tmp_path,))
        assert [(s.name, s.value) for s in facts.scores] == [
            ("macro-F1 of labels", 0.86)
        ]
        assert facts.data.startswith("1,101 sentences of 165 articles")

    @pytest.mark.parametrize(
        ("version", "missing"),
        [
            ("toy@999", "other weights"),
            ("no@abc", "one of your own"),
            ("../toy@abc", "do not say"),
            ("toy", "do not say"),
            ("", "do not say"),
        ],
    )
    def test_another_hash_or_name_is_another_model(
        self, tmp_path: Path, version: str, missing: str
    ) -> None:
        self.model(tmp_path)
        facts = model_facts(version, (tmp_path,))
        assert facts.card is None
        assert facts.scores == ()
        assert missing in facts.missing

    def test_a_model_that_was_never_measured_has_a_card_and_no_figures(
        self, tmp_path: Path
    ) -> None:
        self.model(tmp_path)
        facts = model_facts("toy@abc", (tmp_path,))
        assert facts.card is not None
        assert "no figures" in facts.missing

    def test_stance_has_a_figure_for_each_file_it_was_measured_on(
        self, tmp_path: Path
    ) -> None:
        figure = {"value": 0.8, "low": 0.78, "high": 0.82}
        files = ["news.jsonl", "\x1b[2J" + "x" * 999]
        self.model(tmp_path, stances=[{"data": f, "macro_f1": figure} for f in files])
        first, second = model_facts("toy@abc", (tmp_path,)).scores
        assert first == ("macro-F1 of stance on news.jsonl", 0.8, 0.78, 0.82)
        assert len(second.name) < 100
        assert second.name.isprintable()

    def test_the_report_is_written_without_torch(self) -> None:
        code = (
            "import sys\n"
            "import annotator.report.html, annotator.tag.shelf\n"
            "annotator.tag.shelf.model_folder('compact')\n"
            "sys.exit(', '.join({'torch', 'transformers'} & set(sys.modules)) or 0)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize(
        "metrics",
        [
            {"scores": []},
            {"scores": {"toy@abc": 1}},
            {"stances": [1, {"macro_f1": "x"}]},
        ],
    )
    def test_metrics_of_another_shape_give_no_figures(
        self, tmp_path: Path, metrics: dict[str, Any]
    ) -> None:
        self.model(tmp_path, **metrics)
        assert model_facts("toy@abc", (tmp_path,)).scores == ()

    @pytest.mark.parametrize(
        "card",
        [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "![x](https://example.org/x.png)",
            "| a |\n|:-:|\n| b |",
            "<https://example.org>",
        ],
    )
    def test_a_card_cannot_run_fetch_or_style(self, tmp_path: Path, card: str) -> None:
        self.model(tmp_path, card)
        html = str(model_facts("toy@abc", (tmp_path,)).card)
        assert not re.search("<script|<a |<img|style=", html)
