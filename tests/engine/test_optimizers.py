"""What every optimizer in the registry owes, and textbook facts about them."""

import warnings

import numpy as np
import pytest

from engine.optimizers import Moment, optimizers
from tests import naive

NAMES = {
    "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "rprop", "adam", "adamw",
    "amsgrad", "adamax", "nadam", "radam", "lion", "signsgd", "qhm", "qhadam",
}
HYPERS = {
    "lr", "momentum", "beta1", "beta2", "rho", "eps", "weight_decay", "nu", "nu2", "eta_minus",
    "eta_plus", "step_min", "step_max", "momentum_decay",
}

# Far from the defaults, so that every hyperparameter shows within a few steps.
LIVELY = {
    "lr": 0.05, "momentum": 0.8, "beta1": 0.7, "beta2": 0.9, "rho": 0.8, "eps": 1e-3,
    "weight_decay": 0.3, "nu": 0.4, "nu2": 0.6, "eta_minus": 0.6, "eta_plus": 1.3,
    "step_min": 0.02, "step_max": 0.08, "momentum_decay": 0.2,
}
every = pytest.mark.parametrize("optimizer", optimizers.values(), ids=list(optimizers))
settings = pytest.mark.parametrize("setting", ["default", "lively"])


def hypers_of(optimizer, setting="default", **changes):
    values = optimizer.defaults()
    if setting == "lively":
        values = {name: LIVELY[name] for name in values}
    assert changes.keys() <= values.keys()
    return values | changes


def random_start(seed, steps, size):
    rng = np.random.default_rng(seed)
    return rng.normal(size=size), rng.normal(size=(steps, size)) * rng.lognormal(size=size)


def descend(optimizer, hypers, w, gradients, precision="float64"):
    """The moments of a descent along given gradients (T, P), and the points reached, (T, P)."""
    update = optimizer.kernel.compiled(precision)
    w = np.array(w, precision)
    slots = np.zeros((len(optimizer.slots), w.size), precision)
    values = np.array(list(hypers.values()))
    moments, path = [], []
    for step, gradient in enumerate(np.asarray(gradients, precision), start=1):
        start, before = w.copy(), slots.copy()
        update(w, gradient.copy(), slots, values, step)
        moments.append(Moment(step, start, gradient, before, slots.copy(), hypers))
        path.append(w.copy())
    return moments, np.array(path)


def path_of(name, w, gradients, setting="default", **changes):
    optimizer = optimizers[name]
    return descend(optimizer, hypers_of(optimizer, setting, **changes), w, gradients)[1]


# --- the contract -----------------------------------------------------------------------------


def test_exactly_the_promised_names_are_registered():
    assert set(optimizers) == NAMES


@every
def test_hyperparameters_start_with_lr_and_accept_their_own_ranges(optimizer):
    names = [hyper.name for hyper in optimizer.hypers]
    assert names[0] == "lr"
    assert len(set(names)) == len(names)
    assert set(names) <= HYPERS
    for hyper in optimizer.hypers:
        for value in (hyper.default, *hyper.span):
            assert hyper.refusal(value) is None, hyper.name
        assert hyper.refusal(hyper.high + 1) is not None
        assert hyper.doc and hyper.symbol


@every
@settings
def test_kernel_agrees_with_its_slow_twin(optimizer, setting):
    w, gradients = random_start(1, 50, 6)
    hypers = hypers_of(optimizer, setting)
    _, path = descend(optimizer, hypers, w, gradients)
    expected = naive.OPTIMIZERS[optimizer.name](w, gradients, **hypers)
    np.testing.assert_allclose(path, expected, rtol=1e-12, atol=1e-14)
    assert np.abs(path - w).max() > 1e-3


@every
def test_every_hyperparameter_changes_the_path(optimizer):
    w, gradients = random_start(2, 30, 6)
    _, lively = descend(optimizer, hypers_of(optimizer, "lively"), w, gradients)
    for hyper in optimizer.hypers:
        changed = hypers_of(optimizer, "lively", **{hyper.name: LIVELY[hyper.name] * 0.9})
        _, path = descend(optimizer, changed, w, gradients)
        assert np.abs(path - lively).max() > 1e-6, hyper.name


@every
@settings
def test_single_precision_follows_double_precision(optimizer, setting):
    w, gradients = random_start(3, 50, 33)
    w, gradients = w.astype("float32"), gradients.astype("float32")
    hypers = hypers_of(optimizer, setting)
    _, double = descend(optimizer, hypers, w, gradients)
    _, single = descend(optimizer, hypers, w, gradients, "float32")
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, double, rtol=1e-4, atol=1e-5)


