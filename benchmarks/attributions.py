"""Invented news paragraphs with attributions -> how many are found and resolved.

    python benchmarks/attributions.py
    python benchmarks/attributions.py --model compact --cases tests/attributions.toml

Runs the whole pipeline over every case. A row is found if an attribution of its
sentence has a source that holds the row's head as a word, or none where the row has
none. The speaker is right if the resolved source is the row's, up to capitals and
"the"; a row that is not found has it wrong. The form is judged of rows found.
Intervals are Wilson's (1927), 95 %.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from annotator import DEFAULT_MODEL, Annotator
from annotator.pipeline import score_article
from annotator.records import Article, Attribution, ScoredArticle
from annotator.tag.tagger import Tagger

CASES = Path(__file__).parents[1] / "tests" / "attributions.toml"

Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expected row and what was found for it."""

    case: str
    row: dict[str, Any]
    found: Attribution | None
    source: str
    speaker_is_right: bool
    form_is_right: bool


def read_cases(path: Path = CASES) -> list[Case]:
    cases: list[Case] = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    return cases


def run(case: Case, tagger: Tagger) -> ScoredArticle:
    article = Article(case["id"], "", case["text"], outlet=case.get("outlet"))
    return score_article(article, tagger)


def outcomes(case: Case, scored: ScoredArticle) -> list[Outcome]:
    """Compare the rows of a case with what was found, in the order of the rows."""
    taken: set[str] = set()
    result = []
    for row in case.get("attribution", ()):
        found = _matching(row, scored, taken)
        if found is not None:
            taken.add(found.attribution_id)
        result.append(
            Outcome(
                case["id"],
                row,
                found,
                _words(scored, found),
                found is not None
                and _plain(found.resolved_source) == _plain(row["speaker"]),
                found is not None and found.form == row.get("form", found.form),
            )
        )
    return result


def _matching(
    row: dict[str, Any], scored: ScoredArticle, taken: set[str]
) -> Attribution | None:
    text = scored.article.text
    at = text.index(row["sentence"])
    here = {s.sentence_id for s in scored.sentences if s.start <= at < s.end}
    free = [
        a
        for a in scored.attributions
        if a.sentence_id in here and a.attribution_id not in taken
    ]
    fitting = [a for a in free if _has_head(_words(scored, a), row["head"])]
    return min(fitting, key=lambda a: _misfit(a, row), default=None)


def _misfit(found: Attribution, row: dict[str, Any]) -> tuple[bool, bool]:
    return found.content is None, found.depth != row.get("depth", 0)


def _has_head(source: str, head: str) -> bool:
    if not head:
        return not source
    return re.search(rf"(?<!\w){re.escape(head)}", source, re.I) is not None


def _words(scored: ScoredArticle, found: Attribution | None) -> str:
    span = found.source if found else None
    return scored.article.text[span.start : span.end] if span else ""


def _plain(name: str | None) -> str:
    words = (name or "").casefold().replace("’", "'").split()
    return " ".join(words[1:] if words[:1] in (["the"], ["a"], ["an"]) else words)


def _share(name: str, right: Sequence[bool]) -> str:
    test = binomtest(sum(right), len(right))
    low, high = test.proportion_ci(0.95, "wilson")
    share = sum(right) / len(right)
    count = f"{sum(right):>4} of {len(right):<4}"
    return f"{name:<24}{count} {share:.3f} [{low:.3f}, {high:.3f}]"


def print_figures(title: str, found: Sequence[Outcome]) -> None:
    print(f"{title}: {len(found)} rows")
    named = [o for o in found if o.row["head"]]
    print(_share("source head found", [o.found is not None for o in named]))
    print(_share("speaker resolved", [o.speaker_is_right for o in found]))
    held = [o for o in found if o.row["speaker"]]
    print(_share("  of those with a name", [o.speaker_is_right for o in held]))
    known = [o for o in found if o.found is not None]
    print(_share("form right", [o.form_is_right for o in known]))


def print_failures(found: Sequence[Outcome]) -> None:
    for outcome in found:
        if outcome.found and outcome.speaker_is_right and outcome.form_is_right:
            continue
        row, got = outcome.row, outcome.found
        print(f"\n{outcome.case}: {row['sentence']!r} head {row['head']!r}")
        if got is None:
            print("    not found")
        elif not outcome.speaker_is_right:
            print(f"    speaker {got.resolved_source!r}, expected {row['speaker']!r}")
        if got is not None and not outcome.form_is_right:
            print(f"    form {got.form}, expected {row['form']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    arguments = parser.parse_args()
    tagger = Annotator(arguments.model).tagger
    cases = read_cases(arguments.cases)
    found = [outcomes(case, run(case, tagger)) for case in cases]
    everything = [o for of_case in found for o in of_case]
    print_figures("all", everything)
    print_figures("even positions", [o for rows in found[::2] for o in rows])
    print_figures("odd positions", [o for rows in found[1::2] for o in rows])
    print_failures(everything)


if __name__ == "__main__":
    main()
