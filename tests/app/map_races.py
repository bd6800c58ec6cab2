"""Races that tests of maps look at."""

from engine import Experiment


def pits(steps=200, surface="two-pits", contestants=None, **problem):
    """A plain method and one that rolls on, between two minima."""
    contestants = contestants or [
        {"optimizer": {"name": "sgd", "lr": 0.05}},
        {"optimizer": {"name": "momentum", "lr": 0.05}},
    ]
    return Experiment(steps=steps, contestants=contestants,
                      problem={"kind": "surface", "surface": surface, **problem})


def ravine(*more, steps=120):
    """A quadratic, of which theory knows the best settings."""
    return Experiment(steps=steps, problem={"kind": "surface", "surface": "ravine"}, contestants=[
        {"optimizer": {"name": "momentum", "lr": 0.004}}, *more])
