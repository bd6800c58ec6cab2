"""What the lessons on loss landscapes claim, measured on the engine's numbers."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from shown import Shown, lesson_of

from engine import landscape
from engine.experiment import Experiment
from engine.landscape.sections import sections
from engine.run import Run
from engine.settings import with_settings


def picture_of(shown: Shown, plane: str, who: int = 0, **wanted) -> landscape.LandscapePicture:
    """A beat's landscape, of the contestants that are not muted."""
    there = tuple(k for k, entry in enumerate(shown.experiment.contestants) if not entry.muted)
    return landscape.Survey().picture(shown.snapshot, landscape.Wanted(
        plane, contestant=who, contestants=there, **wanted))


def weights(state) -> np.ndarray:
    return state.training.split(state.state).params.astype(float)


def dips(heights: np.ndarray) -> int:
    """Points of a field that are lower than all eight around them."""
    inner, (rows, columns) = heights[1:-1, 1:-1], heights.shape
    lower = [inner < heights[1 + up : rows - 1 + up, 1 + right : columns - 1 + right]
             for up in (-1, 0, 1) for right in (-1, 0, 1) if up or right]
    return int(np.logical_and.reduce(lower).sum())


def test_loss_landscape():
    plane, inits, off, around, hill, batch, _ = (Shown("loss-landscape", k) for k in range(7))
    picture = picture_of(plane, "pca")
    assert picture.loss.size == 354
    assert 0.90 < sum(picture.plane.explained) < 0.96
    assert [path.contestant for path in picture.paths] == [0, 1, 2]
    xavier = picture.paths[0]
    assert inits.last == off.last == 1200 == xavier.steps[-1]
    # Its own loss, that of its foot, and how far apart they are.
    assert xavier.true_loss[-1] < 0.12 and xavier.plane_loss[-1] > 1.2
    assert 2.5 < xavier.distance[-1] < 4.5
    assert xavier.true_loss[-1] == off.state("Xavier").train.loss or np.isclose(
        xavier.true_loss[-1], off.state("Xavier").train.loss, rtol=1e-4)
    # Random directions: no way is as long as a fifth of the map, and all are far off.
    shadow = picture_of(around, "random")
    assert all(np.ptp(path.points, axis=0).max() < 0.4 for path in shadow.paths)
    way = weights(around.state("Xavier")) - weights(around.state("Xavier", 0))
    for axis in shadow.plane.axes:
        assert abs(way @ axis) < 0.15 * np.linalg.norm(way) * np.linalg.norm(axis)
    # Between every two of the ends the loss rises above 1.
    loss = landscape.WeightLoss(hill.state("Xavier"), "train")
    ends = [weights(hill.state(who)) for who in hill.names]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        line = landscape.between(loss, ends[one], ends[other])
        inside = line.loss[(line.at >= 0) & (line.at <= 1)]
        assert inside.max() > 1 and line.barrier > 1
    # A batch's landscape is another one at the next step.
    first, second = (picture_of(batch, "pca", of="batch", step=step) for step in (10, 11))
    assert np.array_equal(first.plane.axes, second.plane.axes)
    assert np.abs(first.field.heights - second.field.heights).max() > 0.05
    assert batch.experiment.problem.batch == 32


@pytest.mark.parametrize("name", ["rough-landscapes", "sharp-and-flat", "momentum-on-a-network"])
def test_beats_that_play_come_to_the_end_that_their_captions_speak_of(name):
    for place, beat in enumerate(lesson_of(name).beats):
        shown = Shown(name, place)
        if beat.steps_per_second:
            assert shown.last == shown.experiment.steps


def test_rough_landscapes():
    shown = [Shown("rough-landscapes", k) for k in range(5)]
    fields = [picture_of(one, "random", k).field.heights for k, one in enumerate(shown)]
    one, eight, thirty, large, small = fields
    assert dips(one) == 1
    assert eight.min() < 0.2 * one.min() and 1 < dips(eight) < 12
    assert dips(thirty) > 24
    assert round(thirty.min(), 2) == 0.38 and round(thirty.min() / one.min()) == 6
    assert dips(large) > dips(thirty)
    # The fold beside the valley is seen along the second direction, up to its top.
    wanted = landscape.Wanted("random", contestant=1, contestants=(1,))
    found = list(sections(shown[1].snapshot, wanted, "axes"))
    assert shown[1].names == ["Eight layers"]
    assert round(max(found[1].train.loss)) == 3 and abs(found[1].train.at[
        found[1].train.loss.argmax()]) < 0.8
    # ln 2 everywhere, to the third digit.
    assert np.abs(small - log(2)).max() < 1e-3
    state = shown[4].state("Too small")
    assert abs(state.train.loss - log(2)) < 1e-3
    assert state.train.loss > 10 * shown[4].state("One layer").train.loss
    # Xavier's std for 16 inputs and outputs is 0.25.
    drawn = shown[1].state("Eight layers", 0).tensors["2.W"]
    assert 0.22 < drawn.std() < 0.28
    assert shown[0].last == shown[4].experiment.steps == 800
    # Saturated: outputs of most units are beyond where tanh is flat.
    probe = shown[3].state("Too large", 0).probe("train")
    assert np.mean(np.abs(probe.activation(9)) > 0.95) > 0.5


def sharpness(shown: Shown) -> float:
    """The largest curvature where a race has ended, as the beat's map has it at its axis."""
    return float(picture_of(shown, "hessian", size=3).plane.curvatures[0])


