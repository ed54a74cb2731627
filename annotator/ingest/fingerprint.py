"""Paths -> the files that would be read, each with the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotator.ingest.document import Options
from annotator.ingest.files import STDIN, Found, find
from annotator.ingest.reading import SUFFIXES
from annotator.records import InputFile


def fingerprints(
    paths: Sequence[str | Path],
    options: Options = Options(),  # noqa: B008 (frozen)
) -> Iterator[InputFile]:
    """Give the files `read` would open, in its order, standard input left out."""
    for item in find(paths, SUFFIXES, options):
        if isinstance(item, Found) and str(item.path) != STDIN:
            yield _fingerprint(item)


def _fingerprint(found: Found) -> InputFile:
    try:
        with found.open() as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return InputFile(found.name, file.tell(), digest)
    except OSError:
        return InputFile(found.name, 0, None)
