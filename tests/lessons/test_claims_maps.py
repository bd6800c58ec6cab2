"""What lessons claim of whole planes of starts and settings, on the engine's maps."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from shown import Shown, lesson_of

from engine.maps import DIVERGED, NOWHERE, Basins, basins, quadratic, settings, whole
from engine.maps.theory import best, border
from engine.optimizers import optimizers

PLANE = ((-6.0, 6.0), (-6.0, 6.0))


@cache
def starts(lesson: str, beat: int, who: str, box: tuple, side: int = 90) -> Basins:
    """Where a contestant's starts end in a beat."""
    experiment = Shown(lesson, beat).experiment
    place = [entry.name for entry in experiment.contestants].index(who)
    return whole(basins(experiment, place, size=(side, side), box=box))


def changes(picture: Basins) -> float:
    """How often neighbours in a row end differently, in the mean over the rows."""
    return float((picture.reached[:, 1:] != picture.reached[:, :-1]).sum(axis=1).mean())


def test_every_start():
    lesson = lesson_of("every-start")
    zoom = lesson.experiment.picture.zoom
    assert zoom == PLANE
    surface = Shown("every-start", 0).surface
    limits = [2 / np.linalg.eigvalsh(surface.hessian(*point))[-1] for point in surface.minima]
    sharpest, second = np.argsort(limits)[:2]
    assert limits[sharpest] == pytest.approx(0.0149, abs=5e-5)

    # Beat 1: every start ends in one of four minima, those nearby in fewer steps.
    slow = starts("every-start", 0, "SGD", PLANE)
    assert (slow.reached >= 0).all() and len(np.unique(slow.reached)) == 4
    x, y = np.meshgrid(slow.x, slow.y)
    away = np.hypot(x - slow.minima[slow.reached, 0], y - slow.minima[slow.reached, 1])
    assert slow.steps[away < 0.5].mean() < 0.6 * slow.steps[away > 2].mean()

    # Beat 2: at four times the rate others are reached where it is steep, by the first steps.
    rates = [Shown("every-start", beat).experiment.contestants[0].optimizer.lr
             for beat in range(4)]
    assert rates[1] == pytest.approx(4 * rates[0])
    fast = starts("every-start", 1, "SGD", PLANE)
    other = fast.reached != slow.reached
    assert 0.02 < other.mean() < 0.5
    slopes = np.array([[np.hypot(*surface.gradient(a, b)) for a in slow.x] for b in slow.y])
    assert np.median(slopes[other]) > 2 * np.median(slopes[~other])
    first_steps = []
    for row, column in np.argwhere(other)[::7]:
        point = np.array([slow.x[column], slow.y[row]])
        for _ in range(3):
            point = point - rates[1] * surface.gradient(*point)
        at = np.abs(slow.y - point[1]).argmin(), np.abs(slow.x - point[0]).argmin()
        first_steps.append(slow.reached[at] == fast.reached[row, column])
    assert np.mean(first_steps) > 0.8

    # Beat 3: above 2/λmax of the sharpest alone, it is left again, and many stay in the others.
    # One start in ten thousand happens to come so near that it has not left by the last step.
    assert limits[sharpest] < rates[2] < limits[second]
    thrown = starts("every-start", 2, "SGD", PLANE)
    found = [thrown.share(place) for place in range(4)]
    assert found[sharpest] < 1e-3 and min(np.delete(found, sharpest)) > 0.15

    # Beat 4: two are left, and those that are lost begin far out.
    assert limits[second] < rates[3] < np.delete(limits, [sharpest, second]).min()
    flying = starts("every-start", 3, "SGD", PLANE)
    found = [flying.share(place) for place in range(4)]
    assert max(found[sharpest], found[second]) < 1e-3
    assert min(np.delete(found, [sharpest, second])) > 0.1
    assert slow.share(DIVERGED) == fast.share(DIVERGED) == 0 < flying.share(DIVERGED)
    far = np.maximum(np.abs(x), np.abs(y))
    assert far[flying.reached == DIVERGED].min() > 4.5
    assert flying.share(NOWHERE) > 0.2

    # Beat 5: far out, a heavy ball's neighbours part ten times as often as plain descent's.
    for who, low, high in (("SGD", 0.0, 0.03), ("Momentum", 0.2, 1.0)):
        reached = starts("every-start", 4, who, PLANE).reached
        parted = reached[:, 1:] != reached[:, :-1]
        assert low <= parted[far[:, 1:] > 5].mean() <= high, who

    # Beat 6: 40 times closer, and closer again, momentum's borders are as many as before.
    closer = lesson.pictures[6].zoom
    assert (PLANE[0][1] - PLANE[0][0]) / (closer[0][1] - closer[0][0]) == pytest.approx(40)
    assert changes(starts("every-start", 5, "SGD", closer)) == pytest.approx(1, abs=0.05)
    assert changes(starts("every-start", 5, "Momentum", closer, 160)) > 5
    for x0, y0, side in ((0.18379, 4.28371, 0.06), (0.172728, 4.298898, 0.012),
                         (0.172765, 4.300061, 0.0024)):
        box = (x0 - side / 2, x0 + side / 2), (y0 - side / 2, y0 + side / 2)
        assert changes(starts("every-start", 5, "Momentum", box, 160)) > 5

    # Beat 7: Adam loses none, draws other borders, and its first step is as long in x as in y.
    scaled = starts("every-start", 6, "Adam", PLANE)
    assert (scaled.reached >= 0).all()
    assert (scaled.reached != slow.reached).mean() > 0.05
    path = Shown("every-start", 6).path("Adam")
    assert abs(np.subtract(*path[1::-1, 0]) / np.subtract(*path[1::-1, 1])) == pytest.approx(1)


