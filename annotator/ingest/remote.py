"""Addresses such as ``s3://bucket/articles`` -> the files there, by way of fsspec.

fsspec knows the schemes; most need a library of their own (s3fs for S3, gcsfs for
Google Cloud, adlfs for Azure), which its error names. Credentials come from where these
libraries look for them, never from the address, which results repeat.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+(::[a-z][a-z0-9+.-]*)*://", re.IGNORECASE)
_USER = re.compile(r"//[^/]*@")
_QUERY = re.compile(r"\?.*", re.DOTALL)
_CHUNK = 2**20


def is_address(given: object) -> bool:
    """Whether what is given is an address and no path of this machine.

    >>> is_address("s3://bucket/articles"), is_address("C:/articles")
    (True, False)
    """
    return _SCHEME.match(str(given)) is not None


def without_secrets(given: object) -> str:
    """Give a path or address as it may be told: without user, password and query.

    Whoever has a signed address can open it: its signature is in the query.

    >>> without_secrets("ftp://ann:secret@example.org/a.txt?signature=5f")
    'ftp://example.org/a.txt'
    """
    told = str(given)
    return _QUERY.sub("", _USER.sub("//", told)) if is_address(told) else told


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder of a file system of fsspec.

    Attributes
    ----------
    system
        An ``AbstractFileSystem``.
    path
        As that system has it, without the scheme.
    """

    system: Any
    path: str

    @property
    def address(self) -> str:
        """The address, with its scheme."""
        return str(self.system.unstrip_protocol(self.path))

    def below(self, name: str) -> Place:
        """Give a place in this folder; `name` has slashes between its parts."""
        return Place(self.system, f"{self.path.rstrip('/')}/{name}")

    def open(self) -> io.BufferedReader:
        """Open a file for reading bytes; whatever goes wrong is an `OSError`."""
        with _as_os_errors():
            return io.BufferedReader(_Remote(self.system.open(self.path)), _CHUNK)

    def files(self) -> frozenset[str]:
        """Give the files of this folder and of those below it, relative to it.

        None if there is no such folder.

        Raises
        ------
        OSError
            If it cannot be listed, or is a file itself.
        """
        with _as_os_errors():
            self.system.invalidate_cache()
            if self.system.isfile(self.path):
                raise NotADirectoryError("it is a file")
            inside = self.path.rstrip("/") + "/"
            found = self.system.find(self.path)
            return frozenset(name.removeprefix(inside) for name in found)

    def fetch(self, file: Path) -> None:
        """Copy this file to a disk; raises `OSError`."""
        with _as_os_errors():
            self.system.get_file(self.path, str(file))

    def put(self, file: Path) -> None:
        """Put a file of a disk here; raises `OSError`."""
        with _as_os_errors():
            self.system.makedirs(self.path.rpartition("/")[0], exist_ok=True)
            self.system.put_file(str(file), self.path)

    def remove(self) -> None:
        """Remove this file; raises `OSError`."""
        with _as_os_errors():
            self.system.rm_file(self.path)


def place_of(address: str) -> Place:
    """Give the place of an address.

    Raises
    ------
    OSError
        If the scheme is unknown, its library is missing, or the address names a user.
    """
    if _USER.search(address):
        raise OSError(
            "an address with a user's name is refused, since results repeat it: give "
            "credentials as the storage's own library reads them"
        )
    # Most runs have no address among their paths.
    from fsspec.core import url_to_fs

    with _as_os_errors():
        return Place(*url_to_fs(address))


def files_below(place: Place, without: frozenset[str]) -> Iterator[Place]:
    """Give the files of a folder and of those below it, sorted; hidden ones never.

    Parameters
    ----------
    without
        A folder that holds all of these names is passed over, with what is below it.

    Raises
    ------
    OSError
        If a folder cannot be listed.
    """
    with _as_os_errors():
        for here, folders, files in place.system.walk(place.path, on_error="raise"):
            if without <= {*folders, *files}:
                folders.clear()
                continue
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(name for name in files if not name.startswith(".")):
                yield Place(place.system, f"{here.rstrip('/')}/{name}")


def is_folder(place: Place) -> bool:
    """Whether there is a folder; raises `OSError` if there is nothing."""
    with _as_os_errors():
        if place.system.isdir(place.path):
            return True
        place.system.info(place.path)
        return False


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """Whatever a storage's library raises is an `OSError`."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{error}" or repr(error)) from error


class _Remote(io.RawIOBase):
    """A file of fsspec whose faults are all `OSError`."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with _as_os_errors():
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        with _as_os_errors():
            data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
