"""Every surface against its publication, its slow twin, and exact differentiation."""

import numpy as np
import pytest

from engine.jets import value_gradient_hessian
from engine.surfaces import surfaces
from tests import naive

NAMES = {
    "bowl", "ravine", "saddle", "monkey-saddle", "long-valley", "plateau", "two-pits",
    "rosenbrock", "beale", "himmelblau", "booth", "matyas", "three-hump-camel", "six-hump-camel",
    "goldstein-price", "styblinski-tang", "mccormick", "rastrigin", "ackley",
}

# Published values at the global minima, to every digit that the closed forms give.
LOWEST = {
    "bowl": 0.0, "ravine": 0.0, "saddle": -2.0, "long-valley": 0.0, "plateau": 0.0,
    "two-pits": 0.0, "rosenbrock": 0.0, "beale": 0.0, "himmelblau": 0.0, "booth": 0.0,
    "matyas": 0.0, "three-hump-camel": 0.0, "six-hump-camel": -1.031628453489877,
    "goldstein-price": 3.0, "styblinski-tang": -78.33233140754285,
    "mccormick": -np.sqrt(3) / 2 - np.pi / 3, "rastrigin": 0.0, "ackley": 0.0,
}

# Stationary points inside the domain: how many minima in all, and how many saddles.
COUNTS = {
    "beale": (1, 2), "himmelblau": (4, 4), "three-hump-camel": (3, 2), "six-hump-camel": (6, 7),
    "goldstein-price": (4, 4), "styblinski-tang": (4, 4), "mccormick": (2, 1), "two-pits": (2, 1),
    "saddle": (2, 1), "long-valley": (2, 1), "monkey-saddle": (0, 1),
}

every_surface = pytest.mark.parametrize("surface", surfaces.values(), ids=list(surfaces))

bounded = pytest.mark.parametrize(
    "surface", [surfaces[name] for name in sorted(LOWEST)], ids=sorted(LOWEST))


def random_points(surface, count=300):
    (x_low, x_high), (y_low, y_high) = surface.domain
    rng = np.random.default_rng(5)
    return rng.uniform((x_low, y_low), (x_high, y_high), (count, 2))


def evaluate(surface, point):
    grad = np.empty(2)
    return surface.kernel.compiled()(np.array(point, float), grad), grad


def points(surfaces_of_interest, kind):
    return [
        pytest.param(surface, point, id=f"{surface.name}-{place}")
        for surface in surfaces_of_interest
        for place, point in enumerate(getattr(surface, kind))
    ]


def inside(surface, point):
    return all(low <= p <= high for p, (low, high) in zip(point, surface.domain, strict=True))


def descend(surface, step, steps):
    """The points of a plain-Python descent; `step(gradient, memory)` gives each displacement."""
    w, memory, trail = np.array(surface.start), np.zeros(2), [np.array(surface.start)]
    for _ in range(steps):
        w = w + step(evaluate(surface, w)[1], memory)
        trail.append(w)
    return np.array(trail)


def plain(lr):
    return lambda gradient, memory: -lr * gradient


def heavy_ball(lr, beta):
    def step(gradient, velocity):
        velocity *= beta
        velocity += gradient
        return -lr * velocity
    return step


def scaled(lr, rho=0.99):
    def step(gradient, square):
        square *= rho
        square += (1 - rho) * gradient**2
        return -lr * gradient / (np.sqrt(square) + 1e-8)
    return step


def test_the_registry_holds_exactly_the_documented_names():
    assert set(surfaces) == NAMES == set(naive.SURFACES)


@every_surface
def test_the_kernel_agrees_with_its_slow_twin(surface):
    twin = naive.SURFACES[surface.name]
    for point in random_points(surface):
        ours, theirs = evaluate(surface, point)[0], twin(*map(float, point))
        # The twins cancel terms of size 1 to 100: that rounding is theirs and stays below 1e-12.
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-12)


@every_surface
def test_the_gradient_agrees_with_exact_differentiation(surface):
    for point in random_points(surface):
        value, gradient = evaluate(surface, point)
        exact_value, exact, curvature = value_gradient_hessian(surface.kernel.function, *point)
        assert value == pytest.approx(exact_value, rel=1e-13, abs=1e-13)
        # Components much smaller than the terms they cancel from are compared to those terms.
        size = np.abs(exact).max() + 1e-3 * np.abs(curvature).max()
        np.testing.assert_allclose(gradient, exact, rtol=1e-12, atol=1e-12 * size)


