"""Typed formulas: what they mean, how exactly, how fast, and what is said about a bad one."""

import math
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from engine import heights
from engine.errors import FormulaError
from engine.formula import check_formula, surface_from_formula
from engine.formula.language import FUNCTIONS, HINTS, MAX_LENGTH, NAMES, VARIABLES
from engine.jets import value_gradient_hessian
from engine.surfaces import surfaces

# Every function, every operator, with a point well inside its domain.
MEANINGS = {
    "sin(x*y + 1)": (lambda x, y: math.sin(x * y + 1), 0.7, -1.3),
    "cos(x - 2*y)": (lambda x, y: math.cos(x - 2 * y), 0.7, -1.3),
    "tan(x*y)": (lambda x, y: math.tan(x * y), 0.7, -1.3),
    "asin(x*y)": (lambda x, y: math.asin(x * y), 0.6, -0.8),
    "acos(x + y)": (lambda x, y: math.acos(x + y), 0.6, -0.8),
    "atan(x/y)": (lambda x, y: math.atan(x / y), 0.6, -0.8),
    "sinh(x*y)": (lambda x, y: math.sinh(x * y), 1.2, 0.4),
    "cosh(x*y)": (lambda x, y: math.cosh(x * y), 1.2, 0.4),
    "tanh(x*y)": (lambda x, y: math.tanh(x * y), 1.2, 0.4),
    "exp(x - y*y)": (lambda x, y: math.exp(x - y * y), 1.2, 0.4),
    "log(x*x + y)": (lambda x, y: math.log(x * x + y), 1.2, 0.4),
    "log10(x*x + y)": (lambda x, y: math.log10(x * x + y), 1.2, 0.4),
    "sqrt(x*y + 2)": (lambda x, y: math.sqrt(x * y + 2), 1.2, 0.4),
    "abs(x*y)": (lambda x, y: abs(x * y), 1.2, -0.4),
    "min(x*y, x - y, 3)": (lambda x, y: min(x * y, x - y, 3), 1.2, 0.4),
    "max(x*y, x + y)": (lambda x, y: max(x * y, x + y), 1.2, 0.4),
    "x + y - 3": (lambda x, y: x + y - 3, 0.3, -2.5),
    "2*x*y": (lambda x, y: 2 * x * y, 0.3, -2.5),
    "x/y/3": (lambda x, y: x / y / 3, 0.3, -2.5),
    "-x**2 + +y": (lambda x, y: -(x**2) + y, 0.3, -2.5),
    "2**-x": (lambda x, y: 2**-x, 0.3, -2.5),
    "x**y": (lambda x, y: x**y, 0.3, -2.5),
    "x**y**2": (lambda x, y: x ** (y**2), 1.3, -1.1),
    "(x*y)**7": (lambda x, y: (x * y) ** 7, 0.9, -1.1),
    "(x*y)**-3": (lambda x, y: (x * y) ** -3, 0.9, -1.1),
    "(x*y)**40": (lambda x, y: (x * y) ** 40, 0.9, -1.1),
    "(x - y)**2.5": (lambda x, y: (x - y) ** 2.5, 0.9, -1.1),
    "(x - y)**0.5": (lambda x, y: (x - y) ** 0.5, 0.9, -1.1),
    "pi*x + e*y + 1.5e-1 + .5 + 2.": (
        lambda x, y: math.pi * x + math.e * y + 2.65, 0.3, -2.5),
}

