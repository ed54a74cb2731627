"""Hard news sentences, sentence splitters -> a table of boundary F1 and speed.

    python benchmarks/splitters.py [--sentences FILE.toml] [--news FILE.txt]

Compares maintained splitters raw, asked line by line, and with the rules of
`annotator.segment_rules` on top: they overrule the splitter, which decides the full
stops they leave open. The last row is the rules alone. A boundary is the offset of
the first character of every sentence but the first. With news text, speed (CPU time)
and the share of the rules' cuts that the splitter withholds are measured too.
Splitters that are not installed are left out:

    pip install nupunkt sentencex syntok blingfire pysbd spacy choppa-srx
"""

from __future__ import annotations

import argparse
import re
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from annotator.segment_rules import sentence_starts

Splitter = Callable[[str], Iterable[int]]
"""Text -> offsets at which sentences start; white space there does not matter."""

CASES = Path(__file__).parent.parent / "tests" / "hard_sentences.toml"
MARK = "‖"
WORD = re.compile(r"\S")


def nupunkt() -> Splitter:
    import nupunkt as library

    model = library.load("default")
    return lambda text: (start for start, _ in model.span_tokenize(text))


def sentencex() -> Splitter:
    import sentencex as library

    return lambda text: offsets(text, library.segment("en", text))


def choppa() -> Splitter:
    from choppa import DEFAULT_SRX_RULESET, SrxDocument, SrxTextIterator

    rules = SrxDocument(ruleset=DEFAULT_SRX_RULESET)
    return lambda text: offsets(text, SrxTextIterator(rules, "en_one", text))


def syntok() -> Splitter:
    from syntok import segmenter

    def split(text: str) -> Iterator[int]:
        for paragraph in segmenter.analyze(text):
            for sentence in paragraph:
                yield sentence[0].offset

    return split


def blingfire() -> Splitter:
    import blingfire as library

    return lambda text: offsets(text, library.text_to_sentences(text).split("\n"))


def pysbd() -> Splitter:
    import pysbd as library

    segmenter = library.Segmenter(language="en", clean=False)
    return lambda text: offsets(text, segmenter.segment(text))


def spacy() -> Splitter:
    import spacy as library

    nlp = library.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 10**9
    return lambda text: (s.start_char for s in nlp(text).sents)


def one_expression() -> Splitter:
    end = re.compile(r"[.!?…]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")
    return lambda text: (m.end() for m in end.finditer(text))


SPLITTERS: dict[str, Callable[[], Splitter]] = {
    "nupunkt": nupunkt,
    "sentencex": sentencex,
    "choppa-srx": choppa,
    "syntok": syntok,
    "blingfire": blingfire,
    "pysbd": pysbd,
    "spacy": spacy,
    "one expression": one_expression,
    "annotator": lambda: sentence_starts,
}


def offsets(text: str, sentences: Iterable[str]) -> Iterator[int]:
    """Where each of a splitter's strings starts, looked up from left to right."""
    at = 0
    for sentence in sentences:
        words = sentence.strip()
        found = text.find(words[:40], at)
        if words and found >= 0:
            yield found
            at = found + 1


def by_line(split: Splitter) -> Splitter:
    def lines(text: str) -> Iterator[int]:
        at = 0
        for line in text.splitlines(keepends=True):
            yield at
            yield from (at + start for start in split(line))
            at += len(line)

    return lines


def repaired(split: Splitter) -> Splitter:
    return by_line(lambda line: sentence_starts(line, set(split(line))))


def starts(text: str, split: Splitter) -> set[int]:
    """Boundaries on the first character that is no white space; the first left out."""
    found = [WORD.search(text, at) for at in (0, *split(text))]
    offsets = {word.start() for word in found if word}
    return offsets - {min(offsets, default=0)}


def gold(case: str) -> tuple[str, set[int]]:
    """Take the marks out of a case; return its text and its boundaries."""
    parts = case.split(MARK)
    ends = [len("".join(parts[: n + 1])) for n in range(len(parts) - 1)]
    return "".join(parts), set(ends)


def f1(cases: Iterable[str], split: Splitter) -> float:
    """Boundary F1 over all cases together."""
    right = found = wanted = 0
    for case in cases:
        text, expected = gold(case)
        got = starts(text, split)
        right += len(got & expected)
        found += len(got)
        wanted += len(expected)
    return 2 * right / (found + wanted)


def megabytes_per_second(text: str, split: Splitter) -> float:
    began = time.process_time()
    for _ in split(text):
        pass
    return len(text.encode()) / 1e6 / (time.process_time() - began)


def release(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


def withheld(text: str, split: Splitter) -> float:
    """Share of the cuts of the rules alone that are lost where a splitter has a say."""
    alone = starts(text, by_line(sentence_starts))
    return len(alone - starts(text, repaired(split))) / len(alone)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sentences", type=Path, default=CASES)
    parser.add_argument("--news", type=Path, help="news text, for speed and cuts lost")
    given = parser.parse_args()
    table = tomllib.loads(given.sentences.read_text("utf-8"))
    cases = [case for topic in table.values() for case in topic["cases"]]
    halves = {"tuned": cases[0::2], "held out": cases[1::2]}
    columns = ["splitter", "version", "raw", "by line", "with rules", *halves]
    if given.news:
        columns += ["cuts withheld", "MB/s"]
    print("|", " | ".join(columns), "|")
    print("|---" * len(columns) + "|")
    for name, make in SPLITTERS.items():
        try:
            split = make()
        except ImportError:
            continue
        figures = [f1(cases, split), f1(cases, by_line(split))]
        figures += [f1(part, repaired(split)) for part in (cases, *halves.values())]
        row = [name, release(name), *(f"{figure:.3f}" for figure in figures)]
        if given.news:
            text = given.news.read_text("utf-8")
            row.append(f"{withheld(text, split):.1%}")
            row.append(f"{megabytes_per_second(text, by_line(split)):.2f}")
        print("|", " | ".join(row), "|", flush=True)


if __name__ == "__main__":
    main()
