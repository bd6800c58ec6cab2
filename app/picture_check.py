"""What a file's `[picture]` asks for and nobody would see: views and settings that its race lacks.

The engine refuses what no picture can be. What a card answers with a sentence, or with something
usual in the place of what was asked for, is no reason to refuse a file; it is found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.errors import ExperimentError, Mistake, UnknownName
from engine.experiment import Experiment

from .views import views


def of_layout(layout: Sequence[Sequence[str]], kind: str) -> Iterator[str]:
    """Views that do not exist, or show another kind of problem."""
    for name in (name for row in layout for name in row):
        try:
            definition = views[name]
        except UnknownName as error:
            yield str(error)
            continue
        if kind not in definition.kinds:
            yield f"the view {name} shows a {' or a '.join(sorted(definition.kinds))}, not a {kind}"


def of_picture(experiment: Experiment) -> Iterator[str]:
    """All that an experiment's picture asks for in vain."""
    picture = experiment.picture
    if picture is None:
        return
    kind = experiment.problem.kind
    yield from of_layout(picture.layout or (), kind)
    optimizers = [contestant.optimizer for contestant in experiment.contestants]
    for key in ("settings_x", "settings_y"):
        name = getattr(picture, key)
        if name is not None and not any(name in optimizer.hyper_names for optimizer in optimizers):
            yield f"{key} is {name!r}, which no contestant has; the usual axis takes its place"
    if picture.plane == "ends" and len(experiment.contestants) < 3:
        yield (f"a plane through ends needs three contestants, and there "
               f"{'is' if len(experiment.contestants) == 1 else 'are'} "
               f"{len(experiment.contestants)}")


def with_views(error: ExperimentError, data: Mapping[str, Any]) -> ExperimentError:
    """The refusal of a raw file, with the views in it that do not exist."""
    picture = data.get("picture")
    layout = picture.get("layout") if isinstance(picture, Mapping) else None
    mistakes = list(error.mistakes)
    for row, names in enumerate(layout if isinstance(layout, list) else ()):
        for place, name in enumerate(names if isinstance(names, list) else ()):
            where = f"picture.layout[{row}][{place}]"
            if not isinstance(name, str) or any(one.place == where for one in mistakes):
                continue
            try:
                views[name]
            except UnknownName as unknown:
                mistakes.append(Mistake(where, str(unknown)))
    return ExperimentError(mistakes, error.source)
