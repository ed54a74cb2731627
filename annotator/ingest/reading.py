"""Paths -> articles, dropped lines and failures, one at a time.

One bad file or record stops nothing: it is a `Failure` in its place.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from annotator.errors import UnreadableInput
from annotator.ingest.articles import articles_of, origin_of
from annotator.ingest.document import Document, Facts, Options, Reader, read_whole
from annotator.ingest.files import STDIN, Found, find, opened
from annotator.ingest.html import read_html
from annotator.ingest.manifest import Manifest, load_manifest
from annotator.ingest.office import read_docx, read_pdf
from annotator.ingest.outlets import load_aliases
from annotator.ingest.parquet import read_parquet
from annotator.ingest.tables import read_csv, read_json, read_jsonl
from annotator.ingest.text import read_markdown, read_text
from annotator.records import Article, DroppedLine, Failure

READERS: Mapping[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
SUFFIXES = frozenset(READERS)
_BY_MAGIC: Mapping[bytes, Reader] = {
    b"%PDF-": read_pdf,
    b"PK\x03\x04": read_docx,
    b"PAR1": read_parquet,
    b"{": read_json,
    b"[{": read_json,
}


def read(
    paths: Sequence[str | Path],
    options: Options = Options(),  # noqa: B008 (frozen)
    stdin: BinaryIO | None = None,
) -> Iterator[Article | DroppedLine | Failure]:
    """Read articles from files, folders and standard input.

    Parameters
    ----------
    paths
        Files, folders (walked, in sorted order) and ``-`` for `stdin`.
    options
        What else is known, and limits.
    stdin
        Read where ``-`` is among the paths: a page of text or HTML, JSON, JSONL,
        PDF, .docx or Parquet, told by its first bytes.

    Yields
    ------
    Article | DroppedLine | Failure
        File by file: the lines left out, then the articles they were left out of.
        Rows of a manifest that name no file come first, as failures.

    Raises
    ------
    BadManifest
        At once, before anything is read, where the manifest or the alias table
        breaks its format.
    """
    aliases = load_aliases(options.aliases)
    manifest = load_manifest(options.manifest) if options.manifest else Manifest({})
    return _read_all(paths, options, stdin, manifest, aliases)


def _read_all(
    paths: Sequence[str | Path],
    options: Options,
    stdin: BinaryIO | None,
    manifest: Manifest,
    aliases: Mapping[str, str],
) -> Iterator[Article | DroppedLine | Failure]:
    """Read file by file."""
    yield from manifest.missing
    for item in find(paths, SUFFIXES, options):
        if isinstance(item, Failure):
            yield item
            continue
        facts = Facts() if item.place else manifest.facts_of(item.path)
        origin = origin_of(item, facts, aliases, options)
        for document in _documents(item, options, stdin):
            if isinstance(document, UnreadableInput):
                yield Failure(item.name, "ingest", str(document))
            else:
                yield from articles_of(document, origin, options)


def _documents(
    found: Found, options: Options, stdin: BinaryIO | None
) -> Iterator[Document | UnreadableInput]:
    """Open and read a file; a fault that ends the reading is the last item."""
    try:
        with opened(found, options, stdin) as stream:
            if str(found.path) == STDIN:
                data = read_whole(stream, options.max_bytes)
                yield from _told_by_content(data)(io.BytesIO(data), options)
            else:
                yield from READERS[found.suffix](stream, options)
    except UnreadableInput as fault:
        yield fault


def _told_by_content(data: bytes) -> Reader:
    """Choose the reader of standard input; `read_text` sees to HTML itself."""
    head = data[:1_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    compact = b"".join(head.split())
    return next(
        (reader for magic, reader in _BY_MAGIC.items() if compact.startswith(magic)),
        read_text,
    )
