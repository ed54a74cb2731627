"""Nothing but the loopback: every command works without a network and asks for none.

Python itself tells of each socket and each program started; a namespace without a route
counts what anything, in any language, wanted to send out of it.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from reviewing import write_results

from annotator.store import read_results

pytest_plugins = ["namespaces"]

WATCH: Final = '''
"""Every socket beyond the loopback, and every program started, is told and refused."""
import os, sys

LOG = os.open(os.environ["WATCHED_IN"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
NAMES = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}
ADDRESSES = {"socket.connect": 1, "socket.bind": 1, "socket.sendto": 1,
    "socket.sendmsg": 1}
PROGRAMS = {"subprocess.Popen": 0, "os.exec": 0, "os.posix_spawn": 0, "os.system": 0}
HARMLESS = {"fc-list", "uname", "lscpu"}

def is_near(host):
    return host in (None, "localhost", "::1") or str(host).startswith("127.")

def is_ours(program):
    name = os.path.basename(os.fsdecode(program or ""))
    return name in HARMLESS or name.startswith("python")

def watch(event, given):
    if event in NAMES:
        told, fine = given[0], is_near(given[0])
    elif event in ADDRESSES:
        told = given[1]
        fine = not isinstance(told, tuple) or is_near(told[0])
    elif event in PROGRAMS:
        told, fine = given[0], is_ours(given[0])
    else:
        return
    if not fine:
        os.write(LOG, f"{event} {told!r}\\n".encode())
        raise PermissionError(f"{event} {told!r}")

sys.addaudithook(watch)
'''

ALL_OF_THEM: Final = """
import json, sys
from annotator.cli import app
for command in json.loads(sys.argv[1]):
    if code := app(command, standalone_mode=False):
        sys.exit(f"{command[0]} ended with {code}")
"""

STORY: Final = (
    "The bridge over the river at {place} fell on Monday morning.\n\n"
    "Officials said that {number} people were hurt when the bridge fell. "
    "“It was a shameful failure,” the mayor of {place} said.\n"
)

ASKED: Final = """
import httpx, json, sys, time
address, body, headers = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
asked = {"json": body, "headers": headers, "trust_env": False, "timeout": 60}
while (answer := httpx.post(address, **asked)).status_code == 503:
    time.sleep(0.1)  # the model is being loaded
