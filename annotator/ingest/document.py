"""Nothing -> what the readers of ingest hand to one another.

A reader turns one opened file into `Document` objects: text not yet cleaned, and
what the file itself says of its origin. A record that cannot be read is yielded
as an `UnreadableInput`, so that it stops nothing; a file that cannot be read
raises it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import BinaryIO, TypeAlias

from annotator.errors import UnreadableInput
from annotator.records import Passage

MAX_BYTES = 200_000_000
"""Bytes of a file unless `Options` say otherwise."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to read.

    Attributes
    ----------
    manifest
        CSV with a column ``path`` and any of `Facts`' columns but ``source_id``.
    outlet_from_folder
        Take the name of a file's folder for its outlet where nothing better says.
    aliases
        CSV with the columns ``name`` and ``outlet``, put before the shipped table.
    max_bytes
        Largest file read whole, after decompression. Uncompressed JSONL, CSV and
        TSV are read a record at a time and have no such limit. Raising it raises
        the limits on pages, elements and other parts of documents by as much.
    max_chars
        Longest line of a text file, longest record and longest article, in
        characters. The longest novels have about 5 million; no article comes near
        the default. A tenth of it is the most lines of a file or record.
    """

    manifest: Path | None = None
    outlet_from_folder: bool = False
    aliases: Path | None = None
    max_bytes: int = MAX_BYTES
    max_chars: int = 2_000_000

    def raised(self, limit: int) -> int:
        """Give a limit on parts of a document, higher if `max_bytes` is."""
        return max(limit, limit * self.max_bytes // MAX_BYTES)


@dataclass(frozen=True, slots=True)
class Facts:
    """What one source of metadata says of an article, as written there."""

    outlet: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    topic: str | None = None
    source_id: str | None = None


FACT_NAMES = tuple(field.name for field in fields(Facts))


@dataclass(frozen=True, slots=True)
class Document:
    r"""Text to be split into stories and cleaned.

    Attributes
    ----------
    text
        Repaired text, lines ended by ``\n``.
    position
        Number of the record in its file, from 1.
    page
        Whether it is a saved page, which may hold several stories and furniture;
        else one article whose lines end where its paragraphs do.
    headings
        Lines of `text` that the format marks as subheadings.
    pieces
        For plain text: where `text` stands in the decoded file, without gaps in
        `text`. Empty for other formats.
    source
        For plain text: the decoded file.
    """

    text: str
    facts: Facts = Facts()
    position: int = 1
    page: bool = False
    headings: frozenset[str] = frozenset()
    pieces: tuple[Passage, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()


Reader: TypeAlias = Callable[
    [BinaryIO, Options], Iterator["Document | UnreadableInput"]
]


def read_whole(stream: BinaryIO, max_bytes: int) -> bytes:
    """Everything in a stream.

    Raises
    ------
    UnreadableInput
        Where it is empty or holds more than `max_bytes`.
    """
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise UnreadableInput(
            f"more than {max_bytes:,} bytes: split the file or raise the limit"
        )
    if not data.strip():
        raise UnreadableInput("the file is empty: expected the text of an article")
    return data


def check_lines(lines: int, options: Options) -> None:
    """Refuse a file or record of more lines than any page has.

    A line costs some 25 microseconds and 700 bytes, however short it is.

    Raises
    ------
    UnreadableInput
        Where there are more than a tenth of `Options.max_chars`.
    """
    most = options.max_chars // 10
    if lines > most:
        raise UnreadableInput(
            f"{lines:,} lines: expected at most {most:,}; split the file, or raise "
            "the limit on characters, of which it is a tenth"
        )
