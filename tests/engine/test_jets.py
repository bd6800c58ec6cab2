"""Jets against derivatives worked out by hand and against central differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.jets import Jet, hessian, value_gradient_hessian

# Name in NumPy, and a point inside the function's domain.
UNARY = [
    ("sin", 0.7), ("cos", 0.7), ("tan", 0.7), ("arcsin", 0.3), ("arccos", -0.6), ("arctan", 1.7),
    ("sinh", -0.8), ("cosh", -0.8), ("tanh", 0.9), ("exp", 0.4), ("expm1", 0.4), ("log", 2.3),
    ("log1p", 2.3), ("log10", 2.3), ("log2", 2.3), ("sqrt", 1.9), ("absolute", -1.3),
]

BINARY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
    "number first": lambda a, b: 3.0 - 2.0 / a + 1.5**b,
    "integer powers": lambda a, b: a**3 * b**-2,
    "negated": lambda a, b: -a * +b,
    "NumPy number first": lambda a, b: np.float64(2.0) * a - np.float64(3.0) / b,
}


def differences(f, x, y, h=2.0**-13):
    """Gradient and Hessian by central differences, errors about 1e-7 for smooth f near 1."""
    gradient = [(f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h)]
    xx = (f(x + h, y) - 2 * f(x, y) + f(x - h, y)) / h**2
    yy = (f(x, y + h) - 2 * f(x, y) + f(x, y - h)) / h**2
    xy = (f(x + h, y + h) - f(x + h, y - h) - f(x - h, y + h) + f(x - h, y - h)) / (4 * h * h)
    return np.array(gradient), np.array([[xx, xy], [xy, yy]])


def agrees(f, x, y):
    value, gradient, curvature = value_gradient_hessian(lambda point, _: f(*point), x, y)
    expected_gradient, expected_hessian = differences(f, x, y)
    assert value == pytest.approx(f(x, y), rel=1e-15)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(curvature, expected_hessian, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("name", "at"), UNARY, ids=[name for name, _ in UNARY])
def test_numpy_functions_carry_both_derivatives(name, at):
    function = getattr(np, name)
    # An inner function with slope and curvature in both variables exercises the whole chain rule.
    agrees(lambda x, y: function(at + x * y + 0.5 * x * x - 0.25 * y), 0.0, 0.0)
    agrees(lambda x, y: function(at + x * y + 0.5 * x * x - 0.25 * y), 0.1, -0.05)


@pytest.mark.parametrize("operation", BINARY.values(), ids=BINARY)
def test_arithmetic_carries_both_derivatives(operation):
    agrees(lambda x, y: operation(x * y + 1, x + y * y), 1.2, 0.7)


def test_a_polynomial_is_exact():
    value, gradient, curvature = value_gradient_hessian(
        lambda point, _: point[0] ** 3 * point[1] - 4 * point[1] ** 2, 2.0, -3.0)
    assert value == -60.0
    assert gradient.tolist() == [-36.0, 32.0]
    assert curvature.tolist() == [[-36.0, 12.0], [12.0, -8.0]]


@given(st.floats(-50, 50), st.floats(-50, 50), st.integers(0, 6), st.integers(0, 6))
def test_monomials_are_exact_everywhere_zero_included(x, y, m, n):
    curvature = hessian(lambda point, _: point[0] ** m * point[1] ** n, x, y)
    xx = m * (m - 1) * x ** max(m - 2, 0) * y**n
    yy = n * (n - 1) * x**m * y ** max(n - 2, 0)
    xy = m * n * x ** max(m - 1, 0) * y ** max(n - 1, 0)
    np.testing.assert_allclose(curvature, [[xx, xy], [xy, yy]], rtol=1e-13, atol=1e-290)


def test_comparisons_and_extremes_look_at_the_value():
    x, y = Jet.variable(1.0, 0), Jet.variable(2.0, 1)
    assert x < y and x <= 1 and y > 1.5 and y >= x and x == 1 and x != y
    assert x.maximum(y) is y and np.maximum(x, y) is y
    assert x.minimum(y) is x and np.minimum(x, y) is x
    assert x.maximum(1.0) is x
    assert np.isnan(x.minimum(np.nan).value)
    assert x.maximum(5.0).gradient.tolist() == [0.0, 0.0]
    assert (-x).sign().value == -1 and not (-x).sign().gradient.any()


def test_a_jet_cannot_be_hashed_because_it_compares_by_value():
    with pytest.raises(TypeError):
        hash(Jet.constant(1.0))


def test_saturated_tanh_keeps_its_digits():
    slope = Jet.variable(20.0, 0).tanh().gradient[0]
    assert slope == pytest.approx(4 * np.exp(-40.0), rel=1e-12)


def test_a_variable_that_is_absent_has_derivative_zero_beside_a_pole():
    root = Jet.variable(0.0, 0).sqrt
    with np.errstate(all="ignore"):
        assert root().gradient.tolist() == [np.inf, 0.0]


def test_leaving_the_domain_is_nan_and_quiet():
    value, gradient, curvature = value_gradient_hessian(lambda p, _: np.log(p[0] + p[1]), -2.0, 0.5)
    assert np.isnan(value) and np.isnan(gradient).all() and np.isnan(curvature).all()


def test_overflow_is_infinite_and_quiet():
    value, _, _ = value_gradient_hessian(lambda p, _: np.exp(p[0] * p[0]) / p[1], 40.0, 0.0)
    assert value == np.inf


def test_a_function_that_ignores_its_point_is_flat():
    value, gradient, curvature = value_gradient_hessian(lambda point, grad: 7.0, 1.0, 2.0)
    assert value == 7.0 and not gradient.any() and not curvature.any()


def test_mixed_partials_of_a_known_function():
    # f = exp(x) sin(y): f_xx = f, f_yy = -f, f_xy = exp(x) cos(y).
    curvature = hessian(lambda p, _: np.exp(p[0]) * np.sin(p[1]), 0.3, 1.1)
    f, g = np.exp(0.3) * np.sin(1.1), np.exp(0.3) * np.cos(1.1)
    np.testing.assert_allclose(curvature, [[f, g], [g, -f]], rtol=1e-15)
