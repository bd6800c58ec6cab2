"""From what a control asks to the edit it means, with the name that Undo shows."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject, pyqtSignal

from engine.errors import TrainscopeError
from engine.experiment import Experiment
from engine.streams import generator

from .document import Document


class Editor(QObject):
    """Turns wishes into edits of the document; one that is refused changes nothing."""

    refused = pyqtSignal(str)
    done = pyqtSignal()
    chosen = pyqtSignal(object)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document

    def contestant(self, index: int, kind: str, value: object) -> None:
        """A wish about one contestant."""
        experiment = self._document.experiment
        name = experiment.contestants[index].name
        if kind == "choose":
            self.chosen.emit(index)
        elif kind == "release":
            self._document.release()
        elif kind == "hyper":
            wanted: tuple[str, float] = value  # type: ignore[assignment]
            hyper, number = wanted
            self._try(f"{hyper} of {name}", lambda: experiment.with_hyper(index, hyper, number),
                      f"{index}.{hyper}")
        elif kind == "set":
            changes: dict[str, object] = value  # type: ignore[assignment]
            fields = ", ".join(changes)
            self._try(f"{fields} of {name}",
                      lambda: experiment.with_contestant(index, **changes), f"{index}.{fields}")
        elif kind == "duplicate":
            self._try(f"Duplicate {name}", lambda: experiment.duplicated(index))
            self.chosen.emit(index + 1)
        elif kind == "remove":
            self._try(f"Remove {name}", lambda: experiment.removed(index))

    def add(self, optimizer: str) -> None:
        """Add a contestant with an optimizer's defaults."""
        experiment = self._document.experiment
        self._try(f"Add {optimizer}",
                  lambda: experiment.added({"optimizer": {"name": optimizer}}))
        self.chosen.emit(len(self._document.experiment.contestants) - 1)

    def problem(self, changes: dict[str, object]) -> None:
        """A wish about what the contestants share."""
        experiment = self._document.experiment
        self._try(", ".join(changes), lambda: experiment.with_problem(**changes),
                  "problem." + ".".join(changes))

    def experiment(self, changes: dict[str, object]) -> None:
        """A wish about the race as a whole."""
        experiment = self._document.experiment
        self._try(", ".join(changes), lambda: experiment.replaced(**changes),
                  "experiment." + ".".join(changes))

    def new_seed(self) -> None:
        """Other randomness, the same from the same seed on every machine."""
        seed = self._document.experiment.seed
        self.experiment({"seed": int(generator(seed, "next seed").integers(0, 10_000))})

    def release(self) -> None:
        """A slider or handle was let go."""
        self._document.release()

    def _try(self, text: str, make: Callable[[], Experiment], key: str = "") -> None:
        try:
            experiment = make()
        except TrainscopeError as error:
            self.refused.emit(str(error))
        else:
            self.done.emit()
            self._document.edit(text, experiment, key)
