"""JSON, JSONL, CSV, TSV -> one document a record.

JSONL, CSV and TSV are read a line at a time; a bad line is reported by its number
and the rest is read.
"""

from __future__ import annotations

import csv
import io
import json
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import BinaryIO

from annotator.errors import UnreadableInput
from annotator.ingest.decode import clean, decode
from annotator.ingest.document import Document, Options, read_whole
from annotator.ingest.fields import document_or_fault, has_text, no_text_field

_DELIMITERS = ",;\t|"
_MAX_BLANK_LINES = 100_000
"""In a row: only a file that unpacks to nothing has more."""


def read_json(
    stream: BinaryIO, options: Options
) -> Iterator[Document | UnreadableInput]:
    """Read one record, a list of records, or an object around such a list."""
    data = read_whole(stream, options.max_bytes)
    try:
        value = json.loads(decode(data).text)
    except (ValueError, RecursionError) as error:
        first, _, rest = data.partition(b"\n")
        if rest.strip() and first.rstrip().endswith(b"}"):
            yield from read_jsonl(io.BytesIO(data), options)
            return
        raise UnreadableInput(f"not valid JSON: {_json_fault(error)}") from error
    records = value if isinstance(value, list) else [value]
    if isinstance(value, dict) and not has_text(value):
        inner = [v for v in value.values() if isinstance(v, list) and v]
        if len(inner) == 1 and isinstance(inner[0][0], dict):
            records = inner[0]
    for number, record in enumerate(records, start=1):
        where = f"record {number}: " if len(records) > 1 else ""
        yield document_or_fault(record, number, where, options)


def read_jsonl(
    stream: BinaryIO, options: Options
) -> Iterator[Document | UnreadableInput]:
    """Read one record a line; `Document.position` is the line's number."""
    for number, line in _lines(stream, options):
        if isinstance(line, UnreadableInput):
            yield line
        elif line.strip():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                fault = _json_fault(error)
                yield UnreadableInput(f"line {number}: not valid JSON: {fault}")
            else:
                yield document_or_fault(record, number, f"line {number}: ", options)


def read_csv(
    stream: BinaryIO, options: Options
) -> Iterator[Document | UnreadableInput]:
    """Read one record a row by the names in its header.

    The delimiter is the one of ``, ; tab |`` under which the header has a text
    column and most columns. A table split by tabs whose header is not quoted is
    read without quoting, as CheckThat tables are. `Document.position` is the
    number of the row, from 1, the header not counted.

    Raises
    ------
    UnreadableInput
        Where no column holds the text.
    """
    rows = _rows(_lines(stream, options), options.max_chars)
    header = next(rows, (0, []))[1]
    if isinstance(header, UnreadableInput):
        raise header
    names = [clean(name).strip() for name in header]
    if not any(names):
        raise UnreadableInput("the file is empty: expected a header and rows")
    if not has_text(names):
        hint = "; if it is a manifest, name it as one" if "path" in names else ""
        raise UnreadableInput(no_text_field(names, "column") + hint)
    number = 0
    for line, row in rows:
        if isinstance(row, UnreadableInput):
            yield row
        elif any(row):
            number += 1
            where = f"line {line}: "
            if any(row[len(names) :]):
                yield UnreadableInput(
                    f"{where}{len(row)} fields, expected {len(names)}: is a "
                    "delimiter in the text not quoted?"
                )
            else:
                record = dict(zip(names, row, strict=False))
                yield document_or_fault(record, number, where, options)


