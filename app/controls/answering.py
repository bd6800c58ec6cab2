"""Whether a control of the window sets what a lesson's beat points at, found without a window."""

from __future__ import annotations

from engine.experiment import Experiment

from ..panels import scrolled
from ..theme import LIGHT, Style
from .contestants import Contestants
from .network_problem import NetworkPanel
from .pointer import Pointer
from .problem import ProblemPanel


def owner_of(experiment: Experiment, key: str) -> int | None:
    """The place of the contestant whose setting a key is, or None."""
    owners = [place for place, contestant in enumerate(experiment.contestants)
              if key.startswith(f"{contestant.name}.")]
    return owners[0] if owners else None


def answers(experiment: Experiment, key: str) -> bool:
    """Whether a ring finds a control for a key, with the key's contestant chosen."""
    contestants, style = Contestants(), Style(LIGHT)
    panel = (ProblemPanel if experiment.problem.kind == "surface" else NetworkPanel)()
    area = scrolled(contestants, panel)
    pointer = Pointer(area)
    contestants.show_experiment(experiment, owner_of(experiment, key), style)
    panel.show_experiment(experiment, style)
    pointer.point_at(key)
    found = pointer.target is not None
    area.deleteLater()
    return found
