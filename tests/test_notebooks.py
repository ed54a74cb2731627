"""Each notebook runs anew, offline, and says what the one in the repository says.

    python tests/test_notebooks.py [NAME...]

runs them in place, to be done after a change of the model or of anything they show.
"""

from __future__ import annotations

import ast
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS: Final = Path(__file__).parents[1] / "notebooks"
PATHS: Final = sorted(NOTEBOOKS.glob("*.ipynb"))

VARIES: Final = "varies"
"""Tag of a cell whose figures rest on training, which machines round differently."""

CLOSE: Final = 0.02
"""What two runs may differ by: two hundredths of 1, or of the figure."""

LARGEST: Final = 300_000
"""Bytes of a notebook with its outputs: what a page of a few figures takes."""

NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
PATH: Final = re.compile(r"(?<![\w<])(?:/(?:\w+/)+|[A-Z]:\\)\w")

ENVIRONMENT: Final = {
    "HF_HUB_OFFLINE": "1",
    # Without AVX-512 and AMX, fp32 is what pays: the same figures on every machine.
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    # Of a progress bar that is not shown.
    "PYTHONWARNINGS": "ignore:IProgress not found",
}

OFFLINE: Final = """
import sys

def stay_here(event, values):
    if event == "socket.connect" and isinstance(values[1], tuple):
        if values[1][0] not in ("127.0.0.1", "::1"):
            raise OSError(f"a notebook wants to reach {values[1][0]}")

sys.addaudithook(stay_here)
"""


def run(path: Path, folder: Path) -> NotebookNode:
    """Run a notebook in a copy of its folder, where nothing beyond loopback answers."""
    here = folder / "notebooks"
    shutil.copytree(NOTEBOOKS, here, ignore=shutil.ignore_patterns(".*", "results"))
    startup = folder / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "offline.py").write_text(OFFLINE, encoding="utf-8")
    client = NotebookClient(
        nbformat.read(here / path.name, as_version=4),
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(here)}},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        return client.execute()


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts(cell: NotebookNode) -> Iterator[str]:
    """Give what a cell prints and shows as text, in words; not its pictures."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield output.text
        elif "image/png" not in output.get("data", {}):
            data = output.get("data", {})
            yield data.get("text/markdown") or data.get("text/plain") or ""


def words(text: str) -> str:
    """Give a text without its numbers and the width of its columns."""
    return re.sub(r"[\s-]+", " ", NUMBER.sub("#", text)).strip()


def numbers(text: str) -> list[float]:
    return [float(found) for found in NUMBER.findall(text)]


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


@pytest.fixture(scope="module")
def committed(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


@pytest.fixture(scope="module")
def fresh(path: Path, tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    return run(path, tmp_path_factory.mktemp(path.stem))


def test_there_are_four_notebooks() -> None:
    assert [path.name[:2] for path in PATHS] == ["01", "02", "03", "04"]


def test_a_notebook_opens_with_its_question_and_ends_with_its_answer(
    committed: NotebookNode,
) -> None:
    first, *_, heading, answer = committed.cells
    assert re.match(r"# .+\n\n\*\*Question\.\*\* .*\?", first.source, re.S)
    assert heading.source.endswith("## Answer")
    assert len(next(texts(answer))) > 500
    assert NUMBER.search(next(texts(answer)))


def test_a_notebook_defines_nothing_that_the_package_should_have(
    committed: NotebookNode,
) -> None:
    defining = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for cell in code_cells(committed):
        assert not any(
            isinstance(n, defining) for n in ast.walk(ast.parse(cell.source))
        )


def test_a_notebook_was_run_from_top_to_bottom_and_kept_what_it_showed(
    committed: NotebookNode,
) -> None:
    cells = code_cells(committed)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert any("image/png" in o.get("data", {}) for c in cells for o in c.outputs)
    shown = [cell for cell in cells if cell.outputs]
    assert len(shown) > len(cells) / 2


def test_a_notebook_keeps_no_warning_and_nothing_of_the_machine_it_ran_on(
    path: Path, committed: NotebookNode
) -> None:
    outputs = [o for cell in code_cells(committed) for o in cell.outputs]
    assert all(o.output_type != "error" for o in outputs)
    assert all(o.get("name") != "stderr" for o in outputs)
    for cell in code_cells(committed):
        assert not any(PATH.search(text) for text in texts(cell))
        assert cell.metadata.keys() <= {"tags"}
    assert committed.metadata.keys() == {"kernelspec", "language_info"}
    assert path.stat().st_size < LARGEST


def test_a_fresh_run_shows_what_the_committed_one_shows(
    committed: NotebookNode, fresh: NotebookNode
) -> None:
    for old, new in zip(code_cells(committed), code_cells(fresh), strict=True):
        assert [o.output_type for o in new.outputs] == [
            o.output_type for o in old.outputs
        ], old.source
        if VARIES in old.metadata.get("tags", ()):
            continue
        for before, after in zip(texts(old), texts(new), strict=True):
            assert words(after) == words(before), old.source
            close = pytest.approx(numbers(before), abs=CLOSE, rel=CLOSE)
            assert numbers(after) == close, old.source


def test_running_a_notebook_leaves_nothing_in_its_folder(
    path: Path, fresh: NotebookNode, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (folder,) = tmp_path_factory.getbasetemp().glob(f"{path.stem}0/notebooks")
    there = {p.relative_to(folder) for p in folder.rglob("*") if p.is_file()}
    assert there == {
        p.relative_to(NOTEBOOKS) for p in NOTEBOOKS.rglob("*") if p.is_file()
    }


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("alpha is 0.81 [0.70, 0.90]", "alpha is 0.80 [0.70, 0.91]", True),
        ("alpha is 0.81 [0.70, 0.90]", "alpha is 0.61 [0.70, 0.90]", False),
        ("a   0.5\nbb  0.25", "a 0.5\nbb 0.25", True),
        ("it is better", "it is worse", False),
        ("178 decisions", "181 decisions", True),
        ("178 decisions", "240 decisions", False),
    ],
)
def test_two_outputs_are_the_same_up_to_rounding(
    before: str, after: str, same: bool
) -> None:
    close = numbers(after) == pytest.approx(numbers(before), abs=CLOSE, rel=CLOSE)
    assert (words(before) == words(after) and close) == same


def refresh(*names: str) -> None:
    """Run notebooks in place, all if none is named by how it begins."""
    for path in PATHS:
        if not path.name.startswith(names or ("",)):
            continue
        with TemporaryDirectory() as folder:
            notebook = run(path, Path(folder))
        for cell in code_cells(notebook):
            cell.metadata = {k: v for k, v in cell.metadata.items() if k == "tags"}
        notebook.metadata = {
            "kernelspec": notebook.metadata.kernelspec,
            "language_info": {"name": "python"},
        }
        nbformat.write(notebook, path)
        sys.stdout.write(f"{path.name}\n")


if __name__ == "__main__":
    refresh(*sys.argv[1:])
