"""What is scored, and how -> digests by which it is known again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from annotator.ingest import Options
from annotator.records import Article, InputFile
from annotator.store.tables import SCHEMA_VERSION


def recipe_of(model: str, least_confidence: float) -> str:
    """Digest of all that labels depend on beside the article: hex, 16 digits."""
    code = version("source-annotator")
    return _digest(f"{model} {code} {SCHEMA_VERSION} {least_confidence!r}", 8)


def digest_of(article: Article, recipe: str) -> str:
    """Digest of an article as it was read and of how it is scored: hex, 32 digits.

    Which other article it is a copy of is left out: that hangs on the others.
    """
    return _digest(f"{recipe} {replace(article, duplicate_of=None)!r}", 16)


class Inputs:
    """Everything that results are made of, added up file by file.

    Parameters
    ----------
    beside
        Files whose content counts and that are not among those added.
    recipe
        What else the results depend on.
    """

    def __init__(self, options: Options, beside: Iterable[Path], recipe: str) -> None:
        self._digest = blake2b(f"{recipe} {options!r}".encode(), digest_size=16)
        for path in beside:
            self._digest.update(blake2b(path.read_bytes()).digest())
        self._known = True

    def add(self, file: InputFile) -> None:
        """Add a file, in the order of reading."""
        self._known &= file.sha256 is not None
        self._digest.update(f"{file.source_path}\0{file.sha256}\n".encode())

    def digest(self) -> str | None:
        """Hex, 32 digits; None where a file could not be read, and may be next time."""
        return self._digest.hexdigest() if self._known else None


def _digest(text: str, size: int) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