def test_the_map_of_settings_in_the_lesson_on_momentum():
    shown, lesson = Shown("momentum", 6), lesson_of("momentum")
    look = lesson.pictures[7]
    place = [entry.name for entry in shown.experiment.contestants].index("Momentum")
    picture = whole(settings(shown.experiment, place, size=(120, 120), box=look.settings_zoom))
    ravine = quadratic(shown.surface)
    pair = best(optimizers["momentum"], ravine)
    # The contestant stands where theory says.
    own = shown.experiment.contestants[place].optimizer
    assert own.lr == pytest.approx(pair["lr"], rel=1e-6)
    assert own.momentum == pytest.approx(pair["momentum"], rel=1e-6)
    # The fastest two in a hundred of the pairs that arrive lie around it, within the border.
    arrived = np.where(picture.steps >= 0, picture.steps, 10**6)
    fastest = np.argwhere(arrived <= np.quantile(arrived[arrived < 10**6], 0.02))
    lr, momentum = picture.x[fastest[:, 1]], picture.y[fastest[:, 0]]
    off = np.abs(np.log(lr / pair["lr"])), np.abs(momentum - pair["momentum"])
    assert np.median(off[0]) < np.log(1.3) and off[0].max() < np.log(2.5)
    assert np.median(off[1]) < 0.1 and off[1].max() < 0.2
    limits = [border(optimizers["momentum"], {**own.hypers(), "momentum": value}, ravine)
              for value in momentum]
    assert (lr < limits).all() and np.median(lr / limits) > 0.75
    # And beyond the border nothing does.
    for row, value in enumerate(picture.y):
        limit = border(optimizers["momentum"], {**own.hypers(), "momentum": value}, ravine)
        assert (picture.steps[row, picture.x > limit] == -1).all()
    # 'Your turn' does not begin at its best.
    turn = Shown("momentum", 7).experiment.contestants[place].optimizer
    column, row = np.abs(picture.x - turn.lr).argmin(), np.abs(picture.y - turn.momentum).argmin()
    assert arrived[row, column] > 1.5 * arrived.min()


def test_the_map_of_starts_in_the_lesson_on_two_pits():
    shown = Shown("where-starts-end", 4)
    assert set(shown.names) == {"SGD", "Momentum"}
    box = shown.surface.domain
    plain, heavy = (starts("where-starts-end", 4, who, box) for who in ("SGD", "Momentum"))
    assert (plain.reached >= 0).all() and (heavy.reached >= 0).all()
    # SGD keeps to its side: it ends where descent by small steps does, and all of each is in one
    # piece, whose border no row crosses twice.
    small = shown.experiment.with_hyper(0, "lr", 0.005).replaced(steps=4000)
    flow = whole(basins(small, 0, size=(90, 90)))
    assert (flow.reached == plain.reached).mean() > 0.999
    assert (plain.reached[:, 1:] != plain.reached[:, :-1]).sum(axis=1).max() == 1
    # Momentum carries many starts over, in both directions.
    over = plain.reached != heavy.reached
    assert over.mean() > 0.1
    assert len(np.unique(plain.reached[over])) == 2
