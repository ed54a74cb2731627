"""`annotator watch`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from annotator import DEFAULT_MODEL
from annotator.cli.engines import engine_of
from annotator.cli.inputs import (
    MAX_BYTES,
    MAX_CHARS,
    Aliases,
    Compare,
    Fresh,
    Manifest,
    MaxBytes,
    MaxChars,
    Out,
    OutletFromFolder,
    Paths,
    TargetError,
)
from annotator.cli.scoring import show
from annotator.cli.terminal import Actors, Model, interrupts, many, progress_bar, tell
from annotator.errors import BadResults

if TYPE_CHECKING:
    from annotator.engines.run import Scored


def watch(  # noqa: PLR0913 an argument an option
    paths: Paths,
    out: Out = "results",
    model: Model = DEFAULT_MODEL,
    manifest: Manifest = None,
    outlet_from_folder: OutletFromFolder = False,
    aliases: Aliases = None,
    target_error: TargetError = None,
    compare: Compare = False,
    actors: Actors = None,
    fresh: Fresh = False,
    max_bytes: MaxBytes = MAX_BYTES,
    max_chars: MaxChars = MAX_CHARS,
) -> None:
    """Score folders, and again whenever articles come, change or go, until Ctrl-C.

    Only what is new is scored; profiles and the report are made anew each time.

        annotator watch inbox --out results
    """
    if missing := [p for p in paths if not Path(p).exists()]:
        raise BadResults(f"there is no {missing[0]} to watch; make the folder first")
    console = Console(stderr=True)
    with progress_bar(console) as bar, interrupts(console) as stop:
        task = bar.add_task("loading the model", total=None)
        from annotator.engines.run import Job, Together
        from annotator.engines.watching import watch as watched
        from annotator.ingest import Options, is_address

        if is_address(out):
            raise BadResults(
                "watch writes its results to a folder of this machine, not to an "
                "address; score does"
            )
        options = Options(manifest, outlet_from_folder, aliases, max_bytes, max_chars)
        together = Together(compare, actors)
        job = Job(paths, out, options, target_error, together, fresh)
        with engine_of(model) as engine:
            for scored in watched(job, engine, partial(show, bar, task), stop):
                bar.update(task, total=None, description="watching; Ctrl-C ends it")
                _tell(scored)


def _tell(scored: Scored) -> None:
    done = scored.progress
    new = done.articles + done.skipped - done.kept
    tell(
        f"{many(new, 'article')} scored, {done.articles:,} in all, "
        f"{done.flagged:,} flagged: {scored.path}"
    )
