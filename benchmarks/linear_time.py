"""Hostile text, readers and stages -> a table: seconds, how time grows, peak memory.

    python benchmarks/linear_time.py [--stages txt,html] [--units quotes,stops]
        [--megabytes 1 2 4] [--limit 60] [--model models/compact]

Each stage reads text made of one unit over and over, on one line unless the unit ends
lines, in a process of its own. The exponent is the slope of log time over log size by
least squares: 1 is linear, 2 quadratic. Memory is what the process held at its peak
beyond what it held before it read. Sizes are of the text, before it is put into the
format; limits on length are lifted, so that what is measured is the reading and not
the refusal. "refused" says that a limit which no option lifts came first.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import multiprocessing as mp
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from html import escape
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeVar

import docx
import pyarrow as pa
import pyarrow.parquet as pq

from annotator.attribute import attribute, find_actors
from annotator.errors import AnnotatorError
from annotator.export import READERS as ANSWERS
from annotator.ingest import NearDuplicates, Options, read
from annotator.records import (
    Article,
    Failure,
    MarkedSpan,
    Sentence,
    Span,
    SpanLayer,
    TaggedSentence,
)
from annotator.segment import segment
from annotator.tag.windows import WindowBuilder, WindowShape
from annotator.train.formats import read_rows

UNITS = {
    "quotes": '"',
    "curly quotes": "“",
    "closing quotes": "”",
    "apostrophes": "'",
    "stops": ".",
    "spaced stops": ". ",
    "less than": "<",
    "open tags": "<a ",
    "open comments": "<!--",
    "round brackets": "(",
    "square brackets": "[",
    "markdown links": "[a](",
    "stars": "*a **",
    "backticks": "`a",
    "ampersands": "&",
    "entities": "&amp",
    "newlines": "\n",
    "line of one letter": "a\n",
    "combining marks": "\u0301",
    "addresses": "http://",
    "question marks": "؟",
    "digits and stops": "1.",
    "letters": "a",
    "spaces": " ",
    "capitals": "Aa ",
    "initials": "A. ",
    "dashes": "-",
    "braces": "{",
    "colons": "a: ",
    "handles": "@a ",
    "mojibake": "â€™",
    "emoji": "🔥",
    "zero width": "\u200b",
    "said": "he said ",
    "quoted speech": "“No,” said Ana Roe. ",
    "news": "The harbour master told Ana Roe that 40 boats were lost. ",
    "divs": "<div>",
    "tables": "<table><tr><td>",
    "lines with mojibake": "â€™\n",
    "short lines": "Ana Roe\n",
    "long words": "a" * 99 + " ",
    "names joined": "and Bo ",
    "owners": "Roe's ",
    "open quotations": "“a\n\n",
    "paragraphs": "Ana Roe said “no” to it.\n\n",
}
FRAMES = {
    "said, spaces": ("Ana Roe said ", " ", " “No,” he said. It ran."),
    "said, tabs": ("Ana Roe said\t", " \t", "\t“No,” he said. It ran."),
    "a quotation of spaces": ("“No, ", " ", ",” said Ana Roe. It ran."),
    "the, the": ("“No,” said ", "the ", "“no”. It ran."),
    "a quotation of letters": ("“", "s", ",” said Ana Roe. It ran."),
    "a name of capitals": ("“No,” said ", "Ana-", " Roe. It ran."),
    "a name of words": ("“No,” said ", "Roe ", ". It ran."),
    "zero width, said": ("Ana Roe said ", "\u200b", " “No,” he said. It ran."),
}
"""Runs between words that rules look for."""
LIFTED = Options(max_bytes=1_000_000_000, max_chars=1_000_000_000)
LIKELY = (0.7, 0.1, 0.1, 0.1)
READ = 600
"""Characters of a sentence that the tagger reads: 128 tokens, about."""
TASK = {
    "cats": ["opinion"],
    "entities": [],
    "answer": "accept",
    "accept": ["opinion"],
    "spans": [],
}

Stage = Callable[[str], None]
_T = TypeVar("_T")


class Cost(NamedTuple):
    """Seconds of processor time, peak bytes, and why nothing was read, if so."""

    seconds: float
    peak: int
    refused: str = ""


def _plain(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _markup(text: str) -> bytes:
    return f"<html><body><p>Ships came in. {text}</p></body></html>".encode()


def _record(text: str) -> bytes:
    return json.dumps({"text": text}).encode() + b"\n"


def _table(text: str) -> bytes:
    return b"text\n" + text.encode() + b"\n"


def _word(text: str) -> bytes:
    empty, full = io.BytesIO(), io.BytesIO()
    docx.Document().save(empty)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        f"<w:document xmlns:w='{space}'><w:body><w:p><w:r><w:t>{escape(text)}</w:t>"
        "</w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(empty) as old, zipfile.ZipFile(full, "w") as new:
        for name in old.namelist():
            data = body.encode() if name == "word/document.xml" else old.read(name)
            new.writestr(name, data)
    return full.getvalue()


def _parquet(text: str) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"text": [text]}), file)
    return file.getvalue()


def _pdf(text: str) -> bytes:
    """One page that draws its text in lines of a hundred characters."""
    shown = text.encode("latin-1", "replace").replace(b"\\", b"\\\\")
    shown = shown.replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\n", b" ")
    lines = (shown[i : i + 100] for i in range(0, len(shown), 100))
    drawn = b"".join(b"(%s) Tj 0 -12 Td\n" % line.rstrip(b"\\") for line in lines)
    stream = b"BT /F1 10 Tf 50 700 Td\n" + drawn + b"ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(made))
        made += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(places)
    end = b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF" % len(made)
    return made + table + end


def _reader(suffix: str, made: Callable[[str], bytes]) -> Stage:
    def run(text: str) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"a{suffix}"
            path.write_bytes(made(text))
            _begin()
            failures = [f for f in read([path], LIFTED) if isinstance(f, Failure)]
            if failures:
                raise AnnotatorError(failures[0].reason)

    return run


def _importer(name: str) -> Stage:
    def run(text: str) -> None:
        record = {"text": text, **TASK}
        tasks = [{"data": record, "annotations": []}]
        data = json.dumps(tasks if name == "label-studio" else record).encode()
        _begin()
        ANSWERS[name](data)

    return run


def _trainer(suffix: str, made: Callable[[str], bytes]) -> Stage:
    def run(text: str) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"a{suffix}"
            path.write_bytes(made(text))
            _begin()
            read_rows(path)

    return run


def _segment(text: str) -> None:
    for article in _articles(text):
        segment(article)


def _actors(text: str) -> None:
    for article, sentences in _sentences(text):
        find_actors(article.text, sentences)


def _untagged(text: str) -> None:
    for article, sentences in _sentences(text):
        attribute(article, [(s, TaggedSentence(LIKELY, 1.0, ())) for s in sentences])


def _tagged(text: str) -> None:
    """Spans in the stretch of a sentence that the tagger reads."""
    for article, sentences in _sentences(text):
        attribute(
            article,
            [
                (s, TaggedSentence(LIKELY, 1.0, tuple(_marks(s.end - s.start))))
                for s in sentences
            ],
        )


def _marks(length: int) -> Iterator[MarkedSpan]:
    """A source, a cue and a content of ten characters each, over and over."""
    layers: tuple[SpanLayer, ...] = ("source", "cue", "content")
    for number, start in enumerate(range(0, min(length, READ) - 10, 11)):
        layer = layers[number % 3]
        kind = "named_person" if layer == "source" else None
        yield MarkedSpan(layer, Span(start, start + 10), kind=kind)


def _sentences(text: str) -> list[tuple[Article, list[Sentence]]]:
    return _then_begin(
        (article, [s for s in segment(article) if s.skipped is None])
        for article in _read(text)
    )


def _articles(text: str) -> list[Article]:
    return _then_begin(_read(text))


def _read(text: str) -> Iterator[Article]:
    """Articles as every later stage gets them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        path.write_bytes(_record(text))
        yield from (a for a in read([path], LIFTED) if isinstance(a, Article))


