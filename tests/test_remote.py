"""Articles at addresses: read as from the disk, and whatever goes wrong is said."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from annotator.engines.local import InProcess
from annotator.engines.run import Job, score_paths
from annotator.ingest import Options, fingerprints, read
from annotator.ingest.remote import is_address
from annotator.records import Article, Failure
from annotator.store import read_results
from annotator.tag.tagger import Tagger

TEXT = "The mill burned down on Monday, the mayor said."
RECORDS = [
    {"id": str(n), "title": f"Mill {n}", "text": f"{TEXT} {n} people were hurt."}
    for n in range(3)
]


@pytest.fixture
def bucket() -> Iterator[MemoryFileSystem]:
    system = fsspec.filesystem("memory")
    system.store.clear()
    files = {
        "/bucket/gazette/b.txt": TEXT.encode(),
        "/bucket/gazette/a.txt": TEXT.replace("mill", "barn").encode(),
        "/bucket/herald/c.jsonl.gz": gzip.compress(
            "\n".join(map(json.dumps, RECORDS)).encode()
        ),
        "/bucket/README.md": b"About these articles.",
        "/bucket/picture.png": b"\x89PNG",
        "/bucket/.hidden/d.txt": TEXT.encode(),
        "/bucket/old/run.json": b"{}",
        "/bucket/old/articles.parquet": b"PAR1",
        "/bucket/old/below/e.txt": TEXT.encode(),
    }
    for path, content in files.items():
        system.pipe_file(path, content)
    with system.open("/bucket/herald/t.parquet", "wb") as file:
        pq.write_table(pa.table({"text": [TEXT] * 2, "id": ["x", "y"]}), file)
    yield system
    system.store.clear()


def on_disk(system: MemoryFileSystem, folder: Path) -> Path:
    """Copy what is at the address to the disk."""
    for path in system.find("/bucket"):
        target = folder / path.removeprefix("/bucket/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(system.cat_file(path))
    return folder


def told(article: Article) -> tuple[object, ...]:
    return article.text, article.title, article.outlet, article.source_id


def test_a_folder_at_an_address_is_read_as_one_on_the_disk(
    bucket: MemoryFileSystem, tmp_path: Path
) -> None:
    options = Options(outlet_from_folder=True)
    here = list(read([on_disk(bucket, tmp_path / "bucket")], options))
    there = list(read(["memory://bucket"], options))
    assert [told(a) for a in there] == [told(a) for a in here]
    assert len(there) == 7
    assert {a.outlet for a in there} == {"gazette", "herald"}
    assert there[0].source_path == "memory:///bucket/gazette/a.txt"
    assert len({a.article_id for a in there}) == 7


def test_a_file_read_twice_is_read_once(bucket: MemoryFileSystem) -> None:
    paths = ["memory://bucket/gazette/a.txt", "memory://bucket/gazette"]
    assert len(list(read(paths))) == 2


def test_fingerprints_are_those_of_the_same_bytes_on_the_disk(
    bucket: MemoryFileSystem, tmp_path: Path
) -> None:
    here = fingerprints([on_disk(bucket, tmp_path / "bucket")])
    there = fingerprints(["memory://bucket"])
    assert [(f.bytes, f.sha256) for f in there] == [(f.bytes, f.sha256) for f in here]


def test_a_run_on_an_address_is_resumed_and_then_costs_nothing(
    bucket: MemoryFileSystem, tmp_path: Path, tiny_model: Path
) -> None:
    job = Job(["memory://bucket"], tmp_path / "out")
    engine = InProcess(Tagger(tiny_model))
    assert score_paths(job, engine).progress.articles == 7
    assert score_paths(job, engine).unchanged
    bucket.pipe_file("/bucket/gazette/b.txt", b"It rained all day.")
    again = score_paths(job, engine)
    engine.close()
    assert (again.progress.articles, again.progress.kept) == (7, 6)
    assert read_results(tmp_path / "out").run["paths"] == ["memory://bucket"]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("memory://nothing/here", "cannot be opened"),
        ("memory://bucket/picture.png", "unknown format .png"),
        ("nosuchscheme://bucket/a.txt", "nosuchscheme"),
        ("ftp://ann:secret@example.org/a.txt", "credentials"),
        ("simplecache::ftp://ann:secret@example.org/a.txt", "credentials"),
    ],
)
def test_an_address_that_leads_nowhere_is_one_failure(
    bucket: MemoryFileSystem, address: str, reason: str
) -> None:
    (failure,) = read([address])
    assert isinstance(failure, Failure)
    assert reason in failure.reason
    assert "secret" not in failure.path + failure.reason


def test_a_storage_that_fails_costs_the_file_alone(
    bucket: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = MemoryFileSystem._open

    def expired(self: MemoryFileSystem, path: str, *_: object, **__: object) -> object:
        if path.endswith("a.txt"):
            raise RuntimeError("the token has expired")
        return opened(self, path)

    monkeypatch.setattr(MemoryFileSystem, "_open", expired)
    failure, article = read(["memory://bucket/gazette"])
    assert isinstance(failure, Failure)
    assert "the token has expired" in failure.reason
    assert isinstance(article, Article)
    first, second = fingerprints(["memory://bucket/gazette"])
    assert first.sha256 is None
    assert second.sha256 is not None


def test_a_signed_address_is_read_and_its_signature_told_nowhere(
    bucket: MemoryFileSystem,
) -> None:
    bucket.pipe_file("/bucket/signed/a.txt?signature=5f", TEXT.encode())
    (article,) = read(["memory://bucket/signed/a.txt?signature=5f"])
    assert isinstance(article, Article)
    assert article.source_path == "memory:///bucket/signed/a.txt"


@pytest.mark.parametrize(
    "path",
    [
        "articles",
        "C:/articles",
        r"C:\articles",
        "-",
        "a::b",
        "/s3://x",
        "s3:/x",
        "://a",
    ],
)
def test_paths_are_no_addresses(path: str) -> None:
    assert not is_address(path)