BUILT_IN = {
    "bowl": "(x**2 + 2*y**2)/2",
    "ravine": "(x**2 + 100*y**2)/2",
    "saddle": "x**2 - y**2 + y**4/8",
    "monkey-saddle": "x**3 - 3*x*y**2",
    "long-valley": "(x**2 - 16)**2/3200 + 5*y**2",
    "plateau": "1 - exp(-((x - 1.5)**2 + (y - 1)**2)/2)",
    "two-pits": "(x + 2)**2*(3*x**2 - 14*x + 20)/48 + (y - x/2)**2",
    "rosenbrock": "(1 - x)**2 + 100*(y - x**2)**2",
    "beale": "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
    "himmelblau": "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
    "booth": "(x + 2*y - 7)**2 + (2*x + y - 5)**2",
    "matyas": "0.26*(x**2 + y**2) - 0.48*x*y",
    "three-hump-camel": "2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
    "six-hump-camel": "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (4*y**2 - 4)*y**2",
    "goldstein-price": (
        "(1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))"
        "*(30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2))"),
    "styblinski-tang": "(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2",
    "mccormick": "sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1",
    "rastrigin": "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
    "ackley": (
        "-20*exp(-0.2*sqrt((x**2 + y**2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e + 20"),
}

# A bad formula, the character that is pointed at, and what must be said about it.
REFUSED = [
    ("", 0, "empty"),
    (" \t\n", 0, "empty"),
    ("sen(x)", 0, "did you mean 'sin'"),
    ("x + Sin(x)", 4, "did you mean 'sin'"),
    ("ln(x)", 0, "did you mean 'log'"),
    ("x + z", 4, "x, y, pi, e, sin"),
    ("x^2", 1, "**"),
    ("x²", 1, "**2"),
    ("π*x", 0, "pi"),
    ("x + 3·y", 5, "*"),
    ("x − y", 2, "written -"),
    ("x + é", 4, "'é'"),
    ("x + \U0001f600", 4, "unexpected"),
    ("x + \ud800", 4, "unexpected '\\ud800'"),
    ("(x + y", 0, "never closed"),
    ("x*(y + (x)", 2, "never closed"),
    ("x + y)", 5, "closes nothing"),
    ("x +", 3, "breaks off"),
    ("x ** ", 4, "breaks off"),
    ("* x", 0, "must stand here"),
    ("x // y", 3, "must stand here"),
    ("()", 1, "must stand here"),
    ("2x", 1, "2*x"),
    ("x y", 2, "x*y"),
    ("(x)(y)", 3, ")*("),
    ("x(2)", 1, "x*("),
    ("1_000", 1, "unknown name '_000'"),
    ("0x10", 1, "unknown name 'x10'"),
    ("1j", 1, "unknown name 'j'"),
    ("007", 0, "begin with 0"),
    ("sin x", 4, "sin(x)"),
    ("min", 3, "min(x, y)"),
    ("sin()", 4, "one argument, not 0"),
    ("sin(x, y)", 5, "one argument"),
    ("min(x)", 5, "two arguments or more, not 1"),
    ("max()", 4, "two arguments or more, not 0"),
    ("x, y", 1, "comma"),
    ("x + (1, 2)", 6, "comma"),
    ("1e999", 0, "too large"),
    ("x + " + "9" * 400, 4, "too large"),
    ("x + 1/0", 4, "'1/0' has no finite value"),
    ("x*log(-1)", 2, "'log(-1)' has no finite value"),
    ("10**10**10", 0, "no finite value"),
    ("x + 9**9**9**9**9", 10, "no finite value"),
    ("-" * 60 + "x", 50, "signs"),
    ("(" * 60 + "x" + ")" * 60, 50, "nested"),
    ("sin(" * 60 + "x" + ")" * 60, 203, "nested"),
    ("x" + "+x" * 500, 1000, "at most 1,000"),
    ("(" * 5000, 1000, "at most 1,000"),
]

HOSTILE = [
    ("__import__('os')", 0),
    ("x.__class__", 1),
    ("().__class__", 1),
    ("(lambda: 0)()", 1),
    ("[x for x in (1,)]", 0),
    ("{x: y}", 0),
    ("'x'*10", 0),
    ("f'{x}'", 0),
    ("x < y", 2),
    ("x == y", 2),
    ("(x := 1)", 3),
    ("x if y else 1", 2),
    ("not x", 0),
    ("x and y", 2),
    ("sin(*x)", 4),
    ("max(x, y, key=abs)", 10),
    ("x[0]", 1),
    ("True", 0),
    ("...", 0),
    ("x @ y", 2),
    ("~x", 0),
    ("await x", 0),
    ("eval(x)", 0),
    ("x; y", 1),
    ("x # y", 2),
    ("x\\\n+y", 1),
    ("x\0", 1),
]


