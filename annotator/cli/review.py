"""`annotator review` and `account`: the review page, and who may use it."""

from __future__ import annotations

import getpass
import signal
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from annotator.cli.decisions import bring_decisions
from annotator.cli.listening import address, listening
from annotator.cli.terminal import Database, many, tell
from annotator.cli.together import Results

if TYPE_CHECKING:
    from annotator.decisions import Order
    from annotator.review import Desk, Options
    from annotator.store.reviews import ReviewLog

PORT: Final = 8765
HOME: Final = f"http://127.0.0.1:{PORT}"


class Role(StrEnum):
    """What somebody may do."""

    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"


def review(  # noqa: PLR0913 an argument an option
    results: Results,
    host: Annotated[
        str,
        typer.Option(
            help="Address to listen on. Any but this machine's own needs accounts.",
            metavar="ADDRESS",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any.")
    ] = PORT,
    url: Annotated[
        str | None,
        typer.Option(
            help="Under which reviewers reach the server, where a proxy on this "
            "machine stands before it (`https://review.example.org`). Needs accounts.",
            metavar="URL",
        ),
    ] = None,
    db: Database = None,
    blind: Annotated[
        bool,
        typer.Option(
            "--blind",
            help="Hide what the machine says of a sentence until the reviewer has "
            "labelled it: people who are shown a label tend to agree with it.",
        ),
    ] = False,
    order: Annotated[
        str | None,
        typer.Option(
            help="What to ask about first: priority, uncertainty, allegation, weight, "
            "text or random. Reviewers can change it. By default priority; random if "
            "blind, since any other hints at what the machine says.",
            metavar="ORDER",
        ),
    ] = None,
    overlap: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Spread the sentences over all reviewers, each to so many of them.",
        ),
    ] = None,
    every: Annotated[
        bool,
        typer.Option(
            "--every", help="Ask about all labelled sentences, not the flagged alone."
        ),
    ] = False,
    browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.")
    ] = False,
) -> None:
    """Review flagged sentences on a page of this machine; stop with Ctrl-C.

    Every decision is kept, with who, when and what was shown, and none is ever changed.
    Without accounts the page is yours alone; `annotator account` makes some for a
    team. Nothing is loaded from outside and nothing is sent there.

        annotator review results --blind --open
    """
    from annotator.review import Desk, Options, create_app, serve
    from annotator.store.reviews import open_log

    sock = listening(host, port)
    options = Options(
        host=host,
        port=sock.getsockname()[1],
        url=url,
        blind=blind,
        order=_order(order or ("random" if blind else "priority"), blind),
        alone_as=_own_name(),
    )
    with sock, open_log(db or results) as log:
        with Console(stderr=True).status("opening the results"):
            desk = Desk.open(results, every)
            app = create_app(desk, log, options)
        tell(f"{many(len(desk.items), 'sentence')} to review.")
        if overlap:
            tell(f"{many(_spread(desk, log, options, overlap), 'assignment')} made.")
        page = url or address(host, options.port)
        tell(f"Review at {page} and stop with Ctrl-C.")
        if browser:
            import webbrowser

            webbrowser.open(page)
        # What stops a service counts as Ctrl-C: the decisions are brought home.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        serve(app, sock, behind_proxy=url is not None)
        tell(f"Stopped; {many(log.count(), 'decision')} kept.")
    bring_decisions(results, db)


def account(
    results: Results,
    name: Annotated[str, typer.Argument(help="Of the person, as others will see it.")],
    role: Annotated[
        Role | None,
        typer.Option(
            help="A reviewer labels sentences; an adjudicator also settles what "
            "reviewers differ on, makes accounts and assigns sentences. Reviewer for a "
            "new account unless given.",
        ),
    ] = None,
    db: Database = None,
    url: Annotated[
        str, typer.Option(help="Where the review page is.", metavar="URL")
    ] = HOME,
    password_prompt: Annotated[
        bool,
        typer.Option(
            "--password-prompt", help="Ask for a password here; there is no link then."
        ),
    ] = False,
) -> None:
    """Make an account for the review page, or a new link for one that is there.

    The link works once, within 48 hours, and lets its bearer choose a password. Links
    made before for the same account end.

        annotator account results Amal --role adjudicator
    """
    from annotator.store.reviews import open_log

    with open_log(db or results) as log:
        held = log.account(name)
        if held is None:
            held = log.add_account(name, (role or Role.REVIEWER).value)
        elif role and role.value != held.role:
            log.set_role(name, role.value)
        if password_prompt:
            secret = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
            log.set_password(name, secret)
            tell(f"{held.name} can sign in at {url}")
            return
        token = log.invite(name, datetime.now(UTC))
        tell(f"{held.name} can sign in once, within 48 hours, at")
        tell(f"{url.rstrip('/')}/invite/{token}")


def _spread(desk: Desk, log: ReviewLog, options: Options, overlap: int) -> int:
    from annotator.decisions import ordered
    from annotator.review.spreading import spread

    reviewers = [a.name for a in log.accounts() if a.role == "reviewer"]
    if len(reviewers) < overlap:
        raise typer.BadParameter(
            f"there are {many(len(reviewers), 'reviewer')}; make more with `annotator "
            "account`",
            param_hint="--overlap",
        )
    ids = [item.sentence_id for item in ordered(desk.items, options.order)]
    return log.assign(spread(ids, reviewers, overlap, options.seed, log.assignments()))


def _order(name: str, blind: bool) -> Order:
    from annotator.decisions import ORDERS
    from annotator.review.bench import BLIND_ORDERS

    for order in BLIND_ORDERS if blind else ORDERS:
        if order == name:
            return order
    known = ", ".join(BLIND_ORDERS if blind else ORDERS)
    raise typer.BadParameter(
        f"got {name!r}, expected one of {known}", param_hint="--order"
    )


def _own_name() -> str:
    """Give the name decisions are kept under while there are no accounts."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "reviewer"
