"""What views and panels wish for, handed to whoever can do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .drawing import Drawing
from .editing import Editor
from .looks import LOOKS
from .session import Session

# What can be undone, by its name there: a camera is no sooner found again than a race, and what is
# chosen about a landscape changes what is computed.
CHOICES = {"plane": "Plane", "plane_rows": "Rows of the landscape", "plane_steps": "Plane",
           "plane_biases": "Biases of the landscape", "plane_penalty": "Penalty of the landscape",
           "plane_statistics": "Statistics of the landscape", "plane_size": "Landscape's points",
           "plane_zoom": "Piece of the landscape", "plane_scale": "Scale of the landscape",
           "slices": "Lines", "camera": "Camera", "projection": "Projection", "basins": "Maps",
           "settings_x": "Hyperparameters of the map",
           "settings_y": "Hyperparameters of the map", "settings_value": "Value of the map",
           "settings_zoom": "Piece of the map"}
# Another plane has other places.
ELSEWHERE = {"plane": "plane_zoom", "plane_steps": "plane_zoom", "settings_x": "settings_zoom",
             "settings_y": "settings_zoom"}


class Wishes:
    """`choose` is called with the place of a contestant that is to be chosen, out of the view where
    its card is."""

    def __init__(self, editor: Editor, session: Session, choose: Callable[[int], None],
                 drawing: Drawing, open_images: Callable[[], object]) -> None:
        self._editor, self._session, self._choose = editor, session, choose
        self._drawing, self._open_images = drawing, open_images

    def of_view(self, kind: str, value: Any) -> None:
        """What was done to a picture."""
        if kind == "start":
            self._editor.problem({"start": value})
        elif kind == "own_start":
            index, point = value
            self._editor.contestant(index, "set", {"start": point})
        elif kind == "from":
            self._editor.add_from(*value)
            self._choose_again()
        elif kind == "release":
            self._editor.release()
        elif kind == "choose":
            self._choose(value)
        elif kind == "seek":
            self._session.player.pause()
            self._session.player.seek(value)
        elif kind == "draw":
            self._drawing.touch(value)
        elif kind in CHOICES:
            elsewhere = {ELSEWHERE[kind]: None} if kind in ELSEWHERE else {}
            self._session.choose_look(CHOICES[kind], **{kind: value}, **elsewhere)
        elif kind == "point":
            self._session.show_point(value)
        elif kind == "settings":
            self._editor.add_with(*value)
            self._choose_again()
        elif kind in LOOKS:
            self._session.set_look(**{kind: value})

    def _choose_again(self) -> None:
        """Bring the card of whoever was added into sight."""
        if self._session.look.chosen is not None:
            self._choose(self._session.look.chosen)

    def of_problem(self, kind: str, value: Any) -> None:
        """What was set about what the contestants share."""
        if kind == "problem":
            self._editor.problem(value)
        elif kind == "experiment":
            self._editor.experiment(value)
        elif kind == "data":
            # Other data lie elsewhere.
            if self._editor.data_file(value):
                self._session.set_look(zoom=None)
        elif kind == "images":
            self._open_images()
        elif kind == "draw":
            self._drawing.set_active(value)
        elif kind == "brush":
            self._drawing.choose(**value)
        elif kind == "class":
            self._drawing.choose_class(value)
        elif kind == "sheet":
            {"add": self._drawing.add_class, "remove": self._drawing.remove_class,
             "clear": self._drawing.clear}[value]()
        else:
            self._editor.release()
