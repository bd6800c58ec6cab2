"""What a view is: a picture drawn from a snapshot, alike in the window, films and stills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pyqtgraph as pg
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QColor

from engine.experiment import Experiment
from engine.snapshot import Snapshot

from ..theme import Style, marker_of
from .draft import Draft

if TYPE_CHECKING:
    from .choice_menu import Choice

FADED = 0.38
Eye = tuple[float, float, float]
Zoom = tuple[tuple[float, float], tuple[float, float]]
Way = tuple[Zoom | None, Zoom | None]
"""From one zoom to another, None for all."""


@dataclass(frozen=True)
class Slide:
    """Zooms on their way within a lesson, and the share of the way that they have gone."""

    share: float
    zoom: Way
    settings_zoom: Way


@dataclass(frozen=True)
class Look:
    """What the viewer chose to see of a snapshot, none of which changes a number."""

    chosen: int | None = None
    """The contestant whose step is taken apart."""
    highlight: str | None = None
    """A contestant shown full while the others fade."""
    zoom: Zoom | None = None
    camera: Eye | None = None
    """Azimuth, elevation and zoom of pictures in three dimensions; None: the usual ones."""
    projection: Literal["perspective", "orthographic"] = "perspective"
    """Whether what is further away is smaller in them."""
    flatness: float | None = None
    """How far a lesson has taken perspective away, 0 to 1, on a slide; None: as `projection` is."""
    point: tuple[float, float] | None = None
    """A point of the plane that the mouse is on in some view; no file remembers it."""
    loss_scale: Literal["log", "linear"] = "log"
    layer: int | None = None
    """The layer looked at closely, by its place in `layers`; None: the view's own choice."""
    unit: int | None = None
    """The unit looked at, by its place in its layer; None: the view's own choice."""
    histogram: Literal["activation", "pre-activation", "gradient", "weight"] = "activation"
    count_scale: Literal["linear", "log"] = "linear"
    curve: Literal["loss", "accuracy", "gradient", "weights", "update", "rate"] = "loss"
    boundaries: Literal["together", "apart"] | None = None
    """Whether all decision boundaries are on one map; None: if there is no room for more."""
    statistic: Literal["spread", "mean", "std", "saturated", "dead", "sparse"] = "spread"
    """What is shown of every layer over the run; spread: the mean, and a std to both sides."""
    over_time: Literal["bands", "heat"] | None = None
    """How that is shown; None: as bands, as long as they can be read."""
    warp: float | None = None
    """How far space is carried through the network: 0 the inputs, 1 after a layer; None: all."""
    flow: float | None = None
    """How far one example's numbers have come: 0 the inputs, 1 after a layer, …, the loss, and back
    again; None: no example, and all that units answer."""
    example: int | None = None
    """The training row whose numbers flow; None: the first of the next step's batch."""
    plane: Literal["pca", "random", "hessian", "ends", "steps"] = "pca"
    """The plane through weight space on which the loss landscape is shown."""
    plane_rows: Literal["train", "test", "batch"] = "train"
    """The rows that its loss is the mean over; batch: the next step's."""
    plane_steps: tuple[int, int, int] | None = None
    """The steps that a plane through three of them goes through; None: first, middle and newest."""
    plane_biases: bool = False
    """Whether random directions move biases and the parameters of norms too."""
    plane_penalty: bool = False
    """Whether the contestant's penalties are part of the loss."""
    plane_statistics: Literal["recomputed", "kept"] = "recomputed"
    """Where batch norms take their statistics from at a point of the plane."""
    plane_size: int = 65
    """How many points a side of the landscape has."""
    plane_zoom: Zoom | None = None
    """The piece of the plane that is shown; None: the view's own choice."""
    plane_scale: tuple[float, float] | None = None
    """The losses between which shades and contours go, so that landscapes can be compared; None:
    those of the landscape that is shown."""
    slices: Literal["axes", "between"] = "axes"
    """Whether lines go along the plane's directions, or from one network to the others."""
    basins: Literal["apart", "chosen"] | None = None
    """Whose starts are mapped: everyone's, or the chosen one's; None: all, if there is room."""
    settings_x: str | None = None
    """The hyperparameter across a map of settings; None: the learning rate."""
    settings_y: str | None = None
    """The one upwards; None: momentum, or what is like it."""
    settings_value: Literal["loss", "steps"] = "loss"
    settings_zoom: Zoom | None = None
    """What part of the two is shown; None: what their sliders span."""
    slide: Slide | None = None
    """Where a lesson's zooms come from and go to, for what would take too long in between."""
    draft: Draft | None = None
    """Points that are being drawn; no file remembers it, since they are the file's data."""
    thorough: bool = False
    """Whether numbers of large networks come from all rows, and not from a quick share of them: the
    window looks so once it has come to rest."""


@dataclass(frozen=True, eq=False)
class Pointed:
    """The point of the plane that the mouse is on in a view; None: it has left that view."""

    by: View
    at: tuple[float, float] | None


