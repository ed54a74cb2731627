"""What the files of the review page promise, without a browser."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from jinja2 import Environment, PackageLoader

from annotator.codebook import LABELS, SOURCE_KINDS
from annotator.decisions import ORDERS

PAGE = Path(__file__).parents[1] / "annotator" / "review"
TEMPLATES = sorted((PAGE / "templates").glob("*.j2"))
STATIC = sorted((PAGE / "static").iterdir())
SCRIPTS = [path for path in STATIC if path.suffix == ".js"]
PAGES = ["sign_in", "invite", "error", "review", "adjudicate", "dashboard"]

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
TEXT_CONTRAST = 4.5
CONTROL_CONTRAST = 3.0
"""WCAG 2.2, success criteria 1.4.3 and 1.4.11."""


def read(name: str) -> str:
    return (PAGE / "static" / name).read_text(encoding="utf-8")


def rendered(name: str, **values: object) -> str:
    environment = Environment(loader=PackageLoader("annotator.review"), autoescape=True)
    me = {"name": "Ada", "role": "adjudicator", "blind": False, "alone": False}
    given = {"csrf": "token", "me": me, "title": "Title", "error": ""} | values
    return environment.get_template(f"{name}.html.j2").render(given)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_nothing_the_content_security_policy_would_block(
    path: Path,
) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert re.findall(r"<script(?![^>]* src=\"/static/)", text) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *STATIC], ids=lambda path: path.name)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(SVG_NAMESPACE, "")
    assert not re.search(r"https?://\w|[\"'(]//\w|@import|url\(", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_never_makes_markup_or_code_of_text(path: Path) -> None:
    banned = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\("
    )
    assert not re.search(banned, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [*TEMPLATES, *SCRIPTS], ids=lambda path: path.name)
def test_every_file_that_is_asked_for_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wanted = re.findall(r"\"/static/([^\"]+)\"|from \"\./([^\"]+)\"", text)
    there = {file.name for file in STATIC}
    assert {a or b for a, b in wanted} <= there


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_element_a_script_asks_for_is_on_a_page(path: Path) -> None:
    made = set(
        re.findall(
            r"id: \"([\w-]+)\"", "".join(read(script.name) for script in SCRIPTS)
        )
    )
    there = set(re.findall(r"\bid=\"([\w-]+)\"", "".join(map(rendered, PAGES)))) | made
    wanted = re.findall(
        r"(?:byId|\bon)\(\"([\w-]+)\"", path.read_text(encoding="utf-8")
    )
    assert set(wanted) <= there


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_labels_point_at_fields(name: str) -> None:
    page = rendered(name)
    ids = re.findall(r"\bid=\"([\w-]+)\"", page)
    assert len(ids) == len(set(ids))
    pointed = re.findall(
        r"(?:for|aria-labelledby|aria-describedby|aria-controls)=\"([\w-]+)\"", page
    )
    assert set(pointed) <= set(ids)


@pytest.mark.parametrize("name", PAGES)
def test_what_comes_from_outside_is_escaped(name: str) -> None:
    hostile = "\"'><script>alert(1)</script>"
    me = {"name": hostile, "role": "adjudicator", "blind": False, "alone": False}
    page = rendered(name, me=me, title=hostile, error=hostile, csrf=hostile)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 3


def test_a_reviewer_is_offered_nothing_that_only_an_adjudicator_may_do() -> None:
    me = {"name": "Ben", "role": "reviewer", "blind": False, "alone": False}
    page = rendered("dashboard", me=me)
    for part in ("/adjudicate", "new-account", "assign", "decisions.jsonl"):
        assert part not in page


@pytest.mark.parametrize("name", ["review", "adjudicate"])
def test_every_key_has_a_button_and_stands_in_the_list_of_keys(name: str) -> None:
    page = rendered(name)
    keys = re.findall(r"aria-keyshortcuts=\"([^\"]+)\"", page)
    listed = page[page.index("<dialog") :]
    shown = {"ArrowLeft": "←", "ArrowRight": "→"}
    assert all(f"<kbd>{shown.get(key, key)}</kbd>" in listed for key in keys)
    wired = re.search(r"listen\(\{(.*?)\}\);", read(f"{name}.js"), re.S)
    assert wired
    acts = set(re.findall(r"(?:^|[\s,{])\"?([\w/]+)\"?(?=:|, )", wired[1]))
    assert {key if len(key) > 1 else key.lower() for key in keys} - set("1234?") <= acts


def test_the_page_knows_the_names_of_the_codebook() -> None:
    script = read("labels.js")
    assert tuple(re.findall(r"name: \"(\w+)\"", script)) == LABELS
    kinds = re.search(r"SOURCE_KINDS = \[(.*?)\]", script, re.S)
    assert kinds
    assert tuple(re.findall(r"\"(\w+)\"", kinds[1])) == SOURCE_KINDS
    orders = re.search(r"ORDER_NAMES = \{(.*?)\}", read("queue.js"), re.S)
    assert orders
    assert set(re.findall(r"(\w+): \"", orders[1])) == set(ORDERS)


def colours() -> dict[str, tuple[str, str]]:
    """The palette: what each name is in the light and in the dark theme."""
    found: dict[str, tuple[str, str]] = {}
    for name, value in re.findall(r"--([\w-]+): ([^;]+);", read("page.css")):
        pair = re.fullmatch(r"light-dark\((#\w+), (#\w+)\)", value)
        if pair:
            found[name] = (pair[1], pair[2])
        elif re.fullmatch(r"#\w+", value):
            found[name] = (value, value)
    return found


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, as WCAG 2.2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    r, g, b = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("paper", "card", "well")
PAIRS = [
    *((ink, on, TEXT_CONTRAST) for ink, on in product(("ink", "soft"), GROUNDS)),
    *((ink, on, TEXT_CONTRAST) for ink, on in product(("link", "alert"), GROUNDS)),
    *((f"on-{letter}", letter, TEXT_CONTRAST) for letter in "fcoa"),
    ("on-link", "link", TEXT_CONTRAST),
    *(("edge", on, CONTROL_CONTRAST) for on in GROUNDS),
    *((layer, "card", CONTROL_CONTRAST) for layer in ("source", "cue", "content")),
    ("loaded", "card", CONTROL_CONTRAST),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_colours_stand_out_as_the_guidelines_ask(
    ink: str, ground: str, least: float, theme: str
) -> None:
    palette = colours()
    place = ("light", "dark").index(theme)
    assert contrast(palette[ink][place], palette[ground][place]) >= least