def _duplicates(text: str) -> None:
    for article in _articles(text):
        NearDuplicates().first_seen("a", article.text)


def _windows(model: Path) -> Stage:
    builder = WindowBuilder(model / "tokenizer.json", WindowShape())

    def run(text: str) -> None:
        for article, sentences in _sentences(text):
            builder.windows([article.text[s.start : s.end] for s in sentences])

    return run


def stages(model: Path) -> dict[str, Stage]:
    """Everything that reads text from outside, by name."""
    return {
        "txt": _reader(".txt", _plain),
        "md": _reader(".md", _plain),
        "html": _reader(".html", _markup),
        "json": _reader(".json", _record),
        "jsonl": _reader(".jsonl", _record),
        "csv": _reader(".csv", _table),
        "tsv": _reader(".tsv", _table),
        "parquet": _reader(".parquet", _parquet),
        "docx": _reader(".docx", _word),
        "pdf": _reader(".pdf", _pdf),
        "segment": _segment,
        "actors": _actors,
        "attribute": _untagged,
        "attribute tagged": _tagged,
        "duplicates": _duplicates,
        "windows": _windows(model),
        **{f"import {name}": _importer(name) for name in ANSWERS},
        "train csv": _trainer(".csv", _table),
        "train json": _trainer(".json", _record),
    }