@every
def test_coordinates_do_not_know_of_each_other(optimizer):
    w, gradients = random_start(4, 12, 1001)
    hypers = hypers_of(optimizer, "lively")
    _, together = descend(optimizer, hypers, w, gradients)
    for i in (0, 500, 1000):
        _, alone = descend(optimizer, hypers, w[i : i + 1], gradients[:, i : i + 1])
        np.testing.assert_array_equal(together[:, i], alone[:, 0])


@every
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_second_call_compiles_nothing(optimizer, precision):
    from numba.core import event

    def use(lr):
        w, gradients = random_start(5, 2, 4)
        descend(optimizer, hypers_of(optimizer, lr=lr), w, gradients, precision)

    use(0.1)
    with event.install_recorder("numba:compile") as recorder:
        use(0.2)
    assert recorder.buffer == []
    assert len(optimizer.kernel.compiled(precision).signatures) == 1


@every
def test_slots_are_exactly_those_that_the_kernel_uses(optimizer):
    count = len(optimizer.slots)
    w, gradients = random_start(6, 2, 5)
    slots = np.zeros((count + 1, 5))
    slots[count] = 7
    hyper = np.array(list(hypers_of(optimizer, "lively").values()))
    given = hyper.copy(), gradients.copy()
    for step in (1, 2):
        optimizer.kernel.compiled()(w, gradients[step - 1], slots, hyper, step)
    assert (slots[:count] != 0).any(axis=1).all()
    assert (slots[count] == 7).all()
    np.testing.assert_array_equal(hyper, given[0])
    np.testing.assert_array_equal(gradients, given[1])


@every
def test_a_gradient_of_zero_at_the_start_moves_nothing(optimizer):
    none = {"weight_decay": 0.0} if "weight_decay" in optimizer.defaults() else {}
    w = np.array([1.0, -2.0])
    _, path = descend(optimizer, hypers_of(optimizer, **none), w, np.zeros((3, 2)))
    np.testing.assert_array_equal(path, [w, w, w])


@every
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_gradient_that_is_not_a_number_stays_visible(optimizer, precision):
    w, gradients = random_start(7, 6, 20)
    gradients[3, 11] = np.nan
    _, path = descend(optimizer, hypers_of(optimizer), w, gradients, precision)
    assert np.isnan(path[3:, 11]).all()
    assert np.isfinite(np.delete(path, 11, axis=1)).all()


# --- the step taken apart ---------------------------------------------------------------------


@every
@settings
def test_anatomy_adds_up_to_the_step(optimizer, setting):
    w, gradients = random_start(8, 60, 4)
    hypers = hypers_of(optimizer, setting)
    moments, path = descend(optimizer, hypers, w, gradients)
    for moment, after in zip(moments, path, strict=True):
        anatomy = optimizer.anatomy(moment)
        assert anatomy.direction.shape == anatomy.scale.shape == anatomy.decay.shape == (4,)
        assert (anatomy.scale > 0).all()
        taken = after - moment.w
        rounding = 4e-16 * (np.abs(after) + np.abs(moment.w))
        assert (np.abs(anatomy.step(hypers["lr"]) - taken) <= 1e-9 * np.abs(taken) + rounding).all()


# What the pieces of a rule that carry no number mean to a calculator.
GLYPHS = {
    r"w_{t+1} = w_t -": "w -", r"\cdot": "*", r"\cdot\,(": "*(", "/": "/", r"/\,(": "/(",
    r")\,/\,(": ")/(", "+": "+", "-": "-", ")": ")", r"\mathrm{sign}(": "signs_of(",
}


@every
@settings
def test_the_typeset_rule_with_its_numbers_is_the_step(optimizer, setting):
    formula = " ".join(part.term or GLYPHS[part.tex] for part in optimizer.rule)
    w, gradients = random_start(9, 20, 3)
    moments, path = descend(optimizer, hypers_of(optimizer, setting), w, gradients)
    for moment, after in zip(moments, path, strict=True):
        numbers = {"w": moment.w, "signs_of": np.sign, **optimizer.anatomy(moment).terms}
        np.testing.assert_allclose(eval(formula, {}, numbers), after, rtol=1e-9, atol=1e-12)


