"""The program and other folders -> the pages that are not written by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

COMMAND_LINE: Final = "reference/command-line.md"
FROM_ELSEWHERE: Final = ("models/*/card.md", "models/*/*.png", "benchmarks/*.md")
"""What the site shows of other folders, where it stands in them."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to those of the folder."""
    top = Path(config.config_file_path).parent
    files.append(File.generated(config, COMMAND_LINE, content=command_line()))
    for path in (p for pattern in FROM_ELSEWHERE for p in sorted(top.glob(pattern))):
        here = path.relative_to(top).as_posix()
        files.append(File(here, str(top), config.site_dir, config.use_directory_urls))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Point links from beside docs/ into it."""
    return markdown.replace("../docs/", "../")


def command_line() -> str:
    """Give every command with its arguments and options, as Typer describes them."""
    typer = [sys.executable, "-m", "typer", "annotator.cli", "utils", "docs"]
    command = [*typer, "--name", "annotator", "--title", "Command line"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 all words are our own
    return done.stdout
