"""Paths -> the files to read, each once, and opened safely.

Folders are walked in sorted order, links to folders after everything else, and no
folder is entered twice: a link that leads back is reported. Passed over in a
folder: hidden files, README and LICENSE files, suffixes that no reader knows, the
manifest and alias table in use, and results folders of this tool. An address such as
``s3://bucket/articles`` is walked alike.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from annotator.errors import UnreadableInput
from annotator.ingest.document import Options
from annotator.ingest.remote import (
    Place,
    files_below,
    is_address,
    is_folder,
    place_of,
    without_secrets,
)
from annotator.records import Failure

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STDIN = "-"
_RESULTS = frozenset({"run.json", "articles.parquet"})
"""Files of every results folder."""
_ABOUT_THE_FOLDER = re.compile(r"(readme|licen[cs]e|copying)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read; `suffix` is lower case, without ``.gz``, empty if none.

    `place` is where a file lies that is not on this machine.
    """

    path: Path
    suffix: str
    compressed: bool
    place: Place | None = None

    @property
    def identity(self) -> bytes:
        """What tells the file from others: its path or address as given."""
        if self.place:
            return self.place.address.encode()
        return os.fsencode(self.path.as_posix())

    @property
    def name(self) -> str:
        """The same, fit to be stored."""
        return without_secrets(self.identity.decode("utf-8", "replace"))

    @property
    def folder(self) -> str:
        """The name of the folder it lies in."""
        path = PurePosixPath(self.place.path) if self.place else self.path.resolve()
        return path.parent.name

    def open(self) -> io.BufferedReader:
        """Open it for reading bytes; raises `OSError`."""
        return self.place.open() if self.place else self.path.open("rb")


def find(
    paths: Sequence[str | Path], suffixes: frozenset[str], options: Options
) -> Iterator[Found | Failure]:
    """Yield the files that paths and folders lead to, and what is amiss with them.

    A file reached twice is read once. Standard input is a `Found` whose path
    is ``-``.
    """
    passed_over = {
        os.path.realpath(p) for p in (options.manifest, options.aliases) if p
    }
    seen: set[str] = set()
    folders: set[tuple[int, int]] = set()
    for given in paths:
        path = Path(given)
        found: Iterator[Found | Failure]
        if str(path) == STDIN:
            found = iter([Found(path, "", False)])
        elif is_address(given):
            found = _elsewhere(str(given), suffixes)
        elif path.is_dir():
            found = _walk(path, suffixes, folders)
        else:
            found = _named(path, suffixes)
        for item in found:
            if isinstance(item, Found):
                real = item.place.address if item.place else os.path.realpath(item.path)
                if real in seen or (real in passed_over and item.path != path):
                    continue
                seen.add(real)
            yield item


def _split_suffix(path: Path) -> tuple[str, bool]:
    """Give the suffix that names the format, and whether the file is gzipped."""
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return Path(path.stem).suffix.lower(), True
    return suffix, False


def _named(path: Path, suffixes: frozenset[str]) -> Iterator[Found | Failure]:
    """Check one file that was named, not found in a folder."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        yield _cannot_open(path, error)
        return
    if not stat.S_ISREG(mode):
        reason = "neither a file nor a folder: pipe it in and give - as the path"
        yield Failure(_printable(path), "ingest", reason)
    else:
        yield _of_known_format(path, None, suffixes)


def _of_known_format(
    path: Path, place: Place | None, suffixes: frozenset[str]
) -> Found | Failure:
    """Give a file, or say that its format is not known."""
    suffix, compressed = _split_suffix(path)
    found = Found(path, suffix, compressed, place)
    if suffix in suffixes:
        return found
    known = " ".join(sorted(suffixes))
    reason = f"unknown format {suffix or '(no suffix)'}: expected one of {known}"
    return Failure(found.name, "ingest", reason)


def _walk(
    folder: Path, suffixes: frozenset[str], entered: set[tuple[int, int]]
) -> Iterator[Found | Failure]:
    """Walk a folder depth first; `entered` holds every folder walked so far."""
    waiting, links = deque([folder]), deque[Path]()
    while waiting or links:
        here = waiting.popleft() if waiting else links.popleft()
        try:
            status = here.stat()
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as error:
            yield _cannot_open(here, error)
            continue
        if (status.st_dev, status.st_ino) in entered:
            if here != folder:
                reason = "a link to a folder that is read already: not entered again"
                yield Failure(_printable(here), "ingest", reason)
            continue
        entered.add((status.st_dev, status.st_ino))
        if {entry.name for entry in entries} >= _RESULTS:
            continue
        below: list[Path] = []
        for entry in entries:
            path = Path(entry.path)
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                (links if entry.is_symlink() else below).append(path)
            elif _is_article(path, suffixes):
                yield from _named(path, suffixes)
        waiting.extendleft(reversed(below))


def _is_article(path: Path, suffixes: frozenset[str]) -> bool:
    """Whether a file in a folder is read, by its name."""
    about = _ABOUT_THE_FOLDER.match(path.name)
    return _split_suffix(path)[0] in suffixes and not about


def _elsewhere(address: str, suffixes: frozenset[str]) -> Iterator[Found | Failure]:
    """Yield what an address leads to: a file, or those of a folder and below."""
    try:
        place = place_of(address)
        if not is_folder(place):
            named = Path(without_secrets(place.address))
            yield _of_known_format(named, place, suffixes)
            return
        for one in files_below(place, _RESULTS):
            if _is_article(Path(one.path), suffixes):
                yield _of_known_format(Path(one.path), one, suffixes)
    except OSError as error:
        reason = error.strerror or str(error)
        yield Failure(without_secrets(address), "ingest", f"cannot be opened: {reason}")


def _printable(path: Path) -> str:
    """Give a path as it can be stored: file names need not be UTF-8."""
    return Found(path, "", False).name


def _cannot_open(path: Path, error: Exception) -> Failure:
    """Say why the system will not open a path."""
    reason = getattr(error, "strerror", None) or str(error)
    return Failure(
        _printable(path), "ingest", f"cannot be opened: {reason}; check path and rights"
    )


@contextmanager
def opened(
    found: Found, options: Options, stdin: BinaryIO | None
) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, decompressed.

    Raises
    ------
    UnreadableInput
        On the first fault of the system or of the compressed data, also while
        reading.
    """
    try:
        if str(found.path) == STDIN:
            if stdin is None:
                raise UnreadableInput("standard input was asked for but not given")
            yield stdin
            return
        with found.open() as raw:
            yield _Gunzipped(raw, options.max_bytes) if found.compressed else raw
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableInput(
            f"cannot be read: {reason}; check the file and its rights"
        ) from error
    except (EOFError, zlib.error) as error:
        raise UnreadableInput(f"broken gzip data ({error}): save it again") from error


class _Gunzipped(io.BufferedReader):
    """A gzip file that stops at a limit on what it expands to."""

    def __init__(self, raw: BinaryIO, max_bytes: int) -> None:
        super().__init__(_Limited(gzip.GzipFile(fileobj=raw), max_bytes))


class _Limited(io.RawIOBase):
    """Bytes of another stream, up to a limit."""

    def __init__(self, stream: gzip.GzipFile, max_bytes: int) -> None:
        self._stream, self._max, self._left = stream, max_bytes, max_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer; raise `UnreadableInput` past the limit."""
        view = memoryview(buffer).cast("B")
        data = self._stream.read1(len(view))
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableInput(
                f"expands to more than {self._max:,} bytes: unpack and split it, "
                "or raise the limit"
            )
        view[: len(data)] = data
        return len(data)
