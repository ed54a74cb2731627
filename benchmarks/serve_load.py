"""Two hundred clients at once against `annotator serve`.

    python benchmarks/serve_load.py [--seconds 60] [--clients 200] [--articles FILE]
        [options of `annotator serve`]

Starts the service in a process of its own, waits until it is ready, and lets each
client send one article after the other. A client that is told 429 waits as long as
`Retry-After` says. Any other status but 200 is a failure, as is a connection that
breaks, and an exit status other than 0 after SIGTERM; the benchmark then exits with 1.

Articles are made here, of 5 to 60 sentences; or read from FILE, JSONL with a field
`text`. Clients are tasks of one process on the same machine, so the figures are of
service and clients together.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import cycle
from pathlib import Path

import httpx
import numpy as np

WHO = ("The mayor", "A spokesman of the river board", "Ana Ferrow", "Local sources")
VERBS = ("said", "denied", "claimed", "told the Merrow Mail")
CLAIMS = (
    "the bridge would be closed until Friday",
    "forty houses had been flooded since the dam was opened",
    "nobody had been warned",
    "the council knew of the cracks in the wall for years",
)
PLAIN = (
    "The bridge at Merrow was closed on Monday.",
    "Boats took the children to the school on the hill.",
    "It is a disgrace that nothing was done.",
    "The engineers have reportedly been dismissed.",
    "The river fell by two metres during the night, the gauge at the mill shows.",
)
STARTING = 120.0
"""Seconds for the model to be loaded."""


@dataclass
class Tally:
    """What the clients have seen."""

    outcomes: Counter[str] = field(default_factory=Counter)
    accepted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    sentences: int = 0


def made(count: int = 500, seed: int = 0) -> list[str]:
    """Articles that nobody wrote."""
    draw = random.Random(seed)

    def sentence() -> str:
        if draw.random() < 0.4:
            return draw.choice(PLAIN)
        return f"{draw.choice(WHO)} {draw.choice(VERBS)} that {draw.choice(CLAIMS)}."

    return [
        " ".join(sentence() for _ in range(draw.randint(5, 60))) for _ in range(count)
    ]


def read(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


@contextmanager
def service(options: list[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the service, wait until it is ready, and leave none behind."""
    command = [sys.executable, "-m", "annotator", "serve", "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        try:
            told = process.stderr.readline()
            found = re.search(r"http://\S+?:\d+", told)
            if not found:
                raise SystemExit(told + process.stderr.read())
            end = time.monotonic() + STARTING
            # While it loads the model it may be slow to say that it does.
            while httpx.get(f"{found[0]}/health/ready", timeout=60).is_error:
                if time.monotonic() > end:
                    raise SystemExit("the service does not get ready")
                time.sleep(0.2)
            yield process, found[0]
        finally:
            process.kill()


async def ask(
    client: httpx.AsyncClient, texts: cycle[str], end: float, tally: Tally
) -> None:
    """Send one article after the other, until the time is up."""
    while time.monotonic() < end:
        begun = time.monotonic()
        try:
            answer = await client.post("/articles", json={"text": next(texts)})
        except httpx.TransportError as error:
            tally.outcomes[type(error).__name__] += 1
            continue
        seconds = time.monotonic() - begun
        tally.outcomes[str(answer.status_code)] += 1
        if answer.status_code == 200:
            tally.accepted.append(seconds)
            tally.sentences += answer.json()["found"]["article"]["n_sentences"]
        elif answer.status_code == 429:
            tally.refused.append(seconds)
            tally.told.append(int(answer.headers["retry-after"]))
            left = max(0.0, end - time.monotonic())
            await asyncio.sleep(min(tally.told[-1], left))


async def load(url: str, texts: list[str], clients: int, seconds: float) -> Tally:
    """Let all clients ask at once."""
    tally, end = Tally(), time.monotonic() + seconds
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=120) as client:
        source = cycle(texts)
        await asyncio.gather(*(ask(client, source, end, tally) for _ in range(clients)))
    return tally


def percentiles(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    p50, p95, p99 = np.percentile(seconds, (50, 95, 99))
    return (
        f"p50 {p50:.3f} s, p95 {p95:.3f} s, p99 {p99:.3f} s, most {max(seconds):.3f} s"
    )


def machine() -> str:
    names = re.findall(r"^model name\s*: (.*)$", _read("/proc/cpuinfo"), re.M)
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    name = names[0] if names else platform.processor()
    return f"{name}, {os.cpu_count()} cores, load {load}"


def _read(path: str) -> str:
    return Path(path).read_text() if Path(path).exists() else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--articles", type=Path)
    args, options = parser.parse_known_args()
    texts = read(args.articles) if args.articles else made()
    print(f"machine    {machine()}, before the run")
    libraries = ("source-annotator", "torch", "fastapi", "uvicorn", "httpx")
    print(
        f"versions   Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in libraries)
    )
    with service(options) as (process, url):
        begun = time.monotonic()
        tally = asyncio.run(load(url, texts, args.clients, args.seconds))
        took = time.monotonic() - begun
        counts = httpx.get(f"{url}/metrics").text
        process.send_signal(signal.SIGTERM)
        status = process.wait(60)
    batches, articles = (
        float(re.findall(rf"^annotator_batch_articles_{n} (\S+)$", counts, re.M)[0])
        for n in ("count", "sum")
    )
    failures = sum(
        n for name, n in tally.outcomes.items() if name not in {"200", "429"}
    )
    asked = sum(tally.outcomes.values())
    print(f"requests   {asked:,} by {args.clients} clients in {took:.1f} s")
    print("outcomes   " + ", ".join(f"{k}: {n:,}" for k, n in tally.outcomes.items()))
    print(f"sentences  {tally.sentences:,}, {tally.sentences / took:.0f} a second")
    print(f"batches    {batches:.0f}, of {articles / max(batches, 1):.1f} articles")
    print(f"accepted   {percentiles(tally.accepted)}")
    print(f"refused    {percentiles(tally.refused)}")
    if tally.told:
        middle, most = np.median(tally.told), max(tally.told)
        print(f"told       to wait {middle:.0f} s (median), {most} s at most")
    print(f"exit       {status} after SIGTERM")
    sys.exit(1 if failures or status else 0)


if __name__ == "__main__":
    main()
