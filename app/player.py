"""The playhead: which step is shown, and how it moves.

It moves by itself, at its speed, or as a lesson's script says (`script`). Then it is the lesson's
time that plays, and the step follows from it; whoever asks for a step leaves the script.
"""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

from .clock import SPEEDS, LiveClock
from .script import PER_SECOND, Script, clock


class Player(QObject):
    """Play, pause, step and scrub over the steps 0 to `last`, of which `computed` exist so far."""

    moved = pyqtSignal(int)
    state_changed = pyqtSignal()
    ended = pyqtSignal()
    """Playing has reached the end (and looping is off)."""
    told = pyqtSignal()
    """The script's time has moved, or a script was taken up or left."""

    def __init__(self) -> None:
        super().__init__()
        self.step = 0
        self.last = 0
        self.computed = 0
        self.looping = False
        self.script: Script | None = None
        self.waiting = False
        """Whether the script has to wait for steps that are not computed yet."""
        self._clock = LiveClock()
        self._speed = self._clock.steps_per_second

    @property
    def playing(self) -> bool:
        """Whether the playhead moves by itself."""
        return self._clock.running

    @property
    def speed(self) -> float | None:
        """Steps per second; None is as fast as it goes."""
        if self.script is not None:
            return float(self.script.lesson.beats[self.script.beat].steps_per_second)
        return self._clock.steps_per_second

    # ---- the timeline, which counts steps or the script's time

    @property
    def position(self) -> int:
        """Where on the timeline it stands."""
        return self.step if self.script is None else self.script.time

    @property
    def span(self) -> int:
        """Where the timeline ends."""
        return self.last if self.script is None else self.script.length

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        if self.script is None:
            return f"step {self.step:,} of {self.last:,}"
        return f"{clock(self.script.time)} of {clock(self.script.length)}"

    def scrub(self, position: int) -> None:
        """Go to a place on the timeline."""
        if self.script is None:
            self.seek(position)
        else:
            self.script.seek(position)
            self.told.emit()

    # ---- the script

    def follow(self, script: Script) -> None:
        """Take a lesson's script up, or another one."""
        if self.script is None:
            self._speed = self._clock.steps_per_second
        self._change(script, PER_SECOND)

    def leave_script(self) -> None:
        """Go on by steps from here, as fast as the script does where that does not stand still."""
        if self.script is not None:
            self._change(None, self.speed or self._speed)

    def _change(self, script: Script | None, speed: float | None) -> None:
        playing = self.playing
        self._clock.stop()
        self.script, self.waiting = script, False
        self._clock.steps_per_second = speed
        if playing:
            self._clock.start()
        self.told.emit()
        self.state_changed.emit()

    def show(self, step: int) -> None:
        """Stand at the step of the script's moment, or as near to it as is computed."""
        reached = min(step, self.last, max(self.computed, 0))
        self.waiting = reached < min(step, self.last)
        if reached != self.step:
            self.step = reached
            self.moved.emit(reached)

    # ---- playing

    def set_speed(self, steps_per_second: float | None) -> None:
        """Play at another speed from now on; the script has speeds of its own and is left."""
        self.leave_script()
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
        if self.position >= self.span:
            self.scrub(0)
        if self.script is not None:
            self.script.go_on()
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
        """Go to a step, or as near to it as is computed; the script is left."""
        self.leave_script()
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
        self.scrub(0)

    def tick(self) -> None:
        """Move by the time that has passed."""
        if not self.playing:
            return
        if self.script is not None:
            self._tell(self.script)
            return
        # After an edit the race is computed anew; the playhead waits for it and does not go back.
        due = self._clock.steps(max(0, self.computed - self.step))
        if due:
            self.seek(self.step + due)
        if self.step >= self.last and self.last == self.computed:
            self._end()

    def _tell(self, script: Script) -> None:
        """Let the script's time pass, unless it waits."""
        passed = self._clock.steps(10 * PER_SECOND)
        if self.waiting:
            return
        if passed:
            stands = script.advance(passed)
            self.told.emit()
            if stands and script.ended:
                self._end()
            elif stands:
                self.pause()

    def _end(self) -> None:
        """Begin again, or stop."""
        if self.looping:
            self.scrub(0)
        else:
            self.pause()
            self.ended.emit()
