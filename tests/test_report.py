"""What a person is shown, and that hostile text stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from annotator.codebook import LABELS, LabelName
from annotator.profile import profile
from annotator.records import (
    Article,
    DroppedLine,
    Failure,
    Label,
    OutletProfile,
    Sentence,
    Share,
)
from annotator.report import contents
from annotator.report.html import write_report
from annotator.report.terminal import outlet_table, safe
from annotator.store import ResultsWriter, read_results

FACT, CLAIM, OPINION, ALLEGATION = LABELS

STORY: list[tuple[LabelName, str]] = [
    (FACT, "The ferry left the harbour of Port Ellory at six."),
    (CLAIM, "The harbour master said that the captain had been warned twice."),
    (ALLEGATION, "The engine had reportedly been failing for weeks."),
    (OPINION, "No decent company would have let her sail."),
]
HOSTILE = [
    "<script>alert('owned')</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></script><svg onload=alert(1)>",
    "=cmd()|' /C calc'!A0",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp;amp;",
    "\x1b]0;owned\x07\x1b[2J",
    "\u202etxt.exe\u2066",
]
ONE = Share(1, 4, 0.1, 0.6)


def labelled(sentence: Sentence, name: LabelName) -> Label:
    probabilities = tuple(0.7 if name == n else 0.1 for n in LABELS)
    reasons = ("allegation: nobody can be asked",) if name == ALLEGATION else ()
    return Label(sentence.sentence_id, name, probabilities, 0.7, reasons, "toy@0")  # type: ignore[arg-type]


def article(
    number: int, outlet: str | None, story: list[tuple[LabelName, str]]
) -> tuple[Article, list[Sentence], dict[str, Label]]:
    """Make an article of the sentences given, two to a paragraph."""
    text, sentences, labels = "", [], {}
    for index, (name, words) in enumerate(story):
        text += ("" if not index else " " if index % 2 else "\n\n") + words
        sentence = Sentence(
            f"a{number}:{index}", f"a{number}", index, len(text) - len(words), len(text)
        )
        sentences.append(sentence)
        labels[sentence.sentence_id] = labelled(sentence, name)
    title = f"Ferry story {number}"
    return (
        Article(f"a{number}", f"p{number}.txt", text, outlet=outlet, title=title),
        (sentences),
        labels,
    )


def report(
    folder: Path,
    made: list[tuple[Article, list[Sentence], dict[str, Label]]],
    dropped: tuple[DroppedLine, ...] = (),
    failures: tuple[Failure, ...] = (),
) -> str:
    """Store articles, write their report and read it."""
    with ResultsWriter(folder / "out") as out:
        for line in dropped:
            out.add_dropped(line)
        for a, sentences, labels in made:
            out.add_article(a, sentences, labels, status="scored", reason=None)
        for failure in failures:
            out.add_failure(failure)
        profiles = profile(
            [a for a, _, _ in made],
            [s for _, sentences, _ in made for s in sentences],
            {k: v for _, _, labels in made for k, v in labels.items()},
        )
        out.finish(profiles, {"model": "toy", "seconds": 1.5, "options": {"seed": 0}})
    path = folder / "out" / "report.html"
    write_report(read_results(folder / "out"), path)
    return path.read_text("utf-8")


class Page(HTMLParser):
    """The elements, attributes and visible text of a page, as a browser sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.raw: list[str] = []
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        (self.raw if self._inside in ("script", "style") else self.texts).append(data)


