"""HTML -> the article's paragraphs and what the page says of itself.

Trafilatura finds the body, with precision favoured and comments left out; it reads
the markup only and never goes to the network. Dates come from the page's metadata
and time marks, not from the widest search, which nearly always returns some date.

Its time grows with the number of elements (about a third of a millisecond each),
and libxml2's with the square of the attributes in one tag; both are limited before
anything is parsed.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from annotator.errors import UnreadableInput
from annotator.ingest.decode import decode, repair
from annotator.ingest.document import Document, Facts, Options, read_whole
from annotator.ingest.fields import facts_of

_MAX_CHARS = 20_000_000
_MAX_TAGS = 30_000
"""Start tags: some ten seconds of work. News pages have 500 to 8,000."""
_MAX_ATTRIBUTES = 2_000
"""In one tag: 20 ms of parsing; 100,000 would take a minute."""
_MAX_DEPTH = 1_000
"""Open elements at once, those that may stay open not counted. libxml2 stops at
256 and drops what is deeper; a page at 1,000 is broken or hostile."""

_LATEST = "2100-01-01"
"""Of the dates that are believed. The library's own is today, so that the clock of the
machine would decide which pages have a date."""

_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_DATA_ADDRESS = re.compile(r"""data:[^"'\s)<>]{200,}""")
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/<>]*)((?:=\s*"[^"]*"|=\s*'[^']*'|[^>])*+)""")
_VALUE = re.compile(r"""=\s*(?:"[^"]*"|'[^']*'|[^\s"']*)""")
_MAY_STAY_OPEN = frozenset(
    [
        *("area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head"),
        *("hr", "html", "img", "input", "li", "link", "meta", "optgroup", "option"),
        *("p", "param", "path", "rp", "rt", "source", "tbody", "td", "tfoot", "th"),
        *("thead", "tr", "track", "wbr"),
    ]
)
_HTML_START = re.compile(r"\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html)\b", re.I | re.S)
_BLOCKS = frozenset(["p", "head", "item", "quote", "code", "ab"])


def looks_like_html(text: str) -> bool:
    """Whether text begins as an HTML page does, whatever its file is called."""
    return bool(_HTML_START.match(text[:5_000]))


def read_html(stream: BinaryIO, options: Options) -> Iterator[Document]:
    """Read one page.

    Raises
    ------
    UnreadableInput
        Where the page is too large or too strange, or holds no article.
    """
    data = read_whole(stream, options.max_bytes)
    declared = _DECLARED.search(data[:4_096])
    decoded = decode(data, declared[1].decode("ascii") if declared else None)
    yield document_of_page(decoded.text, decoded.notes, options)


def document_of_page(
    page: str,
    notes: tuple[str, ...] = (),
    options: Options = Options(),  # noqa: B008 (frozen)
) -> Document:
    """Take the article out of a page's markup."""
    # Slow to import, and many folders hold no page.
    import trafilatura

    page = _DATA_ADDRESS.sub("data:", page)
    _check(page, options)
    repaired = repair(page)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.bare_extraction(
            repaired.text,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            date_extraction_params={
                "original_date": True,
                "extensive_search": False,
                "outputformat": "%Y-%m-%d",
                "max_date": _LATEST,
            },
        )
    except Exception as error:  # the library raises whatever a broken page makes it
        raise UnreadableInput(f"the page cannot be parsed: {error!r:.200}") from error
    if found is None or isinstance(found, dict) or found.body is None:
        raise UnreadableInput(
            "no article text found: the page has no run of paragraphs that reads as one"
        )
    blocks = list(_blocks(found.body))
    return Document(
        "\n\n".join(text for _, text in blocks),
        Facts(
            outlet=found.sitename or found.hostname,
            title=found.title,
            author=found.author,
            published=found.date,
            url=found.url,
            topic=facts_of({"topic": next(iter(found.categories or ()), None)}).topic,
        ),
        headings=frozenset(text for kind, text in blocks if kind == "head"),
        notes=notes + repaired.notes,
    )


def _blocks(body: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of the extracted blocks in reading order.

    A block inside a block, as a paragraph in a quotation, stands by itself.
    """
    for element in body.iter(*_BLOCKS):
        parts = [element.text or ""]
        for child in element:
            if child.tag not in _BLOCKS:
                words = "".join(map(str, child.itertext()))
                parts.append("\n" if child.tag == "lb" else words)
            parts.append(child.tail or "")
        for line in "".join(parts).split("\n"):
            if text := " ".join(line.split()):
                yield str(element.tag), text


def _check(page: str, options: Options) -> None:
    """Refuse a page that would take the parsers too long."""
    longest, most = options.raised(_MAX_CHARS), options.raised(_MAX_TAGS)
    if len(page) > longest:
        raise UnreadableInput(
            f"{len(page):,} characters of HTML: expected at most {longest:,}; "
            "save the page without its pictures"
        )
    tags = depth = 0
    for closing, name, rest in _tags(page):
        if closing:
            depth -= name not in _MAY_STAY_OPEN
            continue
        tags += 1
        depth += name not in _MAY_STAY_OPEN and not rest.endswith("/")
        limits = (
            (tags, most, "elements"),
            (depth, _MAX_DEPTH, "elements inside one another"),
            (_attributes(rest), _MAX_ATTRIBUTES, "attributes in one tag"),
        )
        for count, limit, what in limits:
            if count > limit:
                raise UnreadableInput(
                    f"more than {limit:,} {what}: expected the page of an article; "
                    "save it again or as text"
                )


def _tags(page: str) -> Iterator[tuple[bool, str, str]]:
    """Yield (closing, name, attributes) of every tag."""
    for match in _TAG.finditer(page):
        yield bool(match[1]), match[2].lower(), match[3]


def _attributes(rest: str) -> int:
    """Count what a parser would take for attributes."""
    if len(rest) < 2 * _MAX_ATTRIBUTES:
        return 0
    return len(re.findall(r"[^\s/]+", _VALUE.sub(" ", rest)))