_CLOCK = [0.0, 0]


def _begin() -> None:
    """Start the clock once the input is made."""
    _CLOCK[:] = [time.process_time(), _peak()]


def _then_begin(items: Iterable[_T]) -> list[_T]:
    made = list(items)
    _begin()
    return made


def _peak() -> int:
    """Most memory this process has held, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def _measure(stage: Stage, text: str, limit: int, to: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    refused = ""
    try:
        stage(text)
    except AnnotatorError as error:
        refused = str(error)
    began, before = _CLOCK
    to.send(Cost(time.process_time() - began, int(_peak() - before), refused))


def cost(stage: Stage, text: str, limit: int) -> Cost | None:
    """What a stage takes; None where that is more seconds of processor time."""
    context = mp.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_measure, args=(stage, text, limit, sender))
    child.start()
    sender.close()
    try:
        found: Cost = receiver.recv()
    except EOFError:
        return None
    finally:
        child.join()
    return found


def exponent(sizes: list[float], seconds: list[float]) -> float:
    """Slope of log time over log size, by least squares."""
    xs, ys = [math.log(s) for s in sizes], [math.log(max(s, 1e-4)) for s in seconds]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    across = sum((a - x) ** 2 for a in xs)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / across


def text_of(name: str, megabytes: float) -> str:
    """A unit over and over, in its frame if it has one."""
    before, unit, after = FRAMES.get(name, ("", UNITS.get(name, ""), ""))
    return before + unit * int(megabytes * 1e6 / len(unit.encode())) + after


def row(stage: Stage, unit: str, sizes: list[float], limit: int) -> Iterator[str]:
    """Cells of the table: seconds for each size, exponent, peak megabytes, refusal."""
    taken: list[float] = []
    peak, refused = 0, ""
    for size in sizes:
        found = cost(stage, text_of(unit, size), limit)
        if found is None:
            yield from [f">{limit}"] * (len(sizes) - len(taken))
            break
        taken.append(found.seconds)
        peak, refused = max(peak, found.peak), found.refused
        yield f"{found.seconds:.2f}"
    measured = len(taken) > 1 and taken[-1] > 0.05
    yield f"{exponent(sizes[: len(taken)], taken):.2f}" if measured else ""
    yield f"{peak / 1e6:.0f}"
    yield f"refused: {refused[:60]}" if refused else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stages")
    parser.add_argument("--units")
    parser.add_argument("--megabytes", type=float, nargs="+", default=[1, 2, 4])
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--model", type=Path, default=Path("models/compact"))
    given = parser.parse_args()
    every = stages(given.model)
    wanted = given.stages.split(",") if given.stages else list(every)
    units = given.units.split(",") if given.units else [*UNITS, *FRAMES]
    head = [f"s at {size:g} MB" for size in given.megabytes]
    print("| stage | text | " + " | ".join([*head, "exponent", "peak MB", ""]) + " |")
    print("|" + "---|" * (len(head) + 5))
    for name in wanted:
        for unit in units:
            cells = row(every[name], unit, given.megabytes, given.limit)
            print(f"| {name} | {unit} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
