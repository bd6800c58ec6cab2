"""The experiment being edited: its file, its undo history, and one signal when it changes.

An experiment is frozen, so an edit is another experiment, and undo is going back to the one before.
"""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QUndoCommand, QUndoStack

from engine.experiment import Experiment, Picture
from engine.files import write_whole
from engine.lesson import Lesson, open_file

from .layouts import arranged_anew


class _Edit(QUndoCommand):
    """From one experiment to another; edits with the same `key` melt into one while it is held."""

    def __init__(self, document: Document, text: str, after: Experiment, key: str) -> None:
        super().__init__(text)
        self._document = document
        self._before, self._after = document.experiment, after
        self._key = key

    @property
    def of_picture(self) -> bool:
        """Whether it changes nothing but how the race is shown."""
        before, after = self._before.fields(), self._after.fields()
        return all(before[key] == after[key] for key in after if key != "picture")

    def id(self) -> int:
        return 1 if self._key else -1

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        if not isinstance(other, _Edit) or other._key != self._key or self._document.released:
            return False
        self._after = other._after
        return True

    def redo(self) -> None:
        self._document._show(self._after)

    def undo(self) -> None:
        self._document._show(self._before)


class Document(QObject):
    """What the window shows and edits."""

    changed = pyqtSignal(object)
    """The experiment is another one."""
    opened = pyqtSignal()
    """Another file, lesson or new experiment has taken the document's place."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.experiment = experiment
        self.lesson: Lesson | None = None
        self.path: Path | None = None
        self.source: Path | None = None
        """The file that was opened, which for a lesson is not where edits are saved."""
        self.released = True
        self.stack = QUndoStack(self)

    @property
    def name(self) -> str:
        """A name for title bars."""
        if self.lesson is not None:
            return self.lesson.title
        return self.experiment.title or (self.path.stem if self.path else "Untitled experiment")

    @property
    def unsaved(self) -> bool:
        """Whether there are edits that no file holds."""
        return not self.stack.isClean()

    @property
    def off_script(self) -> bool:
        """Whether the viewer has changed the race of a lesson, and not only how it is shown."""
        stack = self.stack
        done = (stack.command(place) for place in range(stack.index()))
        return any(isinstance(edit, _Edit) and not edit.of_picture for edit in done)

    def edit(self, text: str, experiment: Experiment, key: str = "") -> None:
        """Make an edit that can be undone; edits of one `key` in a row count as one.

        Between a slider's press and release the row goes on; `release` ends it.
        """
        if experiment != self.experiment:
            self.stack.push(_Edit(self, text, experiment, key))
            self.released = False

    def release(self) -> None:
        """End the row of edits that count as one."""
        self.released = True

    def open(self, path: str | Path) -> None:
        """Take a file's experiment or lesson; raises TrainscopeError and changes nothing if bad."""
        self.take(open_file(path), Path(path))

    def take(self, source: Experiment | Lesson, path: Path | None = None) -> None:
        """Start over with another experiment or lesson.

        A lesson has no path to save to: saving an experiment over its script would lose it.
        """
        self.lesson = source if isinstance(source, Lesson) else None
        self.experiment = source.experiment_at(0) if isinstance(source, Lesson) else source
        self.path, self.source = None if isinstance(source, Lesson) else path, path
        self.stack.clear()
        self.released = True
        self.opened.emit()
        self.changed.emit(self.experiment)

    def show(self, experiment: Experiment) -> None:
        """Take a scene of the lesson: no edit, and the end of those made in the scene before.

        Views that the viewer has arranged stay as they are.
        """
        self.stack.clear()
        if self.lesson is not None and arranged_anew(self.experiment, self.lesson):
            experiment = experiment.replaced(picture=self.experiment.picture)
        self.released = True
        if experiment != self.experiment:
            self._show(experiment)

    def save(self, path: str | Path, picture: Picture | None = None) -> None:
        """Write the experiment with how it is seen; raises FileError."""
        experiment = self.experiment.replaced(picture=picture) if picture else self.experiment
        with write_whole(path) as file:
            file.write(experiment.to_toml().encode())
        self.path = self.source = Path(path)
        self.stack.setClean()

    def _show(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.changed.emit(experiment)
