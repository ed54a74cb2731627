"""cases.toml -> inputs that broke a promise once; a format -> files to start from."""

from __future__ import annotations

import gzip
import io
import json
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pypdf

HERE: Final = Path(__file__).parent
LONGEST_SEED: Final = 4_000
"""Bytes: from more a fuzzer learns slowly."""

STORY: Final = (
    b"Ferry runs aground off Port Ellory\nBy Ana Roe\n12 May 2031\n\n"
    b"The harbour master said \xe2\x80\x9cno boat was lost\xe2\x80\x9d on Monday.\n\n"
    b"\xe2\x80\xa2 Sources reportedly blame Gen. Idris of the U.S. Army.\n\nShare\n"
)
SPANS: Final = bytes([2, 0, 0, 0, 20, 1, 1, 21, 3])
"""Two spans of the first sentence, as `targets.tagged` reads them."""

PARTS: Final[dict[str, list[bytes]]] = {
    "md": [
        b"---\ntitle: Ferry\n---\n# Ferry\n\nIt *ran* [aground](x).\n\n- one\n|a|\n|-|"
    ],
    "html": [b"<html><head><title>Ferry</title></head><body><p>" + STORY * 3 + b"</p>"],
    "json": [b'{"text": ["It ran.", ["It sank."]], "author": [{"name": "Roe"}]}'],
    "jsonl": [b'{"text": "It ran.", "date": "2031-05-11"}\n\n{"text": 1}\n'],
    "csv": [b'id,text\n1,"It ran, and ""sank"""\n2,a\n'],
    "tsv": [b'id\ttext\n1\t"It ran" and sank\n'],
    "docx": [
        b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/"
        b"main'><w:body><w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r><w:t>It "
        b"ran.</w:t><w:br/></w:r></w:p></w:body></w:document>"
    ],
    "gz": [gzip.compress(STORY)],
    "decode": [STORY, STORY.decode().encode("utf-16"), b"It\xc3\xa2\xe2\x82\xac\x99s"],
    "tagged": [SPANS + STORY],
    "answers": [
        json.dumps(record).encode()
        for record in (
            {
                "text": "The mill burnt.",
                "cats": ["opinion"],
                "entities": [[0, 8, "source/ngo"]],
                "sentence_id": "a:0",
                "Comments": ["no"],
            },
            {
                "text": "The mill burnt.",
                "answer": "accept",
                "accept": ["opinion"],
                "spans": [{"start": 0, "end": 8, "label": "cue"}],
                "_timestamp": 1,
            },
            [
                {
                    "data": {"text": "The mill burnt.", "sentence_id": "a:0"},
                    "annotations": [
                        {
                            "result": [
                                {
                                    "from_name": "label",
                                    "value": {"choices": ["opinion"]},
                                },
                                {
                                    "from_name": "layer",
                                    "id": "r",
                                    "value": {"start": 0, "end": 8, "labels": ["cue"]},
                                },
                            ],
                        }
                    ],
                }
            ],
        )
    ],
    "training": [
        b'{"text": "It ran.", "label": "opinion", "spans": []}\n',
        b'{"text": "It ran.", "labels": ["opinion", [0, 2, "source"]]}\n',
        b"text,label\nIt ran.,opinion\n",
        b'[{"id": 1, "data": {"text": "It ran."}, "annotations": [{"result": [{"type":'
        b'"labels", "id": "r", "value": {"start": 0, "end": 2, "labels": ["cue"]}},'
        b'{"type": "choices", "value": {"choices": ["opinion"]}}]}]}]',
    ],
}


def cases(target: str) -> Iterator[bytes]:
    """Give the inputs that broke a promise; a character of the file is a byte."""
    for case in _table().get(target, []):
        yield "".join(map(_repeated, case["bytes"])).encode("latin-1")


def _repeated(part: str | list[Any]) -> str:
    """Read a piece of an input: a text, or a text and how often it stands."""
    if isinstance(part, str):
        return part
    text, times = part
    return str(text) * int(times)


@cache
def _table() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))


def seeds(target: str) -> Iterator[bytes]:
    """Give whole files of the target's format, small ones."""
    yield from PARTS.get(target, [STORY])
    if target in ("txt", "page"):
        for path in sorted((HERE.parent / "pages").glob("*.txt")):
            yield path.read_bytes()[:LONGEST_SEED]
    elif target == "parquet":
        file = io.BytesIO()
        pq.write_table(pa.table({"text": ["It ran."], "id": [1]}), file)
        yield file.getvalue()
    elif target == "pdf":
        file = io.BytesIO()
        writer = pypdf.PdfWriter()
        writer.add_blank_page(100, 100)
        writer.write(file)
        yield file.getvalue()
