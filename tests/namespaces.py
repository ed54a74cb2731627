"""Nothing -> places to run a command in: without a route, or on a disk of its own.

They are namespaces of Linux, which need no rights. Where the system lets nobody make
them tests skip; with `ANNOTATOR_NEED_NAMESPACE=1` they fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest

LOOPBACK_UP: Final = """
import fcntl, socket, struct, sys
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH", b"lo", IFF_UP))
print("ready", flush=True)
sys.stdin.read()
"""
OWN_DISK: Final = 'mount -t tmpfs -o "size=$1" tmpfs "$2" && echo ready && cat'


class NoNamespace(Exception):
    """The system lets nobody make one."""


@contextmanager
def namespace(kind: str, *setup: str | Path) -> Iterator[int]:
    """Keep a namespace open, with a process in it that sets it up; gives its number.

    Raises
    ------
    NoNamespace
        With the reason.
    """
    command = ["unshare", "--map-root-user", f"--{kind}", *map(str, setup)]
    try:
        holder = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    except OSError as e:
        raise NoNamespace(str(e)) from e
    with holder:
        assert holder.stdin
        assert holder.stdout
        try:
            if (said := holder.stdout.readline()) != "ready\n":
                raise NoNamespace(said.strip())
            yield holder.pid
        finally:
            holder.stdin.close()


def needed() -> bool:
    """Whether tests are to fail where none can be made."""
    return os.environ.get("ANNOTATOR_NEED_NAMESPACE") == "1"


def inside(holder: int, kind: str) -> list[str]:
    """What comes before a command to run it in a namespace."""
    enter = ["nsenter", "--preserve-credentials", "--user", f"--{kind}"]
    return [*enter, f"--target={holder}"]


@pytest.fixture(scope="session")
def no_route() -> Iterator[list[str]]:
    """What comes before a command that is to find no network but the loopback.

    Nothing, where there is no such place.
    """
    with ExitStack() as stack:
        try:
            setup = (sys.executable, "-c", LOOPBACK_UP)
            holder = stack.enter_context(namespace("net", *setup))
        except NoNamespace:
            if needed():
                raise
            yield []
        else:
            yield inside(holder, "net")


class Disk:
    """A small disk that is there for some commands only.

    Attributes
    ----------
    path
        Where it lies for them, and for nobody else.
    seen
        The same folder as this process reaches it.
    """

    def __init__(self, path: Path, holder: int) -> None:
        self.path, self.enter = path, inside(holder, "mount")
        self.seen = Path(f"/proc/{holder}/root") / path.relative_to("/")

    def make_read_only(self) -> None:
        """Let nobody write to it, root neither."""
        remount = ["mount", "-o", "remount,ro", "tmpfs", str(self.path)]
        subprocess.run([*self.enter, *remount], check=True)

    @contextmanager
    def full(self) -> Iterator[None]:
        """Leave no byte free."""
        filler = self.seen / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(self.seen).free))
        try:
            yield
        finally:
            filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """An empty disk of two megabytes."""
    path = tmp_path / "disk"
    path.mkdir()
    setup = ("sh", "-c", OWN_DISK, "sh", "2m", path)
    with ExitStack() as stack:
        try:
            holder = stack.enter_context(namespace("mount", *setup))
        except NoNamespace as e:
            if needed():
                raise
            pytest.skip(f"no disk of its own: {e}")
        yield Disk(path, holder)
