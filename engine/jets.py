"""Exact first and second derivatives in two variables, by second-order forward differentiation.

A `Jet` is a number that carries its gradient and Hessian along. NumPy's functions call the method
of their own name on an object, so `np.sin(jet)` is `jet.sin()`, and a surface's kernel, written
once for the compiler, runs on jets as plain Python and yields its exact Hessian.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Union

import numpy as np
from numpy.typing import NDArray

Number = Union["Jet", float, int, np.floating]
Slopes = tuple[Any, Any]
Curvatures = tuple[Any, Any, Any]

_LN2, _LN10 = np.log(2.0), np.log(10.0)


class Jet:
    """A float64 with its gradient (f_x, f_y) and its Hessian (f_xx, f_xy, f_yy).

    Arithmetic mixes with plain numbers, comparisons look at values only, and what leaves a
    function's domain is NaN or infinite, as in NumPy (quiet under `np.errstate`).
    """

    __slots__ = ("value", "_slopes", "_curvatures")
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self, value: Any, slopes: Slopes = (0.0, 0.0), curvatures: Curvatures = (0.0, 0.0, 0.0)
    ) -> None:
        self.value = np.float64(value)
        self._slopes = slopes
        self._curvatures = curvatures

    @classmethod
    def constant(cls, value: float) -> Jet:
        """A number that depends on neither variable."""
        return cls(value)

    @classmethod
    def variable(cls, value: float, index: int) -> Jet:
        """The variable x (`index` 0) or y (`index` 1) at `value`."""
        return cls(value, (1.0, 0.0) if index == 0 else (0.0, 1.0))

    @property
    def gradient(self) -> NDArray[np.float64]:
        """The first derivatives, (2,)."""
        return np.array(self._slopes, np.float64)

    @property
    def hessian(self) -> NDArray[np.float64]:
        """The second derivatives, (2, 2), symmetric."""
        xx, xy, yy = self._curvatures
        return np.array([[xx, xy], [xy, yy]], np.float64)

    @property
    def is_constant(self) -> bool:
        """Whether no derivative is left."""
        return not any(self._slopes) and not any(self._curvatures)

    def __repr__(self) -> str:
        return f"Jet({self.value:g}, {self.gradient.tolist()}, {self.hessian.tolist()})"

    def __neg__(self) -> Jet:
        return self._chain(-self.value, -1.0, 0.0)

    def __pos__(self) -> Jet:
        return self

    def __abs__(self) -> Jet:
        return self._chain(abs(self.value), np.sign(self.value), 0.0)

    def __add__(self, other: Number) -> Jet:
        a, b = self, _lift(other)
        return _combine(a, b, a.value + b.value, (1.0, 1.0), (0.0, 0.0, 0.0))

    def __sub__(self, other: Number) -> Jet:
        a, b = self, _lift(other)
        return _combine(a, b, a.value - b.value, (1.0, -1.0), (0.0, 0.0, 0.0))

    def __mul__(self, other: Number) -> Jet:
        a, b = self, _lift(other)
        return _combine(a, b, a.value * b.value, (b.value, a.value), (0.0, 1.0, 0.0))

    def __truediv__(self, other: Number) -> Jet:
        a, b = self, _lift(other)
        quotient, slope = a.value / b.value, np.float64(1.0) / b.value
        slopes = (slope, -quotient * slope)
        return _combine(a, b, quotient, slopes, (0.0, -slope * slope, 2 * quotient * slope * slope))

    def __pow__(self, other: Number) -> Jet:
        a, b = self, _lift(other)
        power = a.value**b.value
        first = _times(a.value ** (b.value - 1), b.value)
        second = _times(a.value ** (b.value - 2), b.value * (b.value - 1))
        if b.is_constant:
            return a._chain(power, first, second)
        log = np.log(a.value)
        mixed = a.value ** (b.value - 1) * (1 + b.value * log)
        by_b = _times(log, power)
        return _combine(a, b, power, (first, by_b), (second, mixed, _times(log, by_b)))

    def __radd__(self, other: Number) -> Jet:
        return _lift(other) + self

    def __rsub__(self, other: Number) -> Jet:
        return _lift(other) - self

    def __rmul__(self, other: Number) -> Jet:
        return _lift(other) * self

    def __rtruediv__(self, other: Number) -> Jet:
        return _lift(other) / self

    def __rpow__(self, other: Number) -> Jet:
        return _lift(other) ** self

    def __eq__(self, other: object) -> bool:
        return bool(self.value == _value(other))

    def __lt__(self, other: Number) -> bool:
        return bool(self.value < _value(other))

    def __le__(self, other: Number) -> bool:
        return bool(self.value <= _value(other))

    def __gt__(self, other: Number) -> bool:
        return bool(self.value > _value(other))

    def __ge__(self, other: Number) -> bool:
        return bool(self.value >= _value(other))

    def sin(self) -> Jet:
        s, c = np.sin(self.value), np.cos(self.value)
        return self._chain(s, c, -s)

    def cos(self) -> Jet:
        s, c = np.sin(self.value), np.cos(self.value)
        return self._chain(c, -s, -c)

    def tan(self) -> Jet:
        t = np.tan(self.value)
        return self._chain(t, 1 + t * t, 2 * t * (1 + t * t))

    def arcsin(self) -> Jet:
        rest = (1 - self.value) * (1 + self.value)
        return self._chain(np.arcsin(self.value), rest**-0.5, self.value * rest**-1.5)

    def arccos(self) -> Jet:
        rest = (1 - self.value) * (1 + self.value)
        return self._chain(np.arccos(self.value), -(rest**-0.5), -self.value * rest**-1.5)

    def arctan(self) -> Jet:
        slope = 1 / (1 + self.value * self.value)
        return self._chain(np.arctan(self.value), slope, -2 * self.value * slope * slope)

    def sinh(self) -> Jet:
        s, c = np.sinh(self.value), np.cosh(self.value)
        return self._chain(s, c, s)

    def cosh(self) -> Jet:
        s, c = np.sinh(self.value), np.cosh(self.value)
        return self._chain(c, s, c)

    def tanh(self) -> Jet:
        t, c = np.tanh(self.value), np.cosh(self.value)
        # 1 - t² would lose every digit where tanh saturates.
        return self._chain(t, 1 / c / c, -2 * t / c / c)

    def exp(self) -> Jet:
        e = np.exp(self.value)
        return self._chain(e, e, e)

    def expm1(self) -> Jet:
        e = np.exp(self.value)
        return self._chain(np.expm1(self.value), e, e)

    def log(self) -> Jet:
        slope = 1 / self.value
        return self._chain(np.log(self.value), slope, -slope * slope)

    def log1p(self) -> Jet:
        slope = 1 / (1 + self.value)
        return self._chain(np.log1p(self.value), slope, -slope * slope)

    def log10(self) -> Jet:
        slope = 1 / self.value
        return self._chain(np.log10(self.value), slope / _LN10, -slope * slope / _LN10)

    def log2(self) -> Jet:
        slope = 1 / self.value
        return self._chain(np.log2(self.value), slope / _LN2, -slope * slope / _LN2)

    def sqrt(self) -> Jet:
        root = np.sqrt(self.value)
        return self._chain(root, 0.5 / root, -0.25 / (root * self.value))

    def sign(self) -> Jet:
        """-1, 0 or 1 with derivatives 0, its jump at 0 included."""
        return Jet(np.sign(self.value))

    def minimum(self, other: Number) -> Jet:
        """The smaller of two; at a tie the first, and NaN wins, as in NumPy."""
        other = _lift(other)
        return other if other.value < self.value or np.isnan(other.value) else self

    def maximum(self, other: Number) -> Jet:
        """The larger of two; at a tie the first, and NaN wins, as in NumPy."""
        other = _lift(other)
        return other if other.value > self.value or np.isnan(other.value) else self

    def _chain(self, f: Any, f1: Any, f2: Any) -> Jet:
        """f of this jet, given f and its derivatives at `value`."""
        if np.isnan(f):
            f1 = f2 = np.nan
        x, y = self._slopes
        xx, xy, yy = self._curvatures
        return Jet(f, (_times(f1, x), _times(f1, y)), (
            _times(f2, x * x) + _times(f1, xx),
            _times(f2, x * y) + _times(f1, xy),
            _times(f2, y * y) + _times(f1, yy),
        ))


def _times(factor: Any, derivative: Any) -> Any:
    """A product in which a derivative of exactly 0 stays 0, even against an infinite factor.

    sqrt(x) at x = 0 has an infinite slope in x and none in y, where 0 · inf would give NaN.
    """
    return 0.0 if derivative == 0 else factor * derivative


def _combine(a: Jet, b: Jet, f: Any, first: Slopes, second: Curvatures) -> Jet:
    """f(a, b), given f and its derivatives (f_a, f_b) and (f_aa, f_ab, f_bb)."""
    (fa, fb), (faa, fab, fbb) = first, second
    u, v = a._slopes, b._slopes

    def curvature(i: int, j: int) -> Any:
        return (
            _times(faa, u[i] * u[j])
            + _times(fab, u[i] * v[j] + u[j] * v[i])
            + _times(fbb, v[i] * v[j])
            + _times(fa, a._curvatures[i + j])
            + _times(fb, b._curvatures[i + j])
        )

    slopes = (_times(fa, u[0]) + _times(fb, v[0]), _times(fa, u[1]) + _times(fb, v[1]))
    return Jet(f, slopes, (curvature(0, 0), curvature(0, 1), curvature(1, 1)))


def _lift(number: Number) -> Jet:
    return number if isinstance(number, Jet) else Jet(number)


def _value(number: Any) -> Any:
    return number.value if isinstance(number, Jet) else number


def value_gradient_hessian(
    function: Callable[[Any, Any], Any], x: float, y: float
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Value, gradient (2,) and Hessian (2, 2) of a plain `SURFACE` function at (x, y).

    `function(point, grad) -> value` runs as Python on jets; only what it returns is read, so its
    own hand-written gradient takes no part.
    """
    point = [Jet.variable(x, 0), Jet.variable(y, 1)]
    with np.errstate(all="ignore"):
        jet = _lift(function(point, [None, None]))
        return float(jet.value), jet.gradient, jet.hessian


def hessian(function: Callable[[Any, Any], Any], x: float, y: float) -> NDArray[np.float64]:
    """The exact Hessian (2, 2) of a plain `SURFACE` function at (x, y)."""
    return value_gradient_hessian(function, x, y)[2]
