"""Datasets: what their definitions promise, and the geometry by which each is recognised."""

import numpy as np
import pytest

from engine.datasets import datasets
from engine.datasets.bumps import BUMPS
from engine.errors import UnknownName
from engine.hyper import Hyper
from engine.streams import generator

NAMES = ["bumps", "checkerboard", "circles", "digits", "gaussians", "moons", "normal-rows", "plane",
         "sine", "spirals", "xor"]
MADE = [name for name in NAMES if name != "digits"]


def made(name, seed=0, **hypers):
    """Inputs and targets of a dataset with `hypers` over its defaults."""
    dataset = datasets[name]
    return dataset.make(generator(seed, "data"), {**dataset.defaults(), **hypers})


def test_the_datasets_are_those_of_the_file_format():
    assert list(datasets) == NAMES


def test_an_unknown_dataset_answers_with_the_nearest():
    with pytest.raises(UnknownName, match="no dataset 'mons'; did you mean 'moons'"):
        datasets["mons"]


@pytest.mark.parametrize("name", NAMES)
def test_arrays_are_what_the_definition_says(name):
    dataset = datasets[name]
    x, y = made(name)
    assert x.shape == (dataset.defaults()["samples"], len(dataset.column_names(dataset.defaults())))
    assert x.dtype == np.float64
    assert np.isfinite(x).all()
    if dataset.task == "classes":
        classes = dataset.class_names(dataset.defaults())
        assert y.dtype == np.int64
        assert np.unique(y).tolist() == list(range(len(classes)))
    else:
        assert y.shape == (len(x), len(dataset.targets))
        assert y.dtype == np.float64
    assert all(hyper.refusal(hyper.default) is None for hyper in dataset.hypers)
    assert {"samples", "noise"} <= {hyper.name for hyper in dataset.hypers}
    assert dataset.source
    assert dataset.doc.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_bits_and_another_does_not(name):
    first, again, other = made(name, 3, noise=0.1), made(name, 3, noise=0.1), made(name, 4)
    assert first[0].tobytes() == again[0].tobytes()
    assert first[1].tobytes() == again[1].tobytes()
    assert first[0].tobytes() != other[0].tobytes()


@pytest.mark.parametrize("name", [name for name in MADE if datasets[name].task == "classes"])
@pytest.mark.parametrize("samples", [8, 9, 1001])
def test_classes_are_balanced_to_one_row(name, samples):
    counts = np.bincount(made(name, samples=samples)[1])
    assert counts.sum() == samples
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("name", [name for name in MADE if name != "normal-rows"])
def test_inputs_have_the_size_of_one_without_preprocessing(name):
    x = made(name, samples=2000)[0]
    assert np.quantile(np.abs(x), 0.95) < 1.2
    assert x.std(axis=0).min() > 0.25


def test_gaussians_have_their_centres_on_a_circle_and_the_spread_asked_for():
    x, y = made("gaussians", samples=40_000, classes=5, noise=0.2)
    for label in range(5):
        cloud = x[y == label]
        angle = np.pi / 4 + 2 * np.pi * label / 5
        # Standard errors of mean and deviation of 8,000 rows are 0.0022 and 0.0016.
        np.testing.assert_allclose(
            cloud.mean(axis=0), [0.7 * np.cos(angle), 0.7 * np.sin(angle)], atol=0.012)
        np.testing.assert_allclose(cloud.std(axis=0), 0.2, atol=0.008)


def test_normal_rows_are_independent_standard_normals():
    x, _ = made("normal-rows", samples=20_000, inputs=40)
    assert x.shape == (20_000, 40)
    # Standard errors are 0.007 for 40 means and 780 correlations, 0.005 for deviations.
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=0.03)
    np.testing.assert_allclose(x.std(axis=0), 1, atol=0.025)
    np.testing.assert_allclose(np.corrcoef(x.T), np.eye(40), atol=0.035)
    # The share of normal numbers beyond 2 is 4.55 %; its standard error 0.023 %.
    assert np.mean(np.abs(x) > 2) == pytest.approx(0.0455, abs=0.0012)


