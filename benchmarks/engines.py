"""Articles -> the encoder's rate and labels in torch, ONNX Runtime and OpenVINO.

    pip install openvino nncf onnx onnxruntime
    python benchmarks/engines.py ARTICLES --calibrate OTHERS

The same windows, sorted by length, in batches of 16, two batches side by side on two
cores. torch reads them without padding (`annotator/tag/unpadded.py`), the others the
padded network of transformers, exported by `torch.onnx`. ONNX Runtime's int8 scales
what goes into each product as it comes; OpenVINO's is made by nncf (SmoothQuant) from
windows of OTHERS. Median of three rounds; labels are compared
with those of torch in fp32. No library but torch is needed by the package.
"""

from __future__ import annotations

import argparse
import importlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import torch
from speed import machine, texts_of
from torch import Tensor, nn

from annotator.tag.folder import load_model
from annotator.tag.model import Batch, TaggerModel, collate
from annotator.tag.shelf import model_folder
from annotator.tag.unpadded import Hidden

WINDOWS = 16
SIDE_BY_SIDE = 2
ROUNDS = 3
CALIBRATED_ON = 300
NAMES = ("input_ids", "attention_mask")

Read = Callable[[], list[Tensor]]
"""Reads all batches: their hidden states, in order."""


class Group(NamedTuple):
    """Windows side by side, and which of their sentences are no mere neighbours."""

    batch: Batch
    scored: Tensor


class _Exported(nn.Module):
    """What is exported: two tensors in, one out."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        found: Tensor = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask
        ).last_hidden_state
        return found


class _Given(nn.Module):
    """In place of an encoder: what one found."""

    def __init__(self, hidden: Tensor) -> None:
        super().__init__()
        self.hidden = hidden

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Hidden:
        return Hidden(self.hidden)


def main() -> None:
    """Print each engine's sentences a second and how many labels it changes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--calibrate", type=Path, metavar="OTHERS", required=True)
    parser.add_argument("--model", default="compact")
    asked = parser.parse_args()
    model = model_folder(asked.model)
    groups = groups_of(model, asked.articles)
    batches = [batch for batch, _ in groups]
    some = [batch for batch, _ in groups_of(model, asked.calibrate)]
    heads = load_model(model).network
    torch.set_num_threads(1)
    print(machine())
    sentences = sum(int(group.scored.sum()) for group in groups)
    print(f"{sentences:,} sentences in {len(batches)} batches of windows")
    print("| engine | sentences/s | other labels |\n|---|---|---|")
    exact: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, read in engines(model, batches, some, Path(folder)):
            found = labels(heads, groups, read())
            exact = exact or found
            seconds = median(timed(read) for _ in range(ROUNDS))
            others = sum(one != other for one, other in zip(exact, found, strict=True))
            print(
                f"| {name} | {sentences / seconds:.0f} | {others / len(exact):.2%} |",
                flush=True,
            )


def groups_of(model: Path, articles: Path) -> list[Group]:
    """Windows of articles, sorted by length, so many together."""
    builder = load_model(model).builder
    windows = [
        window
        for text in texts_of(articles)
        for window in builder.windows(text.sentences, text.title)
    ]
    windows.sort(key=lambda w: -len(w.token_ids))
    groups = []
    for at in range(0, len(windows), WINDOWS):
        some = windows[at : at + WINDOWS]
        batch = collate(some, builder.pad_id)
        scored = [index in some[row].scored for row, index in batch.sentences]
        groups.append(Group(batch, torch.tensor(scored)))
    return groups


def labels(
    heads: TaggerModel, groups: Sequence[Group], read: list[Tensor]
) -> list[int]:
    """Label of every sentence that is scored, by the shipped heads."""
    found: list[int] = []
    for (batch, scored), hidden in zip(groups, read, strict=True):
        heads.add_module("encoder", _Given(hidden.float()))
        with torch.inference_mode():
            found += heads(batch).label[scored].argmax(dim=-1).tolist()
    return found


def timed(read: Callable[[], object]) -> float:
    """Seconds that it takes."""
    started = perf_counter()
    read()
    return perf_counter() - started


