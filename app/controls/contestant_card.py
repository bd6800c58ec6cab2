"""One contestant in the panel: who it is, how it stands, and all that can be set about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PyQt6.QtCore import QPointF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup, QColor, QIcon, QPainter, QPixmap
from PyQt6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
)

from engine.experiment import Contestant
from engine.hyper import Hyper
from engine.optimizers import optimizers
from engine.schedules import schedules
from engine.snapshot import PointState

from ..icons import icon
from ..numbers import number
from ..theme import Style, marker_of
from ..views.markers import draw_marker
from .slider import HyperRow

CLIP_LIMIT = Hyper("limit", 1.0, 1e-6, 1e6, "log", symbol="", slider=(1e-3, 100.0),
                   doc="The largest gradient that is let through, by norm or per coordinate.")


Wish = tuple[str, Any]


def _hyper_wish(name: str, value: float) -> Wish:
    return "hyper", (name, value)


def marker_pixmap(name: str, color: QColor, size: int = 18, ratio: float = 2.0) -> QPixmap:
    """A marker as a small picture for buttons and menus."""
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = QPointF(size / 2, size / 2)
        draw_marker(painter, name, center.x(), center.y(), size * 0.33, color)
    return pixmap


class ContestantCard(QFrame):
    """A card of controls; it announces wishes and changes nothing itself."""

    asked = pyqtSignal(str, object)
    """("choose", None), ("hyper", (name, value)), ("set", {field: value}), ("duplicate", None),
    ("remove", None), ("release", None)."""

    def __init__(self, index: int, contestant: Contestant, style: Style, chosen: bool) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setProperty("chosen", chosen)
        self.index = index
        self._contestant = contestant
        self._style = style
        self._rows: dict[str, HyperRow] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 9, 12, 11)
        layout.setSpacing(5)
        layout.addLayout(self._head(contestant))
        self.explanation = QLabel()
        self.explanation.setObjectName("warning")
        self.explanation.setWordWrap(True)
        self.explanation.hide()
        layout.addWidget(self.explanation)
        definition = contestant.optimizer.definition
        shown = definition.hypers if chosen else definition.hypers[:1]
        for hyper in shown:
            self._add_row(layout, hyper, partial(_hyper_wish, hyper.name))
        if chosen:
            self._add_method(layout)
            self._add_schedule(layout)
            self._add_clip(layout)
        self.show_contestant(contestant)

    def structure(self) -> tuple[object, ...]:
        """What must be the same for `show_contestant` to do; otherwise a new card is built."""
        return structure_of(self._contestant)

    def show_contestant(self, contestant: Contestant) -> None:
        """Show a contestant's values; its structure is that of the one before."""
        self._contestant = contestant
        values: dict[str, float] = {**contestant.optimizer.hypers()}
        if contestant.schedule is not None:
            values |= {f"schedule.{k}": v for k, v in contestant.schedule.hypers().items()}
        if contestant.clip is not None:
            values["clip.limit"] = contestant.clip.limit
        for name, row in self._rows.items():
            row.set_value(values[name])
        if not self.name.hasFocus():
            self.name.setText(contestant.name)

    def show_state(self, state: PointState) -> None:
        """The loss now, or why there is none."""
        lost = state.diverged is not None
        text = "diverged" if lost else number(state.loss)
        self.explanation.setVisible(lost and not self._contestant.muted)
        if state.diverged is not None:
            self.explanation.setText(f"Step {state.diverged.step:,}: {state.diverged.quantity}. "
                                     f"{state.diverged.advice}")
            self.explanation.setToolTip(str(state.diverged))
        muted = self._contestant.muted
        self.loss.setText("muted" if muted else text)
        color = self._style.theme.warning if lost and not muted else self._style.theme.quiet
        self.loss.setStyleSheet(f"color: {color};")

    # ---- building

    def _head(self, contestant: Contestant) -> QHBoxLayout:
        color = self._style.contestant(self.index, contestant.color)
        marker = QToolButton()
        if contestant.muted:
            color.setAlphaF(0.3)
            self.setProperty("muted", True)
        marker.setIcon(QIcon(marker_pixmap(marker_of(self.index), color, 36)))
        size = round(self._style.px(18))
        marker.setIconSize(QSize(size, size))
        marker.setToolTip("Choose this contestant: its step is taken apart on the surface")
        marker.setAccessibleName(f"choose {contestant.name}")
        marker.clicked.connect(lambda: self.asked.emit("choose", None))
        self.name = QLineEdit(contestant.name)
        self.name.setObjectName("name")
        self.name.setAccessibleName(f"name of contestant {self.index + 1}")
        self.name.setMinimumWidth(40)
        self.name.editingFinished.connect(self._renamed)
        self.loss = QLabel("")
        self.loss.setObjectName("quiet")
        more = QToolButton()
        more.setIcon(icon("ellipsis", self._style.theme.quiet, size))
        more.setIconSize(QSize(size, size))
        more.setToolTip("Duplicate, mute, recolour, remove")
        more.setAccessibleName(f"more about {contestant.name}")
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setMenu(self._menu(contestant))
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(marker)
        head.addWidget(self.name, 1)
        head.addWidget(self.loss)
        head.addWidget(more)
        return head

    def _menu(self, contestant: Contestant) -> QMenu:
        menu = QMenu(self)

        def add(text: str, kind: str, value: object = None) -> None:
            action = menu.addAction(text)
            assert action is not None
            action.triggered.connect(lambda: self.asked.emit(kind, value))

        add("Duplicate", "duplicate")
        add("Show" if contestant.muted else "Mute", "set", {"muted": not contestant.muted})
        colors = menu.addMenu("Colour")
        assert colors is not None
        group = QActionGroup(colors)
        for place in range(len(self._style.theme.contestants)):
            pixmap = marker_pixmap(marker_of(self.index), self._style.contestant(place))
            action = QAction(QIcon(pixmap), f"Colour {place + 1}", group)
            action.triggered.connect(
                lambda _=False, place=place: self.asked.emit("set", {"color": place + 1}))
            colors.addAction(action)
        menu.addSeparator()
        add("Remove", "remove")
        return menu

    def _add_row(self, layout: QVBoxLayout, hyper: Hyper,
                 wish: Callable[[float], Wish], key: str = "") -> None:
        row = HyperRow(hyper, self._contestant.name)
        row.restyle(self._style)
        row.changed.connect(lambda value: self.asked.emit(*wish(value)))
        row.released.connect(lambda: self.asked.emit("release", None))
        self._rows[key or hyper.name] = row
        layout.addWidget(row)

    def _add_method(self, layout: QVBoxLayout) -> None:
        box = _box("optimizer", self._contestant.name)
        for definition in optimizers.values():
            box.addItem(definition.title, definition.name)
            box.setItemData(box.count() - 1, definition.doc, Qt.ItemDataRole.ToolTipRole)
        box.setCurrentIndex(box.findData(self._contestant.optimizer.name))
        box.activated.connect(
            lambda _: self.asked.emit("set", {"optimizer": {"name": box.currentData()}}))
        layout.addLayout(_labelled("optimizer", box))

    def _add_schedule(self, layout: QVBoxLayout) -> None:
        box = _box("schedule", self._contestant.name)
        for definition in schedules.values():
            box.addItem(definition.title, definition.name)
            box.setItemData(box.count() - 1, definition.doc, Qt.ItemDataRole.ToolTipRole)
        current = self._contestant.schedule
        box.setCurrentIndex(box.findData(current.name if current else "constant"))
        box.activated.connect(lambda _: self.asked.emit("set", {"schedule": (
            None if box.currentData() == "constant" else {"name": box.currentData()})}))
        layout.addLayout(_labelled("schedule", box))
        if current is not None:
            for hyper in current.definition.hypers:
                self._add_row(layout, hyper, partial(self._schedule_wish, hyper.name),
                              f"schedule.{hyper.name}")

    def _schedule_wish(self, name: str, value: float) -> Wish:
        schedule = self._contestant.schedule
        assert schedule is not None
        return "set", {"schedule": {"name": schedule.name, **schedule.hypers(), name: value}}

    def _add_clip(self, layout: QVBoxLayout) -> None:
        box = _box("gradient clipping", self._contestant.name)
        for text, value in (("off", None), ("by norm", "norm"), ("by value", "value")):
            box.addItem(text, value)
        clip = self._contestant.clip
        box.setCurrentIndex(box.findData(clip.by if clip else None))
        limit = clip.limit if clip else CLIP_LIMIT.default
        box.activated.connect(lambda _: self.asked.emit("set", {"clip": (
            {"by": box.currentData(), "limit": limit} if box.currentData() else None)}))
        layout.addLayout(_labelled("clip gradient", box))
        if clip is not None:
            self._add_row(layout, CLIP_LIMIT, lambda value: (
                "set", {"clip": {"by": clip.by, "limit": value}}), "clip.limit")

    def _renamed(self) -> None:
        name = self.name.text().strip()
        self.name.clearFocus()
        if name != self._contestant.name:
            self.asked.emit("set", {"name": name})

    def mousePressEvent(self, event: Any) -> None:
        self.asked.emit("choose", None)


def structure_of(contestant: Contestant) -> tuple[object, ...]:
    """What decides which controls a card has."""
    return (
        contestant.optimizer.name, contestant.schedule and contestant.schedule.name,
        contestant.clip and contestant.clip.by, contestant.color, contestant.muted,
    )


def _box(what: str, owner: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(f"{owner} {what}")
    box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    box.wheelEvent = lambda event: event.ignore()  # type: ignore[method-assign,assignment,union-attr]
    return box


def _labelled(text: str, box: QComboBox) -> QHBoxLayout:
    label = QLabel(text)
    label.setObjectName("small")
    label.setBuddy(box)
    row = QHBoxLayout()
    row.addWidget(label)
    row.addStretch()
    row.addWidget(box)
    return row
