"""A release: what is in it, that anyone can build the same, and what it rests on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from functools import cache
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[1]
DECLARED: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT: Final[dict[str, Any]] = DECLARED["project"]
EPOCH: Final = "1700000000"

PERMISSIVE: Final = {
    *("0BSD", "BSD", "BSD License", "BSD-2-Clause", "BSD-3-Clause"),
    *("Apache 2.0 License", "Apache Software License", "Apache-2.0"),
    *("Apache-2.0 OR BSD-2-Clause", "Apache-2.0 WITH LLVM-exception"),
    *("BSL-1.0", "CC0-1.0", "CNRI-Python", "ISC License (ISCL)", "Zlib"),
    *("MIT", "MIT License", "MIT-0", "MIT-CMU"),
    *("PSF-2.0", "Python Software Foundation License"),
}
"""They ask for no more than their notice."""

BY_FILE: Final = {
    "certifi": "Mozilla Public License 2.0 (MPL 2.0)",
    "faust-cchardet": "MPL-1.1 OR GPL-2.0-or-later OR LGPL-2.1-or-later",
    "tld": "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later",
    "tqdm": "MPL-2.0",
}
"""Taken under the Mozilla licence, which binds who changes a file of theirs: nobody
here does, and none of them is in the wheel."""

WITH_CUDA: Final = ("nvidia-", "cuda-", "triton")
"""Brought by torch alone where it is built for CUDA, which pins each exactly; the CPU
build that is tested has none of them."""


def build(source: Path, out: Path, *targets: str) -> Path:
    """Build as the backend does, without the net; give the one file it made."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", out, *targets],
        cwd=source,
        env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH},
        capture_output=True,
        check=True,
    )
    (made,) = out.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "-t", "wheel")


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("sdist"), "-t", "sdist")


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """The files of the wheel."""
    with zipfile.ZipFile(wheel) as files:
        return set(files.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path, names: set[str]) -> Message:
    (name,) = [n for n in names if n.endswith(".dist-info/METADATA")]
    with zipfile.ZipFile(wheel) as files:
        return Parser().parsestr(files.read(name).decode())


