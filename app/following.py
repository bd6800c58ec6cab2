"""A window that follows a lesson's script: which beat is on, and what is shown at its moments.

The script says what is run, at which step it is and how it is looked at, until the viewer edits
something or moves by steps; `rejoin` goes back to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PyQt6.QtCore import QObject, pyqtSignal

from .document import Document
from .looks import look_at_moment
from .player import Player
from .script import Script
from .views import Look

# Of these each says which part of some plane is shown.
ZOOMED = {"zoom", "settings_zoom", "settings_x", "settings_y"}


class Following(QObject):
    """Keeps a document and its player where the script is, while that is followed."""

    beat_changed = pyqtSignal(int)
    """Another beat is on, or the script was left or taken up again."""
    arranged = pyqtSignal(object, object, float)
    """The script wants other views: those before, those it goes to, and the share of the way."""
    invited = pyqtSignal(object)
    """It is the viewer's turn: the key of what a beat points at, or None when that is over."""
    looked = pyqtSignal()
    """The script may want another look."""

    def __init__(self, document: Document, player: Player) -> None:
        super().__init__()
        self.beat = 0
        self.script: Script | None = None
        """The open lesson's, whether it is followed or was left."""
        self._document, self._player = document, player
        # What the viewer chose to see within a beat stays until the next one.
        self._own: dict[str, object] = {}
        self._arranged: object = None
        self._new = False
        player.told.connect(self._moved)
        document.rewritten.connect(self.rewritten)
        document.stack.indexChanged.connect(self._edited)

    @property
    def on(self) -> bool:
        """Whether the script says what is shown."""
        return self._player.script is not None

    def opened(self) -> None:
        """Take the document's lesson, if it is one; it is not followed yet."""
        lesson = self._document.lesson
        self.beat = 0
        self._player.leave_script()
        self.script = Script(lesson) if lesson is not None else None
        self._own, self._arranged = {}, None
        self.invited.emit(None)

    def rewritten(self, beat: int, words: bool) -> None:
        """Take the document's lesson, whose script was edited, and stand at the end of a beat.

        Where only its words are others it is stood where it was, the race's edits included.
        """
        lesson, before = self._document.lesson, self.script
        if lesson is None:
            self.opened()
            self.beat_changed.emit(0)
            return
        self.script = script = Script(lesson)
        if not words or before is None or (self.on and beat != self.beat):
            script.go_to_end(beat)
            self.beat, self._arranged = beat, None
            self._player.pause()
            self._take_beat(script)
            self._player.follow(script)
        else:
            script.stand_as(before)
            if self.on:
                self._player.follow(script)
        self._new = False
        told = lesson.beats[self.beat]
        self.beat_changed.emit(self.beat)
        self.invited.emit(told.point_at if told.your_turn and self.on else None)

    def go_to_end(self, beat: int) -> None:
        """Go to where a beat has come to in the end; edits made since are dropped."""
        if self.script is not None and 0 <= beat < len(self.script.lesson.beats):
            self.script.go_to_end(beat)
            self.rejoin(play=False)

    def close(self) -> None:
        """Listen no more: a stack that is taken apart tells of it, when there is nobody to hear."""
        self._document.stack.indexChanged.disconnect(self._edited)

    def go_to_beat(self, beat: int, *, play: bool = True) -> None:
        """Go to where a beat begins."""
        script = self.script
        if script is not None and 0 <= beat < len(script.lesson.beats):
            script.go_to(beat)
            self.rejoin(play=play)

    def rejoin(self, *, play: bool = True) -> None:
        """Go back to the script, to where it was left; edits made since are dropped.

        Where it stood still there, for the viewer's turn or at its end, it does so again.
        """
        if self.script is None:
            return
        self._player.pause()
        self._take_beat(self.script)
        self._player.follow(self.script)
        if play and not self.script.stands:
            self._player.play()

    def chose(self, changes: Mapping[str, object]) -> None:
        """The viewer has chosen to look otherwise."""
        self._own |= changes

    def look(self, look: Look) -> Look:
        """The look of the script's moment, which keeps what the viewer has chosen in this beat."""
        script = self._player.script
        if script is None:
            return replace(look, slide=None, flatness=None)
        moment = script.moment
        usual = Look(look.chosen, draft=look.draft, point=look.point)
        wanted = look_at_moment(moment, script.lesson.beats[moment.beat], usual)
        if ZOOMED & self._own.keys():
            # The viewer is elsewhere already.
            wanted = replace(wanted, slide=None)
        if "projection" in self._own:
            wanted = replace(wanted, flatness=None)
        return replace(wanted, **self._own)  # type: ignore[arg-type]

    def keep_up(self) -> None:
        """Show the moment's step, now that more of them are computed."""
        if self._player.script is not None:
            self._player.show(self._player.script.moment.step)

    def _take_beat(self, script: Script) -> None:
        """What a beat changes once, at its beginning."""
        moment = script.moment
        self.beat, self._own, self._new = moment.beat, {}, True
        self._document.show(moment.experiment)

    def _moved(self) -> None:
        """The script's time has moved, or it was left."""
        script = self._player.script
        if script is None:
            self.looked.emit()
            self.beat_changed.emit(self.beat)
            return
        if script.beat != self.beat:
            self._take_beat(script)
        moment = script.moment
        self._player.show(moment.step)
        arranged = (moment.layouts, moment.share)
        if arranged != self._arranged and moment.layouts[1]:
            self._arranged = arranged
            self.arranged.emit(*moment.layouts, moment.share)
        self.looked.emit()
        if self._new:
            # Now that all of it is as the beat asks for, who is chosen included.
            self._new = False
            self.beat_changed.emit(self.beat)
            beat = script.lesson.beats[self.beat]
            self.invited.emit(beat.point_at if beat.your_turn else None)

    def _edited(self, _: int) -> None:
        """What the viewer has changed is not taken away by the script going on."""
        if self._document.off_script:
            self._player.leave_script()
