"""Bytes -> text, the name of its encoding, and where it had to be repaired.

Tried in this order: byte order mark, strict UTF-8, UTF-16 without a mark, the
encoding the file declares, UTF-8 with a few bad bytes, a detector, Windows-1252.
The detector comes late because one bad byte misleads it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import cchardet
import ftfy
from ftfy.badness import is_bad

from annotator.errors import UnreadableInput
from annotator.records import Passage

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF document; name it .pdf"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document; save it as .docx"),
    (b"{\\rtf", "an RTF document; save it as .docx or .txt"),
    (b"\x1f\x8b", "a gzip archive; name it .gz"),
    (b"PAR1", "a Parquet table; name it .parquet"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"RIFF", "sound or video"),
    (b"ID3", "sound"),
    (b"SQLite format 3", "an SQLite database"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"BZh9", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
)
_BINARY_BYTES = bytes({*range(32), 127} - {9, 10, 11, 12, 13, 27})
_SEEN_BY_DETECTOR = 1_000_000
"""Bytes shown to the detector: it reads some 10 MB a second and settles early."""

_WHATWG = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252"}
"""Labels that the web uses for Windows-1252 (encoding.spec.whatwg.org)."""

_DROPPED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]+")
_SAME_LENGTH = {"\r\n": " \n", "\r": "\n", "\v": " ", "\f": " "}
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MOJIBAKE_ONLY = ftfy.TextFixerConfig(
    unescape_html=False, uncurl_quotes=False, normalization=None, explain=False
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file as text: byte order mark removed, line ends as they are."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repaired:
    r"""Decoded text made fit to read.

    Attributes
    ----------
    text
        Control characters removed, mojibake mended, every line ended by one
        ``\n``; as many lines as the decoded text.
    pieces
        Where `text` stands in the decoded text: adjoining, in order. A piece of
        equal length on both sides stands there character by character.
    """

    text: str
    pieces: tuple[Passage, ...]
    notes: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Turn bytes into text.

    Parameters
    ----------
    data
        The whole file, or one line of a file of records.
    declared
        The encoding the file says it has, as HTML can.

    Raises
    ------
    UnreadableInput
        Where the bytes are no text: a picture, a program, an archive.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _replacing(data[len(mark) :], encoding)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise UnreadableInput(f"expected text, got {what}")
    wide = _utf16_without_mark(data)
    if wide:
        return _replacing(data, wide)
    binary = len(data) - len(data.translate(None, _BINARY_BYTES))
    if binary > 8 and binary > len(data) * 0.05:
        raise UnreadableInput(
            f"expected text, got binary content ({binary:,} control bytes in "
            f"{len(data):,})"
        )
    return _decode_narrow(data, declared)


def _decode_narrow(data: bytes, declared: str | None) -> Decoded:
    """Decode bytes in which every ASCII character is one byte."""
    text = _strict(data, "utf-8")
    if text is not None:
        return Decoded(text, "utf-8")
    if declared and (text := _strict(data, _WHATWG.get(declared.lower(), declared))):
        return Decoded(text, declared.lower(), (f"decoded as {declared}, as declared",))
    lenient = _replacing(data, "utf-8")
    bad = lenient.text.count("\ufffd")
    good = sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", lenient.text)))
    if good >= bad:
        return lenient
    high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    western = _strict(data, "cp1252")
    # A few curly quotes or accents in English are too little for a detector.
    if western is None or high > len(data) * 0.05:
        guess = cchardet.detect(data[:_SEEN_BY_DETECTOR])["encoding"]
        if guess and (text := _strict(data, _WHATWG.get(guess.lower(), guess))):
            name = guess.lower()
            return Decoded(text, name, (f"decoded as {guess}, as detected",))
    if western is not None:
        return Decoded(western, "windows-1252", ("decoded as Windows-1252",))
    return lenient


def _strict(data: bytes, encoding: str) -> str | None:
    """Decode without a fault, or None; an unknown encoding is a fault."""
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _replacing(data: bytes, encoding: str) -> Decoded:
    """Decode with U+FFFD for what cannot be, and a note of how many."""
    text = data.decode(encoding, errors="replace")
    bad = text.count("\ufffd")
    if bad and encoding == "utf-8":
        bad -= data.count("\ufffd".encode())
    if not bad:
        return Decoded(text, encoding)
    note = f"{bad} bytes that are not {encoding.upper()} replaced by U+FFFD"
    return Decoded(text, encoding, (note,))


def _utf16_without_mark(data: bytes) -> str | None:
    """Name UTF-16 by its zero bytes, which stand at odd or at even places only.

    Even Arabic or Cyrillic text has them: its spaces and line ends.
    """
    head = data[:8192]
    half = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for many, few, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if half >= 2 and many > half * 0.1 and few <= half * 0.01:
            text = head[: half * 2].decode(encoding, errors="replace")
            controls = sum(map(len, _DROPPED.findall(text)))
            if controls + text.count("\ufffd") <= half * 0.05:
                return encoding
    return None


def repair(text: str) -> Repaired:
    r"""Remove control characters and mend mojibake, keeping track of both.

    Mojibake is mended with ftfy, a line at a time and only where its heuristic
    sees it; curly quotes stay as they are. Line ends are made one ``\n`` without
    moving a character. Lone surrogates, which no file can hold, become U+FFFD.
    """
    even = _LINE_ENDS.sub(lambda m: _SAME_LENGTH[m[0]], _SURROGATE.sub("\ufffd", text))
    if even.isascii() and not _DROPPED.search(even):
        return Repaired(even, (Passage(0, len(even), 0, len(even)),))
    edits: list[tuple[int, int, str]] = []
    mended = removed = offset = 0
    for line in even.split("\n"):
        for start, end, new in _edits(line):
            edits.append((offset + start, offset + end, new))
            mended += bool(new)
            removed += 0 if new else end - start
        offset += len(line) + 1
    notes = []
    if mended:
        notes.append(f"mojibake repaired in {mended} lines")
    if removed:
        notes.append(f"{removed} control characters removed")
    return _apply(even, edits, tuple(notes))


def clean(text: str) -> str:
    """Repair text whose place in the file nobody asks for."""
    return repair(text).text


def _edits(line: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, replacement) for what is wrong in a line."""
    if line.isascii() and not _DROPPED.search(line):
        return
    if is_bad(line):
        better = _DROPPED.sub("", ftfy.fix_encoding(line, _MOJIBAKE_ONLY))
        if better not in (line, _DROPPED.sub("", line)):
            first = _common_prefix(line, better)
            last = _common_prefix(line[first:][::-1], better[first:][::-1])
            yield first, len(line) - last, better[first : len(better) - last]
            return
    for match in _DROPPED.finditer(line):
        yield match.start(), match.end(), ""


def _common_prefix(a: str, b: str) -> int:
    """How many characters two texts begin with in common."""
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return i
    return min(len(a), len(b))


def _apply(
    text: str, edits: list[tuple[int, int, str]], notes: tuple[str, ...]
) -> Repaired:
    """Carry out edits, in order and apart from each other."""
    parts: list[str] = []
    pieces: list[Passage] = []
    done = length = 0

    def take(new: str, start: int, end: int) -> None:
        nonlocal length
        if new:
            parts.append(new)
            pieces.append(Passage(length, length + len(new), start, end))
            length += len(new)

    for start, end, new in edits:
        take(text[done:start], done, start)
        take(new, start, end)
        done = end
    take(text[done:], done, len(text))
    return Repaired("".join(parts), tuple(pieces), notes)
