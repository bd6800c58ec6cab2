"""The playhead: which step is shown, and how it moves."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

from .clock import SPEEDS, LiveClock


class Player(QObject):
    """Play, pause, step and scrub over the steps 0 to `last`, of which `computed` exist so far."""

    moved = pyqtSignal(int)
    state_changed = pyqtSignal()
    ended = pyqtSignal()
    """Playing has reached the end (and looping is off)."""

    def __init__(self) -> None:
        super().__init__()
        self.step = 0
        self.last = 0
        self.computed = 0
        self.looping = False
        self._clock = LiveClock()

    @property
    def playing(self) -> bool:
        """Whether the playhead moves by itself."""
        return self._clock.running

    @property
    def speed(self) -> float | None:
        """Steps per second; None is as fast as it goes."""
        return self._clock.steps_per_second

    def set_speed(self, steps_per_second: float | None) -> None:
        """Play at another speed from now on."""
        self._clock.steps_per_second = steps_per_second
        self.state_changed.emit()

    def change_speed(self, places: int) -> None:
        """Go to the next faster or slower of the offered speeds."""
        offered: tuple[float | None, ...] = (*SPEEDS, None)
        now = self.speed
        if now is None:
            place = len(offered) - 1
        else:
            # A speed between two offered ones counts as the lower of them when going up.
            place = sum(1 for speed in SPEEDS if speed <= now) - 1
            if places < 0 and SPEEDS[max(place, 0)] != now:
                place += 1
        self.set_speed(offered[min(max(place + places, 0), len(offered) - 1)])

    def set_looping(self, looping: bool) -> None:
        """Begin again at the end, or stop there."""
        self.looping = looping
        self.state_changed.emit()

    def play(self) -> None:
        """Move on from here; from the end, move on from the beginning."""
        if self.step >= self.last:
            self.seek(0)
        self._clock.start()
        self.state_changed.emit()

    def pause(self) -> None:
        """Stand still."""
        self._clock.stop()
        self.state_changed.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def seek(self, step: int) -> None:
        """Go to a step, or as near to it as is computed."""
        step = min(max(step, 0), self.last, max(self.computed, 0))
        if step != self.step:
            self.step = step
            self.moved.emit(step)

    def nudge(self, steps: int) -> None:
        """Pause and go some steps on or back."""
        self.pause()
        self.seek(self.step + steps)

    def restart(self) -> None:
        """Go to the beginning; playing goes on."""
        self.seek(0)

    def tick(self) -> None:
        """Move by the time that has passed."""
        if not self.playing:
            return
        # After an edit the race is computed anew; the playhead waits for it and does not go back.
        due = self._clock.steps(max(0, self.computed - self.step))
        if due:
            self.seek(self.step + due)
        if self.step >= self.last and self.last == self.computed:
            if self.looping:
                self.seek(0)
            else:
                self.pause()
                self.ended.emit()
