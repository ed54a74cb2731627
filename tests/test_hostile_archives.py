"""Files that unpack to more than they are: refused with a reason, soon, and small.

Each is read in a process of its own, whose processor time and peak memory count.
"""

from __future__ import annotations

import gzip
import io
import multiprocessing as mp
import resource
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import docx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotator.ingest import Options, read
from annotator.records import Article, DroppedLine, Failure

SECONDS = 20
"""Of processor time; a machine ten times as slow passes."""
MEGABYTES = 700
"""Beyond what Python and its libraries take."""
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SMALL = Options(max_bytes=24_000_000)
STORY = "The harbour board met on Monday and voted to close the eastern quay."


class Outcome(NamedTuple):
    """What came of a file, and what reading it took."""

    texts: list[str]
    reasons: list[str]
    seconds: float
    megabytes: float


def _measured(path: Path, options: Options, to: Connection) -> None:
    before, began = _peak(), time.process_time()
    items = [i for i in read([path], options) if not isinstance(i, DroppedLine)]
    to.send(
        Outcome(
            [i.text[:1_000] for i in items if isinstance(i, Article)],
            [i.reason for i in items if isinstance(i, Failure)],
            time.process_time() - began,
            _peak() - before,
        )
    )


def _peak() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def outcome(path: Path, data: bytes, options: Options = SMALL) -> Outcome:
    """Read a file in another process, which must come to an end in time."""
    path.write_bytes(data)
    context = mp.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_measured, args=(path, options, sender))
    child.start()
    sender.close()
    try:
        assert receiver.poll(20 * SECONDS), "it did not come to an end"
        found: Outcome = receiver.recv()
    finally:
        child.kill()
        child.join()
    assert found.seconds < SECONDS
    assert found.megabytes < MEGABYTES
    return found


# Word


def word(document: str, **members: bytes) -> bytes:
    """A Word file of this document; other members by their path."""
    empty, made = io.BytesIO(), io.BytesIO()
    docx.Document().save(empty)
    with (
        zipfile.ZipFile(empty) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        held = {name: old.read(name) for name in old.namelist()}
        held["word/document.xml"] = document.encode()
        for name, data in (held | members).items():
            new.writestr(name, data)
    return made.getvalue()


def body(inner: str, before: str = "") -> str:
    opened = f"{before}<w:document xmlns:w='{WORDS}'><w:body>"
    return f"{opened}{inner}</w:body></w:document>"


def paragraph(text: str, style: str = "Normal") -> str:
    return (
        f"<w:p><w:pPr><w:pStyle w:val='{style}'/></w:pPr>"
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
    )


def many_styles() -> bytes:
    """Each paragraph in a style of its own, each at the end of a long list."""
    n = 20_000
    styles = "".join(
        f"<w:style w:type='paragraph' w:styleId='s{i}'><w:name w:val='s{i}'/></w:style>"
        for i in range(n)
    )
    table = f"<w:styles xmlns:w='{WORDS}'>{styles}</w:styles>"
    text = "".join(paragraph("It ran.", f"s{n - i - 1}") for i in range(n))
    return word(body(text), **{"word/styles.xml": table.encode()})


def lying() -> bytes:
    """A member of 30 MB that says it has one byte."""
    made = bytearray(word(body(paragraph("a" * 30_000_000))))
    size = (30_000_000 + len(body(paragraph("")))).to_bytes(4, "little")
    assert made.count(size) == 2
    return bytes(made.replace(size, (1).to_bytes(4, "little")))


def entities() -> str:
    laughs = '<!ENTITY a0 "lol">' + "".join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12)
    )
    return f"<!DOCTYPE d [{laughs}]>"


def workbook() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return made.getvalue()


WORD_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (
        lambda: word(body(""), **{"word/media/a.bin": bytes(25_000_000)}),
        "bytes: expected at most 24,000,000",
    ),
    "markup without end": (
        lambda: word(body("<w:p/>" * 3_500_000)),
        "bytes of markup: expected at most 20,000,000",
    ),
    "paragraphs without end": (
        lambda: word(body(paragraph("a") * 210_000)),
        "lines: expected at most 200,000",
    ),
    "a size that is a lie": (lying, "not a readable .docx"),
    "a workbook": (workbook, "not a readable .docx"),
    "elements inside one another": (
        lambda: word(body("<w:p>" * 100_000)),
        "not a readable .docx",
    ),
    "many laughs": (
        lambda: word(body(paragraph(f"{STORY} &a11;"), entities())),
        "not a readable .docx",
    ),
}


