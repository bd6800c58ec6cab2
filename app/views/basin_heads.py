"""What stands over maps of basins: how many of the starts arrive, in one form over all of them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.maps import DIVERGED, Basins

from ..theme import Style
from .basin_legend import UNSEEN
from .panel_grid import Panel, fitting


def texts_of(panels: Sequence[Panel], counted: Sequence[Basins | None], style: Style, *,
             boxed: bool, without: int) -> list[str]:
    """The text beside each name: the longest form that all have room for, or none.

    `boxed` says that the box whose starts are counted is on the map.
    """
    forms = [forms_of(picture, boxed=boxed) for picture in counted]
    if without:
        alone = f"1 of {without}"
        forms = [(*(f"{text} · {alone} maps" for text in texts if text), f"{alone} maps", alone)
                 for texts in forms]
    for texts in zip(*forms, strict=True):
        if all(fitting(panel.head, panel.appearance, (text,), style) == text
               for panel, text in zip(panels, texts, strict=True)):
            return list(texts)
    return [""] * len(panels)


def forms_of(picture: Basins | None, *, boxed: bool) -> tuple[str, ...]:
    """How many starts arrive, from the longest text to the shortest; always as many of them."""
    if picture is None:
        return ("",) * 4
    arrive, lost = whole_percent(float((picture.reached >= 0).mean())), picture.share(DIVERGED)
    said = f"{arrive} of the box arrive" if boxed else f"{arrive} arrive"
    full = f"{said}, {whole_percent(lost)} diverge" if UNSEEN <= lost < 1 else said
    return full, said, f"{arrive} arrive", arrive


def whole_percent(share: float) -> str:
    """A share without digits after the point: these hang on how many starts were tried."""
    if 0 < share < 0.01:
        return "< 1 %"
    return "> 99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"
