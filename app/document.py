"""The experiment being edited: its file, its undo history, and one signal when it changes.

An experiment is frozen, so an edit is another experiment, and undo is going back to the one before.

A lesson has a history of its own, since what is changed in the race of a beat is dropped when the
script goes on, and what is written in the script is not. Undo takes back the race's edits first:
they are always the later ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QUndoCommand, QUndoStack

from engine.experiment import Experiment
from engine.files import write_whole
from engine.lesson import Lesson, open_file
from engine.listing import lesson_files
from engine.picture import Picture

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


class _Sight(QUndoCommand):
    """From one way to look to another: values of a look by key, those that a file remembers."""

    def __init__(self, document: Document, text: str, before: Mapping[str, Any],
                 after: Mapping[str, Any]) -> None:
        super().__init__(text)
        self._document, self._before, self._after = document, before, after

    def id(self) -> int:
        return 3

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        if not isinstance(other, _Sight) or other._after.keys() != self._after.keys() or (
                self._document.released):
            return False
        self._after = other._after
        return True

    def redo(self) -> None:
        self._document.sighted.emit(dict(self._after))

    def undo(self) -> None:
        self._document.sighted.emit(dict(self._before))


@dataclass(frozen=True)
class Telling:
    """A lesson, or an experiment without one, and its file; `beat` is where it is looked at."""

    lesson: Lesson | None
    path: Path | None
    source: Path | None
    beat: int
    experiment: Experiment | None = None


class _Rewrite(QUndoCommand):
    """From one script to another. `seen` is the window before it, which undo gives back.

    Where only `words` change, nothing else does: neither the race nor what is seen of it.
    """

    def __init__(self, document: Document, text: str, after: Telling, was: int, seen: object,
                 words: str) -> None:
        super().__init__(text)
        self._document, self._after = document, after
        self._before = Telling(document.lesson, document.path, document.source, was, document.base)
        self.edited, self._seen, self._words = document.experiment, seen, words

    def id(self) -> int:
        return 2 if self._words else -1

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        if not isinstance(other, _Rewrite) or other._words != self._words or (
                self._document.released):
            return False
        self._after = other._after
        return True

    def redo(self) -> None:
        self._document._tell(self._after, bool(self._words))

    def undo(self) -> None:
        self._document._tell(self._before, bool(self._words))
        if not self._words:
            self._document.edit("Changes", self.edited)
            self._document.restored.emit(self._seen)


class Document(QObject):
    """What the window shows and edits."""

    changed = pyqtSignal(object)
    """The experiment is another one."""
    rewritten = pyqtSignal(int, bool)
    """The script is another one: the beat that is edited, and whether in its words only."""
    sighted = pyqtSignal(object)
    """Values of a look by key, which an edit of how the race is seen has set or taken back."""
    restored = pyqtSignal(object)
    """An edit of the script was taken back: what was seen before it."""
    opened = pyqtSignal()
    """Another file, lesson or new experiment has taken the document's place."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.experiment = experiment
        self.lesson: Lesson | None = None
        self.path: Path | None = None
        self.source: Path | None = None
        """The file that was opened; `path` is where to save, which no bundled lesson has."""
        self.race_path: Path | None = None
        """Where the changed race of a beat was saved, apart from the lesson."""
        self.released = True
        self.stack, self.script_stack = QUndoStack(self), QUndoStack(self)

    @property
    def name(self) -> str:
        """A name for title bars."""
        if self.lesson is not None:
            return self.lesson.title
        return self.experiment.title or (self.path.stem if self.path else "Untitled experiment")

    @property
    def unsaved(self) -> bool:
        """Whether there are edits that no file holds."""
        return not (self.stack.isClean() and self.script_stack.isClean())

    def set_clean(self) -> None:
        """Take everything for saved."""
        self.stack.setClean()
        self.script_stack.setClean()

    @property
    def base(self) -> Experiment:
        """The experiment as it was saved last, or before the first edit."""
        stack, clean = self.stack, self.stack.cleanIndex()
        if clean == stack.index():
            return self.experiment
        start = clean if 0 <= clean < stack.index() else 0
        done = (stack.command(place) for place in range(start, stack.index()))
        return next((edit._before for edit in done if isinstance(edit, _Edit)), self.experiment)

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

    def look(self, text: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Look otherwise, in a way that can be undone; looks by the same keys in a row are one."""
        if before != after:
            self.stack.push(_Sight(self, text, before, after))
            self.released = False

    def rewrite(self, text: str, lesson: Lesson, beat: int, *, was: int = 0, seen: object = None,
                words: str = "", new: bool = False) -> None:
        """Make an edit of the script that can be undone, which goes from the beat `was` to another.

        One that changes but the words named by `words` leaves the window as it is, and joins
        others of the same until `release`. A `new` lesson has no file yet.
        """
        path, source = (None, None) if new else (self.path, self.source)
        if lesson != self.lesson:
            self.script_stack.push(_Rewrite(
                self, text, Telling(lesson, path, source, beat), was, seen, words))
            self.released = False

    def undo(self) -> None:
        """Take back the last edit."""
        (self.stack if self.stack.canUndo() else self.script_stack).undo()

    def redo(self) -> None:
        """Make the edit again that was taken back last; not over edits that came since."""
        script = self.script_stack
        following = script.command(script.index())
        as_then = isinstance(following, _Rewrite) and following.edited == self.experiment
        if self.stack.canRedo():
            self.stack.redo()
        elif as_then or not self.stack.canUndo():
            script.redo()

    def _tell(self, telling: Telling, words: bool) -> None:
        if not words:
            self.stack.clear()
        lesson = telling.lesson
        self.lesson, self.path, self.source = lesson, telling.path, telling.source
        before = self.experiment
        if not words:
            self.experiment = lesson.experiment_at(telling.beat) if lesson is not None else (
                telling.experiment or before)
            self.released = True
        self.rewritten.emit(telling.beat, words)
        if self.experiment != before:
            self.changed.emit(self.experiment)

    def release(self) -> None:
        """End the row of edits that count as one."""
        self.released = True

    def open(self, path: str | Path) -> None:
        """Take a file's experiment or lesson; raises TrainscopeError and changes nothing if bad."""
        self.take(open_file(path), Path(path))

    def take(self, source: Experiment | Lesson, path: Path | None = None) -> None:
        """Start over with another experiment or lesson; a bundled lesson is saved elsewhere."""
        self.lesson = source if isinstance(source, Lesson) else None
        self.experiment = source.experiment_at(0) if isinstance(source, Lesson) else source
        self.path, self.source, self.race_path = None if _bundled(path) else path, path, None
        self.stack.clear()
        self.script_stack.clear()
        self.released = True
        self.opened.emit()
        self.changed.emit(self.experiment)

    def show(self, experiment: Experiment) -> None:
        """Take a scene of the lesson: no edit, and the end of those made in the scene before.

        Views that the viewer has arranged stay as they are.
        """
        self.stack.clear()
        self.race_path = None
        if self.lesson is not None and arranged_anew(self.experiment, self.lesson):
            experiment = experiment.seen_as(self.experiment.picture)
        self.released = True
        if experiment != self.experiment:
            self._show(experiment)

    def save(self, path: str | Path, picture: Picture | None = None) -> None:
        """Write the experiment with how it is seen; raises FileError.

        In a lesson that is the changed race of a beat, and the lesson keeps its own file.
        """
        experiment = self.experiment.replaced(picture=picture) if picture else self.experiment
        with write_whole(path) as file:
            file.write(experiment.to_toml().encode())
        if self.lesson is None:
            self.path = self.source = Path(path)
        else:
            self.race_path = Path(path)
        self.stack.setClean()

    def save_lesson(self, path: str | Path) -> None:
        """Write the lesson; raises FileError."""
        assert self.lesson is not None
        with write_whole(path) as file:
            file.write(self.lesson.to_toml().encode())
        self.path = self.source = Path(path)
        self.script_stack.setClean()

    def _show(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.changed.emit(experiment)


def _bundled(path: Path | None) -> bool:
    return path is not None and path.resolve() in {
        bundled.resolve() for bundled in lesson_files().values()}
