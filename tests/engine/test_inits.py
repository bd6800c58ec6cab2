"""Inits: the variances of their formulas, the same numbers for all, and the lecture's net."""

import numpy as np
import pytest

from engine.errors import UnknownName
from engine.inits import inits

NAMES = [
    "constant", "he-normal", "he-uniform", "lecun-normal", "normal", "orthogonal", "uniform",
    "xavier-normal", "xavier-uniform", "zeros",
]
NORMAL = ["normal", "lecun-normal", "xavier-normal", "he-normal"]
UNIFORM = ["uniform", "xavier-uniform", "he-uniform"]
SHAPES = [(100, 100), (30, 400), (400, 30), (1, 3000), (2000, 2)]

# Far from the defaults, so that every hyperparameter shows.
LIVELY = {"value": -0.7, "std": 0.3, "limit": 2.0, "gain": 1.7}
# How far chance may go: 1 in 150,000 draws would be beyond.
SIGMAS = 4.5

every = pytest.mark.parametrize("name", NAMES)
shapes = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "{}x{}".format(*shape))


def lively(name):
    return {key: LIVELY[key] for key in inits[name].defaults()}


def drawn(name, shape, seed=5, **hypers):
    return inits[name].weights(np.random.default_rng(seed), shape, hypers)


def scale(name, shape, hypers):
    fan_out, fan_in = shape
    return np.sqrt(inits[name].variance(fan_in, fan_out, hypers))


def test_all_of_them_stand_in_the_registry():
    assert list(inits) == NAMES
    with pytest.raises(UnknownName, match="did you mean 'xavier-normal'"):
        inits["xavier-norml"]


@every
def test_hyperparameters_accept_their_defaults_and_sliders(name):
    for hyper in inits[name].hypers:
        for value in (hyper.default, *hyper.span):
            assert hyper.refusal(value) is None, hyper.name
        assert hyper.refusal(hyper.high + 1) is not None
        assert hyper.doc


# What torch.nn.init (2.13) documents, for a weight of 5 outputs and 20 inputs.
@pytest.mark.parametrize("name, hypers, published", [
    ("zeros", {}, 0.0),
    ("constant", {"value": 3.0}, 0.0),
    ("normal", {"std": 0.01}, 0.01**2),
    ("uniform", {"limit": 0.6}, (0.6 - -0.6) ** 2 / 12),
    ("lecun-normal", {}, 1 / 20),
    ("xavier-normal", {}, 2 / (20 + 5)),
    ("xavier-uniform", {}, (2 * np.sqrt(6 / (20 + 5))) ** 2 / 12),
    ("xavier-normal", {"gain": 5 / 3}, (5 / 3 * np.sqrt(2 / (20 + 5))) ** 2),
    ("he-normal", {}, (np.sqrt(2) / np.sqrt(20)) ** 2),
    ("he-uniform", {}, (2 * np.sqrt(2) * np.sqrt(3 / 20)) ** 2 / 12),
    ("orthogonal", {}, 1 / 20),
    ("orthogonal", {"gain": 2.0}, 4 / 20),
])
def test_variances_are_the_published_ones(name, hypers, published):
    variance = inits[name].variance(20, 5, inits[name].defaults() | hypers)
    assert variance == pytest.approx(published, rel=1e-14)


@every
@shapes
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_draws_have_the_mean_and_variance_of_the_formula(name, shape, seed):
    for hypers in (inits[name].defaults(), lively(name)):
        weights = drawn(name, shape, seed, **hypers)
        assert weights.shape == shape and weights.dtype == np.float64
        assert weights.flags.c_contiguous
        std, size = scale(name, shape, hypers), weights.size
        if name in ("zeros", "constant"):
            assert (weights == hypers.get("value", 0.0)).all() and std == 0
            continue
        assert abs(weights.mean()) < SIGMAS * std / np.sqrt(size)
        if name == "orthogonal":
            # Its squares add up to as many as it has directions, without any scatter.
            assert (weights**2).mean() == pytest.approx(std**2, rel=1e-12)
            continue
        # The mean square scatters with the fourth moment: 3 for normals, 9/5 for uniforms.
        fourth = 3 if name in NORMAL else 9 / 5
        assert abs((weights**2).mean() / std**2 - 1) < SIGMAS * np.sqrt((fourth - 1) / size)


@shapes
@pytest.mark.parametrize("family", [NORMAL, UNIFORM], ids=["normal", "uniform"])
def test_schemes_of_a_family_differ_in_scale_alone(family, shape):
    bare = [
        drawn(name, shape, **hypers) / scale(name, shape, hypers)
        for name in family for hypers in (inits[name].defaults(), lively(name))
    ]
    for other in bare[1:]:
        np.testing.assert_allclose(other, bare[0], rtol=1e-14)
    assert np.abs(bare[0]).max() > 1.7


@pytest.mark.parametrize("name", UNIFORM)
def test_uniform_weights_fill_their_interval_and_no_more(name):
    weights = drawn(name, (200, 300))
    limit = np.sqrt(3) * scale(name, (200, 300), inits[name].defaults())
    assert 0.999 * limit < np.abs(weights).max() <= limit
    counts = np.histogram(weights, bins=20, range=(-limit, limit))[0]
    assert np.abs(counts - 3000).max() < SIGMAS * np.sqrt(3000 * 0.95)


@shapes
def test_orthogonal_weights_keep_lengths(shape):
    weights = drawn("orthogonal", shape, gain=1.5) / 1.5
    gram = weights @ weights.T if shape[0] <= shape[1] else weights.T @ weights
    np.testing.assert_allclose(gram, np.eye(min(shape)), rtol=0, atol=1e-12)


