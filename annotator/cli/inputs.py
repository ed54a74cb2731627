"""The options of commands that score: which files, how, and where to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[str],
    typer.Argument(
        help="Files, folders, or addresses such as s3://bucket/articles; `-` reads "
        "standard input."
    ),
]

Out = Annotated[
    str,
    typer.Option(
        help="Results folder, or an address such as s3://bucket/results; earlier "
        "results in it are replaced once the new ones are whole.",
        metavar="DIR",
    ),
]

Manifest = Annotated[
    Path | None,
    typer.Option(
        help="CSV with a column path and any of outlet, title, author, published, url, "
        "language, topic.",
        metavar="CSV",
    ),
]

OutletFromFolder = Annotated[
    bool,
    typer.Option(
        "--outlet-from-folder",
        help="Where nothing better names the outlet, take the folder's name.",
    ),
]

Aliases = Annotated[
    Path | None,
    typer.Option(
        help="CSV with the columns name and outlet, put before the shipped table.",
        metavar="CSV",
    ),
]

TargetError = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        max=1.0,
        help="Flag what must be looked at for at most this share of the other labels "
        "to be wrong, 0.05 say.",
        metavar="SHARE",
    ),
]

Compare = Annotated[
    bool,
    typer.Option(
        "--compare",
        help="Also look for claims of several articles about one event, as `annotator "
        "corroborate` does.",
    ),
]

Fresh = Annotated[
    bool,
    typer.Option(
        "--fresh",
        help="Score everything anew, whatever an earlier run into the folder has "
        "scored.",
    ),
]

MaxBytes = Annotated[
    int,
    typer.Option(
        min=1,
        help="Largest file read whole, in bytes, once it is unpacked; limits on pages "
        "and parts of documents grow with it.",
        metavar="N",
    ),
]

MaxChars = Annotated[
    int,
    typer.Option(
        min=1,
        help="Longest line, record and article, in characters; a tenth of it is the "
        "most lines of a file.",
        metavar="N",
    ),
]

MAX_BYTES = 200_000_000
MAX_CHARS = 2_000_000
"""What `ingest.Options` has, without its libraries."""
