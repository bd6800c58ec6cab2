"""Schedules: PyTorch's and optax's rates, held after the horizon, sane for every setting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UnknownName
from engine.experiment import Contestant
from engine.schedules import schedules

NAMES = ["constant", "cosine", "exponential", "one-cycle", "step", "warmup-cosine"]

# The rates of the first updates at lr = 0.4, made with PyTorch 2.13 (float64, the scheduler stepped
# after each update) and, for warmup-cosine, optax 0.2.8 in 64 bits:
# StepLR(4, 0.5), ExponentialLR(0.9), CosineAnnealingLR(10, 0.02), OneCycleLR(0.4, 10),
# OneCycleLR(0.4, 12, pct_start=0.05, div_factor=10, final_div_factor=100), and
# warmup_cosine_decay_schedule(0.04, 0.4, 4, 12, 0.02).
PUBLISHED = [
    ("step", {"every": 4, "gamma": 0.5},
     [0.4, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05]),
    ("exponential", {"gamma": 0.9},
     [0.4, 0.36, 0.324, 0.2916, 0.26244, 0.236196, 0.2125764, 0.19131876, 0.172186884,
      0.1549681956, 0.13947137604, 0.125524238436]),
    ("cosine", {"horizon": 10, "floor": 0.05},
     [0.4, 0.3907007380960792, 0.36371322893124003, 0.3216791979355699, 0.26871322893124, 0.21,
      0.15128677106875998, 0.09832080206443013, 0.05628677106876001, 0.029299261903920827, 0.02]),
    ("one-cycle", {"horizon": 10},
     [0.016000000000000014, 0.20800000000000002, 0.4, 0.38019385280538953, 0.3246982615799052,
      0.24450480877451572, 0.1554967912254843, 0.0753033384200948, 0.019807747194610516, 1.6e-06]),
    ("one-cycle", {"horizon": 12, "pct_start": 0.05, "div_factor": 10, "final_div_factor": 100},
     [0.3987873493281263, 0.3853135146295174, 0.3578702737773995, 0.31852860348246304,
      0.27025738352751233, 0.21669935322537204, 0.16189621574163712, 0.10998363500948435,
      0.06487914198917698, 0.029986502114102278, 0.007938853538211768, 0.0004]),
    ("warmup-cosine", {"warmup": 4, "horizon": 12, "start": 0.1, "floor": 0.05},
     [0.04, 0.13, 0.22, 0.31, 0.4, 0.3855371111771445, 0.3443502884254441, 0.2827098521493671,
      0.21, 0.13729014785063295, 0.07564971157455598, 0.034462888822855524, 0.02, 0.02]),
]


def settings_of(name):
    """Any accepted value of each hyperparameter; the ends of its range among them."""
    return st.fixed_dictionaries({
        hyper.name: st.floats(hyper.low, hyper.high) for hyper in schedules[name].hypers
    })


def test_all_of_them_stand_in_the_registry():
    assert list(schedules) == NAMES
    with pytest.raises(UnknownName, match="did you mean 'cosine'"):
        schedules["cosin"]


@pytest.mark.parametrize(("name", "hypers", "expected"), PUBLISHED)
def test_rates_are_the_published_ones(name, hypers, expected):
    rates = schedules[name].rates(0.4, np.arange(1, len(expected) + 1), hypers)
    np.testing.assert_allclose(rates, expected, rtol=1e-13)


def test_constant_is_what_a_contestant_has_without_a_schedule():
    steps = np.arange(1, 50)
    plain = Contestant(optimizer={"name": "sgd", "lr": 0.3})
    scheduled = plain.replaced(schedule="constant")
    assert np.array_equal(plain.rates(steps), scheduled.rates(steps))
    assert np.array_equal(plain.rates(steps), np.full(49, 0.3))


def test_a_contestants_rates_are_its_schedules():
    contestant = Contestant(
        optimizer={"name": "sgd", "lr": 0.4}, schedule={"name": "exponential", "gamma": 0.5})
    np.testing.assert_allclose(contestant.rates([1, 2, 4]), [0.4, 0.2, 0.05])


@pytest.mark.parametrize("name", ["cosine", "warmup-cosine", "one-cycle"])
def test_the_last_rate_is_held_after_the_horizon(name):
    rates = schedules[name].rates(1.0, np.arange(1, 500), {"horizon": 60, "warmup": 7})
    assert np.ptp(rates[60:]) == 0
    assert rates[60] < 1e-4 < rates[40]


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_the_same_alone_and_in_a_chunk(name):
    steps = np.arange(1, 1500)
    whole = schedules[name].rates(0.1, steps)
    alone = [float(schedules[name].rates(0.1, [step])[0]) for step in (1, 2, 51, 499, 501, 1400)]
    assert [float(whole[step - 1]) for step in (1, 2, 51, 499, 501, 1400)] == alone


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_no_setting_gives_a_rate_below_zero_or_above_lr(name, data):
    hypers = data.draw(settings_of(name))
    steps = np.array([1, 2, 3, 10, 499, 500, 501, 10_000_000])
    rates = schedules[name].rates(2.0, steps, hypers)
    assert np.isfinite(rates).all()
    assert (rates >= 0).all() and (rates <= 2.0 * (1 + 1e-15)).all()


@pytest.mark.parametrize("hypers", [
    {"warmup": 0, "horizon": 10}, {"warmup": 10, "horizon": 10}, {"warmup": 20, "horizon": 10},
])
def test_a_warm_up_may_be_none_or_all_of_the_horizon(hypers):
    rates = schedules["warmup-cosine"].rates(1.0, np.arange(1, 31), hypers)
    if hypers["warmup"]:
        np.testing.assert_allclose(rates[:10], np.arange(10) / hypers["warmup"])
    else:
        assert rates[0] == 1.0
    assert rates[-1] == 0.0


@pytest.mark.parametrize("pct_start", [0.0, 0.1, 1.0])
def test_one_cycle_may_have_no_rise_or_no_fall(pct_start):
    hypers = {"horizon": 10, "pct_start": pct_start}
    rates = schedules["one-cycle"].rates(1.0, np.arange(1, 11), hypers)
    assert rates[-1] == pytest.approx(1.0 if pct_start == 1 else 4e-6)
    assert rates.max() > 0.95