class Shaky(np.lib.mixins.NDArrayOperatorsMixin):
    """A number whose operations are each off by a rounding, at random: it shows what digits hold.

    Stochastic arithmetic (Vignes 1993): the spread of a few such evaluations is the error that
    rounding alone may cause, with cancellation and steep functions taken into account.
    """

    def __init__(self, value, rng):
        self.value, self._rng = value, rng

    def __array_ufunc__(self, ufunc, method, *inputs):
        result = ufunc(*(i.value if isinstance(i, Shaky) else i for i in inputs))
        if isinstance(result, np.bool_):
            return result
        return Shaky(result * (1 + self._rng.choice([-1, 1]) * 2.0**-51), self._rng)


def plain(kernel, x, y):
    """Loss and gradient in plain Python, (3,)."""
    grad = np.empty(2)
    return np.array([kernel.function([x, y], grad), *grad])


def machine(kernel, x, y):
    """Loss and gradient from the compiled kernel, (3,)."""
    grad = np.empty(2)
    return np.array([kernel.compiled()(np.array([x, y], float), grad), *grad])


def shaken(kernel, x, y, times=8):
    """Loss and gradient with random roundings, (times, 3)."""
    rng, rows = np.random.default_rng(3), []
    for _ in range(times):
        grad = [0.0, 0.0]
        value = kernel.function([Shaky(np.float64(x), rng), Shaky(np.float64(y), rng)], grad)
        rows.append([getattr(number, "value", number) for number in (value, *grad)])
    return np.array(rows)


def evaluate(text, x, y):
    return machine(surface_from_formula(text).kernel, x, y)


def refusal(text):
    with pytest.raises(FormulaError) as caught:
        surface_from_formula(text)
    return caught.value


# --- what a formula means -------------------------------------------------------------------------


def test_the_table_below_uses_every_function():
    assert all(any(f"{name}(" in text for text in MEANINGS) for name in FUNCTIONS)


