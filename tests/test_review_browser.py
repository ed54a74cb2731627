"""What a person can do on the review page, in a real browser on a real server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from browser import (
    ARABIC,
    EVIL_OUTLET,
    HOSTILE,
    PASSWORD,
    free_port,
    serving,
)
from playwright.sync_api import Browser, Page, Route, expect

from annotator.records import Decision, MarkedSpan, Span
from annotator.review import Options
from annotator.store.reviews import ReviewLog

pytest_plugins = ["browser"]

FLAGGED = 18
WAIT = 5_000

Visit = Callable[..., Page]


@pytest.fixture
def alone(harbour: Path, log: ReviewLog) -> Iterator[str]:
    """The address of a server without accounts."""
    with serving(harbour, log, Options(port=free_port(), order="text")) as address:
        yield address


@pytest.fixture
def team(harbour: Path, log: ReviewLog) -> Iterator[str]:
    """The address of a server with an adjudicator, Ada, and two reviewers."""
    log.add_account("Ada", "adjudicator", PASSWORD)
    log.add_account("Ben", "reviewer", PASSWORD)
    log.add_account("Cleo", "reviewer", PASSWORD)
    with serving(harbour, log, Options(port=free_port(), order="text")) as address:
        yield address


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Open a page as somebody; a request that leaves the server fails the test."""
    contexts = []
    strays: list[str] = []
    faults: list[str] = []

    def opened(address: str, path: str = "/", **options: object) -> Page:
        context = chromium.new_context(reduced_motion="reduce", **options)  # type: ignore[arg-type]
        context.set_default_timeout(WAIT)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda sent: (
                strays.append(sent.url)
                if not sent.url.startswith((address, "data:"))
                else None
            ),
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert strays == []
    assert faults == []


def sign_in(page: Page, name: str) -> Page:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".me")).to_have_text(name)
    return page


