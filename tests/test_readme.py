"""The README names every command and option there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from annotator.cli import app

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]


def section(command: str) -> str:
    match = re.search(rf"^### `annotator {command}\b.*?(?=^##)", README, re.M | re.S)
    assert match, f"README has no section on annotator {command}"
    return match[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_stands_in_the_table_and_has_its_section(command: str) -> None:
    assert re.search(rf"^\| `annotator {command}\b", README, re.M)
    assert section(command)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_options_in_the_readme_are_those_of_the_command(command: str) -> None:
    there = {
        name
        for parameter in COMMANDS[command].params
        for name in parameter.opts
        if name.startswith("--") and name != "--help"
    }
    assert set(re.findall(r"^\| `(--[a-z-]+)", section(command), re.M)) == there


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"^\| `annotator (\w+)", README, re.M))
    assert named == set(COMMANDS)


def test_the_example_in_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "seeds").symlink_to(Path(__file__).parents[1] / "seeds")
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", README, re.S)
    exec(compile(example, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "SouthFront 6" in printed
    assert "attributed_claim" in printed
