"""The house keeps its shape: imports point one way, heavy libraries have one home."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "annotator"
LEVELS = {
    "records": 0,
    "errors": 0,
    "codebook": 0,
    "states": 0,
    "loopback": 0,
    "ingest": 1,
    "segment": 1,
    "tag": 1,
    "attribute": 1,
    "sources": 1,
    "corroborate": 1,
    "actors": 1,
    "profile": 1,
    "decisions": 1,
    "export": 1,
    "pipeline": 2,
    "store": 2,
    "report": 2,
    "gathered": 2,
    "collection": 3,
    "comparison": 3,
    "engines": 3,
    "train": 3,
    "review": 4,
    "serve": 4,
    "cli": 5,
    "__init__": 5,
    "__main__": 5,
}
SIDE_BY_SIDE = {
    ("records", "codebook"),
    ("report", "store"),
    ("gathered", "store"),
    ("__main__", "cli"),
    ("cli", "__init__"),
    ("engines", "collection"),
}
"""Reports are written from what is stored, and what is gathered waits as it is stored;
the doors of level 5 open on each other."""

HOMES = {
    "torch": {"tag", "train"},
    "transformers": {"tag", "train"},
    "trafilatura": {"ingest"},
    "fsspec": {"ingest"},
    "pyarrow": {"store", "ingest"},
    "matplotlib": {"report"},
    "rensa": {"ingest", "corroborate"},
    "faiss": {"corroborate"},
    "sklearn": {"train"},
    "datasets": {"train"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "fastapi": {"review", "serve"},
    "uvicorn": {"review", "serve"},
    "spacy": {"export"},
    "prometheus_client": {"serve"},
    "starlette": {"review", "serve"},
    "ray": {"engines"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def stage(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "segment" if first.startswith("segment") else first


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "annotator":
                yield from (f"annotator.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_from_below(path: Path) -> None:
    here = stage(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "annotator" or len(parts) == 1:
            continue
        there = "segment" if parts[1].startswith("segment") else parts[1]
        if there not in LEVELS:
            there = "__init__"
        if there != here and (here, there) not in SIDE_BY_SIDE:
            assert LEVELS[there] < LEVELS[here], f"{path} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_heavy_library_stays_in_its_home(path: Path) -> None:
    for name in imports(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or stage(path) in homes, f"{path} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_reads_a_pickle(path: Path) -> None:
    banned = {"pickle", "joblib", "shelve", "dill", "cloudpickle", "marshal"}
    assert banned.isdisjoint(n.split(".")[0] for n in imports(path))
    calls = {
        ast.unparse(n.func)
        for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(n, ast.Call)
    }
    assert {"torch.load", "numpy.load", "np.load"}.isdisjoint(calls)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_opens_with_what_goes_in_and_what_comes_out(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)


def test_help_starts_without_torch() -> None:
    code = (
        "import sys\n"
        "from annotator.cli import app\n"
        "from typer.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "heavy = {'torch', 'transformers', 'pyarrow', 'trafilatura', 'sklearn',\n"
        "    'fastapi', 'sqlalchemy', 'scipy'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
