"""What commands show while they work, and how they count things in words."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, current_thread, main_thread
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

Model = Annotated[
    str, typer.Option(help="A shipped model, or the folder of one.", metavar="NAME")
]

Actors = Annotated[
    Path | None,
    typer.Option(
        help="Your own names of actors that belong together, put before what the "
        "articles themselves tell.",
        metavar="TOML",
    ),
]

Database = Annotated[
    str | None,
    typer.Option(
        "--db",
        help="Where decisions are kept: review.db in the results folder unless given, "
        "or `postgresql://..` for a team.",
        metavar="URL",
    ),
]


def progress_bar(console: Console) -> Progress:
    """Make a bar with counts and the time that is left; it vanishes when done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


@contextmanager
def interrupts(console: Console) -> Iterator[Event]:
    """Let Ctrl-C ask for an end, which the event tells; a second one does not ask."""
    asked = Event()

    def ask(signal_number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        console.print("finishing the articles in hand; Ctrl-C again stops at once")

    if current_thread() is not main_thread():
        yield asked
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def tell(line: str, stderr: bool = False) -> None:
    """Print a line as it is, however long."""
    console = Console(stderr=stderr)
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def many(n: int, noun: str) -> str:
    """Give a number with its noun.

    >>> many(1, "line"), many(2000, "line")
    ('1 line', '2,000 lines')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