def test_orthogonal_weights_favour_no_direction():
    # A 1×1 rotation is a sign, and both must come up; LAPACK's own is always the same.
    signs = [drawn("orthogonal", (1, 1), seed).item() for seed in range(400)]
    assert set(signs) == {-1.0, 1.0}
    assert abs(sum(signs)) < SIGMAS * np.sqrt(400)
    # So must a rotation's trace, whose mean is 0 and variance 1.
    traces = [np.trace(drawn("orthogonal", (4, 4), seed)) for seed in range(400)]
    assert abs(np.mean(traces)) < SIGMAS / np.sqrt(400)


def test_orthogonal_weights_come_from_the_other_schemes_normals():
    normals = drawn("normal", (3, 5), std=1.0)
    rows = []
    for row in normals:
        # Gram and Schmidt: take off what earlier rows explain, keep the direction of the rest.
        for earlier in rows:
            row = row - (row @ earlier) * earlier
        rows.append(row / np.linalg.norm(row))
    np.testing.assert_allclose(drawn("orthogonal", (3, 5)), rows, rtol=1e-12)


@every
def test_the_same_generator_draws_the_same_and_another_does_not(name):
    assert np.array_equal(drawn(name, (6, 4)), drawn(name, (6, 4)))
    if name not in ("zeros", "constant"):
        assert not np.any(drawn(name, (6, 4)) == drawn(name, (6, 4), seed=6))


# --- the lecture's net: ten layers of 500 units on 1,000 Gaussian rows ------------------------

WIDTH, DEPTH, ROWS = 500, 10, 1000

# Standard deviations of the activations as Stanford's CS231n prints them for one draw (2016,
# lecture 5, on initialization): tanh units, with std 0.01, and with Xavier's scheme.
TOO_SMALL = [0.213081, 0.047551, 0.010630, 0.002378, 0.000532, 0.000119, 0.000026, 0.000006]
XAVIER = [0.627953, 0.486051, 0.407723, 0.357108, 0.320917,
          0.292116, 0.273387, 0.254935, 0.239266, 0.228008]


def activations(name, function, seed, **hypers):
    """What the ten layers put out, one after another, each (500, 1000)."""
    generator = np.random.default_rng(seed)
    x = generator.standard_normal((WIDTH, ROWS))
    for _ in range(DEPTH):
        x = function(inits[name].weights(generator, (WIDTH, WIDTH), hypers) @ x)
        yield x


def stds(name, function, seed, **hypers):
    return np.array([x.std() for x in activations(name, function, seed, **hypers)])


def tanh_theory(std_of_weights):
    """Standard deviations of tanh layers, (10,), were they endlessly wide.

    Sums of many inputs are normal, of variance 500 · (std of a weight · std of an input)².
    """
    normal = np.linspace(-8, 8, 40_001)
    density = np.exp(-(normal**2) / 2)
    density /= density.sum()
    found = [1.0]
    for _ in range(DEPTH):
        sums = np.sqrt(WIDTH) * std_of_weights * found[-1] * normal
        found.append(np.sqrt(density @ np.tanh(sums) ** 2))
    return np.array(found[1:])


# Chance adds up on the way through ten layers of finite width: over eight seeds the last layers
# scattered by 1.0 % (std 0.01), 0.6 % (Xavier) and 0.01 % (std 1).
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name, hypers, std, tolerance", [
    ("normal", {"std": 0.01}, 0.01, 0.04),
    ("xavier-normal", {}, np.sqrt(1 / WIDTH), 0.03),
    ("normal", {"std": 1.0}, 1.0, 0.001),
], ids=["std 0.01", "Xavier", "std 1"])
def test_tanh_layers_shrink_or_saturate_as_theory_says(name, hypers, std, tolerance, seed):
    measured = stds(name, np.tanh, seed, **hypers)
    np.testing.assert_allclose(measured, tanh_theory(std), rtol=tolerance)


def test_the_lectures_numbers_come_out():
    small, xavier = tanh_theory(0.01), tanh_theory(np.sqrt(1 / WIDTH))
    # The lecture's later numbers have one or two digits, and the last two none: 0.000001, 0.
    np.testing.assert_allclose(small[:8], TOO_SMALL, rtol=0.02, atol=5e-7)
    np.testing.assert_allclose(xavier, XAVIER, rtol=0.01)
    # Far below saturation tanh is a straight line: each layer shrinks by 0.01 · √500.
    np.testing.assert_allclose(small[3:] / small[2:-1], 0.01 * np.sqrt(500), rtol=1e-3)


def test_a_std_of_1_saturates_nearly_all_tanh_units():
    last = list(activations("normal", np.tanh, seed=3, std=1.0))[-1]
    assert last.std() == pytest.approx(0.982, abs=0.001)
    assert (np.abs(last) > 0.99).mean() == pytest.approx(0.904, abs=0.005)


@pytest.mark.parametrize("seed", [1, 2])
def test_he_keeps_the_second_moment_of_relu_layers_and_xavier_halves_it(seed):
    # A root mean square of 1 all the way with He, 2^(-layer/2) with Xavier; over eight seeds the
    # last layer's scattered by 11 %, in step for both, since they draw the same normals.
    he, xavier = (
        np.array([np.sqrt((x**2).mean()) for x in activations(name, relu, seed)])
        for name in ("he-normal", "xavier-normal")
    )
    np.testing.assert_allclose(he, 1, rtol=0.4)
    np.testing.assert_allclose(xavier, he * 2 ** (-np.arange(1, DEPTH + 1) / 2), rtol=1e-10)


def relu(sums):
    return np.maximum(sums, 0)
