"""How many rows are trained on, told before they are prepared."""

import pytest

from engine.errors import FileError
from engine.network.problem import NetworkProblem
from engine.network.row_counts import row_counts


@pytest.mark.parametrize("dataset", ["moons", "digits", "sine", {"name": "spirals", "samples": 7}])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_the_counts_are_those_of_the_prepared_data(dataset, share):
    problem = NetworkProblem(dataset=dataset, test_fraction=share, batch=1)
    data = problem.material(5).data
    assert row_counts(problem, 5) == (len(data.train_x), len(data.test_x))


def test_a_missing_file_is_told(tmp_path):
    problem = NetworkProblem(
        dataset={"file": str(tmp_path / "gone.csv"), "target": "y"}, loss="mse")
    with pytest.raises(FileError, match="gone.csv"):
        row_counts(problem, 0)
