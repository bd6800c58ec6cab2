"""A data file of which only the name is known becomes a problem."""

import gzip

import numpy as np
import pytest

from engine import Experiment, Run
from engine.data.own_file import problem_of_file
from engine.errors import FileError


def trained(path, **changes):
    problem = {"kind": "network", "batch": 0, **problem_of_file(str(path))}
    contestant = {"layers": [], "optimizer": {"name": "sgd", "lr": 0.1}}
    return Run(Experiment(steps=20, problem=problem, contestants=[contestant], **changes)).finish()


def test_the_last_column_of_a_csv_is_learnt_as_classes_or_as_numbers(tmp_path):
    x = np.linspace(-1, 1, 40)
    classes, numbers = tmp_path / "classes.csv", tmp_path / "numbers.csv"
    classes.write_text("a,kind\n" + "".join(f"{v},{'up' if v > 0 else 'down'}\n" for v in x))
    numbers.write_text("a;b\n" + "".join(f"{v};{2 * v + 0.25}\n" for v in x))
    assert problem_of_file(str(classes))["loss"] == "cross-entropy"
    assert problem_of_file(str(numbers))["loss"] == "mse"
    assert trained(classes).summary()[0]["accuracy"] > 0.9
    assert trained(numbers).record()["0/loss"][-1] < trained(numbers).record()["0/loss"][0]


def test_an_npz_needs_nothing_more(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, x=np.arange(24.0).reshape(12, 2) / 24, y=np.arange(12) % 2)
    assert trained(path).record()["train/x"].shape[1] == 2


def test_images_find_their_labels_beside_them(tmp_path):
    images = tmp_path / "few-images-idx3-ubyte.gz"
    head = bytes([0, 0, 8, 3]) + np.array([10, 4, 4], ">i4").tobytes()
    images.write_bytes(gzip.compress(head + bytes(range(160))))
    labels = tmp_path / "few-labels-idx1-ubyte.gz"
    with pytest.raises(FileError, match="few-labels-idx1-ubyte.gz"):
        problem_of_file(str(images))
    labels.write_bytes(gzip.compress(
        bytes([0, 0, 8, 1]) + np.array([10], ">i4").tobytes() + bytes([0, 1] * 5)))
    assert trained(images).record()["train/x"].shape[1] == 16
