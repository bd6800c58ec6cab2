"""How an experiment is looked at, from its file and back: the `[picture]` of a file."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from engine.experiment import Experiment
from engine.lesson import Beat, Moment
from engine.picture import Picture

from .arrangement import Arrangement
from .views import Look
from .views.view import Slide, Way, Zoom

MAPPED = ("settings_x", "settings_y", "settings_value", "settings_zoom")
# What a look and a file's picture both have, besides the contestant: one says where it is in the
# list and the other its name. Of surfaces a file keeps what views of surfaces read.
LOOKS = tuple(field.name for field in fields(Look)
              if field.name in Picture.model_fields and field.name != "chosen")
KEPT = {"surface": ("zoom", "camera", "projection", "loss_scale", "basins", *MAPPED),
        "network": LOOKS}


def look_at(experiment: Experiment, chosen: int | None = None) -> Look:
    """The look that an experiment's picture asks for; `chosen` where it chooses no contestant."""
    return _seen(experiment, experiment.picture or Picture(), Look(chosen))


def look_at_moment(moment: Moment, beat: Beat, look: Look) -> Look:
    """The look that a lesson's moment asks for, and `look` where it asks for nothing."""
    wanted = look_of(moment.experiment, moment.picture, beat.highlight, look)
    return replace(wanted, slide=_slide(moment), flatness=_flatness(moment))


def _flatness(moment: Moment) -> float | None:
    """The share of perspective that is taken away while a lesson goes to the other projection."""
    before, after = (float(picture.projection == "orthographic") for picture in moment.ends)
    if moment.share >= 1 or before == after:
        return None
    return before + moment.share * (after - before)


def _slide(moment: Moment) -> Slide | None:
    """The zooms that are on their way, those of hyperparameters as long as they are the same ones.

    A map that comes with the beat comes where it will stand, and one that leaves stays.
    """
    before, after = moment.ends
    if moment.share >= 1 or (before.zoom, before.settings_zoom) == (after.zoom,
                                                                    after.settings_zoom):
        return None

    def way(view: str, start: Zoom | None, end: Zoom | None, alike: bool) -> Way:
        was, stays = (not rows or view in {name for row in rows for name in row}
                      for rows in moment.layouts)
        if was and not stays:
            return start, start
        return (start, end) if was and alike else (end, end)

    axes = (before.settings_x, before.settings_y) == (after.settings_x, after.settings_y)
    return Slide(moment.share, way("basin-map", before.zoom, after.zoom, True),
                 way("settings-map", before.settings_zoom, after.settings_zoom, axes))


def look_of(experiment: Experiment, picture: Picture, highlight: str | None, look: Look) -> Look:
    """The look that a picture asks for while a contestant is highlighted, or none."""
    if highlight is not None:
        # Who is highlighted is who is looked at closely.
        look = replace(look, highlight=highlight)
        picture = picture.replaced(chosen=highlight)
    return _seen(experiment, picture, look)


def _seen(experiment: Experiment, picture: Picture, look: Look) -> Look:
    names = [contestant.name for contestant in experiment.contestants]
    if picture.chosen in names:
        look = replace(look, chosen=names.index(picture.chosen))
    given = {key: getattr(picture, key) for key in LOOKS}
    return replace(look, **{key: value for key, value in given.items() if value is not None})


def said(experiment: Experiment, look: Look, key: str) -> Any:
    """A part of a look as a file says it: a race that is shorter now has no later steps."""
    value = getattr(look, key)
    if key == "plane_steps" and value is not None:
        return tuple(min(step, experiment.steps) for step in value)
    return value


def picture_of(experiment: Experiment, look: Look, arrangement: Arrangement, step: int
               ) -> Picture:
    """The picture that gives this look again."""
    contestants = experiment.contestants
    seen = {key: said(experiment, look, key) for key in KEPT[experiment.problem.kind]}
    return Picture(
        layout=arrangement.names, widths=arrangement.widths, heights=arrangement.heights, step=step,
        chosen=contestants[look.chosen].name if look.chosen is not None else None, **seen)
