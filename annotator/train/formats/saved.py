"""A data set saved by `datasets`, or a Parquet file -> a row a record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from annotator.errors import BadTrainingData
from annotator.train.formats.row import Row, shown

if TYPE_CHECKING:
    from datasets import Dataset


def is_saved(path: Path) -> bool:
    """Whether it is a folder or a Parquet file."""
    return path.is_dir() or path.suffix.lower() == ".parquet"


def read_saved(path: Path) -> Iterator[Row]:
    """Rows by the names of the columns; a class label's number becomes its name.

    Raises
    ------
    BadTrainingData
        If it is no data set, or one of several splits.
    """
    from datasets import ClassLabel

    with TemporaryDirectory() as cache:
        data = _loaded(path, cache)
        classes = {k: f for k, f in data.features.items() if isinstance(f, ClassLabel)}
        for number, values in enumerate(data, 1):
            yield Row(
                f"{path}, row {number}",
                {k: _named(v, classes.get(k)) for k, v in values.items()},
            )


def _named(value: Any, label: Any) -> Any:
    """A value; a class label's number as its name."""
    if label is None or value is None or value < 0:
        return value
    return label.int2str(value)


def _loaded(path: Path, cache: str) -> Dataset:
    """The data set, through Arrow files in `cache` where it has to be converted."""
    import datasets
    from datasets.exceptions import DatasetsError

    datasets.disable_progress_bars()
    try:
        if path.is_dir():
            data = datasets.load_from_disk(str(path))
        else:
            data = datasets.Dataset.from_parquet(str(path), cache_dir=cache)
    except (OSError, ValueError, KeyError, TypeError, DatasetsError) as error:
        raise BadTrainingData(
            f"{path} cannot be read: {shown(str(error))}; expected a folder written by "
            "Dataset.save_to_disk, or Parquet"
        ) from error
    if isinstance(data, datasets.DatasetDict):
        raise BadTrainingData(
            f"{path} holds the splits {', '.join(data)}: name the folder of one"
        )
    return data