class TestTerminal:
    def lines(self, *profiles: OutletProfile, width: int) -> list[str]:
        out = StringIO()
        Console(file=out, width=width).print(outlet_table(profiles))
        return out.getvalue().splitlines()

    def outlet(self, name: str | None, **changes: object) -> OutletProfile:
        base = {
            "n_articles": 1234,
            "n_duplicates": 0,
            "n_sentences": 45678,
            "labels": (Share(4, 4, 0.99, 1.0), ONE, ONE, ONE),
            "flagged": ONE,
            "enough": True,
        }
        return OutletProfile(name, **(base | changes))  # type: ignore[arg-type]

    @pytest.mark.parametrize("width", [80, 100])
    @pytest.mark.parametrize("name", ["The Northern Courier and Gazette", "新華社" * 9])
    def test_it_fits_and_loses_no_column(self, width: int, name: str) -> None:
        lines = self.lines(self.outlet(name), width=width)
        assert max(map(cell_len, lines)) <= width
        text = "\n".join(lines)
        for shown in ("1,234", "45,678", "25\xa0%", "[10–60]", "[99–100]", "flagged"):
            assert shown in text

    def test_at_100_columns_an_outlet_is_one_line(self) -> None:
        lines = self.lines(self.outlet("Northern Courier"), width=100)
        assert len(lines) == len(["heading", "outlet", "caption"])

    def test_too_few_articles_is_said_beside_a_share_without_interval(self) -> None:
        bare = Share(1, 4)
        few = self.outlet("Courier", enough=False, n_articles=3, labels=(bare,) * 4)
        text = " ".join(self.lines(few, width=100))
        assert "too few articles" in text
        assert "25\xa0%" in text
        assert "10–60" not in text

    def test_copies_left_out_and_an_unknown_outlet_are_said(self) -> None:
        text = " ".join(self.lines(self.outlet(None, n_duplicates=7), width=100))
        assert "unknown outlet" in text
        assert "+ 7 copies" in text

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("Daily News", "Daily News"),
            ("صحيفة الوطن\u200f", "صحيفة الوطن\u200f"),
            ("👩🏽‍🚀 News", "👩🏽‍🚀 News"),
            ("two\r\nlines\tand", "two lines and"),
            ("\x1b[31mred", "⟨1B⟩[31mred"),
            ("\x9b31mred", "⟨9B⟩31mred"),
            ("\u202egnp.exe", "⟨202E⟩gnp.exe"),
            ("half\ud83d", "half⟨D83D⟩"),
            ("nul\x00 bell\x07", "nul⟨00⟩ bell⟨07⟩"),
        ],
    )
    def test_safe_leaves_text_and_disarms_controls(self, text: str, shown: str) -> None:
        assert safe(text) == shown

    def test_an_outlet_name_can_neither_colour_nor_clear_the_screen(self) -> None:
        name = "\x1b[2J[red]Evil[/red]"
        text = "\n".join(self.lines(self.outlet(name), width=100))
        assert "\x1b" not in text
        assert "[red]Evil" in text