@pytest.mark.parametrize("name", WORD_FILES)
def test_a_hostile_word_file_is_refused(tmp_path: Path, name: str) -> None:
    made, reason = WORD_FILES[name]
    found = outcome(tmp_path / "a.docx", made())
    assert found.texts == []
    assert [reason in r for r in found.reasons] == [True]


def test_styles_are_looked_up_in_one_pass(tmp_path: Path) -> None:
    found = outcome(tmp_path / "a.docx", many_styles())
    assert found.reasons == []
    assert found.seconds < 10


def test_a_word_file_reads_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the combination is 4711")
    entity = f"<!DOCTYPE d [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>"
    made = word(body(paragraph(STORY) + paragraph("It ran. &x;"), entity))
    found = outcome(tmp_path / "a.docx", made)
    assert not any("4711" in text for text in found.texts)


def test_a_limit_that_is_raised_lets_a_word_file_through(tmp_path: Path) -> None:
    made = word(body(paragraph(STORY)), **{"word/media/a.bin": bytes(25_000_000)})
    options = Options(max_bytes=30_000_000)
    assert outcome(tmp_path / "a.docx", made, options).texts == [STORY]


# PDF


def pdf(objects: dict[int, bytes], root: int = 1) -> bytes:
    """A PDF file of these objects."""
    made, places = b"%PDF-1.7\n", {0: b"0000000000 65535 f \n"}
    for number, content in objects.items():
        places[number] = b"%010d 00000 n \n" % len(made)
        made += b"%d 0 obj%s endobj\n" % (number, content)
    at = len(made)
    table = b"".join(b"%d 1\n%s" % (n, place) for n, place in places.items())
    end = b"trailer<</Root %d 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF"
    return made + b"xref\n" + table + end % (root, max(objects) + 1, at)


def stream(data: bytes, facts: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (
        len(packed),
        facts,
        packed,
    )


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SHOWN = b"BT /F1 10 Tf 50 700 Td (%s) Tj ET" % STORY.encode()


def pages(n: int, drawn: bytes, resources: bytes = b"", **more: bytes) -> bytes:
    """Pages that all draw the same."""
    kids = b" ".join(b"%d 0 R" % (100 + i) for i in range(n))
    page = (
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>%s>>>>"
        % resources
    )
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R%s>>" % more.get("catalog", b""),
            2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, n),
            4: stream(drawn),
            5: more.get("font", FONT),
            **{int(k[1:]): v for k, v in more.items() if k[1:].isdecimal()},
            **{100 + i: page for i in range(n)},
        }
    )


def forms() -> bytes:
    """Ten forms, each of which draws the next ten times: 10^10 drawings."""
    made = {
        f"o{10 + i}": stream(
            b"/X Do " * 10 if i < 9 else SHOWN,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
            b"/Resources<</Font<</F1 5 0 R>>/XObject<</X %d 0 R>>>>" % (11 + i),
        )
        for i in range(10)
    }
    return pages(1, b"/X Do " * 10, b"/XObject<</X 10 0 R>>", **made)


def heavy_font() -> bytes:
    """A table of characters of 700 kB, read anew for each of a thousand pages."""
    table = b"begincmap\n" + b"100 beginbfchar\n" + b"<01> <0041>\n" * 60_000
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/ToUnicode 6 0 R>>"
    return pages(1_000, SHOWN, font=font, o6=stream(table))


PDF_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "pages without end": (
        lambda: pages(5_000, SHOWN),
        "5,000 pages: expected at most 1,000",
    ),
    "a page of 100 MB": (
        lambda: pages(1, b" " * 100_000_000),
        "not a readable PDF file",
    ),
    "a drawing of too many commands": (
        lambda: pages(1, b"q Q " * 1_000_000),
        "not a readable PDF file",
    ),
    "pages that hold themselves": (
        lambda: pdf(
            {
                1: b"<</Type/Catalog/Pages 2 0 R>>",
                2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>",
            }
        ),
        "PDF file",
    ),
    "pages nested without end": (
        lambda: pdf(
            {1: b"<</Type/Catalog/Pages 2 0 R>>"}
            | {
                n: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 1)
                for n in range(2, 5_000)
            }
        ),
        "PDF file",
    ),
}


@pytest.mark.parametrize("name", PDF_FILES)
def test_a_hostile_pdf_file_is_refused(tmp_path: Path, name: str) -> None:
    made, reason = PDF_FILES[name]
    found = outcome(tmp_path / "a.pdf", made())
    assert found.texts == []
    assert [reason in r for r in found.reasons] == [True]


