"""How an experiment is looked at, from its file and back: the `[picture]` of a file."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from engine.experiment import Experiment, Picture

from .layouts import Rows
from .views import Look

# What a look and a file's picture both have, besides the contestant: one says where it is in the
# list and the other its name. Of surfaces a file keeps what views of surfaces read.
LOOKS = tuple(field.name for field in fields(Look)
              if field.name in Picture.model_fields and field.name != "chosen")
KEPT = {"surface": ("zoom", "loss_scale"), "network": LOOKS}


def look_at(experiment: Experiment, chosen: int | None = None) -> Look:
    """The look that an experiment's picture asks for; `chosen` where it chooses no contestant."""
    picture = experiment.picture
    if picture is None:
        return Look(chosen)
    names = [contestant.name for contestant in experiment.contestants]
    if picture.chosen in names:
        chosen = names.index(picture.chosen)
    given = {key: getattr(picture, key) for key in LOOKS}
    given = {key: value for key, value in given.items() if value is not None}
    return replace(Look(chosen), **given)


def picture_of(experiment: Experiment, look: Look, rows: Rows, step: int) -> Picture:
    """The picture that gives this look again."""
    contestants = experiment.contestants
    seen: dict[str, Any] = {key: getattr(look, key) for key in KEPT[experiment.problem.kind]}
    return Picture(
        layout=[list(row) for row in rows], step=step,
        chosen=contestants[look.chosen].name if look.chosen is not None else None, **seen)