@pytest.mark.parametrize(("classes", "inputs"), [(2, 1), (2, 30), (5, 30)])
def test_classes_of_normal_rows_are_slices_along_one_direction(classes, inputs):
    x, y = made("normal-rows", samples=1000, inputs=inputs, classes=classes)
    # What draws the rows draws the direction next.
    random = generator(0, "data")
    np.testing.assert_array_equal(random.standard_normal((1000, inputs)), x)
    direction = random.standard_normal(inputs)
    along = x @ direction / np.sqrt((direction**2).sum())
    assert np.bincount(y).tolist() == [1000 // classes] * classes
    for label in range(classes - 1):
        assert along[y == label].max() < along[y == label + 1].min()


def test_noise_on_normal_rows_moves_classes_and_not_the_rows():
    x, y = made("normal-rows")
    noisy, told = made("normal-rows", noise=1.0)
    assert np.array_equal(x, noisy)
    # Signs of two normals of correlation 1/√2 differ for a quarter of the rows.
    assert np.mean(y != told) == pytest.approx(0.25, abs=0.05)


def test_circles_lie_on_their_radii_and_go_all_the_way_round():
    x, y = made("circles", noise=0.0, factor=0.3)
    radius = np.hypot(*x.T)
    np.testing.assert_allclose(radius[y == 0], 0.9, rtol=1e-12)
    np.testing.assert_allclose(radius[y == 1], 0.27, rtol=1e-12)
    for label in (0, 1):
        quadrants = (x[y == label] > 0) @ [1, 2]
        assert np.bincount(quadrants, minlength=4).min() > 40


def test_xor_is_the_exclusive_or_of_the_signs_and_keeps_its_gap():
    x, y = made("xor", gap=0.25)
    assert ((x[:, 0] > 0) ^ (x[:, 1] > 0) == (y == 1)).all()
    assert np.abs(x).min() >= 0.25
    assert np.bincount((x > 0) @ [1, 2], minlength=4).min() > 100


def test_moons_are_half_circles_of_one_radius_about_two_centres():
    x, y = made("moons", noise=0.0)
    upper, lower = x[y == 0], x[y == 1]
    np.testing.assert_allclose(np.hypot(*(upper - [-1 / 3, -1 / 6]).T), 2 / 3, rtol=1e-12)
    np.testing.assert_allclose(np.hypot(*(lower - [1 / 3, 1 / 6]).T), 2 / 3, rtol=1e-12)
    assert upper[:, 1].min() >= -1 / 6 - 1e-12
    assert lower[:, 1].max() <= 1 / 6 + 1e-12


@pytest.mark.parametrize(("classes", "turns"), [(2, 1.25), (3, 2.0), (5, 0.5)])
def test_spirals_turn_in_proportion_to_the_radius_and_arms_are_evenly_apart(classes, turns):
    x, y = made("spirals", noise=0.0, classes=classes, turns=turns)
    radius = np.hypot(*x.T)
    unwound = np.arctan2(x[:, 1], x[:, 0]) / (2 * np.pi) - turns * radius - y / classes
    np.testing.assert_allclose(unwound - np.round(unwound), 0, atol=1e-9)
    assert radius.max() <= 1


@pytest.mark.parametrize("squares", [2, 3, 8])
def test_a_checkerboard_has_the_parity_of_its_squares(squares):
    x, y = made("checkerboard", squares=squares, samples=2000)
    column, row = np.floor((x.T + 1) / 2 * squares).astype(int)
    assert ((row + column) % 2 == y).all()
    assert len(np.unique(row * squares + column)) == squares**2


def test_least_squares_finds_the_plane():
    x, y = made("plane", samples=500, noise=0.0, correlation=0.9, stretch=3.0, offset=1.5)
    solution = np.linalg.lstsq(np.column_stack([x, np.ones(500)]), y[:, 0], rcond=None)[0]
    np.testing.assert_allclose(solution, [0.8, -0.6, 0.3], rtol=1e-10)


def test_the_plane_has_the_cloud_asked_for():
    x = made("plane", samples=100_000, correlation=0.9, stretch=4.0, offset=2.0)[0]
    np.testing.assert_allclose(x.mean(axis=0), 2.0, atol=0.03)
    np.testing.assert_allclose(x.std(axis=0), [2.0, 0.5], rtol=0.01)
    assert np.corrcoef(x.T)[0, 1] == pytest.approx(0.9, abs=0.005)


def test_the_sine_is_one_and_its_noise_has_the_deviation_asked_for():
    x, y = made("sine", noise=0.0, periods=2.0)
    np.testing.assert_allclose(y, np.sin(2 * np.pi * x), atol=1e-12)
    x, y = made("sine", samples=50_000, noise=0.3)
    assert np.std(y - np.sin(np.pi * x)) == pytest.approx(0.3, rel=0.02)


def test_bumps_are_a_sum_of_gaussians():
    x, y = made("bumps", samples=50, noise=0.0, width=0.4)
    expected = [sum(height * np.exp(-((a - p) ** 2 + (b - q) ** 2) / (2 * 0.16))
                    for p, q, height in BUMPS) for a, b in x]
    np.testing.assert_allclose(y[:, 0], expected, atol=1e-12)
    assert y.max() > 0.3
    assert y.min() < -0.3


# ---- digits: counts and sums from scikit-learn 1.9.1's load_digits

PUBLISHED_COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
FIRST_IMAGE = """
 0 0 5 13 9 1 0 0   0 0 13 15 10 15 5 0   0 3 15 2 0 11 8 0   0 4 12 0 0 8 8 0
 0 5 8 0 0 9 8 0    0 4 11 0 1 12 7 0     0 2 14 5 10 12 0 0  0 0 6 13 10 0 0 0
"""


def test_digits_are_the_published_images():
    x, y = made("digits")
    assert x.shape == (1797, 64)
    assert np.bincount(y).tolist() == PUBLISHED_COUNTS
    assert x.min() == 0
    assert x.max() == 1
    assert x.sum() * 16 == 561_718
    # A 0, the first in the published order.
    first = np.array(FIRST_IMAGE.split(), float) / 16
    found = np.flatnonzero((x == first).all(axis=1))
    assert y[found].tolist() == [0]


def test_a_part_of_the_digits_is_balanced_and_differs_by_seed():
    x, y = made("digits", samples=105)
    counts = np.bincount(y, minlength=10)
    assert counts.sum() == 105
    assert counts.max() - counts.min() <= 1
    assert made("digits", 1, samples=105)[0].tobytes() != x.tobytes()


@pytest.mark.parametrize(("half", "names", "rows"), [
    (1, ("0", "1", "2", "3", "4"), 901), (2, ("5", "6", "7", "8", "9"), 896),
])
def test_half_of_the_digits_can_be_had_for_reusing_layers(half, names, rows):
    dataset = datasets["digits"]
    x, y = made("digits", half=half)
    assert dataset.class_names({**dataset.defaults(), "half": half}) == names
    start = int(names[0])
    assert np.bincount(y).tolist() == PUBLISHED_COUNTS[start : start + 5]
    assert len(x) == rows
    everything, labels = made("digits")
    of_a_class = {row.tobytes() for row in everything[labels == start]}
    assert {row.tobytes() for row in x[y == 0]} == of_a_class


def test_noise_on_digits_does_not_reach_the_stored_images():
    noisy = made("digits", noise=0.5)[0]
    clean = made("digits")[0]
    assert np.std(noisy - clean) == pytest.approx(0.5, rel=0.02)
    assert clean.sum() * 16 == 561_718


# ---- whole hyperparameters

WHOLE = Hyper("samples", 600, 2, 1_000_000, "log", slider=(10, 5000), whole=True)


@pytest.mark.parametrize(("value", "came"), [(2.5, "2.5"), (1, "1"), (1_000_001, "1,000,001"),
                                             (float("nan"), "nan"), (float("inf"), "inf"),
                                             (10**400, "a number of more than 30 digits")])
def test_a_whole_hyperparameter_refuses_what_is_not_whole(value, came):
    assert WHOLE.refusal(value) == f"must be a whole number from 2 to 1,000,000, not {came}"


def test_a_whole_hyperparameter_moves_its_slider_by_whole_numbers():
    values = [WHOLE.value(k / 100) for k in range(101)]
    assert (values[0], values[-1]) == (10, 5000)
    assert all(type(value) is int and WHOLE.refusal(value) is None for value in values)
    assert values == sorted(values)
    assert WHOLE.value(WHOLE.position(123)) == 123