@every_surface
def test_the_hessian_agrees_with_differences_of_the_gradient(surface):
    h = 1e-5
    for point in random_points(surface, 60):
        columns = [
            (evaluate(surface, point + h * axis)[1] - evaluate(surface, point - h * axis)[1])
            / (2 * h) for axis in np.eye(2)
        ]
        curvature = surface.hessian(*point)
        assert curvature[0, 1] == curvature[1, 0]
        size = np.abs(curvature).max() + np.abs(evaluate(surface, point)[1]).max()
        np.testing.assert_allclose(curvature, np.array(columns), atol=3e-7 * size + 1e-10)


@every_surface
def test_the_plain_function_fills_the_same_gradient(surface):
    for point in random_points(surface, 10):
        grad = np.empty(2)
        value = surface.kernel.function(point, grad)
        compiled_value, compiled_grad = evaluate(surface, point)
        assert value == pytest.approx(compiled_value, rel=1e-13, abs=1e-13)
        np.testing.assert_allclose(grad, compiled_grad, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("surface", "point"), points(surfaces.values(), "minima"))
def test_published_minima_have_the_published_value(surface, point):
    assert inside(surface, point)
    assert surface.value(*point) == pytest.approx(LOWEST[surface.name], rel=4e-15, abs=1e-28)


@pytest.mark.parametrize(
    ("surface", "point"),
    points(surfaces.values(), "minima") + points(surfaces.values(), "local_minima"))
def test_minima_are_flat_and_curve_upwards(surface, point):
    assert inside(surface, point)
    curvature = surface.hessian(*point)
    if surface.name == "ackley":
        assert surface.gradient(*point).tolist() == [0.0, 0.0]
        assert np.isposinf(np.diag(curvature)).all() and curvature[0, 1] == 0
        return
    eigenvalues = np.linalg.eigvalsh(curvature)
    assert eigenvalues[0] > 0
    # A gradient this small puts the true stationary point within a few units in the last place.
    offset = np.linalg.solve(curvature, surface.gradient(*point))
    assert np.abs(offset).max() <= 4 * np.spacing(np.abs(point).max() + 1)


@pytest.mark.parametrize(("surface", "point"), points(surfaces.values(), "saddles"))
def test_saddles_are_flat_and_curve_both_ways(surface, point):
    assert inside(surface, point)
    curvature = surface.hessian(*point)
    if surface.name == "monkey-saddle":
        assert surface.gradient(*point).tolist() == [0.0, 0.0]
        assert not curvature.any()
        return
    low, high = np.linalg.eigvalsh(curvature)
    assert low < 0 < high
    offset = np.linalg.solve(curvature, surface.gradient(*point))
    assert np.abs(offset).max() <= 4 * np.spacing(np.abs(point).max() + 1)


@bounded
def test_no_grid_point_lies_below_the_published_minimum(surface):
    (x_low, x_high), (y_low, y_high) = surface.domain
    kernel, grad = surface.kernel.compiled(), np.empty(2)
    lowest = LOWEST[surface.name]
    for x in np.linspace(x_low, x_high, 301):
        for y in np.linspace(y_low, y_high, 301):
            assert kernel(np.array([x, y]), grad) >= lowest - 1e-12 * max(1, abs(lowest))


@bounded
def test_local_minima_are_higher_than_global_ones(surface):
    assert surface.minima
    for point in surface.local_minima:
        assert surface.value(*point) > LOWEST[surface.name] + 1e-3


@pytest.mark.parametrize("name", COUNTS)
def test_every_stationary_point_of_the_domain_is_listed(name):
    surface = surfaces[name]
    minima, saddles = COUNTS[name]
    assert len({*surface.minima, *surface.local_minima}) == minima
    assert len(set(surface.saddles)) == saddles
    if name == "monkey-saddle":
        return
    listed = np.array(surface.minima + surface.local_minima + surface.saddles)
    for start in random_points(surface, 150):
        point = newton(surface, start)
        if point is None or np.linalg.eigvalsh(surface.hessian(*point))[1] < 0:
            continue
        assert np.hypot(*(listed - point).T).min() < 1e-6, point


def newton(surface, start):
    """A stationary point inside the domain that Newton's method finds from `start`, or None."""
    point = np.array(start)
    for _ in range(60):
        _, gradient, curvature = value_gradient_hessian(surface.kernel.function, *point)
        if abs(np.linalg.det(curvature)) < 1e-12:
            return None
        move = np.linalg.solve(curvature, gradient)
        point = point - move
        if not inside(surface, point):
            return None
        if np.abs(move).max() < 1e-12:
            return point
    return None


@every_surface
def test_the_definition_is_complete(surface):
    assert inside(surface, surface.start)
    assert np.isfinite(surface.value(*surface.start))
    assert np.linalg.norm(surface.gradient(*surface.start)) > 0
    assert surface.title and surface.tex
    assert surface.doc.endswith(".") and len(surface.doc) <= 100
    assert any(character.isdigit() for character in surface.source) or "Teaching" in surface.source
    assert surface.tex.count("{") == surface.tex.count("}")