def engines(
    model: Path, batches: Sequence[Batch], some: Sequence[Batch], folder: Path
) -> Iterator[tuple[str, Read]]:
    """Give each engine's name and how it reads the batches."""
    for kind in (torch.float32, torch.bfloat16):
        yield f"torch {kind}".replace("torch.", ""), with_torch(model, kind, batches)
    exported = export(load_model(model, on_cpu=False).network.encoder, folder)
    yield "ONNX Runtime float32", with_onnx_runtime(exported, batches)
    quantization = importlib.import_module("onnxruntime.quantization")
    small = folder / "int8.onnx"
    quantization.quantize_dynamic(exported, small, per_channel=True)
    yield "ONNX Runtime int8", with_onnx_runtime(small, batches)
    openvino = importlib.import_module("openvino")
    network = openvino.Core().read_model(exported)
    for kind in ("f32", "bf16"):
        yield f"OpenVINO {kind}", with_openvino(network, kind, batches)
    yield "OpenVINO int8", with_openvino(quantized(network, some), "bf16", batches)


def side_by_side(one: Callable[[Batch], Tensor], batches: Sequence[Batch]) -> Read:
    """Read so many batches at once, each in a thread of its own."""
    pool = ThreadPoolExecutor(SIDE_BY_SIDE)
    return lambda: list(pool.map(one, batches))


def with_torch(model: Path, kind: torch.dtype, batches: Sequence[Batch]) -> Read:
    """The shipped encoder."""
    encoder = load_model(model).network.encoder.to(kind)
    encoder.pack()

    def one(batch: Batch) -> Tensor:
        with torch.inference_mode():
            found: Tensor = encoder(batch.token_ids, batch.attention).last_hidden_state
            return found

    return side_by_side(one, batches)


def export(encoder: nn.Module, folder: Path) -> Path:
    """Write the network of transformers as ONNX."""
    path = folder / "encoder.onnx"
    ones = torch.ones(2, 16, dtype=torch.long)
    torch.onnx.export(
        _Exported(encoder.eval()),
        (ones, ones),
        str(path),
        input_names=list(NAMES),
        output_names=["hidden"],
        dynamic_axes={name: {0: "windows", 1: "tokens"} for name in NAMES},
        opset_version=17,
        dynamo=False,
    )
    return path


def given(batch: Batch) -> dict[str, Any]:
    """What an exported network is given."""
    tensors = (batch.token_ids, batch.attention.long())
    return {name: t.numpy() for name, t in zip(NAMES, tensors, strict=True)}


def with_onnx_runtime(path: Path, batches: Sequence[Batch]) -> Read:
    """One session, two batches side by side, one thread each."""
    library = importlib.import_module("onnxruntime")
    options = library.SessionOptions()
    options.intra_op_num_threads = 1
    session = library.InferenceSession(path, options)

    def one(batch: Batch) -> Tensor:
        return torch.from_numpy(session.run(None, given(batch))[0])

    return side_by_side(one, batches)


def quantized(network: Any, some: Sequence[Batch]) -> Any:
    """Weights and what goes into products in int8, scales set on some windows."""
    nncf = importlib.import_module("nncf")
    rows = [
        {name: value[row : row + 1] for name, value in given(batch).items()}
        for batch in some
        for row in range(len(batch.token_ids))
    ]
    step = max(1, len(rows) // CALIBRATED_ON)
    return nncf.quantize(
        network,
        nncf.Dataset(rows[::step]),
        model_type=nncf.ModelType.TRANSFORMER,
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=CALIBRATED_ON,
    )


def with_openvino(network: Any, kind: str, batches: Sequence[Batch]) -> Read:
    """Read all batches, as many side by side as OpenVINO takes for best."""
    openvino = importlib.import_module("openvino")
    hints = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": kind}
    queue = openvino.AsyncInferQueue(
        openvino.Core().compile_model(network, "CPU", hints)
    )
    found: list[Tensor] = []

    def keep(request: Any, place: int) -> None:
        found[place] = torch.from_numpy(request.get_output_tensor(0).data.copy())

    queue.set_callback(keep)

    def read() -> list[Tensor]:
        found[:] = [torch.empty(0)] * len(batches)
        for place, batch in enumerate(batches):
            queue.start_async(given(batch), place)
        queue.wait_all()
        return list(found)

    return read


if __name__ == "__main__":
    main()