@every
def test_every_number_in_the_rule_has_words_and_every_piece_typesets(optimizer):
    with warnings.catch_warnings():
        # Its own way of finding its fonts is deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        import ziamath
    w, gradients = random_start(10, 1, 2)
    terms = optimizer.anatomy(descend(optimizer, hypers_of(optimizer), w, gradients)[0][0]).terms
    for part in optimizer.rule:
        assert "<path" in ziamath.Latex(part.tex).svg(), part.tex
        if part.term:
            assert part.term in terms
            assert 1 <= len(part.meaning.split()) <= 4, part.term
    assert "<path" in ziamath.Latex(" ".join(part.tex for part in optimizer.rule)).svg()


def test_rprop_has_an_anatomy_where_a_schedule_has_ended_at_zero():
    rprop = optimizers["rprop"]
    w, gradients = random_start(11, 9, 3)
    moment = descend(rprop, hypers_of(rprop), w, gradients)[0][-1]
    anatomy = rprop.anatomy(
        Moment(moment.step, moment.w, moment.g, moment.before, moment.after,
               {**moment.hypers, "lr": 0.0})
    )
    expected = -moment.after[1] * np.sign(moment.after[0])
    np.testing.assert_allclose(anatomy.step(0.0), expected, rtol=1e-12)


# --- stability on a quadratic -----------------------------------------------------------------


def test_stability_is_known_where_theory_knows_it():
    known = [name for name, optimizer in optimizers.items() if optimizer.stable_lr is not None]
    assert known == ["momentum", "nesterov", "qhm", "sgd"]


@pytest.mark.parametrize("name, changes", [
    ("sgd", {}),
    ("momentum", {"momentum": 0.0}), ("momentum", {"momentum": 0.9}),
    ("nesterov", {"momentum": 0.0}), ("nesterov", {"momentum": 0.5}),
    ("nesterov", {"momentum": 0.99}),
    ("qhm", {"momentum": 0.9, "nu": 0.0}), ("qhm", {"momentum": 0.9, "nu": 1.0}),
    ("qhm", {"momentum": 0.95, "nu": 0.7}), ("qhm", {"momentum": 0.3, "nu": 0.2}),
])
def test_a_quadratic_diverges_exactly_above_the_stable_learning_rate(name, changes):
    optimizer, curvature = optimizers[name], 3.0
    bound = optimizer.stable_lr(hypers_of(optimizer, **changes)) / curvature
    ends = []
    for lr in (0.998 * bound, 1.002 * bound):
        hyper = np.array(list(hypers_of(optimizer, lr=lr, **changes).values()))
        w, slots = np.ones(1), np.zeros((len(optimizer.slots), 1))
        update = optimizer.kernel.compiled()
        for step in range(1, 20_001):
            update(w, curvature * w, slots, hyper, step)
            if abs(w[0]) > 1e9:
                break
        ends.append(abs(w[0]))
    assert ends[0] < 1e-3
    assert ends[1] > 1e9


# --- textbook facts ---------------------------------------------------------------------------


def test_momentum_settles_at_a_multiple_of_the_plain_step():
    path = path_of("momentum", [0.0], np.full((300, 1), 2.0), lr=0.1, momentum=0.9)
    assert path[-2, 0] - path[-1, 0] == pytest.approx(0.1 * 2.0 / (1 - 0.9))


@pytest.mark.parametrize("name, special, other, plain", [
    ("momentum", {"momentum": 0.0}, "sgd", {}),
    ("nesterov", {"momentum": 0.0}, "sgd", {}),
    ("qhm", {"nu": 0.0}, "sgd", {"weight_decay": 0.0}),
    ("qhm", {"nu": 1.0}, "momentum", {"lr": 0.05 * (1 - 0.8), "weight_decay": 0.0}),
    ("qhadam", {"nu": 1.0, "nu2": 1.0}, "adam", {"weight_decay": 0.0}),
    ("adamw", {"weight_decay": 0.0}, "adam", {"weight_decay": 0.0}),
    ("signsgd", {}, "lion", {"beta1": 0.0, "weight_decay": 0.0}),
])
def test_one_optimizer_contains_another(name, special, other, plain):
    w, gradients = random_start(12, 40, 5)
    ours = path_of(name, w, gradients, "lively", **special)
    theirs = path_of(other, w, gradients, "lively", **plain)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)


