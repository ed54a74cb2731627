"""Command line -> calls of the package, and their results in the terminal."""

from __future__ import annotations

import sys
from typing import Any, Final

import typer
from rich.console import Console

from annotator.cli.diff import diff
from annotator.cli.exchange import export, import_
from annotator.cli.learn import learn
from annotator.cli.models import audit, calibrate, evaluate, gate, train
from annotator.cli.profile import profile
from annotator.cli.review import account, review
from annotator.cli.scoring import score
from annotator.cli.serve import serve
from annotator.cli.together import corroborate, sources
from annotator.cli.watch import watch
from annotator.errors import AnnotatorError, Interrupted

INTERRUPTED = 130
"""Exit status of a command that Ctrl-C ended, as shells have it."""

USAGE_ERROR: Final[Any] = typer.BadParameter.__mro__[1]
"""What typer raises for a command line that it cannot take, by whatever name."""

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Tag each sentence of news as **reported fact**, **attributed claim**, "
    "**opinion** or **unverifiable allegation**, say who is behind each claim, and add "
    "them up per outlet.\n\n"
    "Start with `annotator score FOLDER`, then open `results/report.html`.",
)

for command in (
    score,
    watch,
    sources,
    corroborate,
    profile,
    diff,
    review,
    account,
    serve,
    export,
    learn,
    train,
    evaluate,
    gate,
    audit,
    calibrate,
):
    app.command()(command)
app.command("import")(import_)


def main() -> None:
    """Run the command line; what a user can mend is shown without a traceback."""
    try:
        sys.exit(app(standalone_mode=False))
    except USAGE_ERROR as error:
        from typer.rich_utils import rich_format_error

        from annotator.report.terminal import safe

        error.message = safe(error.message)
        rich_format_error(error)
        sys.exit(error.exit_code)
    except typer.Abort:
        Console(stderr=True).print("aborted")
        sys.exit(1)
    except AnnotatorError as error:
        from annotator.report.terminal import safe

        stopped = isinstance(error, Interrupted)
        said = str(error) if stopped else f"error: {error}"
        lines = map(safe, said.split("\n"))
        Console(stderr=True).print("\n".join(lines), markup=False)
        sys.exit(INTERRUPTED if stopped else 2)
    except KeyboardInterrupt:
        Console(stderr=True).print("interrupted")
        sys.exit(INTERRUPTED)