print(answer.status_code, answer.text)
"""

LOOKED_AT: Final = """
import httpx, sys
page = httpx.get(sys.argv[1], trust_env=False)
print(page.headers["set-cookie"].split(";")[0])
print(page.text)
"""


def environment() -> dict[str, str]:
    """The environment, without what keeps libraries off the network."""
    telling = re.compile("HF_|HUGGING|TRANSFORMERS_|RAY_|DO_NOT_TRACK|.*_proxy", re.I)
    return {n: v for n, v in os.environ.items() if not telling.match(n)}


class Sealed:
    """Where nothing beyond the loopback is reached, and what is tried is told.

    Parameters
    ----------
    folder
        An empty one.
    enter
        What comes before a command to run it without a route; empty where the system
        has no such place, and Python's own word must do.
    """

    def __init__(self, folder: Path, enter: list[str]) -> None:
        self.enter, self._tried = enter, folder / "tried"
        self._tried.touch()
        (folder / "sitecustomize.py").write_text(WATCH)
        path = os.pathsep.join(filter(None, [str(folder), os.getenv("PYTHONPATH")]))
        self.env = environment() | {
            "HF_HOME": str(folder / "hub"),
            "PYTHONPATH": path,
            "WATCHED_IN": str(self._tried),
        }
        self._unrouted = unrouted(enter)

    def seen(self) -> list[str]:
        """Tell what was tried since the beginning."""
        counted = unrouted(self.enter) - self._unrouted
        told = self._tried.read_text().splitlines()
        return [*told, f"{counted} without a route"] if counted else told


def unrouted(enter: list[str]) -> int:
    """Count what the kernel found no way out for, in a place without a route."""
    if not enter:
        return 0
    read = [*enter, "cat", "/proc/net/snmp", "/proc/net/snmp6"]
    told = subprocess.check_output(read, text=True)
    names, numbers = (line.split() for line in re.findall("^Ip: (.*)", told, re.M))
    six = re.findall(r"^Ip6OutNoRoutes\s+(\d+)", told, re.M)
    return int(numbers[names.index("OutNoRoutes")]) + sum(map(int, six))


@pytest.fixture
def sealed(tmp_path: Path, no_route: list[str]) -> Sealed:
    folder = tmp_path / "watch"
    folder.mkdir()
    return Sealed(folder, no_route)


def run(sealed: Sealed, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*sealed.enter, sys.executable, "-c", code, *arguments],
        env=sealed.env,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def serving(sealed: Sealed, *command: str) -> Iterator[str]:
    """Start a server that is told to stop with Ctrl-C; gives its address."""
    with subprocess.Popen(
        [*sealed.enter, sys.executable, "-u", "-m", "annotator", *command, "--port=0"],
        env=sealed.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdout
        told = ""
        for line in server.stdout:
            told += line
            if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
                break
        else:
            pytest.fail(told)
        try:
            yield found[0]
        finally:
            server.send_signal(signal.SIGINT)
            rest = server.stdout.read()
    assert server.returncode == 0, rest
    assert "Stopped" in rest


OUT: Final = {
    "a connection": "socket.create_connection(('192.0.2.1', 9), 1)",
    "a connection, IPv6": "socket.create_connection(('2001:db8::1', 9), 1)",
    "a datagram": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 9))",
    "a name": "socket.create_connection(('weights.example', 443), 1)",
    "a program": "subprocess.run(['curl', 'http://192.0.2.1'])",
    "a server for all": "socket.create_server(('0.0.0.0', 0))",
}


@pytest.mark.parametrize("code", OUT.values(), ids=OUT)
def test_what_goes_out_is_refused_and_told(code: str, sealed: Sealed) -> None:
    assert run(sealed, f"import socket, subprocess; {code}").returncode == 1
    (told,) = sealed.seen()
    assert re.search(r"192\.0\.2\.1|2001:db8|weights|curl|0\.0\.0\.0", told)


@pytest.mark.parametrize("name", ["a connection", "a connection, IPv6", "a datagram"])
def test_without_a_route_what_goes_out_is_counted_in_any_language(
    name: str, sealed: Sealed
) -> None:
    if not sealed.enter:
        pytest.skip("no namespace can be made here")
    del sealed.env["PYTHONPATH"]
    done = run(sealed, f"import socket; {OUT[name]}")
    assert "[Errno 101] Network is unreachable" in done.stderr
    (told,) = sealed.seen()
    assert told.endswith("without a route")


def commands(stories: Path, out: Path, tiny_model: Path) -> list[list[str]]:
    """Every command but those that serve, train or watch, and what they write."""
    results, small = str(out / "results"), str(out / "small")
    return [
        ["score", str(stories), "--compare", "--out", results],
        ["score", str(stories), "--model", str(tiny_model), "--out", small],
        ["sources", results],
        ["profile", results],
        ["corroborate", results],
        ["export", results, "--format=csv", "--what=all", "--out", f"{out}/all.csv"],
        ["diff", results, small, "--out", f"{out}/changes.csv"],
    ]


def test_whatever_is_made_of_articles_is_made_on_this_machine(
    sealed: Sealed, tmp_path: Path, tiny_model: Path
) -> None:
    stories = tmp_path / "stories"
    stories.mkdir()
    for number, place in enumerate(("Hama", "Idlib")):
        page = STORY.format(place=place, number=number + 3)
        (stories / f"{place}.txt").write_text(page)
    told = commands(stories, tmp_path, tiny_model)
    done = run(sealed, ALL_OF_THEM, json.dumps(told))
    assert done.returncode == 0, done.stderr
    assert sealed.seen() == []
    results = read_results(tmp_path / "results")
    assert [a.status for a in results.articles()] == ["scored", "scored"]
    assert results.has("standings")
    assert "report.html" in {p.name for p in results.path.iterdir()}
    assert (tmp_path / "all.csv").stat().st_size > 0
    assert (tmp_path / "changes.csv").exists()


def test_a_review_needs_this_machine_only(sealed: Sealed, tmp_path: Path) -> None:
    results = write_results(tmp_path / "results")
    with serving(sealed, "review", str(results)) as address:
        page = run(sealed, LOOKED_AT, address).stdout
        csrf = re.search(r'name="csrf" content="([0-9a-f]+)"', page)
        assert csrf, page
        decision = {"decision_id": "1" * 32, "sentence_id": "a:1"}
        decided = run(
            sealed,
            ASKED,
            f"{address}api/decisions",
            json.dumps(decision | {"action": "label", "label": "opinion"}),
            json.dumps(
                {
                    "X-CSRF": csrf[1],
                    "Origin": address.rstrip("/"),
                    "Cookie": page.splitlines()[0],
                }
            ),
        )
        assert decided.stdout.startswith("201 "), decided
    assert sealed.seen() == []
    assert [d.label for d in read_results(results).decisions()] == ["opinion"]


def test_a_service_needs_this_machine_only(sealed: Sealed, tiny_model: Path) -> None:
    with serving(sealed, "serve", "--model", str(tiny_model)) as address:
        article = {"text": STORY.format(place="Homs", number=4)}
        done = run(sealed, ASKED, f"{address}articles", json.dumps(article), "{}")
        assert done.stdout.startswith("200 "), done
        assert '"label"' in done.stdout
    assert sealed.seen() == []