@pytest.mark.parametrize("text", MEANINGS)
def test_value_and_gradient_are_those_of_the_mathematics(text):
    meaning, x, y = MEANINGS[text]
    kernel = surface_from_formula(text).kernel
    value, *gradient = machine(kernel, x, y)
    jet_value, jet_gradient, _ = value_gradient_hessian(kernel.function, x, y)
    h = 2.0**-17
    differences = [(meaning(x + h, y) - meaning(x - h, y)) / (2 * h),
                   (meaning(x, y + h) - meaning(x, y - h)) / (2 * h)]
    assert value == pytest.approx(meaning(x, y), rel=2e-14)
    assert jet_value == pytest.approx(value, rel=2e-14)
    np.testing.assert_allclose(gradient, jet_gradient, rtol=2e-14)
    np.testing.assert_allclose(gradient, differences, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(plain(kernel, x, y), [value, *gradient], rtol=2e-14)


@pytest.mark.parametrize("text", MEANINGS)
def test_the_hessian_agrees_with_differences_of_the_gradient(text):
    _, x, y = MEANINGS[text]
    surface, h = surface_from_formula(text), 2.0**-17
    columns = [(surface.gradient(x + dx, y + dy) - surface.gradient(x - dx, y - dy)) / (2 * h)
               for dx, dy in ((h, 0), (0, h))]
    np.testing.assert_allclose(surface.hessian(x, y), columns, rtol=1e-6, atol=1e-7)


def test_every_built_in_surface_has_its_formula_here():
    assert set(BUILT_IN) == set(surfaces)


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_typed_built_in_surface_is_the_built_in_one(name):
    built_in = surfaces[name]
    typed = surface_from_formula(BUILT_IN[name], built_in.domain)
    corners = np.array(built_in.domain).T
    for x, y in np.random.default_rng(1).uniform(*corners, (60, 2)):
        ours, theirs = machine(typed.kernel, x, y), machine(built_in.kernel, x, y)
        # The published form cancels where the built-in kernel was written not to.
        error = np.abs(shaken(typed.kernel, x, y) - ours).max(axis=0)
        assert (np.abs(ours - theirs) <= 1e-12 * np.abs(theirs) + 30 * error).all()


@pytest.mark.parametrize("name", BUILT_IN)
def test_contours_are_spaced_as_the_built_in_surface_has_them(name):
    typed = surface_from_formula(BUILT_IN[name], surfaces[name].domain)
    assert typed.log_levels == surfaces[name].log_levels


# --- where numbers end ----------------------------------------------------------------------------

EDGES = [
    ("x**0.5", (-1, 0), (math.nan, math.nan, 0)),
    ("sqrt(x)", (0, 1), (0, math.inf, 0)),
    ("log(x)", (0, 1), (-math.inf, math.inf, 0)),
    ("log(x)", (-1, 1), (math.nan, -1, 0)),
    ("1/x", (0, 1), (math.inf, -math.inf, 0)),
    ("x/y", (0, 0), (math.nan, math.inf, math.nan)),
    ("abs(x)", (0, 1), (0, 0, 0)),
    ("abs(x)*y", (-2, 3), (6, -3, 2)),
    ("abs(x)*y", (2, 3), (6, 3, 2)),
    ("abs(x)", (math.nan, 3), (math.nan, math.nan, 0)),
    ("x**0", (0, 1), (1, 0, 0)),
    ("x**0", (math.nan, 1), (1, 0, 0)),
    ("x**1", (-3, 1), (-3, 1, 0)),
    ("x**3", (-3, 1), (-27, 27, 0)),
    ("x**-1", (-4, 1), (-0.25, -0.0625, 0)),
    ("x**33", (-2, 1), (-(2.0**33), 33 * 2.0**32, 0)),
    ("x**2.0", (-3, 1), (9, -6, 0)),
    ("x**y", (2, 3), (8, 12, 8 * math.log(2))),
    ("x**y", (0, 2), (0, 0, 0)),
    ("x**y", (-2, 2), (4, -4, math.nan)),
    ("x**y", (-2, 0.5), (math.nan, math.nan, math.nan)),
    ("x**(y*0 + 2)", (-3, 1), (9, -6, 0)),
    ("2**y", (0, 3), (8, 0, 8 * math.log(2))),
    # The cone's tip: an infinite slope does not turn a derivative of 0 into NaN.
    ("sqrt(x**2 + y**2)", (0, 0), (0, 0, 0)),
    ("exp(x)", (800, 0), (math.inf, math.inf, 0)),
    ("min(x, y)", (1, 1), (1, 1, 0)),
    ("max(x, y)", (1, 1), (1, 1, 0)),
    ("min(x, y)", (1, math.nan), (math.nan, 0, 1)),
    ("max(x, y)", (math.nan, 1), (math.nan, 1, 0)),
    ("asin(x)", (1, 0), (math.pi / 2, math.inf, 0)),
    ("acos(x)", (2, 0), (math.nan, math.nan, 0)),
    ("tanh(x)", (30, 0), (1, 4 * math.exp(-60), 0)),
    ("x - x + 5", (7, 0), (5, 0, 0)),
    ("3", (7, 0), (3, 0, 0)),
]


@pytest.mark.parametrize(("text", "point", "expected"), EDGES,
                         ids=[f"{text} at {point}" for text, point, _ in EDGES])
def test_at_the_edge_of_the_numbers(text, point, expected):
    kernel = surface_from_formula(text).kernel
    np.testing.assert_allclose(machine(kernel, *point), expected, rtol=1e-14)
    np.testing.assert_allclose(plain(kernel, *point), expected, rtol=1e-14)


# --- any formula ----------------------------------------------------------------------------------

leaves = st.sampled_from(["x", "y", "x", "y", "pi", "e", "2", "0.5", "3", "1e-3", "10"])
expressions = st.recursive(leaves, lambda inner: st.one_of(
    st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner).map(
        lambda parts: "({} {} {})".format(*parts)),
    st.tuples(st.sampled_from(["-", "+"]), inner).map("".join),
    st.tuples(inner, st.sampled_from(["-3", "-1", "0", "2", "5", "40", "0.5", "1.5"])).map(
        lambda parts: "({})**{}".format(*parts)),
    st.tuples(st.sampled_from(sorted(set(FUNCTIONS) - {"min", "max"})), inner).map(
        lambda parts: "{}({})".format(*parts)),
    st.tuples(st.sampled_from(["min", "max"]), st.lists(inner, min_size=2, max_size=3)).map(
        lambda parts: f"{parts[0]}({', '.join(parts[1])})"),
), max_leaves=12)
coordinates = st.floats(-3, 3) | st.sampled_from([-1.0, 0.0, 1.0])


