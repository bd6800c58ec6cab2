"""From what a control asks to the edit it means, with the name that Undo shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from engine.changes import changed, copied
from engine.data.choice import DrawnPoints
from engine.data.own_file import problem_of_file
from engine.errors import TrainscopeError
from engine.experiment import Contestant, Experiment, NetworkContestant
from engine.streams import generator

from .controls.one_change import compared
from .controls.schemes import restacked, with_scheme
from .document import Document
from .kinds import surface_of


class Editor(QObject):
    """Turns wishes into edits of the document; one that is refused changes nothing."""

    refused = pyqtSignal(str)
    done = pyqtSignal()
    chosen = pyqtSignal(object)

    def __init__(self, document: Document, moment: Callable[[], int | None] = lambda: None) -> None:
        """`moment` tells the step that is shown while the race plays, None while it does not.

        What is set on a network that plays takes effect from there; everything else starts anew.
        """
        super().__init__()
        self._document = document
        self._moment = moment
        self.fitted: Callable[[dict[str, Any]], dict[str, Any]] = lambda changes: changes
        """Changes of data with a batch that the rows suffice for."""

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
            self._try(f"{hyper} of {name}",
                      lambda: self._live({f"{name}.{hyper}": number}) or experiment.with_hyper(
                          index, hyper, number), f"{index}.{hyper}")
        elif kind == "set":
            changes: dict[str, object] = value  # type: ignore[assignment]
            fields = ", ".join(changes)
            keys = live_keys(experiment.contestants[index], changes)
            self._try(f"{fields} of {name}",
                      lambda: self._live(keys) or experiment.with_contestant(index, **changes),
                      f"{index}.{fields}")
        elif kind == "start":
            self.contestant(index, "set", {
                "start": surface_of(experiment).start if value == "own" else None})
            self._document.release()
        elif kind == "misread":
            self.refused.emit(str(value))
        elif kind == "compare":
            self._try(f"Compare {name}", lambda: compared(experiment, index, str(value)))
            self.chosen.emit(index + 1)
        elif kind == "duplicate":
            def twice() -> Experiment:
                more = experiment.duplicated(index)
                return copied(more, name, more.contestants[index + 1].name)

            self._try(f"Duplicate {name}", twice)
            self.chosen.emit(index + 1)
        elif kind == "remove":
            self._try(f"Remove {name}", lambda: experiment.removed(index))

    def add(self, optimizer: str) -> None:
        """Add a contestant with an optimizer's defaults."""
        experiment = self._document.experiment
        self._try(f"Add {optimizer}",
                  lambda: experiment.added({"optimizer": {"name": optimizer}}))
        self.chosen.emit(len(self._document.experiment.contestants) - 1)

    def add_with(self, index: int, values: dict[str, float]) -> None:
        """Add a copy of a contestant with other hyperparameters."""
        one = self._document.experiment.contestants[index]
        self._add_copy(index, f"Add {one.name} with {', '.join(values)}",
                       lambda: {"optimizer": one.optimizer.replaced(**values)})

    def add_from(self, index: int, start: tuple[float, float]) -> None:
        """Add a copy of a contestant on a surface that starts elsewhere."""
        name = self._document.experiment.contestants[index].name
        self._add_copy(index, f"Add {name} from elsewhere", lambda: {"start": start})

    def _add_copy(self, index: int, text: str, fields: Callable[[], dict[str, Any]]) -> None:
        """Add a copy of a contestant with other `fields`, and with what is changed on its way."""
        experiment = self._document.experiment
        one = experiment.contestants[index]

        def more() -> Experiment:
            added = experiment.added(one.replaced(**fields(), color=None, muted=False))
            return copied(added, one.name, added.contestants[-1].name)

        if self._try(text, more):
            self.chosen.emit(len(self._document.experiment.contestants) - 1)

    def everyone(self, changes: dict[str, Any]) -> None:
        """A wish about the layers that all contestants share."""
        experiment, fields = self._document.experiment, ", ".join(changes)
        self._try(f"{fields} of all contestants", lambda: restacked(experiment, **changes),
                  f"everyone.{fields}")

    def add_scheme(self, init: str) -> None:
        """Add a contestant with another init."""
        experiment = self._document.experiment
        self._try(f"Add {init}", lambda: with_scheme(experiment, init))
        self.chosen.emit(len(self._document.experiment.contestants) - 1)

    def problem(self, changes: dict[str, object]) -> None:
        """A wish about what the contestants share."""
        experiment = self._document.experiment
        self._try(", ".join(changes), lambda: experiment.with_problem(**changes),
                  "problem." + ".".join(changes))

    def points(self, text: str, dataset: DrawnPoints, key: str) -> None:
        """A wish to learn from points drawn by hand."""
        experiment = self._document.experiment
        self._try(text, lambda: experiment.with_problem(**self.fitted({"dataset": dataset})), key)

    def data_file(self, path: str) -> bool:
        """A wish to learn from a file of the user's own; whether it can be had."""
        experiment = self._document.experiment

        def with_file() -> Experiment:
            # Who is called by the data is called by the next ones, too.
            named = experiment.title == experiment.problem.title
            after = experiment.with_problem(**self.fitted(problem_of_file(path)))
            return after.replaced(title=after.problem.title) if named else after

        return self._try(f"Data from {Path(path).name}", with_file)

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

    def _live(self, values: dict[str, object]) -> Experiment | None:
        """The experiment with values changed from the step on that is shown, if that can be."""
        experiment, step = self._document.experiment, self._moment()
        if step is None or not values or experiment.problem.kind != "network":
            return None
        try:
            return changed(experiment, step + 1, values)
        except TrainscopeError:
            return None

    def _try(self, text: str, make: Callable[[], Experiment], key: str = "") -> bool:
        try:
            experiment = make()
        except TrainscopeError as error:
            self.refused.emit(str(error))
            return False
        self.done.emit()
        self._document.edit(text, experiment, key)
        return True


def live_keys(contestant: Contestant, changes: dict[str, object]) -> dict[str, object]:
    """Fields of a contestant by the keys under which they can change while it plays.

    A list of layers of which only numbers differ becomes those numbers. Nothing where that is not
    all there is.
    """
    keys: dict[str, object] = {}
    for field, value in changes.items():
        if field == "layers" and isinstance(contestant, NetworkContestant):
            old = [layer.plain() for layer in contestant.layers]
            new = [layer.plain() for layer in contestant.replaced(layers=value).layers]
            if [layer["kind"] for layer in old] != [layer["kind"] for layer in new]:
                return {}
            keys |= {f"{contestant.name}.layers[{place}].{key}": number
                     for place, (before, after) in enumerate(zip(old, new, strict=True))
                     for key, number in after.items() if before.get(key) != number}
        elif field in ("l1", "l2", "clip", "schedule"):
            keys[f"{contestant.name}.{field}"] = value
        else:
            return {}
    return keys
