"""Articles -> the encoder's rate in torch, as shipped, and in OpenVINO, in bfloat16.

    pip install openvino onnx
    python benchmarks/openvino_encoder.py ARTICLES

The same windows, sorted by length, in batches of 16, two batches side by side on two
cores. torch reads them without padding (`annotator/tag/unpadded.py`), OpenVINO the
padded network of transformers, exported by `torch.onnx`. Median of three rounds.
Neither library is needed by the package.
"""

from __future__ import annotations

import argparse
import importlib
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter

import torch
from speed import machine, texts_of
from torch import Tensor, nn

from annotator.tag.folder import load_model
from annotator.tag.model import Batch, collate
from annotator.tag.shelf import model_folder

WINDOWS = 16
SIDE_BY_SIDE = 2
ROUNDS = 3
NAMES = ("input_ids", "attention_mask")


class _Hidden(nn.Module):
    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        found: Tensor = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask
        ).last_hidden_state
        return found


def main() -> None:
    """Print sentences a second of both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--model", default="compact")
    asked = parser.parse_args()
    model = model_folder(asked.model)
    loaded = load_model(model)
    windows = [
        window
        for text in texts_of(asked.articles)
        for window in loaded.builder.windows(text.sentences, text.title)
    ]
    windows.sort(key=lambda w: -len(w.token_ids))
    sentences = sum(len(w.scored) for w in windows)
    batches = [
        collate(windows[at : at + WINDOWS], loaded.builder.pad_id)
        for at in range(0, len(windows), WINDOWS)
    ]
    torch.set_num_threads(1)
    network = load_model(model, on_cpu=False).network.encoder
    rounds = {
        "OpenVINO": with_openvino(network, batches),
        "torch": with_torch(loaded.network.encoder.bfloat16(), batches),
    }
    print(machine())
    print(f"{sentences:,} sentences in {len(windows):,} windows")
    for name, once in rounds.items():
        once()
        seconds = median(timed(once) for _ in range(ROUNDS))
        print(f"{name}: {sentences / seconds:.0f} sentences/s")


def timed(once: Callable[[], object]) -> float:
    """Seconds that it takes."""
    started = perf_counter()
    once()
    return perf_counter() - started


def with_torch(encoder: nn.Module, batches: Sequence[Batch]) -> Callable[[], object]:
    """Read all batches, two side by side, one thread each."""

    def one(batch: Batch) -> Tensor:
        with torch.inference_mode():
            found: Tensor = encoder(batch.token_ids, batch.attention).last_hidden_state
            return found.float()

    pool = ThreadPoolExecutor(SIDE_BY_SIDE)
    return lambda: list(pool.map(one, batches))


def with_openvino(network: nn.Module, batches: Sequence[Batch]) -> Callable[[], object]:
    """Read all batches, as many side by side as OpenVINO takes for best."""
    openvino = importlib.import_module("openvino")
    some = torch.ones(2, 16, dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "encoder.onnx"
        torch.onnx.export(
            _Hidden(network.eval()),
            (some, some),
            str(path),
            input_names=list(NAMES),
            output_names=["hidden"],
            dynamic_axes={name: {0: "windows", 1: "tokens"} for name in NAMES},
            opset_version=17,
            dynamo=False,
        )
        compiled = openvino.Core().compile_model(
            path,
            "CPU",
            {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": "bf16"},
        )
    queue = openvino.AsyncInferQueue(compiled)

    def once() -> None:
        for batch in batches:
            given = (batch.token_ids, batch.attention.long())
            queue.start_async({n: g.numpy() for n, g in zip(NAMES, given, strict=True)})
        queue.wait_all()

    return once


if __name__ == "__main__":
    main()
