"""From raw data to training data: split, preprocessing and drift, and the tables that say so."""

import pickle

import numpy as np
import pytest

from engine.data import Affine, Data, Drift, Raw, prepare
from engine.data.affine import fitted, identity
from engine.data.choice import (
    DatasetChoice,
    DrawnPoints,
    FileData,
    Preprocess,
    dataset_choice,
)
from engine.data.drift_table import DriftTable
from engine.data.prepare import split
from engine.data.raw import DataError
from engine.errors import ExperimentError, RunError, TrainscopeError, UnknownName
from engine.table import Table

ALL = ("center", "scale", "whiten")
SUBSETS = [(), ("center",), ("scale",), ("whiten",), ("center", "scale"), ("center", "whiten"),
           ("scale", "whiten"), ALL]


def classes(counts, seed=0, inputs=2):
    """Raw data of random inputs with so many rows of each class, classes one after another."""
    y = np.repeat(np.arange(len(counts)), counts)
    x = np.random.default_rng(seed).normal(size=(len(y), inputs)) + y[:, None]
    names = tuple(map(str, range(len(counts))))
    return Raw(x, y, "classes", names, tuple(f"x{i}" for i in range(inputs)), ("class",))


def regression(x):
    """Raw data with the given inputs and a target of no matter."""
    x = np.asarray(x, float)
    return Raw(x, np.arange(len(x), dtype=float)[:, None], "regression", (),
               tuple(f"x{i}" for i in range(x.shape[1])), ("y",))


