"""Sentences, a format -> the file or folder that programs of that format read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from annotator.export import (
    brat,
    docbin,
    doccano,
    label_studio,
    label_studio_answers,
    linked_data,
    misp,
    prodigy,
    tabular,
)
from annotator.export.answers import Read
from annotator.export.items import Item

Format = Literal[
    "label-studio",
    "doccano",
    "prodigy",
    "docbin",
    "brat",
    "w3c",
    "claim",
    "misp",
    "csv",
    "jsonl",
]

READERS: Final[dict[str, Callable[[bytes], Read]]] = {
    "label-studio": label_studio_answers.read,
    "doccano": doccano.read,
    "prodigy": prodigy.read,
}
"""Formats that come back, and how they are read."""

_STREAMS: Final[dict[str, Callable[[Iterable[Item]], Iterator[str]]]] = {
    "label-studio": label_studio.tasks,
    "doccano": doccano.rows,
    "prodigy": prodigy.rows,
    "w3c": linked_data.web_annotations,
    "claim": linked_data.claims,
    "csv": tabular.csv_rows,
    "jsonl": tabular.jsonl_rows,
}

_PLAIN_NAME: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")


def write_export(
    items: Iterable[Item], to: Format, out: Path, now: datetime
) -> tuple[Path, ...]:
    """Write sentences, which come article by article; one article is in memory at once.

    `docbin` alone holds all of them. A file stands under its name once it is whole.

    Parameters
    ----------
    out
        A file; for `brat` a folder. Label Studio's configuration goes beside the file,
        with the ending `.xml`.
    now
        In UTC.

    Returns
    -------
    tuple of Path
        What was written: the file or folder, and what is needed with it.

    Raises
    ------
    BadExchange
        If spaCy is needed and not installed.
    OSError
        If it cannot be written.
    """
    if to == "brat":
        _write_folder(items, out)
        return (out,)
    if to == "docbin":
        _write(out, [docbin.docbin(items)])
        return (out,)
    chunks = misp.event(items, now) if to == "misp" else _STREAMS[to](items)
    _write(out, (chunk.encode() for chunk in chunks))
    if to != "label-studio":
        return (out,)
    beside = out.with_suffix(".xml")
    _write(beside, [label_studio.config().encode()])
    return out, beside


def _write_folder(items: Iterable[Item], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for _, group in groupby(items, key=lambda item: item.article.article_id):
        own = list(group)
        article = own[0].article
        name = _file_name(article.article_id)
        _write(out / f"{name}.txt", [article.text.encode()])
        _write(out / f"{name}.ann", [brat.standoff(own).encode()])
    _write(out / "annotation.conf", [brat.config().encode()])


def _file_name(article_id: str) -> str:
    """Give a name that leads nowhere else."""
    if _PLAIN_NAME.fullmatch(article_id):
        return article_id
    return sha256(article_id.encode()).hexdigest()[:16]


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as file:
            file.writelines(chunks)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
