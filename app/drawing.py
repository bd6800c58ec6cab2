"""Drawing one's own data: from what the mouse does on a picture to edits of the document.

A stroke changes a sketch, which the views show at the next frame. The document follows a few times
a second and when the mouse is let go, so that training begins anew while one is still drawing; a
stroke is one step to undo, however often that was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Protocol

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from engine.data.points import DrawnPoints
from engine.data.sketch import MOST_LABELS, Sketch, sketch_of
from engine.errors import TrainscopeError
from engine.network.problem import NetworkProblem
from engine.snapshot import Snapshot

from .document import Document
from .session import Session
from .stroke import Stroke
from .views.draft import Brush, Draft
from .views.ground import Ground, Touch
from .views.view import Look, Zoom

# After the document has followed it waits for so long: the mouse comes first.
PAUSE_MS = 20
# While one draws, an edit waits less for its picture than one of a slider does.
IMPATIENCE_SECONDS = 0.008
TEXTS = {"draw": "Draw points", "paint": "Paint points", "erase": "Erase points"}


class Canvas(Protocol):
    """A view that can be drawn on."""

    snapshot: Snapshot | None

    @property
    def ground(self) -> Ground | None: ...
    def draw(self, snapshot: Snapshot, look: Look) -> None: ...


class Drawing(QObject):
    """Whether, with what and on what is being drawn."""

    changed = pyqtSignal(object)
    """The Draft that is drawn on now, or None."""
    refused = pyqtSignal(str)
    """Why something cannot be, as a sentence."""

    def __init__(self, document: Document, session: Session,
                 commit: Callable[[str, DrawnPoints, str], None],
                 canvas: Callable[[], Canvas | None]) -> None:
        """`commit` edits the dataset, with the edit's name and a key for edits that are one step.
        """
        super().__init__()
        self.brush = Brush()
        self._document, self._session = document, session
        self._commit_to, self._canvas = commit, canvas
        self._sketch: Sketch | None = None
        self._base: object = None
        self._lacking = self._refusal = ""
        self._zooms: tuple[Zoom | None, Zoom | None] = (None, None)
        self._stroke: Stroke | None = None
        self._strokes = 0
        self._ahead = self._committing = False
        self._rested = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._commit)
        document.changed.connect(self._document_changed)
        document.opened.connect(self._opened)

    @property
    def active(self) -> bool:
        """Whether the mouse draws."""
        return self._sketch is not None

    @property
    def drawing(self) -> bool:
        """Whether a stroke is under way."""
        return self._stroke is not None

    @property
    def sketch(self) -> Sketch:
        """The points as they are under the brush."""
        assert self._sketch is not None
        return self._sketch

    @property
    def _problem(self) -> NetworkProblem:
        problem = self._document.experiment.problem
        assert isinstance(problem, NetworkProblem)
        return problem

    # ---- begin and end

    def set_active(self, active: bool) -> None:
        """Begin to draw, on the data at hand where they are points of a plane; or leave it."""
        if active == self.active:
            return
        if active:
            self._begin()
        else:
            self._end()

    def toggle(self) -> None:
        """Begin to draw, or leave it."""
        self.set_active(not self.active)

    def _begin(self) -> None:
        canvas = self._canvas()
        if self._document.experiment.problem.kind != "network" or canvas is None:
            self.refused.emit("Points are drawn on a decision map of networks; there is none.")
            self.changed.emit(None)
            return
        self._load()
        zoom, ground = self._session.look.zoom, canvas.ground
        self._zooms = zoom, zoom
        if zoom is None and ground is not None:
            self._freeze(ground)
        self._show()

    def _freeze(self, ground: Ground) -> None:
        """Let what is shown stay where it is, although points at the border would make it more."""
        self._zooms = None, ground.zoom
        self._session.set_look(zoom=ground.zoom)

    def _end(self) -> None:
        self._finish_stroke()
        before, frozen = self._zooms
        lacking, self._sketch, self._lacking = self._lacking, None, ""
        if self._session.look.zoom == frozen != before:
            self._session.set_look(zoom=before)
        self._show()
        if lacking:
            self.refused.emit(f"There is nothing to learn yet: {lacking[0].lower()}{lacking[1:]}")

    def _opened(self) -> None:
        self._drop_stroke()
        self._ahead = False
        if self.active:
            self._sketch, self._lacking = None, ""
            self._show()

    def _load(self) -> None:
        """Take the points of the document's dataset."""
        problem = self._problem
        try:
            sketch = sketch_of(problem.dataset, self._document.experiment.seed)
        except TrainscopeError:
            sketch = None
        self._sketch = Sketch.empty() if sketch is None else sketch
        self._base, self._ahead = problem.dataset, False
        self._lacking = self._missing(self._sketch)
        if self._sketch.labels and self.brush.label not in self._sketch.labels:
            self.brush = replace(self.brush, label=self._sketch.labels[0])
        if not self._sketch.labels and self.brush.tool == "paint":
            self.brush = replace(self.brush, tool="draw")

    def _show(self) -> None:
        sketch = self._sketch
        draft = None if sketch is None else Draft(sketch, self.brush, self._base, self._lacking)
        self._session.show_draft(draft)
        canvas = self._canvas()
        if canvas is not None and canvas.snapshot is not None:
            # At once, and no other view: they know nothing of points that nobody has learnt from.
            canvas.draw(canvas.snapshot, self._session.look)
        self.changed.emit(draft)

    # ---- the brush

    def choose(self, **changes: object) -> None:
        """Another tool, class, spread or count."""
        self.brush = replace(self.brush, **changes)  # type: ignore[arg-type]
        if self.active:
            self._show()

    def choose_class(self, place: int) -> None:
        """The brush of a class by its place; from the eraser back to drawing."""
        labels = self.sketch.labels
        if 0 <= place < len(labels):
            tool = "draw" if self.brush.tool == "erase" else self.brush.tool
            self.choose(label=labels[place], tool=tool)

    def switch(self, tool: str) -> None:
        """A tool, or back to drawing where it is in hand already."""
        if tool != "paint" or self.sketch.labels:
            self.choose(tool="draw" if self.brush.tool == tool else tool)

    def add_class(self) -> None:
        """A class more, and its brush in hand."""
        if len(self.sketch.labels) < MOST_LABELS:
            sketch = self.sketch.with_class()
            self._edit("Add a class", sketch)
            self.choose_class(len(sketch.labels) - 1)

    def remove_class(self) -> None:
        """The last class goes, and its points with it."""
        if len(self.sketch.labels) > 2:
            sketch = self.sketch.without_class()
            if self.brush.label not in sketch.labels:
                self.brush = replace(self.brush, label=sketch.labels[-1])
            self._edit("Remove a class", sketch)

    def clear(self) -> None:
        """An empty plane."""
        if len(self.sketch):
            self._edit("Clear the plane", self.sketch.cleared())

    def _edit(self, text: str, sketch: Sketch) -> None:
        self._finish_stroke()
        self._sketch, self._ahead = sketch, True
        self._strokes += 1
        self._commit(text)
        self._document.release()

    # ---- strokes

    def touch(self, touch: Touch) -> None:
        """What the mouse does on a plane."""
        if not self.active:
            return
        if touch.kind == "press":
            self._strokes += 1
            self._session.patience = IMPATIENCE_SECONDS
            if self._session.look.zoom is None:
                self._freeze(touch.ground)
            self._stroke = Stroke(self.brush, self._document.experiment.seed)
        if self._stroke is None:
            return
        sketch = self._stroke.to(touch, self.sketch)
        if sketch is not self._sketch:
            self._sketch, self._ahead = sketch, True
        if touch.kind == "release":
            self._finish_stroke()
        elif self._ahead:
            self._show()
            if not self._timer.isActive():
                waited = 1000 * (perf_counter() - self._rested)
                self._timer.start(max(0, round(PAUSE_MS - waited)))

    def _finish_stroke(self) -> None:
        self._drop_stroke()
        self._commit()
        self._document.release()

    def _drop_stroke(self) -> None:
        self._stroke = None
        self._timer.stop()
        self._session.patience = None

    # ---- the document

    def _commit(self, text: str = "") -> None:
        """Let the document have the points as they are now."""
        if not self._ahead or self._sketch is None:
            return
        self._ahead = False
        table = self._sketch.table()
        self._committing = True
        try:
            self._commit_to(text or TEXTS[self.brush.tool], table, f"draw {self._strokes}")
        finally:
            self._committing = False
        self._rested = perf_counter()
        if self._problem.dataset == table:
            self._base = self._problem.dataset
            self._sketch = self._sketch.begun()
            self._lacking = self._missing(self._sketch)
        else:
            self._load()
        self._show()

    def _document_changed(self) -> None:
        if not self.active or self._committing:
            return
        if self._document.experiment.problem.kind != "network":
            self._opened()
            return
        if self._problem.dataset is not self._base:
            # Undone, or other data: what was under the brush has gone with them.
            self._drop_stroke()
            self._load()
        self._show()

    def run_refused(self, sentence: str) -> None:
        """The race cannot be run: said on the plane while one draws, else as every refusal.

        A file of too few points is one to go on drawing on.
        """
        self._refusal = sentence
        if self.active:
            self._lacking = self._lacking or sentence
            if not self._committing:
                self._show()
            return
        dataset = getattr(self._document.experiment.problem, "dataset", None)
        run = self._session.run
        on_network = run is not None and run.experiment.problem.kind == "network"
        if isinstance(dataset, DrawnPoints) and dataset.refusal and on_network:
            self._begin()
        else:
            self.refused.emit(sentence)

    def _missing(self, sketch: Sketch) -> str:
        """What it takes until there is something to learn, or why it cannot be learnt."""
        run = self._session.run
        runs = run is not None and run.experiment is self._document.experiment
        return words_for(sketch) or ("" if runs else self._refusal)


def words_for(sketch: Sketch) -> str:
    """What it takes until there is something to learn, as a sentence, or nothing."""
    points, classes = sketch.lacking
    if classes == 2:
        return "Draw points of two classes or more"
    if classes == 1:
        return "Draw points of a second class, too"
    return {2: "Draw two points or more", 1: "Draw one more point"}.get(points, "")