def rise(shown: Shown) -> float:
    """By how much the loss is higher half of the weights' length away, on average."""
    found = sections(shown.snapshot, landscape.Wanted("random"), "axes")
    return float(np.mean([np.interp(at, section.train.at, section.train.loss)
                          - np.interp(0, section.train.at, section.train.loss)
                          for section in found for at in (-0.5, 0.5)]))


def reached(experiment: Experiment, loss: float, most: int) -> Run:
    """The race, ended where its training loss first is as low as `loss` after step 50."""
    whole = Run(with_settings(experiment, {"steps": most})).finish()
    step = next(step for step in range(50, most + 1)
                if whole.at(step).contestants[0].train.loss <= loss)
    return Run(with_settings(experiment, {"steps": step})).finish()


def test_sharp_and_flat():
    four, sixteen, whole, test, caveat, on, turn = (Shown("sharp-and-flat", k) for k in range(7))
    same = four, sixteen, whole
    assert [shown.last for shown in same] == [shown.experiment.steps for shown in same]
    states = [shown.snapshot.contestants[0] for shown in same]
    assert len(states[0].training.material.train_x) == 100
    # At one training loss the curvature is another one, and the test loss is not.
    assert [round(state.train.loss, 2) for state in states] == [0.20] * 3
    assert [round(sharpness(shown), 1) for shown in same] == [0.7, 1.5, 6.7]
    assert np.isclose(sharpness(whole), 2 / 0.3, rtol=0.05)
    assert [round(state.test.loss, 2) for state in states] == [0.35, 0.35, 0.34]
    # Scaled to the weights, less of a difference is left.
    assert round(rise(caveat), 2) == 0.67 and round(rise(four), 2) == 0.25
    # The lowest place of the test rows' map is another one than that of the training rows'.
    piece = ((-1.0, 1.0), (-1.0, 1.0))
    maps = [picture_of(test, "hessian", of=part, size=33, extent=piece).field.heights
            for part in ("train", "test")]
    assert len({int(heights.argmin()) for heights in maps}) == 2
    # Trained on: one measure of sharpness falls, the other one rises, as the test loss does.
    later = on.snapshot.contestants[0]
    assert 1.8 < later.test.loss / states[2].test.loss < 2
    assert round(sharpness(on), 1) == 5.7 and round(rise(on), 1) == 2.3
    # Your turn: the place is sharper at a learning rate of 0.1, and not above 2/η.
    slower = with_settings(turn.experiment, {"Network.lr": 0.1})
    picture = landscape.Survey().picture(
        Run(slower).finish().snapshot(), landscape.Wanted("hessian", size=3))
    assert 1.2 * sharpness(on) < picture.plane.curvatures[0] < 2 / 0.1


def test_sharp_and_flat_in_eight_draws():
    shown = Shown("sharp-and-flat", 0)
    better = 0
    for seed in range(1, 9):
        ends = []
        for batch in (4, 0):
            drawn = with_settings(shown.experiment, {"seed": seed, "problem.batch": batch})
            snapshot = reached(drawn, 0.2, 4000 if batch else 1000).snapshot()
            curvature = landscape.Survey().picture(
                snapshot, landscape.Wanted("hessian", size=3)).plane.curvatures[0]
            ends.append((curvature, snapshot.contestants[0].test.loss))
        (flat, unseen), (sharp, unseen_by_sharp) = ends
        assert sharp > 2 * flat
        better += unseen < unseen_by_sharp
    assert better == 4


def test_momentum_on_a_network():
    same, there, ten, batches, _ = (Shown("momentum-on-a-network", k) for k in range(5))
    start = weights(same.state("SGD", 0))
    assert start.size == 354
    ways = {who: np.linalg.norm(weights(ten.state(who)) - start) for who in ten.names}
    assert 3.5 < ways["Momentum"] / ways["SGD"] < 4.7
    losses = [there.state(who).train.loss for who in ("SGD", "Momentum")]
    assert 4 < losses[0] / losses[1] < 6.5
    # It crawls, rather than stands: down by a fiftieth within the last quarter.
    before = there.state("SGD", there.last - 100).train.loss
    assert 0.005 < 1 - losses[0] / before < 0.02
    # Nearly the same way: apart by less than a fifth of it.
    end, tenfold = (weights(ten.state(who)) for who in ("Momentum", "Tenfold rate"))
    assert np.linalg.norm(end - tenfold) < 0.2 * ways["Momentum"]
    # With batches, the way of momentum is shorter and turns less, and ends no lower.
    pair = "Momentum", "Tenfold rate"
    lengths = []
    for who in pair:
        walked = [weights(batches.state(who, step)) for step in range(batches.last + 1)]
        lengths.append(np.linalg.norm(np.diff(walked, axis=0), axis=1).sum())
    assert [round(length, 1) for length in lengths] == [6.8, 29.2]
    assert [round(batches.state(who).train.loss, 3) for who in pair] == [0.045, 0.042]
    chosen = batches.names.index("Momentum")
    picture = picture_of(batches, "hessian", chosen, size=9)
    turns = {}
    for path in picture.paths:
        moves = np.sign(np.diff(path.points[:, 0]))
        turns[batches.names[path.contestant]] = int((moves[1:] != moves[:-1]).sum())
    assert turns["Momentum"] < 0.75 * turns["Tenfold rate"]