@settings(max_examples=80, deadline=None)
@given(expressions, st.lists(st.tuples(coordinates, coordinates), min_size=5, max_size=5))
@example("(x)**40/(y)**-3", [(-2.0, 0.5)] * 5)
def test_machine_code_plain_python_and_jets_agree_on_any_formula(text, points):
    try:
        kernel = surface_from_formula(text).kernel
    except FormulaError as error:
        assert "no finite value" in error.sentence or "characters" in error.sentence
        assume(False)
    for x, y in points:
        agree_at(kernel, x, y)


def agree_at(kernel, x, y):
    ours, exact, shaky = machine(kernel, x, y), plain(kernel, x, y), shaken(kernel, x, y)
    value, gradient, _ = value_gradient_hessian(kernel.function, x, y)
    jet = np.array([value, *gradient])
    finite = np.isfinite(shaky)
    # Where roundings decide over finite or not, as at the rim of a domain, nothing is claimed.
    settled = finite.all(axis=0) == finite.any(axis=0)
    assert (np.isfinite(ours) == np.isfinite(exact))[settled].all()
    known = np.isfinite(exact) & finite.all(axis=0)
    error = np.abs(shaky[:, known] - exact[known]).max(axis=0)
    tolerance = 1e-12 * np.abs(exact[known]) + 30 * error + 1e-290
    assert (np.abs(ours[known] - exact[known]) <= tolerance).all()
    if known.all() and np.isfinite(jet).all():
        assert (np.abs(jet - exact) <= tolerance).all()


tokens = st.lists(st.sampled_from(
    [*NAMES, *HINTS, *"+-*/(),.0123456789e_ \t\n'\"#", "**", "1.5", "sen", "lambda", "é", "0b1"]))


@settings(max_examples=500)
@given(st.text() | tokens.map("".join) | tokens.map(" ".join))
def test_any_text_is_a_formula_or_a_formula_error_that_points_into_it(text):
    try:
        check_formula(text)
    except FormulaError as error:
        assert 0 <= error.position <= len(text)
        assert error.sentence
        # What goes to a terminal is three lines of printable text.
        sentence, line, mark = str(error).split("\n")
        assert (sentence + line + mark).isprintable()
        assert mark.index("^") == error.position + 2


# --- what is said about a bad one -----------------------------------------------------------------


@pytest.mark.parametrize(("text", "position", "said"), REFUSED,
                         ids=[ascii(text[:20]) for text, _, _ in REFUSED])
def test_a_bad_formula_is_refused_at_the_character_with_a_sentence(text, position, said):
    error = refusal(text)
    assert (error.position, said in error.sentence) == (position, True), str(error)


