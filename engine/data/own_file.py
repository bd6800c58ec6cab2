"""A problem from a file of the user's own, of which only its name is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .csv_file import header_of
from .file_table import FileData

SUFFIXES = (".csv", ".tsv", ".npz", ".idx", ".gz", "ubyte")


def is_data_file(path: str | Path) -> bool:
    """Whether a file's name is that of data, and not of an experiment."""
    return Path(path).name.lower().endswith(SUFFIXES)


def problem_of_file(path: str) -> dict[str, Any]:
    """The `dataset` and the `loss` for a file: a CSV file's last column is what is learnt.

    An image file of MNIST's format is looked for its labels beside it, under the usual name, and a
    file of labels for its images.
    Classes take cross-entropy, numbers the squared error. Raises FileError or ExperimentError.
    """
    name = Path(path).name
    table: dict[str, Any] = {"file": path}
    if "idx" in name:
        images = name.replace("labels", "images").replace("idx1", "idx3")
        labels = name.replace("images", "labels").replace("idx3", "idx1")
        table = {"file": str(Path(path).with_name(images)),
                 "labels": str(Path(path).with_name(labels))}
    elif not name.lower().endswith(".npz"):
        table["target"] = header_of(path)[-1]
    dataset = FileData(**table)
    loss = "cross-entropy" if dataset.raw().task == "classes" else "mse"
    return {"dataset": dataset, "loss": loss}
