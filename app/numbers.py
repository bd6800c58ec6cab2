"""Numbers as they are read on screen: the digits they deserve, and signs that look like signs.

    0.329   −0.000125   1.25×10⁻⁵   2,100   4.11×10⁷   overflow
"""

from __future__ import annotations

import re
from math import isfinite, isnan

MINUS = "\u2212"
FIGURE_SPACE, POINT_SPACE = "\u2007", "\u2008"
"""As wide as a digit, and as a point or comma, wherever figures are tabular."""

SMALLEST_PLAIN, LARGEST_PLAIN = 1e-4, 1e6

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float, digits: int = 3, *, fixed: bool = False) -> str:
    """`value` with `digits` significant digits; digits before the point are never rounded away.

    Integers are given whole. Zeros at the end are dropped, unless `fixed`: then they stay, and the
    text is padded at the left to the width that most numbers of as many digits need, so that
    numbers in a column or in motion stand still in tabular figures. Below 10⁻⁴ and from 10⁶ on the
    text is a power of ten. Infinity is "overflow", NaN is "undefined".
    """
    if isinstance(value, int):
        text = f"{value:,}"
    elif isnan(value):
        text = "undefined"
    elif not isfinite(value):
        text = "overflow" if value > 0 else "-overflow"
    else:
        text = _decimal(value, digits, fixed)
    text = text.replace("-", MINUS)
    return padded(text, digits + 5) if fixed else text


def _decimal(value: float, digits: int, keep_zeros: bool) -> str:
    if value == 0:
        return f"{0:.{digits - 1}f}" if keep_zeros else "0"
    # The exponent after rounding: that of 0.0009999 is that of 0.001.
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    exponent = int(power)
    if abs(float(f"{mantissa}e{power}")) >= SMALLEST_PLAIN and abs(round(value)) < LARGEST_PLAIN:
        text = f"{value:,.{max(0, digits - 1 - exponent)}f}"
        return text if keep_zeros else _without_zeros(text)
    if not keep_zeros:
        mantissa = _without_zeros(mantissa)
        if mantissa in ("1", "-1"):
            return mantissa[:-1] + power_of_ten(exponent)
    return f"{mantissa}×{power_of_ten(exponent)}"


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def power_of_ten(exponent: int) -> str:
    """10 to a whole power, as on the axis of a logarithmic plot."""
    return "10" + superscript(exponent)


def superscript(whole: int) -> str:
    """A whole number in raised figures."""
    return str(whole).translate(_SUPERSCRIPTS)


def padded(text: str, figures: int) -> str:
    """`text` moved right to a width of `figures` digits and one point, in tabular figures."""
    points = sum(text.count(sign) for sign in ".,")
    return (FIGURE_SPACE * max(0, figures - (len(text) - points))
            + POINT_SPACE * max(0, 1 - points) + text)


def unpadded(text: str) -> str:
    """`text` without the spaces that `padded` put before it."""
    return text.lstrip(FIGURE_SPACE + POINT_SPACE)


def written(formula: str) -> str:
    """A typed formula as one would write it on a line: whole powers raised, products with dots."""
    raised = re.sub(r"\s*\*\*\s*(\d+)(?![\d.])", lambda found: superscript(int(found[1])), formula)
    return re.sub(r"\s*\*\s*", "⋅", raised.replace("**", "^")).replace("-", MINUS)