class TestHtml:
    def test_it_shows_every_sentence_with_its_label_and_probabilities(
        self, tmp_path: Path
    ) -> None:
        html = report(tmp_path, [article(1, "Courier", STORY)])
        for letter, (_, words) in zip("fcao", STORY, strict=True):
            assert re.search(rf"<span class={letter}[^>]*>{re.escape(words)}", html)
        assert 'data-p="10 10 10 70"' in html

    def test_a_sentence_without_a_label_says_why(self, tmp_path: Path) -> None:
        a = Article("a", "p", "قالت الوزارة", outlet="Courier")
        skipped = Sentence("a:0", "a", 0, 0, len(a.text), skipped="language ar")
        html = report(tmp_path, [(a, [skipped], {})])
        assert 'data-k="language ar"' in html
        assert "<b>1</b> language ar" in html

    def test_flagged_claims_lead_to_their_place(self, tmp_path: Path) -> None:
        page = Page(report(tmp_path, [article(1, "Courier", STORY)]))
        ids = {attrs.get("id") for _, attrs in page.elements}
        links = [a["href"] or "" for tag, a in page.elements if tag == "a"]
        assert "#s0-2" in links
        assert {link.removeprefix("#") for link in links} <= ids

    def test_dropped_lines_and_failures_stand_with_their_reasons(
        self, tmp_path: Path
    ) -> None:
        html = report(
            tmp_path,
            [article(1, "Courier", STORY)],
            dropped=(
                DroppedLine("p1.txt", 9, 0, 5, "Share this", "share button", "a1"),
            ),
            failures=(Failure("broken.txt", "read", "empty file"),),
        )
        assert "1 line left out" in html
        assert "share button" in html
        assert "<code>broken.txt</code> read: empty file" in html

    def test_run_facts_are_shown(self, tmp_path: Path) -> None:
        text = " ".join(Page(report(tmp_path, [])).texts)
        assert re.search(r"model\s+toy", text)
        assert re.search(r"options\s+seed 0", text)
        assert "No article could be scored." in text

    def test_nothing_is_fetched_and_only_our_own_code_runs(
        self, tmp_path: Path
    ) -> None:
        page = Page(report(tmp_path, [article(1, "Courier", STORY)]))
        policy = next(
            a["content"] or ""
            for _, a in page.elements
            if a.get("http-equiv") == "Content-Security-Policy"
        )
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        for tag, attrs in page.elements:
            assert tag not in ("link", "img", "iframe", "object", "base", "image")
            assert not {"src", "srcset", "style", "action"} & set(attrs)
            assert not [name for name in attrs if name.startswith("on")]
        assert not re.search(r"@import|url\((?!#)|https?:", "".join(page.raw))

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_hostile_text_is_shown_as_text_wherever_it_stands(
        self, tmp_path: Path, hostile: str
    ) -> None:
        calm = Page(report(tmp_path / "calm", self.everywhere("plain words")))
        page = Page(report(tmp_path / "hostile", self.everywhere(hostile)))
        assert [tag for tag, _ in page.elements] == [tag for tag, _ in calm.elements]
        assert len(page.raw) == len(calm.raw)
        shown = "".join(page.texts)
        assert shown.count(safe(hostile)) >= 5
        assert not re.search("[\x00-\x08\x1b\u202a-\u202e\u2066-\u2069]", shown)

    def everywhere(self, text: str) -> list[tuple[Article, list[Sentence], dict]]:  # type: ignore[type-arg]
        a = Article(
            "a",
            text,
            text,
            outlet=text,
            title=text,
            author=text,
            url=text,
            notes=(text,),
        )
        sentence = Sentence("a:0", "a", 0, 0, len(text))
        label = Label("a:0", ALLEGATION, (0.1, 0.1, 0.1, 0.7), 0.7, (text,), "toy")
        return [(a, [sentence], {"a:0": label})]

    def test_an_article_of_thirty_sentences_takes_under_ten_kilobytes(
        self, tmp_path: Path
    ) -> None:
        filler = [(name, f"{words} {'word ' * 16}") for name, words in STORY * 8]
        made = [article(n, "Courier", filler[:30]) for n in range(101)]
        few = len(report(tmp_path / "few", made[:1]).encode())
        many = report(tmp_path / "many", made)
        assert many.count('class="article"') == 101
        assert (len(many.encode()) - few) / 100 < 10_000

    def test_what_does_not_fit_is_left_out_and_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(contents, "ARTICLE_BYTES", 5_000)
        html = report(tmp_path, [article(n, "Courier", STORY) for n in range(9)])
        assert html.count('class="article"') == 2
        assert "The first 2 of 9 articles are shown in full" in html
        assert "Ferry story 8" in html, "its flagged claim is still listed"

    def test_outlets_beyond_the_largest_are_counted_not_shown(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(contents, "OUTLETS_SHOWN", 1)
        made = [article(0, "Small", STORY)]
        made += [article(n, "Large", STORY) for n in (1, 2)]
        html = report(tmp_path, made)
        assert re.findall(r'<th scope="row"><bdi>(\w+)', html) == ["Large"]
        assert "1 more are in" in html
        assert "from 2 outlets" in html

    def test_only_the_most_pressing_flags_are_listed(self, tmp_path: Path) -> None:
        story = [(ALLEGATION, f"It is said that boat {n} sank.") for n in range(40)]
        html = report(tmp_path, [article(1, "Courier", story)])
        assert html.count("<blockquote") == 25
        assert "15 more in" in html
