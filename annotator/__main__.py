"""`annotator`, `python -m annotator` -> the command line, a process of its own."""

from __future__ import annotations

import atexit
import gc
from typing import Final

from annotator.cli import main

SELDOM: Final = (50_000, 20, 20)
"""When Python looks for objects that hold one another: what is imported stays, and to
go through all of it again and again took a tenth of a short run."""


def run() -> None:
    """Run the command line, with a process to itself."""
    gc.set_threshold(*SELDOM)
    # Nor is it gone through once more when the process ends.
    atexit.register(gc.freeze)
    main()


if __name__ == "__main__":
    run()
