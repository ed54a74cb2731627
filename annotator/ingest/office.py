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
from typing import Any, BinaryIO

import docx
import pypdf

from annotator.errors import UnreadableInput
from annotator.ingest.decode import clean
from annotator.ingest.document import Document, Facts, Options, read_whole

_MAX_PAGES = 1_000
_MAX_DRAWING = 20_000_000
"""Bytes of drawing commands in a PDF file: about a minute of reading. A page of text
has some 10,000."""
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
    data = io.BytesIO(read_whole(stream, options.max_bytes))
    try:
        with zipfile.ZipFile(data) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > options.max_bytes:
            raise UnreadableInput(
                f"expands to {size:,} bytes: expected at most {options.max_bytes:,}"
            )
        paragraphs = [
            (p.style.name if p.style else "", " ".join(clean(p.text).split()))
            for p in docx.Document(data).paragraphs
        ]
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


def _is_heading(style: str | None) -> bool:
    """Whether a paragraph style is that of a title or heading."""
    return style is not None and style.startswith(("Title", "Heading", "Subtitle"))


def read_pdf(stream: BinaryIO, options: Options) -> Iterator[Document]:
    """Read the text of a PDF file in paragraphs, hyphens at line ends undone.

    Raises
    ------
    UnreadableInput
        Where the file is locked, too large, broken, or holds pictures of text only.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    data = io.BytesIO(read_whole(stream, options.max_bytes))
    try:
        reader = pypdf.PdfReader(data, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableInput("locked by a password: save it without one")
        if len(reader.pages) > _MAX_PAGES:
            raise UnreadableInput(
                f"{len(reader.pages):,} pages: expected at most {_MAX_PAGES:,}"
            )
        paragraphs: list[str] = []
        drawing = 0
        for page in reader.pages:
            contents = page.get_contents()
            drawing += len(contents.get_data()) if contents else 0
            if drawing > _MAX_DRAWING:
                raise UnreadableInput(
                    f"more than {_MAX_DRAWING:,} bytes of drawing: print it to a "
                    "smaller file or save its text"
                )
            _go_on(paragraphs, _paragraphs(_page_lines(page)))
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


def _page_lines(page: pypdf.PageObject) -> list[tuple[float, float, str]]:
    """Give (height, width, text) of a page's lines in drawing order."""
    lines: list[tuple[float, float, str]] = []

    def draw(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        for i, part in enumerate(text.split("\n")):
            same = lines and not i and abs(lines[-1][0] - height) < 2
            if same:
                old = lines.pop()
                lines.append((old[0], 0.0, old[2] + part))
            elif part.strip():
                lines.append((height, 0.0, part))

    page.extract_text(visitor_text=draw)
    return [(height, len(text), " ".join(text.split())) for height, _, text in lines]


def _paragraphs(lines: list[tuple[float, float, str]]) -> list[str]:
    """Join the lines of a page that belong to one paragraph."""
    gaps = sorted(a[0] - b[0] for a, b in pairwise(lines))
    usual = next((gap for gap in gaps[len(gaps) // 4 :] if gap > 0), 0.0)
    widest = max((width for _, width, _ in lines), default=0)
    paragraphs: list[str] = []
    last: tuple[float, float, str] | None = None
    for line in lines:
        if last and not _ends(last, line, usual, widest):
            paragraphs[-1] += "\n" + line[2]
        else:
            paragraphs.append(line[2])
        last = line
    return paragraphs


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
