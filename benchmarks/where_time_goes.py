"""One process scoring articles -> where its time goes, stage by stage.

    python benchmarks/where_time_goes.py ARTICLES [--limit 60] [--model compact]

One thread, under the profiler of Python: what is written in Python seems a little
slower beside matrix products than it is.
"""

from __future__ import annotations

import argparse
import cProfile
import itertools
import json
import pstats
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from annotator.engines.engine import Scores
from annotator.engines.local import InProcess
from annotator.engines.run import Job, score_paths
from annotator.ingest import read
from annotator.pipeline import score_articles
from annotator.records import Article
from annotator.tag.tagger import Tagger, use_threads

STAGES = {
    "reading": ("ingest/reading.py", "_read_all"),
    "near-copies": ("ingest/duplicates.py", "first_seen"),
    "cutting into sentences": ("pipeline.py", "_segmented"),
    "finding actors": ("attribute/actors.py", "find_actors"),
    "tokens into windows": ("tag/windows.py", "windows"),
    "encoder": ("tag/unpadded.py", "forward"),
    "spans from their probabilities": ("tag/spans.py", "best_spans_of"),
    "attributions": ("attribute/__init__.py", "attribute"),
    "writing tables": ("store/articles.py", "add"),
    "tracing sources": ("collection.py", "trace_sources"),
    "profiles": ("collection.py", "profile_outlets"),
    "report": ("report/html.py", "write_report"),
}
"""The function whose time, with all it calls, is the stage's."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--model", default="compact")
    asked = parser.parse_args()
    use_threads(1)
    engine = InTurn(Tagger(asked.model))
    profiler = cProfile.Profile()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        articles = (i for i in read([asked.articles]) if isinstance(i, Article))
        path.write_text(
            "\n".join(
                json.dumps({"id": a.article_id, "text": a.text, "outlet": a.outlet})
                for a in itertools.islice(articles, asked.limit)
            ),
            encoding="utf-8",
        )
        job = Job([path], Path(folder) / "results")
        done = profiler.runcall(score_paths, job, engine)
    print_table(pstats.Stats(profiler), done.progress.sentences)


class InTurn(InProcess):
    """One batch after the other, in the thread that the profiler watches."""

    ahead = 0

    def submit(
        self, articles: Sequence[Article], least_confidence: float
    ) -> Callable[[], Scores]:
        """Score a batch at once."""
        scores = score_articles(articles, self._tagger, least_confidence)
        return lambda: scores


def print_table(stats: pstats.Stats, sentences: int) -> None:
    """Print each stage's seconds and share; the rest is what no stage names."""
    profile = stats.get_stats_profile().total_tt
    counted = stats.stats  # type: ignore[attr-defined]
    print(f"{sentences:,} sentences, {profile:.1f} s\n\n| stage | s | share |")
    print("|---|---|---|")
    left = profile
    for stage, (file, function) in STAGES.items():
        seconds = max(
            cumulative
            for (path, _, name), (_, _, _, cumulative, _) in counted.items()
            if path.endswith(f"annotator/{file}") and name == function
        )
        left -= seconds
        print(f"| {stage} | {seconds:.1f} | {seconds / profile:.0%} |")
    print(f"| all else | {left:.1f} | {left / profile:.0%} |")


if __name__ == "__main__":
    main()