def oblong(seed=0, rows=400):
    """A slanted cloud of unlike spreads far from the origin, (rows, 4)."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, 4)) @ rng.normal(size=(4, 4)) * [1, 20, 0.05, 3] + [5, -70, 1, 0]


# ---- split

@pytest.mark.parametrize("counts", [[50, 50], [90, 10], [7, 5, 3], [100, 33, 1], [2, 2, 2, 2, 2]])
@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.3, 0.5, 0.9])
def test_every_class_has_its_share_of_the_test_rows_to_less_than_one(counts, fraction):
    raw = classes(counts)
    train, test = split(raw, fraction, seed=5)
    assert sorted([*train, *test]) == list(range(sum(counts)))
    held_out = np.bincount(raw.y[test], minlength=len(counts))
    for count, held in zip(counts, held_out, strict=True):
        assert held == count - 1 or abs(held - fraction * count) < 1
        assert held < count
    if min(counts) > 10:
        assert held_out.sum() == int(fraction * sum(counts) + 0.5)


def test_a_split_is_shuffled_and_hangs_on_the_seed_alone():
    raw = classes([60, 40])
    train, test = split(raw, 0.3, 1)
    assert [*train] == [*split(raw, 0.3, 1)[0]] != [*split(raw, 0.3, 2)[0]]
    assert [*train] != sorted(train)
    assert [*test] != sorted(test)


def test_a_regression_is_split_by_the_fraction_and_keeps_a_training_row():
    assert [len(part) for part in split(regression(np.zeros((10, 1))), 0.3, 0)] == [7, 3]
    assert [len(part) for part in split(regression(np.zeros((2, 1))), 0.9, 0)] == [1, 1]


def test_data_are_the_rows_of_the_raw_ones_and_cannot_be_written_to():
    raw = classes([30, 20])
    data = prepare(raw, 0.4, ("center", "scale"), 3)
    assert isinstance(data, Data)
    np.testing.assert_array_equal(data.raw_train_x, raw.x[data.train_rows])
    np.testing.assert_array_equal(data.train_y, raw.y[data.train_rows])
    np.testing.assert_array_equal(data.test_y, raw.y[data.test_rows])
    np.testing.assert_allclose(data.transform.inverse(data.test_x), data.raw_test_x, rtol=1e-12)
    assert (data.task, data.classes, data.columns, data.targets, data.image) == (
        "classes", ("0", "1"), ("x0", "x1"), ("class",), None)
    for array in (data.train_x, data.train_y, data.test_x, data.test_y, data.raw_train_x, raw.x,
                  data.transform.matrix):
        assert array.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_all_contestants_get_the_same_data():
    raw = dataset_choice("moons").raw(7)
    assert dataset_choice({"name": "moons"}).raw(7) is raw
    assert prepare(raw, 0.3, ["center"], 7) is prepare(raw, 0.3, ("center",), 7)


@pytest.mark.parametrize(("fraction", "steps", "words"), [
    (1.0, (), "test_fraction must be from 0 to 0.9, not 1"),
    (float("nan"), (), "not nan"),
    (0.3, ("scale", "center"), "in that order, not scale, center"),
    (0.3, ("scale", "scale"), "once each"),
    (0.3, ("pca",), "any of center, scale, whiten"),
])
def test_a_split_or_preprocessing_that_cannot_be_is_refused(fraction, steps, words):
    with pytest.raises(RunError, match=words):
        prepare(classes([5, 5]), fraction, steps, 0)


# ---- preprocessing

@pytest.mark.parametrize("steps", SUBSETS)
def test_preprocessing_is_what_its_steps_say(steps):
    data = prepare(regression(oblong()), 0.25, steps, 1)
    x, raw = data.train_x, data.raw_train_x
    covariance = np.cov(x.T, bias=True)
    if "center" in steps:
        np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-11)
    if "whiten" in steps:
        np.testing.assert_allclose(covariance, np.eye(4), atol=1e-10)
    elif "scale" in steps:
        np.testing.assert_allclose(x.std(axis=0), 1, rtol=1e-12)
        np.testing.assert_allclose(covariance, np.corrcoef(raw.T), atol=1e-12)
    if not steps:
        np.testing.assert_array_equal(x, raw)
    for prepared, rows in ((x, raw), (data.test_x, data.raw_test_x)):
        direct = (rows - data.transform.mean) @ data.transform.matrix.T
        np.testing.assert_allclose(prepared, direct, atol=1e-11)
        np.testing.assert_allclose(data.transform.inverse(prepared), rows, rtol=1e-9)


@pytest.mark.parametrize("steps", SUBSETS)
def test_preprocessing_is_fitted_on_the_training_rows_only(steps):
    x = oblong()
    before = prepare(regression(x), 0.25, steps, 1)
    x[before.test_rows] = 1e6
    after = prepare(regression(x), 0.25, steps, 1)
    np.testing.assert_array_equal(after.train_x, before.train_x)
    np.testing.assert_array_equal(after.transform.matrix, before.transform.matrix)


def test_whitening_turns_to_the_principal_axes_the_widest_first():
    rng = np.random.default_rng(0)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    x = rng.normal(size=(20_000, 2)) * [3.0, 0.5] @ turn.T
    matrix = fitted(x, ("whiten",)).matrix
    np.testing.assert_allclose(matrix, np.diag([1 / 3, 2]) @ turn.T, atol=0.03)


def test_whitening_stays_exact_where_spreads_are_ten_thousand_to_one():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(500, 6)) * np.logspace(0, -4, 6) @ np.linalg.qr(rng.normal(size=(6, 6)))[0]
    white = fitted(x, ("center", "whiten")).apply(x)
    np.testing.assert_allclose(np.cov(white.T, bias=True), np.eye(6), atol=1e-10)


def test_the_condition_number_of_the_plane_becomes_one_by_whitening():
    raw = dataset_choice({"name": "plane", "correlation": 0.95, "stretch": 5.0}).raw(0)
    def condition(steps):
        x = prepare(raw, 0.0, steps, 0).train_x
        return np.linalg.cond(x.T @ x)
    assert condition(()) > 100
    assert condition(ALL) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("value", [0.0, 7.0, 0.1, 1e9 / 3])
@pytest.mark.parametrize("steps", SUBSETS)
def test_a_constant_column_is_not_divided_by_its_spread(steps, value):
    x = oblong()
    x[:, 1] = value
    data = prepare(regression(x), 0.25, steps, 0)
    assert np.isfinite(data.train_x).all()
    assert np.isfinite(data.test_x).all()
    np.testing.assert_allclose(data.transform.inverse(data.test_x), data.raw_test_x,
                               rtol=1e-6, atol=1e-9)
    if "whiten" in steps:
        spread = np.linalg.eigvalsh(np.cov(data.train_x.T, bias=True))
        np.testing.assert_allclose(spread, [0, 1, 1, 1], atol=1e-6 if value > 1e6 else 1e-9)
    elif "center" in steps:
        np.testing.assert_allclose(data.train_x[:, 1], 0, atol=1e-6 if value > 1e6 else 1e-12)


def test_an_input_that_repeats_another_is_whitened_without_blowing_up():
    x = oblong()
    x[:, 3] = 2 * x[:, 0]
    white = prepare(regression(x), 0.0, ALL, 0).train_x
    spread = np.linalg.eigvalsh(np.cov(white.T, bias=True))
    np.testing.assert_allclose(spread, [0, 1, 1, 1], atol=1e-9)


def test_fewer_rows_than_inputs_are_whitened_within_their_span():
    x = np.random.default_rng(2).normal(size=(5, 12))
    white = fitted(x, ALL).apply(x)
    spread = np.linalg.eigvalsh(np.cov(white.T, bias=True))
    np.testing.assert_allclose(spread, [0] * 8 + [1] * 4, atol=1e-10)


def test_digits_are_whitened_but_for_the_pixels_that_are_always_paper():
    data = prepare(dataset_choice("digits").raw(0), 0.3, ALL, 0)
    assert data.image == (8, 8)
    covariance = np.cov(data.train_x.T, bias=True)
    spread = np.diagonal(covariance).round(6)
    assert set(spread) == {0.0, 1.0}
    np.testing.assert_allclose(covariance, np.diag(spread), atol=1e-10)
    constant = int((np.ptp(data.raw_train_x, axis=0) == 0).sum())
    assert np.count_nonzero(spread == 0) == constant >= 3


def test_regression_targets_are_left_alone():
    raw = dataset_choice("sine").raw(0)
    data = prepare(raw, 0.3, ALL, 0)
    np.testing.assert_array_equal(data.train_y, raw.y[data.train_rows])


@pytest.mark.parametrize(("x", "y", "names", "words"), [
    (np.zeros((3, 1)), np.zeros(2, int), ("a", "b"), "3 rows of inputs and 2 of targets"),
    (np.zeros((1, 1)), np.zeros(1, int), ("a", "b"), "at least 2 rows, not 1"),
    (np.zeros((3, 1)), np.zeros(3, int), ("cat",), "all rows are of one class, 'cat'"),
])
def test_data_with_nothing_to_learn_are_refused(x, y, names, words):
    with pytest.raises(DataError, match=words):
        Raw(x, y, "classes", names, ("x",), ("y",))


# ---- drift

def moved(drift, raw, step):
    """Raw inputs (n, d) at a step, by the definition in `drift.py` and not by its formulas."""
    amount = drift.per_1000_steps * step / 1000
    if drift.kind == "light":
        return raw * 2.0 ** min(max(amount, -10), 10)
    result = raw.copy()
    if drift.kind == "shift":
        direction = np.eye(raw.shape[1])[0] if drift.direction is None else drift.direction
        return result + amount * np.array(direction) / np.sqrt(np.sum(np.square(direction)))
    spin = np.exp(2j * np.pi * amount) * (raw[:, 0] + 1j * raw[:, 1])
    result[:, 0], result[:, 1] = spin.real, spin.imag
    return result


DRIFTS = [
    Drift("shift", 0.5), Drift("shift", -3.0, (1.0, 2.0, 0.0, -2.0)), Drift("rotation", 0.3),
    Drift("light", -1.0), Drift("light", 2.5),
]


@pytest.mark.parametrize("drift", DRIFTS, ids=repr)
@pytest.mark.parametrize("steps", SUBSETS)
@pytest.mark.parametrize("constant", [False, True])
def test_drift_in_preprocessed_inputs_is_drift_then_preprocessing(drift, steps, constant):
    raw = oblong()[:40]
    if constant:
        raw[:, 1] = 7.0
    transform = fitted(raw, steps)
    x = transform.apply(raw)
    times = [0, 1, 250, 1000, 3333]
    course = drift.in_prepared_many(transform, times)
    batches = course.apply(np.stack([x] * len(times)))
    for place, step in enumerate(times):
        expected = transform.apply(moved(drift, raw, step))
        a, b = drift.in_prepared(transform, step)
        np.testing.assert_allclose(x @ a.T + b, expected, rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(batches[place], expected, rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(course.apply(x)[place], batches[place], atol=1e-12)
        a, b = drift.composed(transform, step)
        np.testing.assert_allclose(raw @ a.T + b, expected, rtol=1e-8, atol=1e-8)
        a, b = drift.affine_at(step, 4)
        np.testing.assert_allclose(raw @ a.T + b, moved(drift, raw, step), rtol=1e-10, atol=1e-10)


def test_a_quarter_turn_takes_the_first_input_to_the_second():
    a, b = Drift("rotation", 0.25).affine_at(1000, 3)
    np.testing.assert_allclose(a @ [1, 0, 5], [0, 1, 5], atol=1e-15)
    np.testing.assert_array_equal(b, 0)


def test_whole_turns_bring_back_the_start_however_many():
    a, _ = Drift("rotation", 1000.0).affine_at(10_000_000, 2)
    np.testing.assert_allclose(a, np.eye(2), atol=1e-12)


def test_a_stop_less_halves_the_light_and_there_is_an_end_to_it():
    assert Drift("light", -1.0).affine_at(1000, 2)[0][0, 0] == 0.5
    assert Drift("light", 1000.0).affine_at(10_000_000, 2)[0][0, 0] == 1024
    assert Drift("light", -1000.0).affine_at(10_000_000, 2)[0][1, 1] == 1 / 1024


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_a_shift_goes_the_same_way_whatever_the_direction_s_length(size):
    _, b = Drift("shift", 2.0, (3 * size, 4 * size)).affine_at(500, 2)
    np.testing.assert_allclose(b, [0.6, 0.8], rtol=1e-12)


def test_a_course_of_large_images_is_small():
    course = Drift("rotation", 1.0).in_prepared_many(identity(784), np.arange(1000))
    parts = (course.gain, course.out, course.mix, course.inn, course.offset)
    assert sum(part.nbytes for part in parts) < 100_000
    assert all(part.flags.c_contiguous and part.dtype == np.float64 for part in parts)


@pytest.mark.parametrize(("drift", "inputs", "words"), [
    (Drift("rotation", 1.0), 1, "needs at least 2 inputs"),
    (Drift("shift", 1.0, (1.0, 0.0)), 3, "direction has 2 numbers, and the data have 3 inputs"),
])
def test_a_drift_that_does_not_fit_the_data_is_refused(drift, inputs, words):
    with pytest.raises(RunError, match=words):
        drift.in_prepared_many(Affine(np.eye(inputs), np.zeros(inputs)), [0])


# ---- tables

def sentences(make):
    """Every mistake that a refusal lists, as text."""
    with pytest.raises(ExperimentError) as refused:
        make()
    return [str(mistake) for mistake in refused.value.mistakes]


CHOICES = [
    "moons",
    {"name": "spirals", "samples": 100, "noise": 0.1, "classes": 3},
    {"file": "mine.csv", "target": "label"},
    {"file": "mine.csv", "target": ["a", "b"], "inputs": ["c"], "task": "regression"},
    {"file": "mine.npz"},
    {"file": "images-idx3-ubyte.gz", "labels": "labels-idx1-ubyte.gz"},
    {"points": [[0.5, 1.0, 0], [1.0, 2.0, 3]]},
    {"points": [[0.5, 1.0, -0.5], [1.0, 2.0, 3.25]], "task": "regression"},
]


@pytest.mark.parametrize("value", CHOICES, ids=str)
def test_a_choice_survives_being_written_pickled_and_chosen_again(value):
    choice = dataset_choice(value)
    assert dataset_choice(choice) is choice
    for twin in (dataset_choice(choice.plain()), pickle.loads(pickle.dumps(choice))):
        assert twin == choice
        assert hash(twin) == hash(choice)
        assert twin.plain() == choice.plain()
        assert type(twin) is type(choice)


def test_a_choice_is_complete_with_its_defaults():
    assert dataset_choice("spirals").plain() == {
        "name": "spirals", "samples": 600, "noise": 0.03, "classes": 2, "turns": 1.25}
    assert dataset_choice({"file": "a.csv", "target": ["y"]}).plain() == {
        "file": "a.csv", "target": "y"}
    assert type(dataset_choice("moons").plain()["samples"]) is int


def test_a_bare_unknown_name_answers_with_the_nearest():
    with pytest.raises(UnknownName, match="no dataset 'mons'; did you mean 'moons'"):
        dataset_choice("mons")


@pytest.mark.parametrize(("value", "expected"), [
    ({"name": "mons"}, ["name: no dataset 'mons'; did you mean 'moons'?"]),
    ({"name": "moons", "samples": 600.5, "nois": 0.1}, [
        "samples: must be a whole number from 2 to 100,000, not 600.5",
        "nois: is not a key that is known here; did you mean noise?"]),
    ({"name": "moons", "samples": 10**400}, [
        "samples: must be a whole number from 2 to 100,000, not a number of more than 30 digits"]),
    ({"name": "moons", "samples": 1}, [
        "samples: must be a whole number from 2 to 100,000, not 1"]),
    ({"name": "moons", "noise": "much"}, ["noise: must be a number from 0 to 10, not 'much'"]),
    ({"file": "a.csv"}, ["target: is missing; it must be the name of the column to learn"]),
    ({"file": "a.csv", "target": ["a", "a"]}, [
        "target: must name each column once, and 'a' is there twice"]),
    ({"file": "a.csv", "target": 3}, [
        "target: must be a column's name or a list of names, not 3"]),
    ({"file": "a.csv", "target": ["a", "b"], "task": "classes"}, [
        'task: must be "regression" or left out: 2 targets are no classes']),
    ({"file": "a.csv", "target": "a", "task": "ranking"}, [
        "task: must be \"classes\" or \"regression\", not 'ranking'"]),
    ({"file": "a.npz", "target": "y"}, [
        "target: must be left out: it names columns of a CSV file, and 'a.npz' is NPZ"]),
    ({"file": "train-images-idx3-ubyte.gz"}, [
        "labels: is missing; an IDX file of images needs one of labels"]),
    ({"points": [[0, 0, 1]] * 10_001}, ["points: must be 2 to 10,000 points, not 10,001"]),
    ({"points": [[0, 0, 1], [0, 1]]}, [
        "points: must be all of 2 numbers or all of 3, and there are both"]),
    ({"points": [[0, 1], [1, 1]]}, [
        'points: must be [x1, x2, class]; points [x, y] are a regression\'s, which task = '
        '"regression" says']),
    ({"points": [[0, 1, 2, 3], [0]]}, [
        f"points[{place}]: must be a list of 3 numbers, or of 2 where there is one input, not "
        f"{came}"
        for place, came in enumerate(("[0, 1, 2, 3]", "[0]"))]),
    ({"points": 3}, [
        "points: must be a list of points, each [x1, x2, label] or [x, y], not 3"]),
    ({"points": [[0, 0, 0], [0, 1, 2]], "classes": [0, 1]}, [
        "points[1][2]: must be one of the classes [0, 1], not 2"]),
    ({"points": [[0, 0, 0], [0, 1, 1]], "classes": [1, 0]}, [
        "classes: must be a list of whole numbers from 0, each larger than the one before, not "
        "[1, 0]"]),
    ({"points": [[0, 1], [1, 1]], "task": "regression", "classes": [0, 1]}, [
        "classes: must be left out of a regression"]),
    ({"points": [[0, 0, 0], [0, 1, 0.5]]}, [
        "points[1][2]: must be a whole number from 0, the point's class, not 0.5"]),
    ({"points": [[0, 0, 0], [0, 1, True]]}, [
        "points[1][2]: must be a number up to 1e+100, not true"]),
    ({"points": [[0, float("nan"), 0], [0, 1, 1]]}, [
        "points[0][1]: must be a finite number, not nan"]),
])
def test_a_wrong_choice_is_refused_with_its_place(value, expected):
    assert sentences(lambda: dataset_choice(value)) == expected


@pytest.mark.parametrize("value", [{}, {"samples": 5}, {"name": "moons", "file": "a.csv"}])
def test_a_choice_is_one_of_three(value):
    [sentence] = sentences(lambda: dataset_choice(value))
    assert sentence.startswith('must be one of { name = "moons" }')


def test_what_is_no_choice_at_all_is_refused():
    with pytest.raises(ValueError, match=r"must be a name or a table .*, not 3") as refused:
        dataset_choice(3)
    assert not isinstance(refused.value, TrainscopeError)


def test_drawn_points_become_data():
    raw = DrawnPoints(points=[(0.5, 1.0, 7), (1.0, 2.0, 3), (0.0, 0.0, 7)]).raw()
    np.testing.assert_array_equal(raw.x, [[0.5, 1.0], [1.0, 2.0], [0.0, 0.0]])
    assert raw.y.tolist() == [1, 0, 1]
    assert raw.classes == ("3", "7")
    raw = DrawnPoints(points=[(0.5, 1.0, 7), (1.0, 2.0, 3)], task="regression").raw()
    assert raw.y.tolist() == [[7.0], [3.0]]
    raw = DrawnPoints(points=[(0.5, 7), (1.0, 3)], task="regression").raw()
    assert (raw.x.tolist(), raw.y.tolist()) == ([[0.5], [1.0]], [[7.0], [3.0]])
    assert (raw.columns, raw.targets, raw.task) == (("x",), ("y",), "regression")


def test_classes_without_a_point_are_classes_if_they_are_named():
    raw = DrawnPoints(points=[(0.5, 1.0, 3), (1.0, 2.0, 1)], classes=[1, 2, 3]).raw()
    assert raw.classes == ("1", "2", "3")
    assert raw.y.tolist() == [2, 0]


@pytest.mark.parametrize(("table", "sentence"), [
    ({"points": []}, "must be 2 to 10,000 points, not 0"),
    ({"points": [[0, 0, 1]]}, "must be 2 to 10,000 points, not 1"),
    ({"points": [[0, 1]], "task": "regression"}, "must be 2 to 10,000 points, not 1"),
    ({"points": [[0, 0, 1], [1, 1, 1]]},
     "must be of at least 2 classes, and all have the label 1"),
    ({"points": [[0, 0, 1], [1, 1, 1]], "classes": [0, 1]},
     "must be of at least 2 classes, and all have the label 1"),
])
def test_too_few_points_can_be_read_and_drawn_on_but_not_learnt_from(table, sentence):
    made = DrawnPoints(**table)
    assert DrawnPoints(**made.plain()) == made
    assert sentences(made.raw) == [f"problem.dataset.points: {sentence}"]


@pytest.mark.parametrize("fraction", [0.3, 0.5])
def test_one_more_drawn_point_leaves_the_others_in_their_part(fraction):
    rng = np.random.default_rng(4)
    points = [(*point, label) for point, label in zip(
        rng.normal(size=(80, 2)).tolist(), [0, 1] * 40, strict=True)]

    def test_points(points):
        data = prepare(DrawnPoints(points=points).raw(), fraction, (), 3)
        assert len(data.test_x) == int(fraction * len(points) + 0.5)
        return {tuple(row) for row in data.raw_test_x}

    before = test_points(points)
    for changed in (points[7:], points[1:], [*points, (0.1, 0.2, 1)]):
        kept = {point[:2] for point in changed}
        # One goes for each that comes; a fresh draw would exchange a good part of them.
        assert len(test_points(changed) ^ (before & kept)) <= abs(len(changed) - 80) + 1
    # The order in which they were drawn means nothing.
    assert test_points(points[::-1]) == before


def test_relative_files_are_found_beside_the_experiment(tmp_path):
    table = dataset_choice({"file": "a-ubyte", "labels": "/b-ubyte"})
    assert table.located(tmp_path).plain() == {
        "file": str(tmp_path / "a-ubyte"), "labels": "/b-ubyte"}
    moons = dataset_choice("moons")
    assert moons.located(tmp_path) is moons
    assert isinstance(table, FileData)
    assert isinstance(moons, DatasetChoice)


class Steps(Table):
    preprocess: Preprocess = ()


def test_preprocessing_is_a_list_in_order():
    assert Steps(preprocess=["center", "whiten"]).plain() == {"preprocess": ["center", "whiten"]}
    for wrong in (["whiten", "center"], ["center", "center"], "center", ["pca"], [["center"]]):
        [sentence] = sentences(lambda wrong=wrong: Steps(preprocess=wrong))
        assert sentence.startswith("preprocess: must be a list of any of center, scale, whiten")


def test_a_drift_is_read():
    table = DriftTable(kind="shift", per_1000_steps=0.5, direction=[0, 1])
    assert table.drift() == Drift("shift", 0.5, (0.0, 1.0))
    assert DriftTable(**table.plain()) == table
    assert DriftTable(kind="light", per_1000_steps=-1).plain() == {
        "kind": "light", "per_1000_steps": -1.0}


@pytest.mark.parametrize(("value", "expected"), [
    ({"kind": "shrink", "per_1000_steps": 1}, [
        "kind: must be \"shift\", \"rotation\" or \"light\", not 'shrink'"]),
    ({"kind": "light", "per_1000_steps": 1e4}, [
        "per_1000_steps: must be a number from -1000 to 1000, not 10000.0"]),
    ({"kind": "light", "per_1000_steps": 1, "direction": [1]}, [
        "direction: must be left out: it belongs to a shift"]),
    ({"kind": "shift", "per_1000_steps": 1, "direction": [0, 0]}, [
        "direction: must be a list of numbers, not all 0"]),
    ({"kind": "shift"}, ["per_1000_steps: is missing; it must be a number from -1000 to 1000"]),
])
def test_a_wrong_drift_is_refused(value, expected):
    assert sentences(lambda: DriftTable(**value)) == expected