class TestWheel:
    @pytest.mark.parametrize(
        "name",
        ["model.json", "tagger.safetensors", "encoder.json", "tokenizer.json"],
    )
    def test_it_holds_the_compact_model(self, names: set[str], name: str) -> None:
        assert f"annotator/models/compact/{name}" in names

    def test_it_holds_every_file_of_the_package(self, names: set[str]) -> None:
        there = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / "annotator").rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert {"annotator/py.typed", "annotator/ingest/outlets.csv"} < there
        assert there <= names

    def test_it_holds_nothing_but_package_model_and_metadata(
        self, names: set[str]
    ) -> None:
        about = f"source_annotator-{PROJECT['version']}.dist-info"
        assert {name.split("/")[0] for name in names} == {"annotator", about}
        models = {n.split("/")[2] for n in names if n.startswith("annotator/models/")}
        assert models == {"compact"}
        assert not [n for n in names if n.endswith((".pyc", ".orig", ".rej", "~"))]

    def test_a_package_index_takes_it(self, wheel: Path) -> None:
        assert wheel.stat().st_size < 100_000_000

    def test_it_names_no_path_of_the_machine_that_built_it(self, wheel: Path) -> None:
        of_machines = re.compile(
            rb"(?<![\w.:/~-])/(?:home|Users|root|work|tmp|var/folders)/[\w.-]+"
            rb"|[A-Z]:\\Users\\"
        )
        with zipfile.ZipFile(wheel) as files:
            found = {
                name: match[0]
                for name in files.namelist()
                if not name.endswith(".safetensors")
                and (match := of_machines.search(files.read(name)))
            }
            weights = files.read("annotator/models/compact/tagger.safetensors")
        assert found == {}
        assert os.fsencode(ROOT) not in weights

    def test_it_scores_without_the_source(self, wheel: Path, tmp_path: Path) -> None:
        installed, story = tmp_path / "installed", tmp_path / "story.txt"
        with zipfile.ZipFile(wheel) as files:
            files.extractall(installed)
        story.write_text("The bridge was closed. Police said it will open on Monday.")
        code = (
            "import sys, annotator\n"
            "from annotator.cli import main\n"
            "print(annotator.__file__)\n"
            "sys.argv = ['annotator', 'score', 'story.txt']\n"
            "main()\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(str(installed))
        assert "1 article scored, 2 sentences" in done.stdout
        assert (tmp_path / "results" / "report.html").exists()


class TestBuildingAgain:
    def test_the_sdist_elsewhere_and_later_makes_the_same_wheel(
        self, wheel: Path, sdist: Path, tmp_path: Path
    ) -> None:
        shutil.unpack_archive(sdist, tmp_path)
        (source,) = tmp_path.iterdir()
        for path in source.rglob("*"):
            os.utime(path, (2_000_000_000, 2_000_000_000))
        again = build(source, tmp_path / "again", "-t", "wheel")
        assert again.name == wheel.name
        assert again.read_bytes() == wheel.read_bytes()

    def test_the_sdist_holds_what_its_tests_need_and_no_second_model(
        self, sdist: Path
    ) -> None:
        with tarfile.open(sdist) as files:
            held = {name.partition("/")[2] for name in files.getnames()}
        assert {
            "LICENSE",
            "Makefile",
            "constraints.txt",
            "tests/test_release.py",
            "seeds/manifest.csv",
            "models/compact/tagger.safetensors",
        } < held
        assert not [name for name in held if name.startswith("models/accurate")]

    def test_the_backend_is_pinned_since_the_wheel_names_its_version(self) -> None:
        (backend,) = map(Requirement, DECLARED["build-system"]["requires"])
        assert [s.operator for s in backend.specifier] == ["=="]


class TestMetadata:
    def test_it_says_what_an_index_shows(self, metadata: Message) -> None:
        assert metadata["Name"] == "source-annotator"
        assert metadata["Summary"] == PROJECT["description"]
        assert metadata["Keywords"]
        assert metadata["Description-Content-Type"] == "text/markdown"
        assert metadata.get_payload() == (ROOT / "README.md").read_text("utf-8")

    def test_the_licence_is_named_and_enclosed(
        self, metadata: Message, names: set[str]
    ) -> None:
        assert metadata["License-Expression"] == "Apache-2.0"
        (file,) = metadata.get_all("License-File", [])
        assert [n for n in names if n.endswith(f".dist-info/licenses/{file}")]

    def test_the_pythons_it_names_begin_and_end_with_those_that_ci_runs(
        self, metadata: Message
    ) -> None:
        named = [
            match[1]
            for line in metadata.get_all("Classifier", [])
            if (
                match := re.fullmatch(
                    r"Programming Language :: Python :: (3\.\d+)", line
                )
            )
        ]
        workflow = ROOT / ".github" / "workflows" / "ci.yml"
        if not workflow.exists():
            pytest.skip("an sdist has no workflow")
        matrix = re.search(r"python: \[(.*)\]", workflow.read_text())
        assert matrix
        run = re.findall(r"3\.\d+", matrix[1])
        assert metadata["Requires-Python"] == f">={run[0]}"
        assert set(run) <= set(named)
        assert (named[0], named[-1]) == (run[0], run[-1])

    def test_the_command_is_there(self, wheel: Path, names: set[str]) -> None:
        (name,) = [n for n in names if n.endswith(".dist-info/entry_points.txt")]
        with zipfile.ZipFile(wheel) as files:
            assert "annotator = annotator.__main__:run" in files.read(name).decode()


def pins() -> dict[str, str]:
    """Versions by name, as constraints.txt has them."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


def declared() -> list[str]:
    """Everything the project asks for: to build, to run, to train, to test."""
    extras = PROJECT["optional-dependencies"].values()
    asked = [*DECLARED["build-system"]["requires"], *PROJECT["dependencies"]]
    asked += [line for extra in extras for line in extra]
    return [line for line in asked if not line.startswith(PROJECT["name"])]


@cache
def runtime() -> dict[str, Distribution]:
    """What `pip install` of the wheel brings here, by name, without extras."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    todo = [Requirement(line) for line in PROJECT["dependencies"]]
    while todo:
        asked = todo.pop()
        name, extras = canonicalize_name(asked.name), frozenset(asked.extras)
        if (name, extras) in seen or name.startswith(WITH_CUDA):
            continue
        seen.add((name, extras))
        found[name] = distribution(name)
        todo += _needed(found[name], extras)
    return found


def _needed(installed: Distribution, extras: frozenset[str]) -> Iterator[Requirement]:
    for line in installed.requires or ():
        asked = Requirement(line)
        if asked.marker is None or any(
            asked.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        ):
            yield asked


def licence(of: Distribution) -> str:
    """What a package says its licence is, its newest field first."""
    facts = of.metadata
    classified = [
        line.rpartition(" :: ")[2]
        for line in facts.get_all("Classifier") or ()
        if line.startswith("License :: ")
    ]
    stated = (facts.get("License-Expression"), " AND ".join(classified))
    return next(filter(None, stated), facts.get("License") or "nothing")


class TestDependencies:
    @pytest.mark.parametrize("line", declared())
    def test_the_pinned_version_is_in_the_range(self, line: str) -> None:
        asked = Requirement(line)
        pinned = pins().get(canonicalize_name(asked.name))
        assert pinned, f"constraints.txt does not pin {asked.name}"
        assert asked.specifier.contains(pinned, prereleases=True)

    def test_everything_that_is_installed_to_run_is_pinned(self) -> None:
        assert set(runtime()) <= set(pins())

    @pytest.mark.parametrize("name", sorted(runtime()))
    def test_the_licence_asks_for_no_more_than_a_notice(self, name: str) -> None:
        terms = licence(runtime()[name]).split(" AND ")
        assert set(terms) <= PERMISSIVE | {BY_FILE.get(name)}

    def test_the_exceptions_are_still_in_use(self) -> None:
        assert set(BY_FILE) <= set(runtime())
