"""Citations -> claims, each with the id of its source, once all names are joined.

A name's source is known when the last article was read, so claims wait in a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TextIO

from annotator.sources.citations import Citations
from annotator.sources.names import Name


class Claim(NamedTuple):
    """What a source is cited for; the words themselves stay in their table.

    Attributes
    ----------
    said
        Whether the text tells what was said, so that it can be graded.
    contested
        Whether another source of the text denies it.
    """

    sentence_id: str
    source_id: str
    said: bool
    contested: bool


class Claims:
    """The claims of a collection in the order of its articles.

    Memory holds each name once. The file is the caller's to open empty, for reading
    and writing, and to close.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._names: dict[Name, int] = {}

    def add(self, citations: Citations) -> None:
        """Keep the citations of one more article."""
        for cited in citations.found:
            number = self._names.setdefault(cited.source, len(self._names))
            said = cited.attribution.content is not None
            row = number, cited.attribution.sentence_id, said, cited.contested
            print(json.dumps(row), file=self._file)

    def read(self, source_ids: Mapping[Name, str]) -> Iterator[Claim]:
        """Give all claims; those of names without an id are left out.

        One reader at a time: the place in the file is shared.
        """
        ids = [source_ids.get(name) for name in self._names]
        self._file.seek(0)
        for line in self._file:
            number, sentence_id, said, contested = json.loads(line)
            source_id = ids[number]
            if source_id is not None:
                yield Claim(sentence_id, source_id, said, contested)
