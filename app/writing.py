"""Writing a lesson in the window: what the script's panel asks becomes an edit of the document.

A beat is made of what the window shows. Each edit can be undone, the window being as it was before
then, and what no beat can say is told with its reason, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from engine.errors import ExperimentError, TrainscopeError
from engine.lesson import Lesson, pointable
from engine.retelling import duplicated, exchanged, inserted, joined, removed, reworded, shifted

from .board import Board
from .controls.picker import Picker
from .document import Document
from .left_column import LeftColumn
from .notice import Notice
from .session import Session
from .shown_scene import Shown, first_lesson, next_scene, same_scene, with_time


class Writing(QObject):
    """Joins the panel of a script to the document and to what the window shows."""

    left = pyqtSignal()
    """The keys are for the board now: the panel was closed, or the race goes on."""

    def __init__(self, document: Document, session: Session, column: LeftColumn, picker: Picker,
                 board: Board, notice: Notice) -> None:
        super().__init__(column)
        self._document, self._session, self._column = document, session, column
        self._board, self._notice, self._picker = board, notice, picker
        self.panel = panel = column.script
        panel.asked.connect(self.do)
        panel.told.connect(self._tell)
        panel.beat_chosen.connect(self._go_to)
        panel.form.asked.connect(self._reword)
        panel.form.timed.connect(self._retime)
        panel.form.released.connect(document.release)
        panel.form.picking.connect(self._pick)
        picker.picked.connect(lambda key: self._reword({"point_at": key}))
        picker.ended.connect(lambda: panel.form.point.setChecked(False))
        for signal in (document.opened, document.rewritten, session.lesson.beat_changed):
            signal.connect(lambda *_: self.show())

    @property
    def beat(self) -> int:
        """The beat that is being written: the one that is on."""
        return self._session.lesson.beat

    def open(self, on: bool) -> None:
        """Show the panel, or no longer."""
        self._picker.stop()
        self._column.write(on)
        self.show()
        if not on:
            self.left.emit()

    def close(self) -> None:
        """Let the mouse go."""
        self._picker.stop()

    def show(self) -> None:
        """Show the script as it is now."""
        lesson = self._document.lesson
        if self.panel.isVisible() and (lesson is None or self.beat < len(lesson.beats)):
            self.panel.show_lesson(lesson, self.beat)

    # ---- beats

    def do(self, wish: str) -> None:
        """What is asked of the beat that is on: add, retake, up, down, duplicate, delete.

        Or go_on, which lets the race go on from there, and close, which opens the panel where it
        is closed.
        """
        lesson, beat = self._document.lesson, self.beat
        if wish == "close":
            self.open(not self._column.writing)
        elif wish == "add":
            self._add()
        elif wish == "go_on":
            self._session.player.leave_script()
            self._session.player.play()
            self.left.emit()
        elif lesson is not None:
            self._edit(wish, lesson, beat)

    def _add(self) -> None:
        """A beat after the present one that ends as the window stands now; or a lesson of one."""
        lesson, beat, shown = self._document.lesson, self.beat, self._shown()
        if not self._board.isVisible():
            return
        if lesson is None:
            done = self._rewrite("Make a lesson", lambda: first_lesson(shown), 0, new=True)
        else:
            done = self._rewrite("Add beat", lambda: inserted(
                lesson, beat + 1, next_scene(lesson, beat, shown)), beat + 1)
            if not done:
                self._offer_to_join(lesson, beat, shown)
        if done:
            self._to_caption()

    def _to_caption(self) -> None:
        self.open(True)
        self.panel.form.caption.setFocus()

    def _offer_to_join(self, lesson: Lesson, beat: int, shown: Shown) -> None:
        """Where all that is wrong is that somebody new takes part: let them, muted before."""
        try:
            wider = joined(lesson, shown.experiment)
            after = inserted(wider, beat + 1, next_scene(wider, beat, shown))
        except TrainscopeError:
            return
        before = {contestant.name for contestant in lesson.experiment.contestants}
        names = [contestant.name for contestant in shown.experiment.contestants
                 if contestant.name not in before]

        def join() -> None:
            if self._document.lesson == lesson and self._document.experiment == shown.experiment:
                self._rewrite("Add beat", lambda: after, beat + 1)
                self._to_caption()

        self._notice.offer(f"{', '.join(names)} is not in this lesson yet." if len(names) == 1 else
                           f"{', '.join(names)} are not in this lesson yet.",
                           "Put in, muted elsewhere", join)

    def _edit(self, wish: str, lesson: Lesson, beat: int) -> None:
        last, shown = len(lesson.beats) - 1, self._shown()
        if wish == "retake":
            self._rewrite("Take what is shown", lambda: exchanged(
                lesson, beat, same_scene(lesson, beat, shown)), beat)
        elif wish == "duplicate":
            self._rewrite("Duplicate beat", lambda: duplicated(lesson, beat), beat + 1)
        elif wish == "delete" and last > 0:
            self._rewrite("Delete beat", lambda: removed(lesson, beat), min(beat, last - 1))
        elif wish in ("up", "down"):
            to = beat + (1 if wish == "down" else -1)
            if 0 <= to <= last:
                self._rewrite("Move beat", lambda: shifted(lesson, beat, to), to)

    def _shown(self) -> Shown:
        session, player = self._session, self._session.player
        return Shown(self._document.experiment, session.look, self._board.arrangement, player.step,
                     player.speed)

    def _rewrite(self, text: str, make: Callable[[], Lesson], beat: int, *, new: bool = False
                 ) -> bool:
        """Make an edit that the window follows; what is refused is told."""
        self._session.player.pause()
        try:
            lesson = make()
        except TrainscopeError as error:
            self._notice.warn(_refusal(text, error))
            return False
        self._document.release()
        self._document.rewrite(text, lesson, beat, was=self.beat, seen=self._session.seen, new=new)
        return True

    # ---- words and times

    def _reword(self, changes: dict[str, Any]) -> None:
        lesson, beat = self._document.lesson, self.beat
        if lesson is None:
            return
        # The beat that is typed in stays the one that is on.
        self._session.player.pause()
        try:
            after = reworded(lesson, beat, **changes)
        except TrainscopeError as error:
            self._notice.warn(str(error))
            self.show()
            return
        key = ".".join((str(beat), *changes))
        self._document.rewrite("Edit beat", after, beat, was=beat, words=key)

    def _retime(self, changes: dict[str, Any]) -> None:
        lesson, beat = self._document.lesson, self.beat
        if lesson is not None:
            self._document.release()
            self._reword(with_time(lesson, beat, changes))

    def _tell(self, changes: dict[str, Any]) -> None:
        lesson, beat = self._document.lesson, self.beat
        if lesson is None:
            return
        try:
            after = lesson.replaced(**changes)
        except TrainscopeError as error:
            self._notice.warn(str(error))
            return
        self._document.rewrite("Edit lesson", after, beat, was=beat, words=".".join(changes))

    def _go_to(self, beat: int) -> None:
        """Show what a beat has come to in the end; a race that was changed stays in its beat."""
        following = self._session.lesson
        if beat == following.beat and not following.on:
            return
        self._document.release()
        following.go_to_end(beat)

    def _pick(self, on: bool) -> None:
        lesson = self._document.lesson
        if on and lesson is not None:
            self._picker.start(pointable(lesson.experiment_at(self.beat)))
        else:
            self._picker.stop()


def _refusal(text: str, error: TrainscopeError) -> str:
    """Why an edit cannot be made, in a sentence without the places of a file's beats."""
    if not isinstance(error, ExperimentError):
        return f"{text}: {error}"
    mistake = error.mistakes[0]
    place = mistake.place.partition("].")[2] or mistake.place
    return f"{text} is not possible: {place} {mistake.sentence}.".replace("\"", "")
