"""Saving what the window holds, asking about what is unsaved, and getting it back after a crash.

A lesson's file holds its script. What is changed in the race of a beat is an experiment of its own:
while 'Back to the lesson' is offered, Save saves that race to a file of its own, and the lesson
otherwise. How the cards lie is no change of the race: it is saved with the lesson.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QFileDialog, QMessageBox

from engine.errors import TrainscopeError
from engine.experiment import Experiment
from engine.lesson import Lesson
from engine.picture import Picture
from engine.retelling import arranged

from .document import Document
from .file_watch import FileWatch
from .layouts import arranged_anew
from .looks import picture_of
from .recovery import Recovery

if TYPE_CHECKING:
    from .main_window import MainWindow

EXPERIMENTS = "Experiments and lessons (*.toml)"
Button = QMessageBox.StandardButton


class Saving:
    """Where what is open is saved to, and whether it may be let go."""

    def __init__(self, window: MainWindow, recovery: Recovery, watch: FileWatch) -> None:
        self._window, self._recovery, self._watch = window, recovery, watch
        self._race_recovery = recovery.beside()

    # ---- save

    def save(self) -> None:
        """Save to the file that what is open has, or ask for one."""
        document = self._window.document
        path = document.race_path if self._of_race else document.path
        if path is None or (document.lesson is not None and has_comments(path)):
            self.save_as()
        else:
            self.save_to(path)

    def save_as(self) -> None:
        """Ask for a file and save to it."""
        document = self._window.document
        title, name = "Save", file_name(document.name)
        path = document.path
        if document.lesson is not None and self._of_race:
            title, path = "Save the changed race, apart from the lesson", document.race_path
            name += "-race"
        elif document.lesson is not None:
            title = "Save the lesson"
            if path is None and document.source is not None:
                title = "Save a copy of the lesson: bundled ones are not overwritten"
            elif path is not None and has_comments(path):
                title = f"Save the lesson: the comments in {path.name} would be lost"
        proposed = path or Path(folder_of(document)) / f"{name}.toml"
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, str(proposed), EXPERIMENTS)
        if chosen:
            self.save_to(Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(".toml"))

    def save_to(self, path: Path) -> bool:
        """Save to a file; what goes wrong is told."""
        window, document = self._window, self._window.document
        race = self._of_race
        try:
            if race:
                document.save(path, self.picture())
            else:
                self._keep_arrangement()
                document.save_lesson(path)
        except TrainscopeError as error:
            window.notice.warn(str(error))
            return False
        self._watch.watch(document.source)
        if not document.unsaved:
            self.forget()
        window.preferences.add_recent(path)
        apart = "the changed race " if race and document.lesson is not None else ""
        window.notice.tell(f"Saved {apart}to {path}")
        return True

    @property
    def _of_race(self) -> bool:
        """Whether it is the race that is saved, and not a lesson's script."""
        return self._window.document.lesson is None or self._window.document.off_script

    def _keep_arrangement(self) -> None:
        """Write into the script how its viewer has arranged the cards."""
        window, document = self._window, self._window.document
        lesson, beat = document.lesson, window.session.lesson.beat
        if lesson is not None and arranged_anew(document.experiment, lesson):
            seen = window.session.seen
            document.rewrite("Arrange views", arranged(lesson, beat, self.picture()), beat,
                             was=beat, seen=seen)
            window.session.restore(seen)

    def picture(self) -> Picture:
        """How the window shows the experiment now, so that its file shows the same."""
        session = self._window.session
        return picture_of(session.document.experiment, session.look,
                          self._window.board.arrangement, session.player.step)

    # ---- unsaved edits

    def may_discard(self) -> bool:
        """Whether unsaved edits may go: asks, unless there are none.

        The race of a beat and the script of its lesson are asked about one after the other.
        """
        document = self._window.document
        if document.lesson is None or not document.off_script:
            return not document.unsaved or self._ask(
                f"Save the changes to “{document.name}”?")
        if not document.stack.isClean() and not self._ask(
                f"Save the race that was changed in “{document.name}” as an experiment?"):
            return False
        if document.script_stack.isClean():
            return True
        # What is left of the race was saved, or is let go.
        self._window.session.lesson.rejoin(play=False)
        return self._ask(f"Save the changes to “{document.name}”?")

    def _ask(self, question: str) -> bool:
        answer = QMessageBox.question(self._window, "Unsaved changes", question,
                                      Button.Save | Button.Discard | Button.Cancel, Button.Save)
        if answer == Button.Save:
            race, document = self._of_race, self._window.document
            self.save()
            return (document.stack if race else document.script_stack).isClean()
        return answer == Button.Discard

    # ---- recovery

    def autosave(self) -> None:
        """Write unsaved edits aside: the race, and the script of a lesson."""
        document = self._window.document
        lesson = document.lesson
        race = None if document.stack.isClean() else document.experiment
        script = None if document.script_stack.isClean() else lesson
        kept = ((self._recovery, script or race), (self._race_recovery, race if script else None))
        for recovery, source in kept:
            if source is not None:
                recovery.keep(source)
            else:
                recovery.forget()

    def offer_recovery(self) -> None:
        """Offer what a crash left behind."""
        path = self._recovery.left_behind()
        if path is not None:
            self._window.notice.offer(
                "Trainscope did not close properly. What was open and unsaved can be restored.",
                "Restore", lambda: self._recover(path))

    def _recover(self, path: Path) -> None:
        document = self._window.document
        try:
            source: Experiment | Lesson = self._recovery.recover(path)
        except TrainscopeError as error:
            self._window.notice.warn(str(error))
            return
        if isinstance(source, Lesson):
            document.rewrite("Restore", source, 0, new=True, seen=self._window.session.seen,
                             was=self._window.session.lesson.beat)
            return
        before = document.experiment
        document.take(before)
        document.edit("Restore", source)

    def forget(self) -> None:
        """Nothing is left behind any more: all is saved, or was let go."""
        self._recovery.forget()
        self._race_recovery.forget()


def has_comments(path: Path) -> bool:
    """Whether a file has lines of comments, which would not be written again."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return False
    return any(line.lstrip().startswith("#") for line in lines)


def folder_of(document: Document) -> str:
    """The folder that file dialogs begin in: that of what is open, or the user's own."""
    path = document.path
    return str(path.parent if path is not None else Path.home())


def file_name(title: str) -> str:
    """A title as the name of a file."""
    kept = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    return "-".join(part for part in kept.split("-") if part) or "experiment"