@pytest.mark.parametrize(("text", "position"), HOSTILE, ids=[ascii(text) for text, _ in HOSTILE])
def test_hostile_text_is_refused_at_the_character(text, position):
    assert refusal(text).position == position


@pytest.mark.parametrize("text", [
    text for text, _ in HOSTILE if text.isprintable() and "#" not in text and ";" not in text])
def test_the_reader_refuses_hostile_text_even_if_the_scanner_let_it_pass(text, monkeypatch):
    monkeypatch.setattr("engine.formula.read.scan", lambda text: text)
    assert 0 <= refusal(text).position <= len(text)


@pytest.mark.parametrize("text", [
    "(" * 50 + "x" + ")" * 50,
    "-" * 50 + "x",
    "x" + "**y" * 333,
    "x" + "**-x" * 240,
    "x" + "-x" * 499,
    "min(x" + ",y" * 400 + ")",
    "sin(" * 50 + "x" + ")" * 50,
    "\n  x**2\n\t+ y**2 ",
])
def test_what_the_limits_allow_is_read_and_evaluated(text):
    assert len(text) <= MAX_LENGTH
    assert plain(surface_from_formula(text).kernel, 0.9, 0.8).shape == (3,)


# --- as a surface ---------------------------------------------------------------------------------


def test_a_formula_makes_a_whole_surface():
    surface = surface_from_formula("x**2 + 100*y**2", ((-4, 4), (-1, 1)), "My ravine")
    assert (surface.name, surface.title, surface.minima) == ("formula", "My ravine", ())
    assert "x**2 + 100*y**2" in surface.doc
    assert surface.value(3.0, 0.5) == 34.0
    assert surface.gradient(3.0, 0.5).tolist() == [6.0, 100.0]
    assert surface.hessian(3.0, 0.5).tolist() == [[2.0, 0.0], [0.0, 200.0]]


@pytest.mark.parametrize("text", ["x**2 + y**2", "log(x) + y", "sqrt(1 - x**2 - y**2)", "1/(x*y)",
                                  "max(x - 1.5, 0)", "7", "sqrt(-1 - x**2)"])
def test_the_start_lies_in_the_domain_where_there_is_a_slope(text):
    domain = ((-2.0, 2.0), (-1.0, 3.0))
    surface = surface_from_formula(text, domain)
    assert all(low <= p <= high for p, (low, high) in zip(surface.start, domain, strict=True))
    value, *gradient = machine(surface.kernel, *surface.start)
    if text == "sqrt(-1 - x**2)":
        assert math.isnan(value)
    else:
        assert np.isfinite([value, *gradient]).all()
        assert any(gradient) == (text != "7")


@pytest.mark.parametrize(("text", "tex"), [
    ("(1 - x)**2 + 100*(y - x**2)**2",
     r"\left(1 - x\right)^{2} + 100 \, \left(y - x^{2}\right)^{2}"),
    ("-2*exp(-x/3)", r"-2 \, \exp\left(\frac{-x}{3}\right)"),
    ("x*-y", r"x \, \left(-y\right)"),
    ("(-x)**2 - -y", r"\left(-x\right)^{2} - \left(-y\right)"),
    ("x + -y*2", r"x + \left(-y \cdot 2\right)"),
    ("x - (y - 1)", r"x - \left(y - 1\right)"),
    ("2*3*x", r"2 \cdot 3 \, x"),
    ("(x/y)**2", r"\left(\frac{x}{y}\right)^{2}"),
    ("2**x**y", "2^{x^{y}}"),
    ("(2**x)**y", r"\left(2^{x}\right)^{y}"),
    ("sqrt(abs(x)) + 1e-3*pi", r"\sqrt{\left|x\right|} + 1 \cdot 10^{-3} \, \pi"),
    ("asin(x) + log(y) + min(x, y)",
     r"\arcsin\left(x\right) + \ln\left(y\right) + \min\left(x, y\right)"),
])
def test_a_formula_is_typeset(text, tex):
    assert surface_from_formula(text).tex == tex


