"""What commands show while they work, and how they count things in words."""

from __future__ import annotations

from pathlib import Path
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


def many(n: int, noun: str) -> str:
    """Give a number with its noun.

    >>> many(1, "line"), many(2000, "line")
    ('1 line', '2,000 lines')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
