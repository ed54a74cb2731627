"""Scoring -> sentences a second, memory, and what a killed run loses.

    python benchmarks/speed.py rate [ARTICLES...] --articles 2000
    python benchmarks/speed.py growth [ARTICLES...] --sizes 1000 4000 12000
    python benchmarks/speed.py kills [ARTICLES...] --articles 300 --kills 20
    python benchmarks/speed.py padding [ARTICLES...] --articles 30

Articles are read from the files and folders named, else made of a few sentences.
`rate` sets files to results beside the loop that a user would write with the
transformers pipeline on the same encoder and sentences, and beside what this machine's
own matrix product could do. `growth` scores ever more articles, each number in a
process of its own: a model of random weights (`--model random`, as it is unless named)
leaves what grows beside the model. `kills` ends a run with SIGKILL at random instants
until it is through, and compares every row with a run that was left alone. `padding`
sets the encoder that reads without padding beside that of transformers.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow.parquet as pq
import torch
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    PreTrainedTokenizerFast,
)
from transformers import pipeline as transformers_pipeline

from annotator.attribute import find_actors
from annotator.engines.local import InProcess
from annotator.engines.run import BATCH_ARTICLES
from annotator.ingest import read
from annotator.records import Article
from annotator.segment import segment
from annotator.tag.folder import load_model, padded, save_model
from annotator.tag.model import collate
from annotator.tag.shelf import model_folder
from annotator.tag.tagger import Tagger, Text
from annotator.tag.windows import like_lengths

PRECISION_ARTICLES = 60
"""Articles that both precisions read: one of them takes four times as long."""
TABLES = ("articles", "sentences", "attributions", "voices", "loaded_terms", "stances")
MADE = (
    "The ministry said on {day} that {n} people were hurt when the bridge fell.",
    "Residents of the town reportedly saw aircraft over the river before noon.",
    "It was a shameful week for everyone who had promised better.",
    "The council met for {n} hours and adjourned without a vote.",
    '"We will rebuild it within {n} months," the mayor told reporters.',
)


def main() -> None:
    """Run what the command line names."""
    asked = arguments()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        asked.run(asked, Path(folder))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    for name, run in COMMANDS.items():
        command = commands.add_parser(name)
        command.add_argument("files", nargs="*")
        command.set_defaults(run=run)
        command.add_argument(
            "--model", default="random" if run is growth else "compact"
        )
        if run is growth:
            command.add_argument("--sizes", nargs="+", type=int, default=[1000, 4000])
        else:
            few = 30 if run is padding else 300
            command.add_argument("--articles", type=int, default=few)
        if run is kills:
            command.add_argument("--kills", type=int, default=20)
            command.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def machine() -> str:
    """Name the machine and the versions that matter."""
    cpu = torch.cpu.get_capabilities()["cpu_name"]
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    names = ("torch", "transformers", "tokenizers", "pyarrow", "source-annotator")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{cpu}, {os.cpu_count()} cores, {torch.get_num_threads()} threads, "
        f"{torch.backends.cpu.get_cpu_capability()}, {gpu}, Python "
        f"{platform.python_version()}, {versions}, load {os.getloadavg()[0]:.1f}"
    )


def records(files: list[str], n: int) -> Iterator[dict[str, Any]]:
    """Give articles as records, drawn evenly from the first of the files."""
    if not files:
        chance = random.Random(1)
        for number in range(n):
            said = (chance.choice(MADE) for _ in range(chance.randint(10, 70)))
            text = " ".join(
                s.format(day="Monday", n=chance.randint(2, 99)) for s in said
            )
            yield {"id": str(number), "text": text, "outlet": f"Outlet {number % 20}"}
        return
    articles = (item for item in read(files) if isinstance(item, Article))
    for article in itertools.islice(articles, n):
        yield {
            "id": article.article_id,
            "text": article.text,
            "title": article.title,
            "outlet": article.outlet,
            "published": article.published,
        }


def written(files: list[str], n: int, folder: Path) -> Path:
    """Write articles to one file, as `annotator score` reads them."""
    path = folder / f"articles{n}.jsonl"
    lines = (json.dumps(record) for record in records(files, n))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def rate(asked: argparse.Namespace, folder: Path) -> None:
    """Sentences a second of each stage, of the naive loop, and of the machine."""
    path = written(asked.files, asked.articles, folder)
    model = model_folder(asked.model)
    texts = list(texts_of(path))
    sentences = [sentence for text in texts for sentence in text.sentences]
    peaks = {kind: matrix_peak(kind) for kind in (torch.float32, torch.bfloat16)}
    sample = random.Random(1).sample(sentences, min(1000, len(sentences)))
    naive = naive_rate(model, sample)
    tagger = Tagger(asked.model)
    tagging = len(sentences) / tagging_seconds(tagger, texts)
    work = sum(
        encoder_work(model, len(window.token_ids))
        for text in texts
        for window in tagger._builder.windows(text.sentences, text.title)
    ) / len(sentences)
    del tagger
    seconds, peak = scored(path, folder / "results", asked.model)
    run = json.loads((folder / "results" / "run.json").read_text())
    n = run["counts"]["sentences"]
    best = max(peaks.values())
    print(
        f"{asked.articles:,} articles, {n:,} sentences; the model's work is "
        f"{work / 1e9:.2f} GFLOP a sentence, its window read with it\n"
        f"matrix product of this machine: fp32 {peaks[torch.float32] / 1e9:.0f}, "
        f"bf16 {peaks[torch.bfloat16] / 1e9:.0f} GFLOP/s\n"
    )
    print("| | sentences/s | to the naive loop | share of the best product |")
    print("|---|---|---|---|")
    whole, alone = n / seconds, n / run["seconds"]
    for name, figure in (
        ("transformers pipeline, batches of 32", naive),
        ("tagging alone", tagging),
        ("files to tables", alone),
        ("files to results, start, profiles and report included", whole),
    ):
        share = "" if figure == naive else f"{figure * work / best:.0%}"
        print(f"| {name} | {figure:.0f} | {figure / naive:.2f} | {share} |")
    print(f"\npeak memory {peak:,.0f} MB, {seconds:.0f} s in all")
    if peaks[torch.bfloat16] > peaks[torch.float32]:
        others, n = other_labels(asked.model, texts[:PRECISION_ARTICLES])
        print(f"{others} labels of {n:,} are others in fp32 ({others / n:.2%})")


def tagging_seconds(tagger: Tagger, texts: list[Text]) -> float:
    """Time the tagging of batches of articles, as many at once as `score` tags."""
    batches = [
        texts[at : at + BATCH_ARTICLES] for at in range(0, len(texts), BATCH_ARTICLES)
    ]
    engine = InProcess(tagger)
    started = time.perf_counter()
    for done in [engine._threads.submit(tagger.tag, batch) for batch in batches]:
        done.result()
    engine.close()
    return time.perf_counter() - started


def other_labels(model: str, texts: list[Text]) -> tuple[int, int]:
    """How many labels fp32 and bf16 disagree on, and of how many."""
    labels = [
        [
            max(range(4), key=sentence.probabilities.__getitem__)
            for text in Tagger(model, bf16=bf16).tag(texts)
            for sentence in text
        ]
        for bf16 in (False, True)
    ]
    pairs = list(zip(*labels, strict=True))
    return sum(one != other for one, other in pairs), len(pairs)


def texts_of(path: Path) -> Iterator[Text]:
    """Give what the tagger reads of each article."""
    for article in read([path]):
        if isinstance(article, Article):
            cut = segment(article, readable=frozenset({"en"}))
            body = [s for s in cut if s.skipped is None]
            find_actors(article.text, body)
            yield Text(
                tuple(article.text[s.start : s.end] for s in body), article.title
            )


def matrix_peak(kind: torch.dtype, seconds: float = 1.0) -> float:
    """Floating-point operations a second of a large matrix product."""
    n = 1536
    one, other = torch.randn(n, n).to(kind), torch.randn(n, n).to(kind)
    out = torch.empty(n, n, dtype=kind)
    best, until = 0.0, time.perf_counter() + seconds
    while not best or time.perf_counter() < until:
        started = time.perf_counter()
        torch.mm(one, other, out=out)
        best = max(best, 2 * n**3 / (time.perf_counter() - started))
    return best


def encoder_work(model: Path, tokens: int) -> float:
    """Floating-point operations of one window: products of weights and attention."""
    config = AutoConfig.from_pretrained(model / "encoder.json")
    size, inner = config.hidden_size, config.intermediate_size
    weights = 4 * size * size + 2 * size * inner
    layer = 2 * tokens * weights + 4 * tokens * tokens * size
    return float(config.num_hidden_layers * layer)


def naive_rate(model: Path, sentences: list[str]) -> float:
    """Sentences a second of the loop a user would write first."""
    config = AutoConfig.from_pretrained(model / "encoder.json", num_labels=4)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(model / "tokenizer.json"),
        pad_token="[PAD]",
        model_max_length=config.max_position_embeddings,
    )
    network = AutoModelForSequenceClassification.from_config(config).eval()
    classify = transformers_pipeline(
        "text-classification",
        model=network,
        tokenizer=tokenizer,
        batch_size=32,
        truncation=True,
    )
    classify(sentences[:32])
    started = time.perf_counter()
    classify(sentences)
    return len(sentences) / (time.perf_counter() - started)


def command(path: Path, out: Path, model: str) -> list[str]:
    """Give the command that scores a file."""
    given = ("score", str(path), "--out", str(out), "--model", model)
    return [sys.executable, "-m", "annotator", *given]


def scored(path: Path, out: Path, model: str) -> tuple[float, float]:
    """Score in another process: seconds, and peak memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen(command(path, out, model), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"annotator score ended with {status}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def growth(asked: argparse.Namespace, folder: Path) -> None:
    """Time and peak memory of ever more articles."""
    model = asked.model
    if model == "random":
        model = str(random_model(folder / "random"))
    print("| articles | seconds | ms an article | tables alone, ms | peak MB |")
    print("|---|---|---|---|---|")
    for n in asked.sizes:
        path = written(asked.files, n, folder)
        out = folder / f"results{n}"
        seconds, peak = scored(path, out, model)
        tables = json.loads((out / "run.json").read_text())["seconds"]
        print(
            f"| {n:,} | {seconds:.0f} | {1000 * seconds / n:.1f} | "
            f"{1000 * tables / n:.1f} | {peak:,.0f} |",
            flush=True,
        )


def random_model(folder: Path) -> Path:
    """Make the smallest model with the shipped tokenizer: two layers of 32.

    It opens no spans: random ones would cost more than all the rest.
    """
    shipped = load_model(model_folder("compact"))
    config = AutoConfig.from_pretrained(
        model_folder("compact") / "encoder.json",
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    torch.manual_seed(0)
    tokenizer = model_folder("compact") / "tokenizer.json"
    description = replace(
        shipped.description, name="random", opening_costs=(100.0,) * 4
    )
    save_model(folder, padded(config), description, tokenizer)
    return folder


def kills(asked: argparse.Namespace, folder: Path) -> None:
    """Kill a run again and again, let it end, and compare it row for row."""
    path = written(asked.files, asked.articles, folder)
    seconds, _ = scored(path, folder / "alone", asked.model)
    chance = random.Random(asked.seed)
    out, survived = folder / "killed", 0
    for _ in range(asked.kills):
        process = subprocess.Popen(
            command(path, out, asked.model),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(chance.uniform(0.5, 1 + 2 * seconds / asked.kills))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        else:
            survived += 1
    scored(path, out, asked.model)
    alone = folder / "alone"
    differ = [name for name in TABLES if rows(out, name) != rows(alone, name)]
    print(
        f"{asked.articles} articles, {asked.kills - survived} kills at random instants "
        f"of runs that go on ({survived} came too late): tables with any difference to "
        f"a run left alone: {', '.join(differ) or 'none'} of {len(TABLES)}"
    )
    if differ:
        raise SystemExit(1)


def rows(results: Path, name: str) -> list[dict[str, Any]]:
    """Give a table of a results folder."""
    found: list[dict[str, Any]] = pq.read_table(results / f"{name}.parquet").to_pylist()
    return found


def padding(asked: argparse.Namespace, folder: Path) -> None:
    """Seconds of the encoder on the same windows, three times in turn."""
    path = written(asked.files, asked.articles, folder)
    model = model_folder(asked.model)
    loaded = {
        "transformers, padded": load_model(model, on_cpu=False),
        "without padding": load_model(model),
    }
    builder = loaded["without padding"].builder
    windows = [w for t in texts_of(path) for w in builder.windows(t.sentences, t.title)]
    batches = [
        collate([windows[i] for i in places], builder.pad_id)
        for places in like_lengths([len(w.token_ids) for w in windows])
    ]
    tokens = sum(len(w.token_ids) for w in windows)
    cells = sum(batch.token_ids.numel() for batch in batches)
    print(f"{len(windows):,} windows, {tokens:,} tokens, {cells:,} with padding")
    seconds: dict[str, list[float]] = {name: [] for name in loaded}
    labels: dict[str, list[torch.Tensor]] = {}
    for _ in range(3):
        for name, one in loaded.items():
            started = time.perf_counter()
            with torch.inference_mode():
                labels[name] = [one.network(batch).label for batch in batches]
            seconds[name].append(time.perf_counter() - started)
    one, other = (torch.cat(found).softmax(dim=-1) for found in labels.values())
    print(f"largest difference of a probability: {(one - other).abs().max():.1e}")
    base = median(seconds["transformers, padded"])
    for name, found in seconds.items():
        middle = median(found)
        print(f"{name}: {middle:.2f} s, {base / middle:.2f} times as fast")


COMMANDS = {"rate": rate, "growth": growth, "kills": kills, "padding": padding}

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