class View(pg.GraphicsWidget):
    """A rectangle of a scene that shows snapshots.

    Subclasses fill in `restyled` and `drawn`; both may assume that `style`, `snapshot` and `look`
    are set. Scene units are pixels; `style` says how many of them a design unit has.
    """

    asked = pyqtSignal(str, object)
    """A wish of the viewer: ("start", (x, y)), ("own_start", (index, (x, y))),
    ("from", (index, (x, y))) for a copy of a contestant that starts there, ("release", None),
    ("choose", index),
    ("seek", step), ("zoom", Zoom or None), ("camera", Eye or None), ("point", Pointed),
    ("loss_scale", "log" or "linear"), ("draw", Touch), ("settings", (index, values)) for a copy of
    a contestant with other hyperparameters."""
    noted = pyqtSignal()
    """The text of `note` may have changed."""
    live = True
    """Whether it can be clicked; elsewhere there is no need to show what else could be chosen."""
    takes_moves = False
    """Whether arrow keys and Home are the view's own while it has the focus."""

    whole = True
    """Whether every picture must be whole at once, as in films and stills; elsewhere it may be
    rough at first and become finer by `refine` while it is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.style: Style | None = None
        self.snapshot: Snapshot | None = None
        self.look = Look()

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale; everything is drawn anew."""
        self.style = style
        self.restyled(style)
        if self.snapshot is not None:
            self.drawn(self.snapshot, self.look)
        self.update()

    def draw(self, snapshot: Snapshot, look: Look) -> None:
        """Show one snapshot."""
        self.snapshot, self.look = snapshot, look
        if self.style is not None:
            self.drawn(snapshot, look)

    def redraw(self) -> None:
        """Draw once more what is shown, if there is anything."""
        if self.snapshot is not None and self.style is not None:
            self.drawn(self.snapshot, self.look)

    @property
    def seen(self) -> Snapshot | None:
        """The snapshot that is painted: the one shown, unless a view has yet to find out how."""
        return self.snapshot

    def prepare(self, snapshot: Snapshot, look: Look) -> None:
        """Work out and keep what drawing a snapshot of a large network needs, on any thread.

        It may not touch anything of the view but its size and style, nor of Qt. Where nothing was
        prepared `drawn` works it out itself.
        """

    @property
    def unfinished(self) -> bool:
        """Whether `refine` has something to do."""
        return False

    def refine(self, stop: Callable[[], bool]) -> None:
        """Work for a while at what makes the picture finer, on any thread; it is drawn anew then.

        `stop` is asked often whether that is no longer wanted. What is touched is as in `prepare`.
        """

    def restyled(self, style: Style) -> None:
        """The style changed."""

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        """The snapshot or the look changed."""
        self.update()

    def tell_point(self, at: tuple[float, float] | None) -> None:
        """Tell other views where on the plane the mouse is; None: it has left."""
        self.asked.emit("point", Pointed(self, at))
        self.noted.emit()

    def title(self) -> str:
        """The card's title, where it says more than the view's own."""
        return ""

    def note(self) -> str:
        """A few words for the right end of the card's head."""
        return ""

    def choices(self) -> Sequence[Sequence[Choice]]:
        """What can be chosen about the view, for the menu of its card."""
        return ()

    def note_clicked(self) -> None:
        """The note was clicked, which may be a choice."""


@dataclass(frozen=True)
class ViewDefinition:
    """A view by its name in files; `weight` is its share of a row's width and of the height."""

    name: str
    title: str
    doc: str
    make: Callable[[], View]
    weight: tuple[float, float] = (1.0, 1.0)
    framed: bool = True
    """Whether the view sits on a card with a head, or right on the ground."""
    kinds: frozenset[str] = frozenset({"surface"})
    """The kinds of problem that it shows."""
    measured: bool = False
    """Whether it shows what `Run.measure` measures on the way."""


@dataclass(frozen=True)
class Appearance:
    """How one contestant is told from the others."""

    index: int
    name: str
    color: QColor
    marker: str
    opacity: float


def in_painting_order(shown: Sequence[Appearance | None], highlight: str | None
                      ) -> list[Appearance]:
    """Those that are shown, the highlighted one last so that nothing lies over it."""
    return sorted((a for a in shown if a is not None), key=lambda a: a.name == highlight)


def appearances(experiment: Experiment, style: Style, look: Look) -> tuple[Appearance | None, ...]:
    """The appearance of every contestant, None for those that are muted."""
    shown: list[Appearance | None] = []
    for index, contestant in enumerate(experiment.contestants):
        faded = look.highlight is not None and look.highlight != contestant.name
        color = style.contestant(index, contestant.color)
        opacity = FADED if faded else 1.0
        shown.append(None if contestant.muted else Appearance(
            index, contestant.name, color, marker_of(index), opacity))
    return tuple(shown)