@every_surface
def test_one_signature_serves_every_call(surface):
    dispatcher = surface.kernel.compiled()
    surface.value(*surface.start)
    surface.gradient(1, 2)
    dispatcher(np.zeros(2), np.zeros(2))
    assert surface.kernel.compiled() is dispatcher
    assert len(dispatcher.signatures) == 1


@bounded
def test_far_away_overflows_to_infinity_and_not_to_nan(surface):
    for far in ((1e160, 1e160), (-1e160, 3.0), (2.0, 1e160), (1e60, -1e60), (1e100, 0.0)):
        assert evaluate(surface, far)[0] >= LOWEST[surface.name], far


def test_published_values_at_other_points():
    assert surfaces["beale"].value(0, 0) == 1.5**2 + 2.25**2 + 2.625**2
    assert surfaces["beale"].value(1, 1) == 14.203125
    assert surfaces["rosenbrock"].value(-1.2, 1.0) == pytest.approx(24.2, rel=1e-14)
    assert surfaces["goldstein-price"].value(0, -1) == 3.0
    assert surfaces["goldstein-price"].value(-0.6, -0.4) == pytest.approx(30, rel=1e-14)
    assert surfaces["goldstein-price"].value(1.8, 0.2) == pytest.approx(84, rel=1e-13)
    assert surfaces["goldstein-price"].value(1.2, 0.8) == pytest.approx(840, rel=1e-13)
    assert surfaces["himmelblau"].value(-0.270845, -0.923039) == pytest.approx(181.617, abs=1e-3)
    assert surfaces["booth"].value(0, 0) == 74.0
    assert surfaces["ackley"].value(0, 0) == 0.0


def test_quadratics_have_the_stated_condition_numbers():
    for name, condition in {"bowl": 2, "ravine": 100, "booth": 9, "matyas": 25}.items():
        low, high = np.linalg.eigvalsh(surfaces[name].hessian(0.3, -0.7))
        assert high / low == pytest.approx(condition, rel=1e-12)


def test_bowl_diverges_exactly_above_two_over_the_largest_curvature():
    below = descend(surfaces["bowl"], plain(0.99), 500)
    above = descend(surfaces["bowl"], plain(1.01), 500)
    assert np.abs(below[-1]).max() < 1e-3 < 1e3 < np.abs(above[-1]).max()


def test_ravine_rewards_momentum():
    def distance(trail):
        return np.abs(trail[-1]).max()
    plain_best = descend(surfaces["ravine"], plain(2 / 101), 150)
    momentum = descend(surfaces["ravine"], heavy_ball((2 / 11) ** 2, (9 / 11) ** 2), 150)
    assert distance(momentum) < 1e-6 * distance(plain_best)


@pytest.mark.parametrize("lr", [0.01, 0.05, 0.1, 0.19])
def test_long_valley_holds_plain_descent_and_lets_scaled_methods_go(lr):
    stuck = descend(surfaces["long-valley"], plain(lr), 500)
    assert np.abs(stuck[:, 0]).max() < 0.5
    freed = descend(surfaces["long-valley"], scaled(lr), 500)
    assert np.abs(freed[:, 0]).max() > 3.5


@pytest.mark.parametrize("lr", [0.01, 0.05, 0.1])
def test_saddle_is_left_first_by_scaled_methods(lr):
    def leaves(step):
        return int(np.argmax(np.abs(descend(surfaces["saddle"], step, 1500)[:, 1]) > 1))
    assert 0 < leaves(scaled(lr)) < leaves(heavy_ball(lr, 0.9)) < leaves(plain(lr))


def test_plateau_holds_plain_descent_for_ten_thousand_steps():
    surface = surfaces["plateau"]
    assert np.linalg.norm(surface.gradient(*surface.start)) < 2e-4
    assert surface.value(*descend(surface, plain(0.1), 10_000)[-1]) > 0.98
    assert surface.value(*descend(surface, scaled(0.01), 600)[-1]) < 0.01


@pytest.mark.parametrize("lr", [0.05, 0.1, 0.2])
def test_two_pits_part_plain_descent_from_momentum(lr):
    surface = surfaces["two-pits"]
    shallow = descend(surface, plain(lr), 600)[-1]
    deep = descend(surface, heavy_ball(lr, 0.9), 600)[-1]
    np.testing.assert_allclose(shallow, surface.local_minima[0], atol=1e-3)
    np.testing.assert_allclose(deep, surface.minima[0], atol=1e-3)


def test_monkey_saddle_slows_descent_down():
    trail = descend(surfaces["monkey-saddle"], plain(0.01), 60)
    lengths = np.hypot(*np.diff(trail, axis=0).T)
    assert lengths.min() < 0.15 * lengths[0]
    assert np.abs(trail[lengths.argmin()]).max() < 0.5
