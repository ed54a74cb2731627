"""A manifest CSV -> what it says of each file.

Columns: path, and any of outlet, title, author, published, url, language, topic.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import BadManifest, UnreadableInput
from annotator.ingest.decode import clean, decode
from annotator.ingest.document import FACT_NAMES, Facts
from annotator.ingest.files import STDIN
from annotator.records import Failure

COLUMNS = ("path", *(name for name in FACT_NAMES if name != "source_id"))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says.

    Attributes
    ----------
    facts
        By the real path of the file.
    missing
        Rows whose file is not there.
    """

    facts: Mapping[str, Facts]
    missing: tuple[Failure, ...] = ()

    def facts_of(self, path: Path) -> Facts:
        """Give what it says of a file: nothing of a file it does not name."""
        return self.facts.get(_key(path), Facts())


def load_manifest(path: Path) -> Manifest:
    """Read a manifest.

    A path is looked for beside the manifest first, then where the command runs;
    ``-`` is standard input.

    Raises
    ------
    BadManifest
        Where it cannot be read, lacks ``path``, has an unknown column, or names a
        file twice.
    """
    try:
        text = decode(path.read_bytes()).text
    except OSError as error:
        raise BadManifest(f"{path}: cannot be read: {error.strerror}") from error
    except UnreadableInput as error:
        raise BadManifest(f"{path}: {error}") from error
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter)
    _check_columns([name.strip() for name in rows.fieldnames or ()], path)
    rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
    facts: dict[str, Facts] = {}
    missing = []
    for row in rows:
        if None in row:
            raise BadManifest(f"{path}, line {rows.line_num}: too many fields")
        values = {name: clean(value or "").strip() for name, value in row.items()}
        named = values.pop("path")
        real = _real_path(named, path.parent)
        if real is None:
            reason = f"line {rows.line_num}: no such file; correct the manifest"
            missing.append(Failure(named, "manifest", reason))
        elif real in facts:
            raise BadManifest(f"{path}, line {rows.line_num}: {named} stands twice")
        else:
            facts[real] = Facts(**{k: v or None for k, v in values.items()})
    return Manifest(facts, tuple(missing))


def _check_columns(names: list[str], path: Path) -> None:
    """Raise where the header is not a manifest's."""
    unknown = [name for name in names if name not in COLUMNS]
    if "path" not in names or unknown or len(set(names)) < len(names):
        raise BadManifest(
            f"{path}: expected the column path and any of {', '.join(COLUMNS[1:])}, "
            f"each once; got {', '.join(names)[:200] or 'no header'}"
        )


def _real_path(named: str, folder: Path) -> str | None:
    """Find the file a row names; None where there is none."""
    if named == STDIN:
        return named
    for candidate in (folder / named, Path(named)):
        try:
            if candidate.is_file():
                return _key(candidate)
        except (OSError, ValueError):
            continue
    return None


def _key(path: Path) -> str:
    """Give the path by which a file is known, however it is spelt."""
    return STDIN if str(path) == STDIN else os.path.realpath(path)
