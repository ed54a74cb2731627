"""A name or address of an outlet -> the one name it is counted under.

Names are compared without case, spaces, punctuation and accents of width;
addresses without scheme, ``www.`` and path, and a subdomain falls back to the
domain it belongs to. A name that no table knows stays as it is written.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from annotator.errors import BadManifest
from annotator.ingest.decode import decode

_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^\s/@]*@)?"
    r"((?:[\w-]+\.)+[^\W\d_][\w-]+)(?::\d+)?(?:[/?#]\S*)?",
    re.IGNORECASE,
)


def load_aliases(path: Path | None = None) -> Mapping[str, str]:
    """Read the shipped alias table and a user's own, which wins.

    Raises
    ------
    BadManifest
        Where the user's table cannot be read, lacks a column, or gives one name
        two outlets.
    """
    shipped = resources.files(__package__).joinpath("outlets.csv").read_bytes()
    aliases = dict(_table(shipped, "outlets.csv"))
    if path is not None:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise BadManifest(f"{path}: cannot be read: {error.strerror}") from error
        aliases |= dict(_table(data, str(path)))
    return aliases


def canonical(name: str, aliases: Mapping[str, str]) -> str:
    """Give the name an outlet is counted under.

    Examples
    --------
    >>> aliases = load_aliases()
    >>> canonical("South Front", aliases), canonical("http://www.bbc.co.uk/x", aliases)
    ('SouthFront', 'BBC')
    >>> canonical("https://www.example.org/story", aliases)
    'example.org'
    """
    host = host_of(name)
    if host is None:
        return aliases.get(_key(name), " ".join(name.split()))
    labels = host.split(".")
    for i in range(len(labels) - 1):
        known = aliases.get(_key(".".join(labels[i:])))
        if known:
            return known
    return host


def host_of(name: str) -> str | None:
    """Give the host of an address, lower case, without ``www.``; None of a name."""
    match = _HOST.fullmatch(name.strip())
    return re.sub(r"^www\d?\.", "", match[1].lower()) if match else None


def _key(name: str) -> str:
    """Reduce a name to what is compared."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", "", folded)


def _table(data: bytes, origin: str) -> Iterator[tuple[str, str]]:
    """Yield (compared name, outlet) of a table; every outlet is a name of itself."""
    text = decode(data).text
    header = text.partition("\n")[0]
    rows = csv.DictReader(
        text.splitlines(), delimiter=";" if header.count(";") else ","
    )
    if not {"name", "outlet"} <= set(rows.fieldnames or ()):
        raise BadManifest(
            f"{origin}: expected the columns name,outlet, got {header.strip()[:100]}"
        )
    seen: dict[str, str] = {}
    for row in rows:
        outlet = " ".join((row["outlet"] or "").split())
        if not outlet or not (row["name"] or "").strip():
            raise BadManifest(
                f"{origin}, line {rows.line_num}: an empty name or outlet"
            )
        for name in (row["name"], outlet):
            key = _key(host_of(name) or name)
            if seen.setdefault(key, outlet) != outlet:
                raise BadManifest(
                    f"{origin}, line {rows.line_num}: {name} stands for both "
                    f"{seen[key]} and {outlet}; keep one"
                )
            yield key, outlet