def test_adam_first_steps_along_the_sign_of_the_gradient():
    gradient = np.array([[1e-3, -5.0, 200.0]])
    path = path_of("adam", np.zeros(3), gradient, lr=0.01)
    np.testing.assert_allclose(path[0], -0.01 * np.sign(gradient[0]), rtol=1e-4)


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam", "amsgrad", "adamax", "nadam"])
def test_scaled_methods_ignore_the_scale_of_the_loss(name):
    w, gradients = random_start(13, 40, 4)
    one = path_of(name, w, gradients, eps=1e-30, weight_decay=0.0)
    other = path_of(name, w, 1000 * gradients, eps=1e-30, weight_decay=0.0)
    np.testing.assert_allclose(one, other, rtol=1e-10)


def test_adadelta_steps_in_the_unit_of_the_parameters():
    _, gradients = random_start(14, 60, 4)
    path = path_of("adadelta", np.zeros(4), gradients, eps=1e-26)
    larger_loss = path_of("adadelta", np.zeros(4), 1e3 * gradients, eps=1e-26)
    np.testing.assert_allclose(larger_loss, path, rtol=1e-9)
    # In a unit a thousand times smaller all lengths are larger and gradients smaller numbers;
    # eps, where the average of squared steps starts, is a squared length.
    smaller_unit = path_of("adadelta", np.zeros(4), 1e-3 * gradients, eps=1e-26 * 1e6)
    np.testing.assert_allclose(smaller_unit, 1e3 * path, rtol=1e-6)


def test_adagrad_slows_down_like_one_over_root_t():
    path = path_of("adagrad", [0.0], np.full((100, 1), 3.0), lr=0.5)
    steps = -np.diff(path[:, 0], prepend=0.0)
    np.testing.assert_allclose(steps, 0.5 / np.sqrt(np.arange(1, 101)), rtol=1e-9)


def test_amsgrad_never_divides_by_less():
    w, gradients = random_start(15, 80, 3)
    gradients[40:] *= 1e-3
    amsgrad = optimizers["amsgrad"]
    moments, _ = descend(amsgrad, hypers_of(amsgrad, "lively"), w, gradients)
    second, largest = (np.array([moment.after[i] for moment in moments]) for i in (1, 2))
    assert (np.diff(largest, axis=0) >= 0).all()
    assert (np.diff(second, axis=0)[45:] < 0).all()


@pytest.mark.parametrize("name", ["adamw", "lion"])
def test_decoupled_decay_shrinks_all_weights_alike(name):
    w = np.array([1.0, 100.0])
    path = path_of(name, w, np.zeros((10, 2)), lr=0.1, weight_decay=0.2)
    np.testing.assert_allclose(path[-1], w * (1 - 0.1 * 0.2) ** 10, rtol=1e-12)


def test_rprop_grows_while_the_sign_stays_and_rests_after_a_flip():
    signs = np.array([3.0, 0.1, 7.0, -2.0, -2.0, -2.0])[:, None]
    path = path_of("rprop", [0.0], signs, lr=0.1)
    steps = np.diff(path[:, 0], prepend=0.0)
    np.testing.assert_allclose(steps, [-0.1, -0.12, -0.144, 0.0, 0.072, 0.0864], rtol=1e-12)


def test_radam_begins_with_momentum_and_then_scales():
    w, gradients = random_start(16, 40, 3)
    radam = optimizers["radam"]
    moments, _ = descend(radam, hypers_of(radam), w, gradients)
    trust = [radam.anatomy(moment).terms["r"] for moment in moments]
    divisors = [radam.anatomy(moment).terms["d"] for moment in moments]
    # At β₂ = 0.999 the average is longer than 5 from step 6 on.
    assert trust[:5] == [1.0] * 5 and (np.array(divisors[:5]) == 1).all()
    assert (np.diff(trust[5:]) > 0).all() and 0 < trust[5] < trust[-1] < 1


@pytest.mark.parametrize("name, changes", [("signsgd", {}), ("lion", {"weight_decay": 0.0})])
def test_sign_methods_move_every_coordinate_equally(name, changes):
    w, gradients = random_start(17, 20, 5)
    path = path_of(name, w, gradients, lr=0.03, **changes)
    np.testing.assert_allclose(np.abs(np.diff(path, axis=0)), 0.03, rtol=1e-12)


def test_nadam_warms_its_momentum_up():
    nadam = optimizers["nadam"]
    w, gradients = random_start(18, 100, 2)
    hypers = hypers_of(nadam, momentum_decay=0.5)
    moments, _ = descend(nadam, hypers, w, gradients)
    momenta = np.array([nadam.anatomy(moment).terms["mu_next"] for moment in moments])
    assert (np.diff(momenta) > 0).all()
    assert 0.5 < momenta[0] / hypers["beta1"] < 0.55 and 0.9 < momenta[-1] / hypers["beta1"] < 1
