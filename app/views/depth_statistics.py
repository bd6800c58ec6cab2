"""What can be shown of every layer over a run, in words, and the choice of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontMetricsF

from engine.network.depth_series import DepthTable

from ..numbers import number
from ..theme import Style
from .histogram_words import moments_text, percent
from .quantity_choice import HEIGHT, Segment
from .view import Look


@dataclass(frozen=True)
class Statistic:
    """A number of a layer: its words, what stands over its numbers, and where there is none."""

    word: str
    short: str
    unit: str
    absence: str = ""
    share: bool = False


STATISTICS = {
    "spread": Statistic("mean ± std", "± std", "std"),
    "mean": Statistic("mean", "mean", "mean"),
    "std": Statistic("std", "std", "std"),
    "saturated": Statistic("saturated", "sat.", "sat.", "No layer here saturates", share=True),
    "dead": Statistic("dead", "dead", "dead", "No unit here can be dead", share=True),
    "sparse": Statistic("zero", "zero", "zero", share=True),
}
# What says something of each quantity.
OF = {
    "activation": ("spread", "mean", "std", "saturated", "dead", "sparse"),
    "pre-activation": ("spread", "mean", "std", "saturated"),
    "gradient": ("spread", "mean", "std", "sparse"),
    "weight": ("spread", "mean", "std"),
}


def statistic_of(look: Look) -> str:
    """The statistic that is shown: the wanted one, if the quantity has it."""
    return look.statistic if look.statistic in OF[look.histogram] else "spread"


def said(statistic: str, table: DepthTable, look: int, place: int) -> tuple[str, ...]:
    """A layer's number in one look, the longer text first; nothing where there is none."""
    value = float(getattr(table, "std" if statistic == "spread" else statistic)[look, place])
    if not np.isfinite(value):
        return ()
    if STATISTICS[statistic].share:
        return (percent(value),)
    text = number(value, 2) if statistic == "mean" else moments_text(0.0, value)[1]
    return text, number(value, 1)


def choice(style: Style, look: Look, heat: bool, rect: QRectF) -> tuple[Segment, ...]:
    """The statistics and heat, in the middle of a rectangle; nothing where they do not fit."""
    metrics, shown = QFontMetricsF(style.font(12)), statistic_of(look)
    apart = style.px(6)
    names = OF[look.histogram]
    following = names[(names.index(shown) + 1) % len(names)]
    toggle = ("over_time", "bands" if heat else "heat", "heat", heat)
    for entries in (
            [*(("statistic", name, STATISTICS[name].word, name == shown) for name in names),
             toggle],
            [*(("statistic", name, STATISTICS[name].short, name == shown) for name in names),
             toggle],
            # A narrow panel has one word, at which the next one comes.
            [("statistic", following, STATISTICS[shown].short, True), toggle]):
        widths = [metrics.horizontalAdvance(text) + style.px(14) for _, _, text, _ in entries]
        if sum(widths) + apart <= rect.width():
            break
    else:
        return ()
    found, left = [], rect.center().x() - (sum(widths) + apart) / 2
    for entry, width in zip(entries, widths, strict=True):
        left += apart if entry[0] == "over_time" else 0.0
        found.append(Segment(*entry, QRectF(left, rect.top(), width, style.px(HEIGHT))))
        left += width
    return tuple(found)
