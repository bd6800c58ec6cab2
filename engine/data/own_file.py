"""A problem from a file of the user's own, of which only its name is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .csv_file import header_of
from .file_table import FileData


def problem_of_file(path: str) -> dict[str, Any]:
    """The `dataset` and the `loss` for a file: a CSV file's last column is what is learnt.

    An image file of MNIST's format is looked for its labels beside it, under the usual name.
    Classes take cross-entropy, numbers the squared error. Raises FileError or ExperimentError.
    """
    name = Path(path).name
    table: dict[str, Any] = {"file": path}
    if "idx" in name:
        labels = name.replace("images", "labels").replace("idx3", "idx1")
        table["labels"] = str(Path(path).with_name(labels))
    elif not name.endswith(".npz"):
        table["target"] = header_of(path)[-1]
    dataset = FileData(**table)
    loss = "cross-entropy" if dataset.raw().task == "classes" else "mse"
    return {"dataset": dataset, "loss": loss}
