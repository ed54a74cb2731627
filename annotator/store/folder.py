"""Nothing -> the files of a results folder, and whether a folder is one.

A folder is complete once it holds `run.json`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from annotator.errors import BadResults
from annotator.store.stances import STANCES
from annotator.store.tables import SCHEMA_VERSION, SCHEMAS

FORMAT: Final = "source-annotator results"

LATER: Final = (
    "sources",
    "grades",
    "sourcing",
    "corroborations",
    "standings",
    "losses",
    "actors",
    "mentions",
    "profiles",
    "differences",
    "namings",
    "terms",
    "axis",
)
"""Tables that later stages add to a finished folder."""

TABLES: Final = {**SCHEMAS, "stances": STANCES}
"""What a scoring run itself writes."""

WRITTEN: Final = (*(f"{name}.parquet" for name in TABLES), "errors.jsonl", "run.json")
NEEDED: Final = tuple(
    name for name in WRITTEN if name not in ("stances.parquet", "files.parquet")
)
"""What a finished folder cannot do without."""
OURS: Final = {*WRITTEN, *(f"{name}.parquet" for name in LATER), "report.html"}
PARTIAL, READY, PARTS, LOCK = ".partial", ".ready", ".parts", ".lock"
"""Files being written; written and about to be moved; what a run that has not ended
has scored; held while writing."""
UNFINISHED: Final = {PARTIAL, READY, PARTS, LOCK}
_STEERING: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
REVIEW: Final = ("review.db", "decisions.parquet")
"""What the names of files begin with that hold the work of people."""


def refuse_unless_ours(path: Path) -> None:
    """Raise BadResults if replacing what stands at a path could lose anything."""
    if not path.exists():
        return
    if not path.is_dir():
        raise BadResults(f"{path} is a file; give a folder for the results")
    names = {entry.name for entry in path.iterdir()}
    refuse_names(path, names)
    if "run.json" in names:
        read_run(path)


def refuse_names(path: object, names: set[str]) -> None:
    """Raise BadResults if a folder with entries so named may hold more than results."""
    held = names - UNFINISHED
    if review := [name for name in held if name.startswith(REVIEW)]:
        raise BadResults(
            f"{path} holds a review ({min(review)}), which a new run would leave "
            "without its sentences; give another folder"
        )
    if strange := sorted(held - OURS):
        raise BadResults(
            f"{path} holds {strange[0]}, which is no part of a results folder; give a "
            "new or empty folder"
        )
    if "run.json" not in held and held and not names & {PARTIAL, READY, PARTS}:
        raise BadResults(
            f"{path} holds {min(held)} but no run.json, so it may not be ours; give a "
            "new or empty folder"
        )


def read_run(path: Path) -> dict[str, Any]:
    """Read the run.json of a folder; BadResults if it is not ours or too new."""
    try:
        run = json.loads((path / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise BadResults(f"{path / 'run.json'} cannot be read: {e}") from e
    if not isinstance(run, dict) or run.get("format") != FORMAT:
        raise BadResults(f"{path / 'run.json'} was not written by this program")
    version = run.get("schema_version")
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise BadResults(
            f"{path} has schema version {version}, this program reads up to "
            f"{SCHEMA_VERSION}; update it"
        )
    return run


def dumps(value: object, indent: int | None = None) -> str:
    r"""Write JSON that UTF-8 can hold, and that reads in the order it stands in.

    What controls a terminal or the direction of writing is written as `\u` and its
    number, which says the same.

    >>> print(dumps("no\u202etxt.exe\x9b"))
    "no\u202etxt.exe\u009b"
    """
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return _STEERING.sub(lambda m: f"\\u{ord(m[0]):04x}", without_surrogates(written))


def without_surrogates(text: str) -> str:
    """Put U+FFFD for each lone surrogate, one for one, so that offsets hold."""
    return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)