def test_a_compiled_formula_runs_as_a_pointer_in_the_engine_s_loops():
    surface = surface_from_formula("x*x - 3*y")
    field = heights.heights(surface, (0.0, 2.0), (0.0, 1.0), 2, 1)
    np.testing.assert_allclose(field, [[0.25 - 1.5, 2.25 - 1.5]])


def test_equal_formulas_compile_once_from_any_number_of_threads():
    texts = ["sin(x)*y + 0.7321", " sin( x )*y+0.7321", "(sin(x)*y) + 7.321e-1"]
    kernels = [surface_from_formula(texts[i % 3]).kernel for i in range(12)]
    with ThreadPoolExecutor(6) as pool:
        compiled = list(pool.map(lambda kernel: kernel.compiled(), kernels))
    assert len(set(map(id, compiled))) == 1
    assert kernels[0].compiled("float32") is compiled[0]


def test_without_compiling_the_plain_function_stands_in():
    code = (
        "from engine.formula import surface_from_formula as f;"
        "s = f('x**2*y + 1/x');"
        "assert s.kernel.compiled() == s.kernel.function;"
        "assert s.value(2.0, 3.0) == 12.5 and s.gradient(2.0, 3.0).tolist() == [11.75, 4.0];"
        "assert s.value(0.0, 1.0) == float('inf')"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60,
                   cwd=Path(__file__).parents[2], env={**os.environ, "NUMBA_DISABLE_JIT": "1"})


def test_checking_a_formula_starts_no_compiler():
    code = ("import sys; from engine.formula import surface_from_formula as f; f('sin(x)*y');"
            "assert not {'numba', 'llvmlite', 'pydantic'} & set(sys.modules)")
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60,
                   cwd=Path(__file__).parents[2])


# --- speed ----------------------------------------------------------------------------------------


def longest(pattern, separator):
    """The pattern with 1, 2, 3, … in it, as often as fits into a formula."""
    text, count = pattern.format(1), 2
    while len(longer := text + separator + pattern.format(count)) <= MAX_LENGTH - 10:
        text, count = longer, count + 1
    return text


@pytest.mark.parametrize("text", [
    BUILT_IN["beale"], BUILT_IN["goldstein-price"], longest("sin({}*x*y)", "+"),
    longest("cosh({}*x)**y", "*"), "x" + "**y" * 320, longest("min(x,{}*y)", "+"),
    "min(x" + ",x*y,y" * 150 + ")",
], ids=lambda text: text[:16])
def test_compiling_takes_less_than_a_second(text):
    times = []
    for attempt in range(2):
        # Another number makes it another formula, which nothing can have remembered.
        fresh = f"{attempt}.25 + {text}"
        # Processor time: what else the machine is doing is not the compiler's fault.
        start = time.thread_time()
        surface_from_formula(fresh).kernel.compiled()
        times.append(time.thread_time() - start)
    assert min(times) < 1.0


@pytest.mark.parametrize("name", ["rosenbrock", "beale", "rastrigin"])
def test_a_typed_formula_is_at_most_five_times_slower_than_the_built_in_surface(name):
    built_in = surfaces[name]
    typed = surface_from_formula(BUILT_IN[name], built_in.domain)

    def seconds(surface):
        start = time.perf_counter()
        heights.heights(surface, *surface.domain, 400, 300)
        return time.perf_counter() - start

    seconds(built_in), seconds(typed)
    assert min(seconds(typed) for _ in range(7)) < 5 * min(seconds(built_in) for _ in range(7))


def test_variables_are_the_two_parameters():
    assert VARIABLES == ("x", "y")
    assert evaluate("x - 2*y", 5.0, 1.0).tolist() == [3.0, 1.0, -2.0]
