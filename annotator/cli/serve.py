"""`annotator serve`: scoring over HTTP, for other programs."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from annotator import DEFAULT_MODEL
from annotator.cli.inputs import TargetError
from annotator.cli.listening import address, listening
from annotator.cli.terminal import Model, tell
from annotator.loopback import is_loopback

if TYPE_CHECKING:
    from annotator.serve import Model as LoadedModel

PORT: Final = 8766
SHORTEST_TOKEN: Final = 32
"""Characters: 128 bits where they are hexadecimal."""


def serve(  # noqa: PLR0913 an argument an option
    model: Model = DEFAULT_MODEL,
    host: Annotated[
        str,
        typer.Option(
            help="Address to listen on. Any but this machine's own needs a token, and "
            "a proxy before it that speaks TLS.",
            metavar="ADDRESS",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any.")
    ] = PORT,
    token_file: Annotated[
        Path | None,
        typer.Option(
            help="File with the token that clients must bear "
            "(`Authorization: Bearer TOKEN`).",
            metavar="FILE",
        ),
    ] = None,
    queue: Annotated[
        int,
        typer.Option(
            min=1,
            help="Characters that may wait for an answer at once; beyond, clients are "
            "told when to ask again.",
        ),
    ] = 400_000,
    batch: Annotated[
        int, typer.Option(min=1, help="Articles tagged together, at most.")
    ] = 16,
    max_characters: Annotated[
        int, typer.Option(min=1, help="Characters of one request, at most.")
    ] = 200_000,
    grace: Annotated[
        float,
        typer.Option(
            min=0.0,
            help="Seconds to finish what waits, when told to stop.",
            metavar="S",
        ),
    ] = 20.0,
    target_error: TargetError = None,
) -> None:
    """Score articles that other programs send over HTTP; stop with Ctrl-C or SIGTERM.

    `POST /articles` takes one article as JSON, `POST /batches` up to a hundred;
    `/openapi.json` says what goes in and what comes back. Nothing is kept of what is
    sent, and nothing is sent anywhere.

        annotator serve --port 8766
    """
    token = _token(token_file) if token_file else None
    with listening(host, port) as sock:
        from annotator.serve import Limits, Scorer
        from annotator.serve import serve as answer

        if token is None and not is_loopback(host):
            raise typer.BadParameter(
                f"others can reach {host}: give a --token-file", param_hint="--host"
            )
        try:
            limits = Limits(queue, batch, max_characters)
        except ValueError as fault:
            raise typer.BadParameter(str(fault), param_hint="--queue") from fault
        _log_to_stderr()
        scorer = Scorer(lambda: _loaded(model, target_error), limits)
        at = address(host, sock.getsockname()[1])
        tell(f"Scoring at {at}; stop with Ctrl-C.", stderr=True)
        answer(scorer, sock, grace, token)
    tell("Stopped.", stderr=True)
    if scorer.busy:
        # A batch that takes too long: torch aborts where Python ends under it.
        os._exit(0)


def _loaded(model: str, target_error: float | None) -> LoadedModel:
    from annotator.serve import Model as LoadedModel
    from annotator.tag.tagger import Tagger

    tagger = Tagger(model)
    least = 0.0 if target_error is None else tagger.confidence_for(target_error)
    return LoadedModel(tagger, least)


def _token(path: Path) -> str:
    try:
        token = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise typer.BadParameter(
            f"{path} cannot be read as a line of ASCII: {fault}",
            param_hint="--token-file",
        ) from fault
    if len(token) < SHORTEST_TOKEN or len(token.split()) != 1:
        raise typer.BadParameter(
            f"expected one word of at least {SHORTEST_TOKEN} characters in {path}; "
            "make one with `openssl rand -hex 32`",
            param_hint="--token-file",
        )
    return token


def _log_to_stderr() -> None:
    """Log faults; a traceback may hold what a client sent, so it is made safe."""
    from annotator.report.terminal import safe

    class Safe(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            return "\n".join(map(safe, super().format(record).split("\n")))

    handler = logging.StreamHandler()
    handler.setFormatter(Safe("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
