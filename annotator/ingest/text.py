"""Plain text, Markdown -> documents.

Plain text is taken for a saved page: it may hold several stories and a site's
furniture. Its words can be pointed to in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from markdown_it import MarkdownIt
from markdown_it.token import Token

from annotator.errors import UnreadableInput
from annotator.ingest.decode import clean, decode, repair
from annotator.ingest.document import (
    Document,
    Facts,
    Options,
    check_lines,
    read_whole,
)
from annotator.ingest.fields import facts_of
from annotator.ingest.html import document_of_page, looks_like_html

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.{0,20000}?)\n---[ \t]*(?:\n|$)", re.S)
_FRONT_FIELD = re.compile(r"^([\w-]+):[ \t]*(\S.*)$", re.M)
_MARKS = "[]*_`<&!\\{}"
"""Characters at which the Markdown parser stops to think, 13 microseconds at worst."""
_CHARACTERS_A_MARK = 20
"""Least of `Options.max_chars` for each mark: 100,000 marks, about a second."""
_BETWEEN = {"softbreak": " ", "hardbreak": " "}


def read_text(stream: BinaryIO, options: Options) -> Iterator[Document]:
    """Read a saved page of plain text.

    Raises
    ------
    UnreadableInput
        Where the file is empty or binary, or a line is longer than any article.
    """
    decoded = decode(read_whole(stream, options.max_bytes))
    if looks_like_html(decoded.text):
        note = "read as HTML, whatever its name says"
        yield document_of_page(decoded.text, (*decoded.notes, note), options)
        return
    _check_lines(decoded.text, options.max_chars)
    repaired = repair(decoded.text)
    yield Document(
        repaired.text,
        page=True,
        pieces=repaired.pieces,
        source=decoded.text,
        notes=decoded.notes + repaired.notes,
    )


def read_markdown(stream: BinaryIO, options: Options) -> Iterator[Document]:
    """Read an article in CommonMark; code, tables, pictures and raw HTML go.

    The title is that of a front matter (``title: ...`` between two lines of
    ``---``), else the first heading of the first level.
    """
    decoded = decode(read_whole(stream, options.max_bytes))
    text = clean(decoded.text)
    if len(text) > options.max_chars:
        raise UnreadableInput(
            f"{len(text):,} characters: expected at most {options.max_chars:,}"
        )
    check_lines(text.count("\n"), options)
    _check_marks(text, options.max_chars)
    facts = Facts()
    if front := _FRONT_MATTER.match(text):
        fields = _FRONT_FIELD.findall(front[1])
        facts = facts_of({name: value.strip(" '\"") for name, value in fields})
        text = text[front.end() :]
    blocks = list(_markdown_blocks(text))
    title = next((text for kind, text in blocks if kind == "h1"), None)
    yield Document(
        "\n\n".join(text for _, text in blocks),
        facts if facts.title else replace(facts, title=title),
        headings=frozenset(text for kind, text in blocks if kind != "paragraph"),
        notes=decoded.notes,
    )


def _markdown_blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield ("paragraph", "h1" ... "h6"; text) in order."""
    kind = "paragraph"
    in_table = False
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type in ("table_open", "table_close"):
            in_table = token.type == "table_open"
        elif token.type == "heading_open":
            kind = token.tag
        elif token.type == "inline" and not in_table:
            if words := " ".join(_inline_text(token.children or []).split()):
                yield kind, words
            kind = "paragraph"


def _inline_text(tokens: list[Token]) -> str:
    """Give the words of a run of inline tokens, without pictures and tags."""
    spoken = ("text", "code_inline", *_BETWEEN)
    return "".join(
        _BETWEEN.get(token.type, token.content)
        for token in tokens
        if token.type in spoken
    )


def _check_marks(text: str, max_chars: int) -> None:
    """Refuse what is marks rather than words."""
    marks, most = sum(map(text.count, _MARKS)), max_chars // _CHARACTERS_A_MARK
    if marks > most:
        raise UnreadableInput(
            f"{marks:,} marks of Markdown: expected at most {most:,}; save it as text"
        )


def _check_lines(text: str, max_chars: int) -> None:
    """Refuse a line that no article has."""
    longest = max(map(len, text.split("\n")))
    if longest > max_chars:
        raise UnreadableInput(
            f"a line of {longest:,} characters: expected at most {max_chars:,}; "
            "split the file into articles"
        )
