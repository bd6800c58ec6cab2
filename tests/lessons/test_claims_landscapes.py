"""What the lessons on loss landscapes claim, measured on the engine's numbers."""

from __future__ import annotations

from math import log

import numpy as np
from shown import Shown

from engine import landscape
from engine.landscape.sections import sections


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


def test_rough_landscapes():
    shown = [Shown("rough-landscapes", k) for k in range(5)]
    fields = [picture_of(one, "random", k).field.heights for k, one in enumerate(shown)]
    one, eight, thirty, large, small = fields
    assert dips(one) == 1
    assert eight.min() < 0.2 * one.min() and 1 < dips(eight) < 12
    assert dips(thirty) > 24
    assert dips(large) > dips(thirty)
    # ln 2 everywhere, to the third digit.
    assert np.abs(small - log(2)).max() < 1e-3
    state = shown[4].state("Too small")
    assert abs(state.train.loss - log(2)) < 1e-3
    # Xavier's std for 16 inputs and outputs is 0.25.
    drawn = shown[1].state("Eight layers", 0).tensors["2.W"]
    assert 0.22 < drawn.std() < 0.28
    assert shown[0].last == 792 and shown[4].experiment.steps == 800
    # Saturated: outputs of most units are beyond where tanh is flat.
    probe = shown[3].state("Too large", 0).probe("train")
    assert np.mean(np.abs(probe.activation(9)) > 0.95) > 0.5


def test_sharp_and_flat():
    four, sixteen, whole, test, wide, _ = (Shown("sharp-and-flat", k) for k in range(6))
    curvatures, states = [], []
    for shown in (four, sixteen, whole):
        states.append(shown.snapshot.contestants[0])
        curvatures.append(picture_of(shown, "hessian", size=9).plane.curvatures[0])
    assert curvatures[1] > 1.6 * curvatures[0]
    assert 5 < curvatures[2] / curvatures[0] < 10
    assert curvatures[2] < 2 / 0.3
    train, unseen = ([getattr(state, part).loss for state in states] for part in ("train", "test"))
    assert 0.12 < train[2] / train[0] < 0.28 and train[2] < train[1] < train[0]
    assert 0.38 < unseen[0] < 0.50 and 0.7 < unseen[2] < 0.95 and unseen[0] < unseen[1] < unseen[2]
    assert len(states[0].training.material.train_x) == 100
    # The lowest place of the test rows' map is another one than that of the training rows'.
    piece = ((-1.0, 1.0), (-1.0, 1.0))
    maps = [picture_of(test, "hessian", of=part, size=33, extent=piece).field.heights
            for part in ("train", "test")]
    assert len({int(heights.argmin()) for heights in maps}) == 2
    # How far the loss rises at half of the weights' length, on average of both directions.
    def rise(shown):
        found = list(sections(shown.snapshot, landscape.Wanted("random"), "axes"))
        return np.mean([np.interp(at, section.train.at, section.train.loss)
                        - section.train.loss[len(section.train.at) // 2]
                        for section in found for at in (-0.5, 0.5)])

    assert 1.8 < rise(wide) < 2.9 and 0.3 < rise(four) < 0.55


def test_momentum_on_a_network():
    same, there, ten, batches, _ = (Shown("momentum-on-a-network", k) for k in range(5))
    start = weights(same.state("SGD", 0))
    assert start.size == 354
    ways = {who: np.linalg.norm(weights(ten.snapshot.contestants[k]) - start)
            for k, who in enumerate(ten.names)}
    assert 3.5 < ways["Momentum"] / ways["SGD"] < 4.7
    losses = [state.train.loss for state in there.snapshot.contestants]
    assert 4 < losses[0] / losses[1] < 6.5
    # Nearly the same way: apart by less than a fifth of it.
    end, tenfold = (weights(ten.snapshot.contestants[k]) for k in (1, 2))
    assert np.linalg.norm(end - tenfold) < 0.2 * ways["Momentum"]
    # Turns along the sharpest direction, of momentum and of ten times the rate.
    picture = picture_of(batches, "hessian", 1, size=9)
    turns = []
    for path in picture.paths:
        moves = np.sign(np.diff(path.points[:, 0]))
        turns.append(int((moves[1:] != moves[:-1]).sum()))
    assert turns[1] < 0.75 * turns[2]
