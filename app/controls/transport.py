"""The bar below: play, step, scrub, speed."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ..clock import SPEEDS
from ..icons import icon
from ..player import Player
from ..theme import LIGHT, Style, Theme
from .slider import ThinSlider


class Transport(QWidget):
    """Buttons and a timeline that drive the player."""

    restart_asked = pyqtSignal()
    seed_asked = pyqtSignal()

    def __init__(self, player: Player) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setProperty("side", "bottom")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._player = player
        self._theme: Theme = LIGHT
        self.restart = self._tool("skip-back", "Restart from step 0 (Home)")
        self.back = self._tool("step-back", "One step back (Left)")
        self.play = QPushButton()
        self.forward = self._tool("step-forward", "One step on (Right)")
        self.loop = self._tool("repeat", "Loop: begin again at the end (L)")
        self.loop.setCheckable(True)
        self.seed = self._tool("dices", "New seed: other noise, same race (N)")
        self.label = QLabel()
        self.timeline = ThinSlider()
        self.timeline.thick = True
        self.timeline.setAccessibleName("timeline")
        self.speed = QComboBox()
        self.speed.setAccessibleName("speed in steps per second")
        for steps in SPEEDS:
            self.speed.addItem(f"{steps:g} steps/s" if steps < 1000 else f"{steps:,.0f} steps/s",
                               steps)
        self.speed.addItem("as fast as it goes", None)
        self.rate = QLabel()
        self.rate.setObjectName("small")
        self.rate.setMinimumWidth(52)
        self.rate.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 12)
        layout.setSpacing(8)
        for widget in (self.restart, self.back, self.play, self.forward, self.loop, self.seed):
            layout.addWidget(widget)
        layout.addSpacing(8)
        layout.addWidget(self.label)
        layout.addWidget(self.timeline, 1)
        layout.addWidget(self.speed)
        layout.addWidget(self.rate)
        self._connect()

    def _tool(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip.split(" (")[0])
        button.setProperty("icon_name", name)
        return button

    def _connect(self) -> None:
        player = self._player
        self.play.clicked.connect(player.toggle)
        self.back.clicked.connect(lambda: player.nudge(-1))
        self.forward.clicked.connect(lambda: player.nudge(1))
        self.loop.toggled.connect(player.set_looping)
        self.restart.clicked.connect(self.restart_asked)
        self.seed.clicked.connect(self.seed_asked)
        self.timeline.valueChanged.connect(self._scrubbed)
        self.speed.activated.connect(lambda _: player.set_speed(self.speed.currentData()))
        player.moved.connect(lambda _: self.refresh())
        player.told.connect(self.refresh)
        player.state_changed.connect(self.refresh)

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        theme, side, size = style.theme, round(style.px(36)), round(style.px(20))
        self._theme = self.timeline.theme = theme
        self.timeline.unit = style.unit
        for button in (self.restart, self.back, self.forward, self.loop, self.seed):
            name = button.property("icon_name")
            filled = name in ("skip-back", "step-back", "step-forward")
            button.setIcon(icon(name, theme.text, size, filled=filled))
            button.setIconSize(QSize(size, size))
            button.setFixedSize(QSize(side, side))
        play = 2 * round(style.px(24))
        self.play.setFixedSize(QSize(play, play))
        self.play.setIconSize(QSize(round(style.px(22)), round(style.px(22))))
        self.label.setMinimumWidth(round(style.px(150)))
        self.play.setStyleSheet(
            f"QPushButton {{ background: {theme.accent}; border-radius: {play // 2}px; "
            f"padding: 0; }}"
            f"QPushButton:focus {{ border: 3px solid {theme.raised}; }}")
        self.refresh()

    def show_rate(self, frames: int) -> None:
        """Say how many frames were drawn in the last second, while playing."""
        self.rate.setText(f"{frames} fps" if self._player.playing else "")

    def refresh(self) -> None:
        """Show where the player stands."""
        player = self._player
        name = "pause" if player.playing else "play"
        self.play.setIcon(icon(name, self._theme.on_accent, 22, filled=True))
        self.play.setToolTip(f"{name.capitalize()} (Space)")
        self.play.setAccessibleName(name.capitalize())
        self.label.setText(player.place)
        blocked = self.timeline.blockSignals(True)
        self.timeline.setRange(0, max(1, player.span))
        self.timeline.setValue(player.position)
        self.timeline.blockSignals(blocked)
        script = player.script
        computed = player.computed / player.last if player.last else 1.0
        self.timeline.ready = computed if script is None else 1.0
        self.timeline.marks = script.marks if script is not None else ()
        self.timeline.parts = script.chapters if script is not None else ()
        self.timeline.update()
        self.loop.setChecked(player.looping)
        self.speed.setCurrentIndex(self._speed_place(player.speed))

    def _speed_place(self, speed: float | None) -> int:
        """The entry of a speed; one that a lesson asks for and the list lacks is added."""
        for place in range(self.speed.count()):
            if self.speed.itemData(place) == speed:
                return place
        assert speed is not None
        place = next((p for p in range(self.speed.count())
                      if self.speed.itemData(p) is None or self.speed.itemData(p) > speed), 0)
        self.speed.insertItem(place, f"{speed:g} steps/s", speed)
        return place

    def _scrubbed(self, position: int) -> None:
        self._player.scrub(position)
        if self._player.position != position:
            self.refresh()
