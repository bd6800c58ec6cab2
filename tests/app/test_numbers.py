"""Numbers on screen: digits, signs, powers of ten, and columns that stand still."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtGui import QFontMetricsF

from app.numbers import MINUS, number, padded, power_of_ten, unpadded, written
from app.typefaces import font


@pytest.mark.parametrize(("value", "text"), [
    (0, "0"), (0.0, "0"), (-0.0, "0"),
    (0.329, "0.329"), (0.05, "0.05"), (3.0, "3"), (-0.5, "−0.5"),
    (0.000125, "0.000125"), (0.0001, "0.0001"), (0.00009999, "0.0001"),
    (0.0000125, "1.25×10⁻⁵"), (-1e-8, "−10⁻⁸"), (2e-10, "2×10⁻¹⁰"),
    (12.345, "12.3"), (1234.56, "1,235"), (2100, "2,100"), (-2100, "−2,100"),
    (999_999.4, "999,999"), (999_999.6, "10⁶"), (4.114e7, "4.11×10⁷"), (12_345_678, "12,345,678"),
    (0.9996, "1"), (5e-324, "4.94×10⁻³²⁴"),
    (inf, "overflow"), (-inf, "−overflow"), (nan, "undefined"),
])
def test_is_read_as(value, text):
    assert number(value) == text


@pytest.mark.parametrize(("value", "text"), [
    (0.05, "0.0500"), (3.0, "3.00"), (0.0, "0.00"), (1e-8, "1.00×10⁻⁸"), (2100, "2,100"),
])
def test_fixed_keeps_zeros(value, text):
    assert unpadded(number(value, fixed=True)) == text


@given(st.floats(min_value=1e-4, max_value=9.99e5), st.booleans())
def test_plain_numbers_read_back(size, negative):
    value = -size if negative else size
    text = number(value)
    assert "-" not in text
    back = float(text.replace(MINUS, "-").replace(",", ""))
    assert back == pytest.approx(value, rel=5.1e-3)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_has_a_short_text(value):
    text = number(value)
    assert 1 <= len(text) <= 12
    assert "e" not in text


def test_powers_of_ten():
    assert [power_of_ten(k) for k in (-12, -1, 0, 3)] == ["10⁻¹²", "10⁻¹", "10⁰", "10³"]


def test_fixed_numbers_are_equally_wide_on_screen(qapp):
    metrics = QFontMetricsF(font(20, tabular=True))
    plain = (-0.000125, 0.05, 2.0, -17.61, 100.0, 99_999.0, -4321.0, 0.0, 12)
    widths = [metrics.horizontalAdvance(number(value, fixed=True)) for value in plain]
    assert max(widths) - min(widths) < 0.05


def test_padding_never_shortens():
    assert padded("12,345,678.5", 4) == "12,345,678.5"


def test_a_formula_is_written_as_on_a_blackboard():
    assert written("(1 - x)**2 + 100*(y - x**2)**2") == "(1 − x)² + 100⋅(y − x²)²"
    assert written("x ** 0.5 * y") == "x ^ 0.5⋅y"