def test_forms_that_draw_forms_come_to_an_end(tmp_path: Path) -> None:
    assert outcome(tmp_path / "a.pdf", forms()).texts[0].startswith(STORY)


def test_a_pdf_file_that_takes_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.ingest.office._MAX_SECONDS", 1)
    found = outcome(tmp_path / "a.pdf", heavy_font())
    assert found.reasons == [
        "it takes more than 1 seconds to read: print it to a smaller file, or save "
        "its text"
    ]


def test_a_script_in_a_pdf_file_is_neither_run_nor_read(tmp_path: Path) -> None:
    action = b"/OpenAction<</S/JavaScript/JS(app.alert\\('owned'\\))>>"
    found = outcome(tmp_path / "a.pdf", pages(1, SHOWN, catalog=action))
    assert found.texts == [STORY]


def test_a_limit_that_is_raised_lets_a_long_pdf_file_through(tmp_path: Path) -> None:
    options = Options(max_bytes=400_000_000)
    found = outcome(tmp_path / "a.pdf", pages(1_500, SHOWN), options)
    assert len(found.texts) == 1


# Parquet


def parquet(table: pa.Table, **facts: object) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, **facts)
    return file.getvalue()


def one_value_many_times(rows: int, size: int) -> bytes:
    texts = pa.DictionaryArray.from_arrays(
        pa.array([0] * rows, pa.int32()), pa.array(["It ran. " * (size // 8)])
    )
    return parquet(
        pa.table({"text": texts}), compression="zstd", dictionary_pagesize_limit=10**9
    )


PARQUET_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "a page of 30 MB": (
        lambda: parquet(pa.table({"text": ["a" * 30_000_000]}), compression="zstd"),
        "a row group of 30,000,0",
    ),
    "too many columns": (
        lambda: parquet(
            pa.table({f"c{i}": pa.array([], pa.int8()) for i in range(101_000)}),
            store_schema=False,
        ),
        "Exceeded size limit",
    ),
}


@pytest.mark.parametrize("name", PARQUET_FILES)
def test_a_hostile_parquet_file_is_refused(tmp_path: Path, name: str) -> None:
    made, reason = PARQUET_FILES[name]
    found = outcome(tmp_path / "a.parquet", made())
    assert found.texts == []
    assert [reason in r for r in found.reasons] == [True]


def test_one_text_stored_once_cannot_be_any_number_of_articles(tmp_path: Path) -> None:
    made = one_value_many_times(rows=1_000, size=100_000)
    found = outcome(tmp_path / "a.parquet", made, Options(max_bytes=1_000_000))
    assert len(found.texts) == 10
    assert "expands to more than 1,000,000 characters" in found.reasons[0]


# gzip, and what breaks off


@pytest.mark.parametrize("suffix", [".txt", ".html", ".json", ".md", ".docx", ".pdf"])
def test_what_unpacks_a_thousandfold_is_refused_while_it_unpacks(
    tmp_path: Path, suffix: str
) -> None:
    data = gzip.compress(b"a" * 25_000_000)
    found = outcome(tmp_path / f"a{suffix}.gz", data)
    assert found.texts == []
    assert "expands to more than 24,000,000 bytes" in found.reasons[0]
    assert "raise the limit" in found.reasons[0]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".tsv"])
def test_records_that_unpack_without_end_are_one_failure(
    tmp_path: Path, suffix: str
) -> None:
    data = gzip.compress(b"text\n" + b"\n" * 25_000_000)
    found = outcome(tmp_path / f"a{suffix}.gz", data)
    assert found.texts == []
    assert any("blank lines in a row" in r for r in found.reasons)


WHOLE: dict[str, Callable[[], bytes]] = {
    ".docx": lambda: word(body(paragraph(STORY))),
    ".pdf": lambda: pages(1, SHOWN),
    ".parquet": lambda: parquet(pa.table({"text": [STORY]})),
    ".txt.gz": lambda: gzip.compress(STORY.encode()),
}


@pytest.mark.parametrize("suffix", WHOLE)
def test_a_file_cut_anywhere_is_read_or_refused_with_a_reason(
    tmp_path: Path, suffix: str
) -> None:
    whole = WHOLE[suffix]()
    for tenth in range(1, 10):
        path = tmp_path / f"{tenth}{suffix}"
        path.write_bytes(whole[: len(whole) * tenth // 10])
    items = list(read([tmp_path]))
    assert len(items) == 9
    for item in items:
        assert item.text == STORY if isinstance(item, Article) else item.reason