def ready(page: Page) -> str:
    """Wait until a sentence is shown; gives it."""
    expect(page.locator("#sentence")).not_to_be_empty()
    return page.locator("#sentence").inner_text()


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds; what is asserted next says if it never did."""
    for _ in range(WAIT // 20):
        if holds():
            return
        page.wait_for_timeout(20)


def stored(page: Page, log: ReviewLog, count: int) -> list[Decision]:
    """Wait until the log holds so many decisions."""
    until(page, lambda: log.count() >= count)
    found = list(log.decisions())
    assert len(found) == count
    return found


def press_on(page: Page, key: str) -> None:
    """Press a key and wait for another sentence."""
    before = page.locator("#sentence").inner_text()
    page.keyboard.press(key)
    expect(page.locator("#sentence")).not_to_have_text(before)


def select(page: Page, first: str, last: str) -> None:
    """Drag the mouse from within one word of the sentence to within another.

    On whole pixels, as a mouse does: Chromium 156 drops some drags that do not.
    """
    ends = page.evaluate(
        """([first, last]) => [first, last].map((word) => {
          const walker = document.createTreeWalker(
            document.getElementById("sentence"), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(word);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(walker.currentNode, at + 1);
            range.setEnd(walker.currentNode, at + word.length - 1);
            const { x, y, width, height } = range.getBoundingClientRect();
            return [x + width / 2, y + height / 2].map(Math.round);
          }
        })""",
        [first, last],
    )
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.mouse.move(*ends[1], steps=4)
    page.mouse.up()


def go_to(page: Page, words: str) -> None:
    """Open the sentence of the list that holds some words, once the list is at rest."""
    expect(page.locator("#queue-list [aria-current]")).to_be_attached()
    page.locator("#queue-list button", has_text=words).first.click()
    expect(page.locator("#sentence")).to_contain_text(words)


def test_a_reviewer_signs_in_labels_ten_by_keyboard_undoes_and_signs_out(
    team: str, log: ReviewLog, visit: Visit
) -> None:
    page = sign_in(visit(team), "Ben")
    ready(page)
    for key in "1234123412":
        press_on(page, key)
    labels = [d.label for d in stored(page, log, 10)]
    assert labels[:4] == [
        "reported_fact",
        "attributed_claim",
        "opinion",
        "unverifiable_allegation",
    ]
    press_on(page, "u")
    assert stored(page, log, 11)[-1].action == "undo"
    expect(page.locator("#progress-text")).to_contain_text(f"9 of {FLAGGED}")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{team}/sign-in")


def test_enter_takes_the_machines_label_and_s_skips(
    alone: str, log: ReviewLog, visit: Visit
) -> None:
    page = visit(alone)
    ready(page)
    press_on(page, "Enter")
    press_on(page, "s")
    accepted, skipped = stored(page, log, 2)
    assert accepted.label == accepted.machine_label == "attributed_claim"
    assert (skipped.action, skipped.label) == ("skip", None)


def test_keys_do_nothing_while_a_note_or_a_search_is_typed(
    alone: str, log: ReviewLog, visit: Visit
) -> None:
    page = visit(alone)
    first = ready(page)
    page.keyboard.press("n")
    page.keyboard.type("1 odd use of 4 numbers")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("pier 3")
    expect(page.locator("#queue-count")).to_have_text("2 sentences")
    assert log.count() == 0
    page.get_by_label("Search in the text").fill("")
    expect(page.locator("#sentence")).to_have_text(first)
    page.locator("main").focus()
    press_on(page, "3")
    assert stored(page, log, 1)[0].note == "1 odd use of 4 numbers"


def test_blind_shows_nothing_of_the_machine_until_the_label_is_given_and_then_both(
    harbour: Path, log: ReviewLog, visit: Visit
) -> None:
    options = Options(port=free_port(), order="text", blind=True)
    with serving(harbour, log, options) as address:
        page = visit(address)
        first = ready(page)
        expect(page.locator("#evidence")).to_contain_text("Hidden until")
        expect(page.locator("#sentence .mark")).to_have_count(0)
        expect(page.locator("#queue-list .key")).to_have_count(0)
        page.keyboard.press("3")
        expect(page.locator("#reveal p")).to_contain_text(
            ["You: O Opinion", "Machine: C Attributed claim", "You differ"]
        )
        expect(page.locator("#sentence")).to_have_text(first)
        expect(page.locator("#sentence .mark.source")).to_have_text(
            "The harbour ministry"
        )
        press_on(page, "Enter")
        expect(page.locator("#evidence")).to_contain_text("Hidden until")
        page.keyboard.press("4")
        expect(page.locator("#reveal")).to_contain_text("You agree")
        assert faults_of(page) == set()
        assert [d.blind for d in stored(page, log, 2)] == [True, True]


def test_dragging_over_words_marks_whole_words_and_goes_out_with_the_label(
    alone: str, log: ReviewLog, visit: Visit
) -> None:
    page = visit(alone)
    go_to(page, "Sources reportedly")
    page.get_by_label("cue").check()
    select(page, "reportedly", "blame")
    marked = page.locator("#sentence .mark.cue")
    expect(marked).to_have_text("reportedly blame")
    press_on(page, "4")
    spans = stored(page, log, 1)[0].spans
    assert spans is not None
    assert MarkedSpan("cue", Span(8, 24)) in spans
    assert any(span.layer == "loaded" for span in spans)


def test_a_mark_is_changed_and_removed_by_the_menu(alone: str, visit: Visit) -> None:
    page = visit(alone)
    go_to(page, "harbour ministry")
    page.locator("#sentence .mark.source").click()
    menu = page.get_by_role("dialog", name="harbour ministry")
    menu.get_by_role("button", name="Start one word later").click()
    expect(page.locator("#sentence .mark.source")).to_have_text("harbour ministry")
    menu.get_by_role("button", name="Loaded").click()
    menu.get_by_role("button", name="+ in favour").click()
    expect(page.locator("#sentence .mark.loaded")).to_have_attribute(
        "data-polarity", "+"
    )
    menu.get_by_role("button", name="Remove the mark").click()
    expect(menu).to_be_hidden()
    expect(page.locator("#sentence .mark.loaded")).to_have_count(0)
    page.get_by_role("button", name="Take my changes back").click()
    expect(page.locator("#sentence .mark.source")).to_have_text("The harbour ministry")


def test_a_finger_taps_a_word_and_widens_it(alone: str, visit: Visit) -> None:
    phone = {"viewport": {"width": 390, "height": 780}, "has_touch": True}
    page = visit(alone, "/#a0%3A3", **phone)
    expect(page.locator("#sentence")).to_contain_text("Sources reportedly")
    page.locator("#sentence").tap(position={"x": 30, "y": 25})
    menu = page.get_by_role("dialog", name="Sources")
    menu.get_by_role("button", name="End one word later").tap()
    menu.get_by_role("button", name="Cue").tap()
    expect(page.locator("#sentence .mark.cue")).to_have_text("Sources reportedly")


def test_marks_are_made_without_a_mouse_and_said_to_screen_readers(
    alone: str, log: ReviewLog, visit: Visit
) -> None:
    page = visit(alone)
    go_to(page, "Sources reportedly")
    page.locator("#sentence").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#announce")).to_have_text("“Sources”")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#announce")).to_have_text("“Sources reportedly”")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Source", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#announce")).to_have_text(
        "Marked “Sources reportedly” as source"
    )
    expect(page.locator("#sentence .mark.source")).to_have_text("Sources reportedly")
    assert log.count() == 0


@pytest.mark.parametrize(
    ("sentence", "first", "last", "words"),
    [
        (HOSTILE, "burned", "port", "burned the port"),
        (ARABIC, "أربعين", "قاربا", "أربعين قاربا"),
    ],
)
def test_spans_count_code_points_after_emoji_and_in_arabic(
    alone: str,
    log: ReviewLog,
    visit: Visit,
    sentence: str,
    first: str,
    last: str,
    words: str,
) -> None:
    page = visit(alone)
    go_to(page, words)
    select(page, first, last)
    expect(page.locator("#sentence .mark.source")).to_have_text(words)
    page.keyboard.press("2")
    (decision,) = stored(page, log, 1)
    start = sentence.index(words)
    assert decision.spans == (MarkedSpan("source", Span(start, start + len(words))),)


def test_the_sentence_chosen_stays_when_one_asked_for_before_comes_late(
    alone: str, visit: Visit
) -> None:
    page = visit(alone)
    first = ready(page)
    late: list[Route] = []
    page.goto("about:blank")
    page.route("**/api/next?*", lambda route: late.append(route))
    page.goto(alone)
    page.locator("#queue-list button").last.click()
    chosen = ready(page)
    assert chosen != first
    with page.expect_response("**/api/next?*"):
        late[0].continue_()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert ready(page) == chosen
    page.unroute("**/api/next?*")


def test_hostile_text_is_shown_as_text_with_its_controls_in_sight(
    alone: str, visit: Visit
) -> None:
    page = visit(alone)
    go_to(page, "burned the port")
    shown = page.locator("#sentence")
    expect(shown).to_contain_text("<script>alert(1)</script>")
    expect(shown).to_contain_text("<img src=x onerror=alert(2)>")
    expect(shown.locator(".control")).to_have_text(["RLO", "PDF"])
    expect(page.locator("#from")).to_contain_text(EVIL_OUTLET.partition(" \u202e")[0])
    assert page.locator("script, img:not(.logo)").count() == 2
    assert "\u202e" not in page.locator("body").inner_text()


def test_two_browsers_on_one_sentence_the_second_is_told_it_is_stale(
    team: str, log: ReviewLog, visit: Visit
) -> None:
    pages = [sign_in(visit(team), "Ben") for _ in range(2)]
    sentence = ready(pages[0])
    assert ready(pages[1]) == sentence
    press_on(pages[0], "1")
    stored(pages[0], log, 1)
    press_on(pages[1], "2")
    notice = pages[1].get_by_role("alert")
    expect(notice).to_contain_text("has been decided anew")
    assert stored(pages[1], log, 1)[0].label == "reported_fact"
    notice.get_by_role("button", name="Look at it").click()
    expect(pages[1].locator("#sentence")).to_have_text(sentence)
    chosen = pages[1].locator("#labels [aria-pressed=true]")
    expect(chosen).to_contain_text("Reported fact")


def warns_on_leaving(page: Page) -> bool:
    asked = """() => {
      const leaving = new Event("beforeunload", { cancelable: true });
      return !dispatchEvent(leaving);
    }"""
    return bool(page.evaluate(asked))


def test_decisions_made_while_the_server_is_down_are_stored_once_it_is_back(
    harbour: Path, log: ReviewLog, visit: Visit
) -> None:
    options = Options(port=free_port(), order="text")
    with serving(harbour, log, options) as address:
        page = visit(address)
        ready(page)
        expect(page.locator("#progress-text")).to_contain_text("0 of")
    page.keyboard.press("2")
    expect(page.get_by_role("alert").first).to_contain_text("does not answer")
    assert warns_on_leaving(page)
    with serving(harbour, log, options):
        assert stored(page, log, 1)[0].label == "attributed_claim"
        expect(page.get_by_text("tries again")).to_have_count(0)
        until(page, lambda: not warns_on_leaving(page))
        assert not warns_on_leaving(page)


def test_an_adjudicator_settles_what_two_reviewers_dispute(
    team: str, log: ReviewLog, visit: Visit
) -> None:
    for name, key in (("Ben", "1"), ("Cleo", "4")):
        page = sign_in(visit(team), name)
        ready(page)
        page.keyboard.press("n")
        page.keyboard.type(f"{name} is sure")
        page.keyboard.press("Escape")
        press_on(page, key)
    stored(page, log, 2)
    page = sign_in(visit(team), "Ada")
    page.get_by_role("link", name="Adjudicate").click()
    expect(page.locator("#left")).to_have_text("1 sentence in dispute")
    sides = page.locator(".side")
    expect(sides).to_contain_text(["Ben is sure", "Cleo is sure", "The machine"])
    page.keyboard.press("4")
    expect(page.locator("#nothing")).to_be_visible()
    settled = stored(page, log, 3)[-1]
    assert (settled.reviewer, settled.turn, settled.label) == (
        "Ada",
        "adjudication",
        "unverifiable_allegation",
    )
    page.keyboard.press("u")
    expect(page.locator("#left")).to_have_text("1 sentence in dispute")


def test_the_dashboard_tells_figures_and_lets_an_adjudicator_invite_and_assign(
    team: str, log: ReviewLog, visit: Visit
) -> None:
    page = sign_in(visit(team), "Ada")
    ready(page)
    press_on(page, "1")
    stored(page, log, 1)
    page.get_by_role("link", name="Dashboard").click()
    expect(page.locator("#outlets tbody tr")).to_have_count(3)
    expect(page.locator("#overrides")).to_contain_text("1 of 1")
    expect(page.locator("#pace")).to_contain_text("Ada")
    page.locator("#new-account").get_by_label("Name").fill("Dora")
    page.get_by_role("button", name="Make a one-time link").click()
    link = page.get_by_label("One-time link").input_value()
    assert re.search(r"/invite/\S+$", link)
    page.get_by_label("Ben").check()
    page.get_by_label("Dora").check()
    page.get_by_role("button", name="Assign").click()
    expect(page.locator("#assigned")).to_have_text(f"{2 * FLAGGED} assignments made.")
    guest = visit(team, link.removeprefix(team))
    guest.get_by_label("New password").fill(PASSWORD)
    guest.get_by_role("button", name="sign in").click()
    expect(guest.locator(".me")).to_have_text("Dora")


def test_sign_in_works_without_javascript(team: str, visit: Visit) -> None:
    sign_in(visit(team, java_script_enabled=False), "Ben")


def faults_of(page: Page) -> set[str]:
    """What axe finds on a page: all of it in the light theme, contrast in the dark."""
    page.emulate_media(color_scheme="light")
    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    contrast = {"runOnly": ["color-contrast"]}
    found += Axe().run(page, options=contrast).response["violations"]
    return {f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]}


def test_axe_finds_nothing_on_any_page_in_either_theme(
    team: str, log: ReviewLog, visit: Visit
) -> None:
    page = visit(team)
    found = {"/sign-in": faults_of(page)}
    page.goto(f"{team}/invite/{log.invite('Ben', datetime.now(UTC))}")
    expect(page.get_by_label("Password")).to_be_visible()
    found["/invite"] = faults_of(page)
    page.goto(f"{team}/invite/used-up")
    found["error"] = faults_of(page)
    page.goto(team)
    for name in ("Ben", "Cleo"):
        sign_in(page, name)
        ready(page)
        press_on(page, "3" if name == "Ben" else "4")
        page.get_by_role("button", name="Sign out").click()
    sign_in(page, "Ada")
    ready(page)
    go_to(page, "burned the port")
    page.locator("#more-filters summary").click()
    page.locator("#sentence").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="<")).to_be_visible()
    found["/"] = faults_of(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    found["help"] = faults_of(page)
    for path, shown in (("/dashboard", "#pace td"), ("/adjudicate", ".side")):
        page.goto(team + path)
        expect(page.locator(shown).first).to_be_visible()
        found[path] = faults_of(page)
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("path", ["/", "/adjudicate", "/dashboard"])
def test_a_phone_never_scrolls_sideways(alone: str, visit: Visit, path: str) -> None:
    page = visit(alone, path, viewport={"width": 390, "height": 780})
    shown = {"/": "#sentence *", "/adjudicate": "#nothing", "/dashboard": "#pace *"}
    expect(page.locator(shown[path]).first).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_the_theme_is_kept(alone: str, visit: Visit) -> None:
    page = visit(alone, color_scheme="light")
    for theme in ("light", "dark"):
        page.get_by_role("button", name="Theme").click()
        expect(page.get_by_role("button", name="Theme")).to_have_text(f"Theme: {theme}")
    page.reload()
    scheme = "getComputedStyle(document.documentElement).colorScheme"
    assert page.evaluate(scheme) == "dark"
