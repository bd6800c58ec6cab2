"""What is said of a layer's histogram, and which of its texts fit."""

from __future__ import annotations

from math import isfinite

from PyQt6.QtGui import QFontMetricsF

from engine.network.layer_spread import Column

from ..numbers import LARGEST_PLAIN, MINUS, number, unpadded

# Less than this share outside of the range is not worth a word: 3.5 std leave it out.
WORTH_SAYING = 0.03


def moments_text(mean: float, std: float) -> tuple[str, str]:
    """A std with two digits, and the mean to the same place, so that neither flickers."""
    spread = unpadded(number(std, 2, fixed=True))
    if "×" in spread or not (isfinite(mean) and isfinite(std)):
        small = abs(mean) < 0.005 * std
        return number(0.0 if small else mean, 2), spread
    places = len(spread.partition(".")[2])
    rounded = round(mean, places) + 0.0
    if rounded == 0 and places > 2:
        return "0", spread
    return (f"{rounded:,.{places}f}".replace("-", MINUS) if abs(rounded) < LARGEST_PLAIN
            else number(mean, 2)), spread


def percent(share: float) -> str:
    """A share as it is read: no digits after the point, and no 0 % for what is there."""
    return "<1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def said_of(column: Column) -> tuple[str, ...]:
    """What else there is to say of a layer, the most important first."""
    entry, found = column.histogram, []
    if entry.nonfinite:
        found.append(f"{entry.nonfinite:,} overflow")
    outside = (entry.below + entry.above) / max(column.total, 1)
    if outside > WORTH_SAYING:
        found.append(f"{percent(outside)} outside")
    if column.rests and entry.sparse == entry.sparse:
        found.append(f"{percent(entry.sparse)} zero")
    elif entry.saturated == entry.saturated:
        found.append(f"{percent(entry.saturated)} sat.")
    if entry.dead:
        found.append(f"{entry.dead} dead")
    return tuple(found)


def texts_of(column: Column, lines: int) -> tuple[tuple[str, ...], ...]:
    """What could stand under a histogram in `lines` lines, the most telling that fits wins."""
    mean, std = moments_text(column.histogram.mean, column.histogram.std)
    said = said_of(column)
    joined = " · ".join(said)
    if lines == 2:
        return ((f"mean {mean} · std {std}", joined), (f"{mean} ± {std}", joined),
                (f"std {std}", joined), (f"std {std}", said[0] if said else ""),
                (f"std {std}", ""), (f"σ {std}", ""))
    whole = [f"mean {mean} · std {std}", f"{mean} ± {std}", f"std {std}"]
    long = [" · ".join([text, *said]) for text in whole]
    short = f"σ {std} · {said[0]}" if said else whole[2]
    rough = unpadded(number(column.histogram.std, 1))
    return tuple((text,) for text in (*long, short, whole[2], f"σ {std}", f"σ {rough}", rough))


def inside_texts(columns: list[Column], metrics: QFontMetricsF, room: float
                 ) -> list[tuple[str, ...]]:
    """Moments for the corners of panels, of one kind for all: the first that fits, or none."""
    moments = [moments_text(c.histogram.mean, c.histogram.std) for c in columns]
    rough = [unpadded(number(c.histogram.std, 1)) for c in columns]
    # The long one is not to lie over half of the bars.
    for texts, share in (([f"mean {mean} · std {std}" for mean, std in moments], 0.5),
                         ([f"std {std}" for _, std in moments], 1.0),
                         ([f"σ {std}" for _, std in moments], 1.0),
                         ([f"σ {std}" for std in rough], 1.0)):
        if all(metrics.horizontalAdvance(text) <= share * room for text in texts):
            return [(text,) for text in texts]
    return [()] * len(columns)


def chosen_texts(columns: list[Column], lines: int, metrics: QFontMetricsF, room: float
                 ) -> list[tuple[str, ...]]:
    """Texts of one kind for all columns: the first for which none is too wide, or none."""
    if not lines or not columns:
        return [()] * len(columns)
    offered = [texts_of(column, lines) for column in columns]
    for kind in range(len(offered[0])):
        texts = [entry[kind] for entry in offered]
        if all(metrics.horizontalAdvance(line) <= room for text in texts for line in text):
            return texts
    return [()] * len(columns)
