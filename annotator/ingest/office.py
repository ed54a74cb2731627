"""Word documents and PDF files -> documents of one article.

Neither keeps what a researcher needs to trust its properties: the author of a file is
seldom that of the article, so only the words are taken.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from time import thread_time
from typing import TYPE_CHECKING, Any, BinaryIO

from annotator.errors import UnreadableInput
from annotator.ingest.decode import clean
from annotator.ingest.document import (
    Document,
    Facts,
    Options,
    check_lines,
    read_whole,
)

if TYPE_CHECKING:
    import docx.document
    import pypdf

_MAX_XML = 20_000_000
"""Bytes of markup in a Word file: its tree takes 40 times as much memory at worst. A
novel has some 5 million."""
_MAX_PAGES = 1_000
_MAX_SECONDS = 60
"""Of processor time for one PDF file: a page of text takes some 0.02, but a page may
draw another, and bring a font that is read anew each time."""
_MAX_STREAM = 20_000_000
"""Bytes that one stream of a PDF file unpacks to; the drawing of a page has 10,000."""
_MAX_PARTS = 500_000
"""Commands and numbers in the drawing of one page: some 200 MB, five seconds."""
_GAP = 1.35
"""Line distance, as a multiple of the usual, that sets paragraphs apart. Leading
within a paragraph varies by some 10 %; a blank half line gives 1.5."""
_SHORT = 0.85
"""A line under this share of the widest, with a full stop, ends its paragraph."""
_SENTENCE_END = (".", "!", "?", ".”", '."', "?”", "!”", ".’", "…")


def read_docx(stream: BinaryIO, options: Options) -> Iterator[Document]:
    """Read the paragraphs of a Word document; tables and pictures go.

    The title is the paragraph of style Title, else the first heading of level 1.
    """
    # Slow to import, and most folders hold no such file; so is pypdf below.
    import docx

    data = io.BytesIO(read_whole(stream, options.max_bytes))
    try:
        _check_archive(data, options)
        paragraphs = list(_word_paragraphs(docx.Document(data), options))
    except UnreadableInput:
        raise
    except Exception as error:  # the library raises whatever a broken file makes it
        raise UnreadableInput(f"not a readable .docx: {error!r:.200}") from error
    headings = [(style, text) for style, text in paragraphs if _is_heading(style)]
    titles = [t for style, t in headings if style in ("Title", "Heading 1")]
    yield Document(
        "\n\n".join(text for _, text in paragraphs if text),
        Facts(title=titles[0] if titles else None),
        headings=frozenset(text for _, text in headings),
    )


def _check_archive(data: BinaryIO, options: Options) -> None:
    """Refuse what says it expands beyond the limits; what lies is cut off there."""
    with zipfile.ZipFile(data) as archive:
        members = archive.infolist()
    markup = [m for m in members if m.filename.endswith((".xml", ".rels"))]
    for held, most, what in (
        (members, options.max_bytes, "bytes"),
        (markup, options.raised(_MAX_XML), "bytes of markup"),
    ):
        size = sum(member.file_size for member in held)
        if size > most:
            raise UnreadableInput(
                f"expands to {size:,} {what}: expected at most {most:,}"
            )


def _word_paragraphs(
    document: docx.document.Document, options: Options
) -> Iterator[tuple[str, str]]:
    """Yield (name of the style, text); the name is empty where none is given."""
    names = {style.style_id: style.name or "" for style in document.styles}
    paragraphs = document.paragraphs
    check_lines(len(paragraphs), options)
    for paragraph in paragraphs:
        text = " ".join(clean(paragraph.text).split())
        # `paragraph.style` would search all styles anew for each paragraph.
        yield names.get(paragraph._p.style, ""), text


def _is_heading(style: str) -> bool:
    """Whether a paragraph style is that of a title or heading."""
    return style.startswith(("Title", "Heading", "Subtitle"))


def read_pdf(stream: BinaryIO, options: Options) -> Iterator[Document]:
    """Read the text of a PDF file in paragraphs, hyphens at line ends undone.

    Raises
    ------
    UnreadableInput
        Where the file is locked, too large, broken, or holds pictures of text only.
    """
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    data = io.BytesIO(read_whole(stream, options.max_bytes))
    most = options.raised(_MAX_STREAM)
    try:
        with pypdf.apply_configuration(
            maximum_declared_stream_length=options.max_bytes,
            array_based_stream_maximum_output_length=most,
            lzw_maximum_output_length=most,
            run_length_maximum_output_length=most,
            zlib_maximum_output_length=most,
            stream_parsing_work_maximum_count=options.raised(_MAX_PARTS),
        ):
            paragraphs = _pdf_paragraphs(data, options)
    except UnreadableInput:
        raise
    except Exception as error:  # the library raises whatever a broken file makes it
        raise UnreadableInput(f"not a readable PDF file: {error!r:.200}") from error
    text = clean(_without_hyphens("\n\n".join(paragraphs)))
    if not text.strip():
        raise UnreadableInput(
            "no text in the PDF file: pictures of text need OCR first"
        )
    yield Document(text)


def _pdf_paragraphs(data: BinaryIO, options: Options) -> list[str]:
    """Read the paragraphs of all pages."""
    import pypdf

    reader = pypdf.PdfReader(data, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableInput("locked by a password: save it without one")
    pages, most = len(reader.pages), options.raised(_MAX_PAGES)
    if pages > most:
        raise UnreadableInput(f"{pages:,} pages: expected at most {most:,}")
    clock = _Clock(options.raised(_MAX_SECONDS))
    paragraphs: list[str] = []
    for page in reader.pages:
        _go_on(paragraphs, _paragraphs(_page_lines(page, clock)))
    return paragraphs


class _Clock:
    """Processor time since it was made; asking is an error once it is over."""

    def __init__(self, seconds: int) -> None:
        self._seconds, self._end = seconds, thread_time() + seconds
        self._asked = 0

    def tick(self, *_: object) -> None:
        """Check now and then: asking the system each time would cost as much."""
        self._asked += 1
        if self._asked % 16 == 0:
            self.check()

    def check(self) -> None:
        """Raise `UnreadableInput` if the time is over."""
        if thread_time() > self._end:
            raise UnreadableInput(
                f"it takes more than {self._seconds} seconds to read: print it "
                "to a smaller file, or save its text"
            )


def _go_on(paragraphs: list[str], page: list[str]) -> None:
    """Add a page, its number left out; a paragraph may run on across the break."""
    page = [
        p
        for i, p in enumerate(page)
        if i not in (0, len(page) - 1) or not p.isdecimal()
    ]
    if paragraphs and page and page[0][:1].islower():
        paragraphs[-1] += "\n" + page.pop(0)
    paragraphs += page


def _page_lines(
    page: pypdf.PageObject, clock: _Clock
) -> list[tuple[float, float, str]]:
    """Give (height, width, text) of a page's lines in drawing order."""
    drawn: list[tuple[float, list[str]]] = []

    def draw(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        for i, part in enumerate(text.split("\n")):
            if drawn and not i and abs(drawn[-1][0] - height) < 2:
                drawn[-1][1].append(part)
            elif part.strip():
                drawn.append((height, [part]))

    page.extract_text(visitor_operand_before=clock.tick, visitor_text=draw)
    clock.check()
    lines = ((height, "".join(parts)) for height, parts in drawn)
    return [(height, len(text), " ".join(text.split())) for height, text in lines]


def _paragraphs(lines: list[tuple[float, float, str]]) -> list[str]:
    """Join the lines of a page that belong to one paragraph."""
    gaps = sorted(a[0] - b[0] for a, b in pairwise(lines))
    usual = next((gap for gap in gaps[len(gaps) // 4 :] if gap > 0), 0.0)
    widest = max((width for _, width, _ in lines), default=0)
    paragraphs: list[list[str]] = []
    last: tuple[float, float, str] | None = None
    for line in lines:
        if last and not _ends(last, line, usual, widest):
            paragraphs[-1].append(line[2])
        else:
            paragraphs.append([line[2]])
        last = line
    return ["\n".join(paragraph) for paragraph in paragraphs]


def _ends(
    line: tuple[float, float, str],
    following: tuple[float, float, str],
    usual: float,
    widest: float,
) -> bool:
    """Whether a paragraph ends between two lines."""
    gap = line[0] - following[0]
    wide_gap = bool(usual) and (gap > usual * _GAP or gap < 0)
    return wide_gap or (line[1] < widest * _SHORT and line[2].endswith(_SENTENCE_END))


def _without_hyphens(text: str) -> str:
    """Undo hyphens at line ends, unless the word is hyphenated elsewhere too."""

    def join(match: re.Match[str]) -> str:
        hyphenated = f"{match[1]}-{match[2]}"
        return hyphenated if hyphenated in text else match[1] + match[2]

    text = text.replace("\u00ad\n", "").replace("\u00ad", "")
    text = re.sub(r"(\w+)[-\u2010]\n([^\W\d_A-Z]\w*)", join, text)
    text = re.sub(r"[-\u2010]\n(?=\S)", "-", text)
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)
