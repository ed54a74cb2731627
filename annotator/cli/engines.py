"""Options of the command line -> the engine that a run scores with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from annotator.engines.engine import Engine


class EngineName(StrEnum):
    """Where articles are scored."""

    LOCAL = "local"
    RAY = "ray"


EngineOption = Annotated[
    EngineName,
    typer.Option(
        "--engine",
        help="Score on this machine, or on the machines of a Ray cluster.",
    ),
]

Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Processes that score side by side, each with the model in memory. One "
        "on this machine unless given, one for every core or GPU of a cluster.",
        metavar="N",
    ),
]

RayAddress = Annotated[
    str | None,
    typer.Option(
        help="A running cluster, `host:port`, for `--engine ray`; one of this machine "
        "alone is started unless given.",
        metavar="ADDRESS",
    ),
]


@contextmanager
def engine_of(
    model: str,
    name: EngineName = EngineName.LOCAL,
    workers: int | None = None,
    ray_address: str | None = None,
) -> Iterator[Engine]:
    """Make the engine that the options ask for, and let go of it in the end.

    It starts with the first batch.

    Raises
    ------
    BadModel
        If the model is missing or too new.
    BadParameter
        If an address is given to an engine that has none, or Ray is not installed.
    """
    from annotator.engines.deferred import Deferred
    from annotator.tag.description import read_description
    from annotator.tag.shelf import model_folder

    if ray_address and name is not EngineName.RAY:
        raise typer.BadParameter("--ray-address goes with --engine ray")
    if name is EngineName.RAY and not find_spec("ray"):
        raise typer.BadParameter(
            "--engine ray needs Ray: pip install 'source-annotator[ray]'"
        )
    start = partial(_started, model, name, workers, ray_address)
    engine = Deferred(read_description(model_folder(model)), start)
    try:
        yield engine
    finally:
        engine.close()


def _started(
    model: str, name: EngineName, workers: int | None, ray_address: str | None
) -> Engine:
    if name is EngineName.RAY:
        from annotator.engines.ray import RayCluster

        return RayCluster(model, ray_address, workers)
    if workers and workers > 1:
        from annotator.engines.processes import Processes

        return Processes(model, workers)
    from annotator.engines.local import InProcess
    from annotator.tag.tagger import Tagger

    return InProcess(Tagger(model))
