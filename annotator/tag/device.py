"""Nothing -> what this machine computes with: device and precision."""

from __future__ import annotations

from time import perf_counter

import torch


def pick_device(name: str | None = None) -> torch.device:
    """CUDA, else Apple's MPS, else the CPU, unless one is named."""
    if name:
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def bf16_pays(device: torch.device) -> bool:
    """Whether bf16 matrix products are faster than fp32 here, by trying.

    CPUs with AVX512-BF16 or AMX gain a factor of four; others emulate it at a
    fiftieth of the speed, and no flag tells the two apart everywhere.
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    if device.type != "cpu":
        return False
    seconds = {}
    # On a busy machine any try may be held up: the one that changes nothing has more.
    for kind, tries in ((torch.float32, 20), (torch.bfloat16, 3)):
        matrix = torch.ones(256, 256, dtype=kind)
        matrix @ matrix
        seconds[kind] = min(_seconds(matrix) for _ in range(tries))
    return seconds[torch.bfloat16] < seconds[torch.float32]


def _seconds(matrix: torch.Tensor) -> float:
    started = perf_counter()
    matrix @ matrix
    return perf_counter() - started
