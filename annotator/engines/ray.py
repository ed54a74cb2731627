"""Batches of articles -> the same, scored by the machines of a Ray cluster.

An actor a core, or a GPU, holds the model. Ray restarts and repeats nothing: a batch
whose actor is lost goes back into the queue here, and from there to whichever actor is
free first, without waiting for room that a machine has taken with it (docs/cluster.md).
"""

from __future__ import annotations

import logging
import os
import platform
import socket
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.metadata import version
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic
from typing import Any, Final
from unittest.mock import patch

import ray
from ray._private import ray_constants
from ray._private.node import Node
from ray.exceptions import RayError, RayTaskError

from annotator.engines.crew import LOOK_S, Crew, WorkerLost
from annotator.engines.engine import Scores
from annotator.errors import AnnotatorError
from annotator.pipeline import score_articles
from annotator.records import Article
from annotator.tag.description import WEIGHTS, checked_description
from annotator.tag.device import bf16_pays, pick_device
from annotator.tag.folder import ENCODER, TOKENIZER
from annotator.tag.shelf import DESCRIPTION, model_folder
from annotator.tag.tagger import Tagger, use_threads

PACKAGE: Final = "source-annotator"
MODEL_FILES: Final = (DESCRIPTION, WEIGHTS, ENCODER, TOKENIZER)
CONNECT_S: Final = 10.0
BEAT_S: Final = 60.0
"""How long an actor at work need not give a sign of life. Ray notices a machine that is
gone within half a minute, but never a process that stands still."""


class RayCluster(Crew):
    """Scores on the machines of a Ray cluster.

    The files of the model are sent to each machine, whatever models lie there: two
    models of one name and weights can differ in their calibration. Cores compute in
    bfloat16 where that pays on this machine, so that all rows are made alike; GPUs
    where they can.

    Parameters
    ----------
    model
        Name of a shipped model, or a model folder, on this machine.
    address
        ``host:port`` of a cluster that this machine belongs to; one of this machine
        alone, that only it can reach, is started and ended where None.
    workers
        Actors to keep at work; one for every GPU of the cluster, or for every core
        where it has none.

    Raises
    ------
    BadModel
        If the model is missing, altered or too new.
    AnnotatorError
        If there is no cluster at the address.
    """

    def __init__(
        self,
        model: str | Path,
        address: str | None = None,
        workers: int | None = None,
    ) -> None:
        folder = model_folder(str(model))
        described = checked_description(folder)
        if address:
            _reach(address)
        self._joined = not ray.is_initialized()
        if self._joined:
            _join(address, workers)
        # Ray gives this one no types.
        there: Mapping[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        gpus = int(there.get("GPU", 0))
        files = ray.put({name: (folder / name).read_bytes() for name in MODEL_FILES})
        size = workers or gpus or int(there.get("CPU", 1))
        bf16 = None if gpus else bf16_pays(pick_device("cpu"))
        super().__init__(described, partial(_Actor, files, gpus > 0, bf16), size)

    def close(self) -> None:
        """Dismiss the actors, and leave the cluster where this engine has joined it."""
        super().close()
        if self._joined:
            ray.shutdown()


def _join(address: str | None, workers: int | None) -> None:
    """Join a cluster, or start one that is reached from this machine alone."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    init = partial(ray.init, log_to_driver=False, logging_level=logging.ERROR)
    if address is None:
        with (
            # It listens on every interface otherwise, also where told to use loopback.
            patch.object(ray_constants, "ENABLE_RAY_CLUSTER", False),
            # This asks the network which cloud it is in, whatever else is turned off.
            patch.object(Node, "start_api_server"),
        ):
            init(
                "local",
                num_cpus=workers,
                include_dashboard=False,
                # Ray has its workers give way to all else, and they are the run here.
                _system_config={"worker_niceness": 0},
            )
        return
    try:
        init(address)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise _no_cluster(address, error) from error


def _reach(address: str) -> None:
    """Try the address, at which Ray itself would wait for minutes."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=CONNECT_S).close()
    except (OSError, ValueError, OverflowError) as error:
        raise _no_cluster(address, error) from error


def _no_cluster(address: str, error: Exception) -> AnnotatorError:
    return AnnotatorError(
        f"cannot join a Ray cluster at {address}: {error}; expected host:port of one "
        "that this machine has joined with `ray start`, see docs/cluster.md"
    )


class Scorer:
    """What an actor is: a model in memory on some machine of the cluster."""

    def about(self) -> tuple[str, str]:
        """Name of the machine, and the version of this package on it."""
        return platform.node(), version(PACKAGE)

    def load(self, files: Mapping[str, bytes], on_gpu: bool, bf16: bool | None) -> None:
        """Load a model from the content of its files; raises `BadModel`."""
        if not on_gpu:
            use_threads(1)
        with TemporaryDirectory() as folder:
            for name, content in files.items():
                Path(folder, name).write_bytes(content)
            device = "cuda" if on_gpu else "cpu"
            self._tagger = Tagger(folder, device, bf16)

    def score(self, articles: Sequence[Article], least_confidence: float) -> Scores:
        """Score a batch."""
        return score_articles(articles, self._tagger, least_confidence)

    def alive(self) -> None:
        """Answer, also while a batch is scored."""


class _Actor:
    """The near end of an actor."""

    def __init__(
        self, files: ray.ObjectRef[Any], on_gpu: bool, bf16: bool | None
    ) -> None:
        self._model = (files, on_gpu, bf16)
        self._dismissed = Event()
        self._actor: Any = (
            ray.remote(Scorer)
            .options(
                num_cpus=1,
                num_gpus=int(on_gpu),
                max_restarts=0,
                max_task_retries=0,
                max_concurrency=2,
            )
            .remote()
        )

    def ready(self) -> None:
        """See `Worker.ready`."""
        machine, theirs = self._get(self._actor.about.remote())
        if theirs != version(PACKAGE):
            raise AnnotatorError(
                f"{machine} has {PACKAGE} {theirs}, this machine {version(PACKAGE)}: "
                "install the same version on every machine of the cluster"
            )
        self._get(self._actor.load.remote(*self._model))

    def score(self, articles: Sequence[Article], least_confidence: float) -> Scores:
        """See `Worker.score`."""
        scores: Scores = self._get(
            self._actor.score.remote(articles, least_confidence), beat_s=BEAT_S
        )
        return scores

    def dismiss(self) -> None:
        """See `Worker.dismiss`."""
        self._dismissed.set()
        ray.kill(self._actor)

    def _get(self, answer: ray.ObjectRef[Any], beat_s: float = inf) -> Any:
        """Wait for an answer; ask for a sign of life every so many seconds."""
        try:
            asked = monotonic()
            # Ray never answers for an actor that was killed before it had room.
            while not ray.wait([answer], timeout=LOOK_S)[0]:
                if self._dismissed.is_set():
                    raise WorkerLost
                if monotonic() - asked > beat_s:
                    ray.get(self._actor.alive.remote(), timeout=beat_s)
                    asked = monotonic()
            return ray.get(answer)
        except RayTaskError as error:
            if isinstance(error.cause, AnnotatorError):
                raise error.cause from None
            raise
        except RayError as error:
            raise WorkerLost from error
