"""A target -> inputs tried on it under atheris, until one breaks a promise.

    pip install atheris
    python tests/fuzz/run.py TARGET [FOLDER] [-max_total_time=600] [-rss_limit_mb=2048]

Options with one dash are libFuzzer's. It starts from the inputs of `cases.toml`, from
whole files of the target's format, and from what FOLDER holds; what reaches new code
is added to FOLDER. An input that breaks a promise is written to the current folder as
`broken-...`: made small, it goes into `cases.toml`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory


def main() -> None:
    import atheris  # type: ignore[import-untyped]

    sys.path.insert(0, str(Path(__file__).parents[1]))
    watched = ["annotator", "docx", "markdown_it", "pypdf", "trafilatura"]
    with atheris.instrument_imports(include=watched):
        from fuzz.targets import TARGETS
    from fuzz.cases import cases, seeds

    name, *rest = sys.argv[1:]
    folders = [a for a in rest if not a.startswith("-")]
    options = [a for a in rest if a.startswith("-")]
    with TemporaryDirectory() as start:
        for number, data in enumerate([*cases(name), *seeds(name)]):
            (Path(start) / f"{number:04}").write_bytes(data)
        target = kept_when_broken(TARGETS[name])
        atheris.Setup([sys.argv[0], *options, *folders, start], target)
        atheris.Fuzz()


def kept_when_broken(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """Write an input that breaks a promise to a file: libFuzzer may end before it."""

    def tried(data: bytes) -> None:
        try:
            target(data)
        except Exception:
            Path(f"broken-{sha256(data).hexdigest()[:16]}").write_bytes(data)
            raise

    return tried


if __name__ == "__main__":
    main()
