"""A folder of staged files -> the same files in a results folder, all or none.

Files are written under `.partial`, forced to the disk, and the folder renamed to
`.ready` in one step: from then on they count, and whoever opens the results next moves
what a power cut left unmoved. Before it nothing has changed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from annotator.errors import BadResults, ResultsBusy
from annotator.store.folder import LOCK, OURS, PARTIAL, READY, WRITTEN


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a results folder for writing, and end what an earlier writer had staged.

    The system lets go of the lock when a process ends, however it ends.

    Raises
    ------
    ResultsBusy
        If another process holds it.
    BadResults
        If the folder cannot be written.
    """
    lock = FileLock(path / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ResultsBusy(
            f"{path} is being written by another run; wait for it, or give another "
            "folder"
        ) from None
    except OSError as e:
        raise _unwritable(path, e) from e
    try:
        roll_forward(path)
        yield
    finally:
        lock.release()
        (path / LOCK).unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in a word that the system refused to write to a folder.

    Raises
    ------
    BadResults
        For a full disk, a folder that may not be written, and the like.
    """
    try:
        yield
    except OSError as e:
        raise _unwritable(path, e) from e


def _unwritable(path: Path, error: OSError) -> BadResults:
    why = os.strerror(error.errno) if error.errno else error
    return BadResults(
        f"{path} cannot be written: {why}; what stood there stands unchanged: make "
        "room or mend the rights, and give the same command again"
    )


def stage(path: Path) -> Path:
    """Make an empty folder for files to be committed; one left by a cut run goes."""
    staged = path / PARTIAL
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    return staged


def commit(path: Path) -> None:
    """Put the staged files of a locked folder into place."""
    staged = path / PARTIAL
    sync(staged)
    staged.replace(path / READY)
    _sync_entry(path)
    roll_forward(path)


def roll_forward(path: Path) -> None:
    """Move what is ready into place; nothing if nothing is.

    A full set of results, told by its `run.json`, takes the place of every file of
    the set before it; `run.json` comes last.
    """
    ready = path / READY
    if not ready.is_dir():
        return
    if (ready / "run.json").exists():
        for name in OURS - set(WRITTEN):
            (path / name).unlink(missing_ok=True)
    for file in sorted(ready.iterdir(), key=lambda f: f.name == "run.json"):
        file.replace(path / file.name)
    _sync_entry(path)
    ready.rmdir()


def sync(folder: Path) -> None:
    """Force a folder and the files in it to the disk."""
    for file in folder.iterdir():
        with file.open("rb+") as handle:
            os.fsync(handle.fileno())
    _sync_entry(folder)


def _sync_entry(folder: Path) -> None:
    """Force the names in a folder to the disk, where the system has a way to."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