def _line(error: Exception) -> str:
    """Give the first line of a library's message, not too long."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _json_fault(error: Exception) -> str:
    """Say what is wrong with JSON."""
    return "nested too deeply" if isinstance(error, RecursionError) else _line(error)


def _lines(
    stream: BinaryIO, options: Options
) -> Iterator[tuple[int, str | UnreadableInput]]:
    """Yield numbered lines, each decoded by itself; a bad one as its fault.

    UTF-16, where a line cannot be told from its bytes, is read whole.
    """
    longest = 4 * options.max_chars
    number, raw = 1, stream.readline(longest)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:64]:
        data = raw + stream.read(options.max_bytes)
        yield from enumerate(io.StringIO(decode(data).text, newline=""), start=1)
        return
    if raw:
        decode(raw)  # raises where the file is binary
    blank = 0
    while raw:
        blank = 0 if raw.strip() else blank + 1
        if blank > _MAX_BLANK_LINES:
            raise UnreadableInput(
                f"more than {_MAX_BLANK_LINES:,} blank lines in a row"
            )
        cut = len(raw) == longest and not raw.endswith(b"\n")
        while cut and (more := stream.readline(longest)):
            cut = not more.endswith(b"\n")
            raw = raw[:longest] + more[:1]
        if len(raw) > longest:
            yield (
                number,
                UnreadableInput(
                    f"line {number}: longer than {options.max_chars:,} characters"
                ),
            )
        else:
            yield number, _decode_line(raw, number)
        number, raw = number + 1, stream.readline(longest)


def _decode_line(raw: bytes, number: int) -> str | UnreadableInput:
    """Decode one line; the file's byte order mark goes."""
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        try:
            return decode(raw).text
        except UnreadableInput as fault:
            return UnreadableInput(f"line {number}: {fault}")


def _rows(
    lines: Iterator[tuple[int, str | UnreadableInput]], max_chars: int
) -> Iterator[tuple[int, list[str] | UnreadableInput]]:
    """Yield the rows of a CSV file with the number of their first line.

    A quotation mark that is never closed would swallow what follows: the line it
    stands in is reported and reading goes on with the next. Stray marks within one
    line are forgiven.
    """
    csv.field_size_limit(max(csv.field_size_limit(), max_chars))
    waiting = deque(islice(lines, 1))
    delimiter, quoted = _dialect(_even(str(waiting[0][1])) if waiting else "")
    taken: list[tuple[int, str]] = []
    faults: list[tuple[int, UnreadableInput]] = []

    def feed() -> Iterator[str]:
        while item := waiting.popleft() if waiting else next(lines, None):
            number, line = item
            if isinstance(line, UnreadableInput):
                faults.append((number, line))
            else:
                taken.append((number, _even(line)))
                yield taken[-1][1]

    def rules() -> Iterator[list[str]]:
        return csv.reader(
            feed(),
            delimiter=delimiter,
            quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
            strict=True,
        )

    reader = rules()
    while True:
        taken.clear()
        try:
            row: list[str] | UnreadableInput | None = next(reader, None)
        except csv.Error as error:
            row = _forgiven(taken, error, delimiter)
            waiting.extendleft(reversed(taken[1:]))
            reader = rules()
        yield from faults
        faults.clear()
        if row is None:
            return
        if isinstance(row, list) and not quoted:
            row = [_unquoted(field) for field in row]
        yield taken[0][0], row


def _even(line: str) -> str:
    """End a line as csv expects; a carriage return within it is a space."""
    return line.replace("\r\n", "\n").replace("\r", " ")


def _forgiven(
    taken: list[tuple[int, str]], error: csv.Error, delimiter: str
) -> list[str] | UnreadableInput:
    """Read a row that breaks the rules within one line; else report its line."""
    number, line = taken[0]
    if len(taken) == 1 and "unexpected end" not in str(error):
        with suppress(csv.Error):
            return next(csv.reader([line], delimiter=delimiter))
    return UnreadableInput(f"line {number}: a quotation mark is not closed")


def _dialect(header: str) -> tuple[str, bool]:
    """Tell the delimiter from the header, and whether fields may be quoted."""

    def fitness(delimiter: str) -> tuple[bool, int]:
        names = next(csv.reader([header], delimiter=delimiter), [])
        return has_text(names), len(names)

    delimiter = max(_DELIMITERS, key=fitness)
    return delimiter, delimiter != "\t" or '"' in header


def _unquoted(field: str) -> str:
    """Take off quotation marks that only a writer of quoted fields could have set."""
    inner = field[1:-1]
    if field[:1] == field[-1:] == '"' and '""' in inner:
        bare = inner.replace('""', "")
        if '"' not in bare:
            return inner.replace('""', '"')
    return field
