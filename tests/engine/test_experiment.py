"""Experiments: read strictly, every mistake at once and in its place, written exactly, edited."""

import copy
import pickle
import subprocess
import sys
import tomllib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, optimizers, schedules, surfaces
from engine.errors import ExperimentError, TrainscopeError
from engine.experiment import Clip, Contestant, Picture

RACE = """
format = 1
title = "Adam against momentum in Beale's valley"
seed = 7
steps = 600

[problem]
kind = "surface"
surface = "beale"
start = [1, 1.5]
noise = 0.0

[[contestants]]
name = "Adam"
optimizer = { name = "adam", lr = 0.05 }
schedule = { name = "cosine", horizon = 600 }
clip = { by = "norm", limit = 1.0 }

[[contestants]]
optimizer = "momentum"
"""


def race(*more, **changes):
    contestants = [{"name": "Adam", "optimizer": {"name": "adam", "lr": 0.05}}, *more]
    problem = {"kind": "surface", "surface": "beale"}
    return Experiment(**{"problem": problem, "contestants": contestants, **changes})


def mistakes(text):
    """Place and sentence of everything that is wrong with a TOML document."""
    with pytest.raises(ExperimentError) as refused:
        Experiment.from_toml(text)
    return {mistake.place: mistake.sentence for mistake in refused.value.mistakes}


def refusal(**changes):
    with pytest.raises(ExperimentError) as refused:
        race(**changes)
    (mistake,) = refused.value.mistakes
    return mistake.place, mistake.sentence


# --- what a file says ----------------------------------------------------------------------------


def test_a_file_is_what_it_says_and_defaults_for_the_rest():
    experiment = Experiment.from_toml(RACE)
    adam, momentum = experiment.contestants
    assert (experiment.seed, experiment.steps) == (7, 600)
    assert experiment.problem.start == (1.0, 1.5)
    assert adam.optimizer.name == "adam"
    assert adam.optimizer.lr == 0.05
    assert adam.optimizer.hypers() == {**optimizers["adam"].defaults(), "lr": 0.05}
    assert adam.optimizer.definition is optimizers["adam"]
    assert adam.schedule.definition is schedules["cosine"]
    assert adam.schedule.hypers() == {"horizon": 600, "floor": 0}
    assert adam.clip == Clip(by="norm", limit=1)
    assert momentum.name == optimizers["momentum"].title
    assert momentum.schedule is None and momentum.clip is None


def test_a_start_that_is_not_given_is_the_surfaces_own():
    assert race().problem.start == surfaces["beale"].start
    assert race().problem.resolve() is surfaces["beale"]


def test_a_formula_is_a_surface_with_a_domain():
    problem = {"kind": "surface", "formula": "x**2 + 3*y**2", "domain": [[-2, 2], [-1, 3]]}
    problem = race(problem=problem).problem
    surface = problem.resolve()
    assert surface.domain == ((-2, 2), (-1, 3))
    assert surface.value(1, 2) == pytest.approx(13)
    assert problem.start == surface.start
    assert -2 <= problem.start[0] <= 2 and -1 <= problem.start[1] <= 3


@pytest.mark.parametrize("name", list(optimizers))
def test_every_optimizer_and_hyperparameter_can_be_chosen(name):
    defaults = optimizers[name].defaults()
    bare = Contestant(optimizer=name)
    spelled = Contestant(optimizer={"name": name, **defaults})
    assert bare == spelled
    assert bare.optimizer.hypers() == defaults
    assert list(bare.optimizer.hypers()) == [hyper.name for hyper in optimizers[name].hypers]


def test_names_are_the_optimizers_titles_made_unique():
    experiment = Experiment(problem={"kind": "surface", "surface": "beale"}, contestants=[
        {"optimizer": "sgd"}, {"optimizer": "sgd"}, {"name": "SGD 2", "optimizer": "adam"}])
    assert [contestant.name for contestant in experiment.contestants] == ["SGD", "SGD 3", "SGD 2"]


def test_an_experiment_cannot_be_changed():
    experiment = race()
    with pytest.raises(Exception, match="frozen"):
        experiment.steps = 3
    with pytest.raises(Exception, match="frozen"):
        experiment.contestants[0].optimizer.lr = 3.0


def test_numpy_numbers_are_numbers():
    lr, seed = np.geomspace(1e-3, 1, 4)[1], np.int64(3)
    experiment = race({"optimizer": {"name": "sgd", "lr": lr}}, seed=seed)
    assert type(experiment.seed) is int
    assert type(experiment.contestants[1].optimizer.lr) is float
    assert Experiment.from_toml(experiment.to_toml()) == experiment
    assert refusal(seed=np.bool_(True))[0] == "seed"


# --- every class of mistake has its place --------------------------------------------------------

BAD = '''
title = "two\\nlines"
seed = -1
steps = 12.5
stepz = 3

[problem]
kind = "surface"
surface = "beal"
start = [1, "a"]
noise = nan

[[contestants]]
name = "A"
optimizer = { name = "adma" }

[[contestants]]
name = "A"
optimizer = { name = "adam", lr = "0.1", beta1 = 1, beta3 = 2, eps = true }
schedule = { name = "cosine", horizon = 0 }
clip = { by = "nrm", limit = 0 }
color = 9
muted = 1

[[contestants]]
name = " "

[picture]
step = -1
loss_scale = "cubic"
zoom = [[1, 0], [0, 1]]
layout = [["Surface Path"]]
'''


def test_every_mistake_is_reported_at_once_with_place_what_is_allowed_and_what_came():
    assert mistakes(BAD) == {
        "format": "is missing; write format = 1 at the top",
        "title": r"must be one line without control characters, not 'two\nlines'",
        "seed": "must be a whole number from 0 to 2**63 - 1, not -1",
        "steps": "must be a whole number from 1 to 10,000,000, not 12.5",
        "stepz": "is not a key that is known here; did you mean steps?",
        "problem.surface": "no surface 'beal'; did you mean 'beale'?",
        "problem.start[1]": "must be a number, not 'a'",
        "problem.noise": "must be a number from 0 to 1e+06, not nan",
        "contestants[0].optimizer.name": "no optimizer 'adma'; did you mean 'adam'?",
        "contestants[1].name": "must be unique, but 'A' is contestants[0] already",
        "contestants[1].optimizer.lr": "must be a number from 0 to 1e+06, not '0.1'",
        "contestants[1].optimizer.beta1": "must be from 0 to 0.999999, not 1",
        "contestants[1].optimizer.beta3":
            "is not a key that is known here; did you mean beta2?",
        "contestants[1].optimizer.eps": "must be a number from 0 to 1, not true",
        "contestants[1].schedule.horizon": "must be from 1 to 1e+07, not 0",
        "contestants[1].clip.by": 'must be "norm" or "value", not \'nrm\'',
        "contestants[1].clip.limit": "must be a number above 0, not 0",
        "contestants[1].color":
            'must be a place in the palette from 1 to 8, or text like "#0072b2", not 9',
        "contestants[1].muted": "must be true or false, not 1",
        "contestants[2].name": "must be text of 1 to 80 characters, not ' '",
        "contestants[2].optimizer": "is missing; it must be an optimizer's name, or a table with "
                                    "its name and hyperparameters",
        "picture.step": "must be a whole number from 0 to the last step, not -1",
        "picture.loss_scale": 'must be "log" or "linear", not \'cubic\'',
        "picture.zoom[0]":
            "must go from a smaller to a larger number, at most 1e+100 apart, not [1.0, 0.0]",
        "picture.layout[0][0]":
            "must be a view's name, of a-z, 0-9 and hyphens, not 'Surface Path'",
    }


def test_the_message_is_a_short_list_with_the_source():
    with pytest.raises(ExperimentError) as refused:
        Experiment.from_toml(BAD, "bad.toml")
    first, *rest = str(refused.value).splitlines()
    assert first == "bad.toml: 25 mistakes"
    assert len(rest) == 25 and all(line.startswith("  - ") for line in rest)


def test_python_is_told_the_same_as_a_file():
    data = tomllib.loads(BAD)
    with pytest.raises(ExperimentError) as refused:
        Experiment(**data)
    told = {mistake.place: mistake.sentence for mistake in refused.value.mistakes}
    assert {"format": "is missing; write format = 1 at the top", **told} == mistakes(BAD)


@pytest.mark.parametrize(("changes", "place", "words"), [
    ({"steps": 0}, "steps", "from 1 to 10,000,000, not 0"),
    ({"steps": 10_000_001}, "steps", "not 10000001"),
    ({"steps": True}, "steps", "not true"),
    ({"steps": 1e3}, "steps", "whole number"),
    ({"seed": 2**63}, "seed", "2**63 - 1"),
    ({"seed": 2**9999}, "seed", "more than 30 digits"),
    ({"seed": "7"}, "seed", "not '7'"),
    ({"title": 3}, "title", "text on one line, not 3"),
    ({"format": True}, "format", "must be 1, not true"),
    ({"problem": 3}, "problem", "must be a table"),
    ({"problem": {}}, "problem.kind", "is missing"),
    ({"problem": {"kind": "surfaec"}}, "problem.kind", "did you mean 'surface'?"),
    ({"problem": {"kind": 3}}, "problem.kind", "must be a name, not 3"),
    ({"problem": {"kind": "network"}}, "problem.dataset", "is missing"),
    ({"problem": {"kind": "surface"}}, "problem", "needs a surface"),
    ({"problem": {"kind": "surface", "surface": "beale", "start": [1]}}, "problem.start",
     "two finite numbers, [x, y], not [1]"),
    ({"problem": {"kind": "surface", "surface": "beale", "start": [1, 2, 3]}}, "problem.start",
     "not [1, 2, 3]"),
    ({"problem": {"kind": "surface", "surface": "beale", "start": [1, float("inf")]}},
     "problem.start[1]", "must be a finite number, not inf"),
    ({"problem": {"kind": "surface", "surface": "beale", "start": "ab"}}, "problem.start",
     "not 'ab'"),
    ({"problem": {"kind": "surface", "surface": "beale", "domain": [[0, 1], [0, 1]]}},
     "problem.domain", "belongs to a formula"),
    ({"problem": {"kind": "surface", "formula": "x*y"}}, "problem.domain", "is missing"),
    ({"problem": {"kind": "surface", "surface": "beale", "formula": "x", "domain": [[0, 1]] * 2}},
     "problem.formula", "one of them"),
    ({"problem": {"kind": "surface", "surface": "beale", "noise": -1}}, "problem.noise", "not -1"),
    ({"contestants": []}, "contestants", "must be 1 to 12 contestants, not 0"),
    ({"contestants": [{"optimizer": "sgd"}] * 13}, "contestants", "not 13"),
    ({"contestants": "sgd"}, "contestants", "a list of 1 to 12"),
    ({"contestants": [3]}, "contestants[0]", "must be a table, not 3"),
    ({"contestants": [{"optimizer": 3}]}, "contestants[0].optimizer", '{ name = "adadelta" }'),
    ({"contestants": [{"optimizer": {}}]}, "contestants[0].optimizer.name", "is missing; known:"),
    ({"contestants": [{"optimizer": {"name": 3}}]}, "contestants[0].optimizer.name", "not 3"),
    ({"contestants": [{"optimizer": "adma"}]}, "contestants[0].optimizer", "did you mean 'adam'?"),
    ({"contestants": [{"optimizer": "sgd", "schedule": "cosin"}]}, "contestants[0].schedule",
     "did you mean 'cosine'?"),
    ({"contestants": [{"optimizer": "sgd", "color": "red"}]}, "contestants[0].color", "not 'red'"),
    ({"contestants": [{"optimizer": "sgd", "color": True}]}, "contestants[0].color", "not true"),
    ({"contestants": [{"optimizer": "sgd", "name": "x" * 81}]}, "contestants[0].name", "80"),
    ({"contestants": [{"optimizer": "sgd", "a key": 1}]}, 'contestants[0]."a key"', "not a key"),
    ({"picture": {"chosen": "Eve"}}, "picture.chosen", "a contestant's name (Adam), not 'Eve'"),
    ({"picture": {"step": 501}}, "picture.step", "from 0 to 500, not 501"),
    ({"picture": {"plane": "random"}}, "picture.plane", "this race is on a surface"),
    ({"picture": {"plane_scale": [0, 1]}}, "picture.plane_scale", "this race is on a surface"),
])
def test_each_mistake_has_its_place(changes, place, words):
    where, sentence = refusal(**changes)
    assert where == place
    assert words in sentence


def test_a_bad_formula_is_shown_with_a_caret_under_its_character():
    text = 'kind = "surface"\nformula = "x**2 + z"\ndomain = [[-1, 1], [-1, 1]]'
    told = mistakes(f'format = 1\n[problem]\n{text}\n[[contestants]]\noptimizer = "sgd"')
    _, formula, caret = told["problem.formula"].splitlines()
    assert formula[caret.index("^")] == "z"


def test_a_newer_format_is_not_judged_further():
    assert mistakes('format = 3\nnew = "thing"') == {
        "format": "made by a newer Trainscope (format 3; this one reads 1): update Trainscope"}
    assert mistakes(RACE.replace("format = 1", 'format = "1"')) == {"format": "must be 1, not '1'"}


@pytest.mark.parametrize(("text", "place", "caret_under"), [
    ("format = 1\nseed 7\n", "line 2, column 6", "7"),
    ("[problem", "line 1, column 9", ""),
    ('title = "open\n\n', "line 1, column 14", ""),
    ("a = 1\na = 2\n", "line 2, column 6", ""),
    ("x = " + "1" * 200 + " ?", "line 1, column 206", "?"),
])
def test_a_syntax_error_shows_its_line(text, place, caret_under):
    (where, sentence), = mistakes(text).items()
    assert where == place
    _, line, caret = sentence.splitlines()
    assert line[caret.index("^"):][:1] == caret_under


@pytest.mark.parametrize("text", ["x = " + "[" * 5000, "x = " + "9" * 5000])
def test_what_is_too_deep_or_long_to_read_is_refused(text):
    assert "to be read" in mistakes(text)[""]


def test_long_values_are_shortened():
    told = mistakes(f'format = 1\nseed = "{"x" * 9999}"\n{"k" * 9999} = 0x{"f" * 9999}')
    assert all(len(place) + len(sentence) < 300 for place, sentence in told.items())


# --- what is written -----------------------------------------------------------------------------


def test_what_is_written_is_complete_and_readable():
    text = Experiment.from_toml(RACE).to_toml()
    assert text.replace("eps = 1e-08, weight_decay", "eps = 1e-08, …") == """\
format = 1
title = "Adam against momentum in Beale's valley"
seed = 7
steps = 600

[problem]
kind = "surface"
surface = "beale"
start = [1.0, 1.5]
noise = 0.0

[[contestants]]
name = "Adam"
optimizer = { name = "adam", lr = 0.05, beta1 = 0.9, beta2 = 0.999, eps = 1e-08, … = 0.0 }
schedule = { name = "cosine", horizon = 600.0, floor = 0.0 }
clip = { by = "norm", limit = 1.0 }
muted = false

[[contestants]]
name = "Momentum"
optimizer = { name = "momentum", lr = 0.001, momentum = 0.9, weight_decay = 0.0 }
muted = false
"""


lines = st.text(max_size=30).filter(str.isprintable)
names = lines.filter(str.strip)
reals = st.floats(-1e9, 1e9)


def choices(registry):
    def table(name):
        hypers = {hyper.name: st.floats(hyper.low, hyper.high) for hyper in registry[name].hypers}
        return st.fixed_dictionaries({"name": st.just(name)}, optional=hypers)

    return st.sampled_from(list(registry)).flatmap(lambda name: st.just(name) | table(name))


contestants = st.fixed_dictionaries(
    {"optimizer": choices(optimizers)},
    optional={
        "name": names,
        "schedule": choices(schedules),
        "clip": st.fixed_dictionaries(
            {"by": st.sampled_from(["norm", "value"]), "limit": st.floats(1e-300, 1e300)}),
        "color": st.integers(1, 8) | st.just("#0072B2"),
        "muted": st.booleans(),
    },
)
boxes = st.tuples(*[st.tuples(st.floats(-1e9, 0), st.floats(1e-9, 1e9))] * 2)
views = st.from_regex("[a-z0-9-]+", fullmatch=True)
pictures = st.fixed_dictionaries({}, optional={
    "layout": st.lists(st.lists(views, max_size=3), max_size=2),
    "step": st.just(0), "zoom": boxes, "loss_scale": st.sampled_from(["log", "linear"]),
})
problems = st.fixed_dictionaries(
    {"kind": st.just("surface"), "surface": st.sampled_from(list(surfaces))},
    optional={"start": st.tuples(reals, reals), "noise": st.floats(0, 1e6)},
) | st.fixed_dictionaries(
    {"kind": st.just("surface"), "formula": st.sampled_from(["x*y", "log(x) - y**3"]),
     "domain": boxes}, optional={"start": st.tuples(reals, reals)})
experiments = st.fixed_dictionaries(
    {"problem": problems, "contestants": st.lists(
        contestants, min_size=1, max_size=4, unique_by=lambda c: c.get("name") or object())},
    optional={"title": lines, "seed": st.integers(0, 2**63 - 1), "picture": pictures,
              "steps": st.integers(1, 10**7)},
).map(lambda table: Experiment(**table))


@settings(deadline=None)
@given(experiments)
def test_what_is_written_reads_back_to_the_same(experiment):
    text = experiment.to_toml()
    again = Experiment.from_toml(text)
    assert again == experiment
    assert again.to_toml() == text
    assert pickle.loads(pickle.dumps(experiment)) == copy.deepcopy(experiment) == experiment
    assert hash(again) == hash(experiment)


keys = st.sampled_from(["format", "seed", "steps", "problem", "contestants", "picture", "kind",
                        "surface", "name", "optimizer", "lr", "self", "set", "beats", "a b"])
scalars = (st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
           | st.dates() | st.times() | st.sampled_from(["surface", "beale", "adam", "norm"]))
tables = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25)


@settings(deadline=None)
@given(st.dictionaries(keys, tables, max_size=6), st.dictionaries(keys, tables, max_size=4))
def test_random_tables_are_refused_in_words(table, contestant):
    for data in (table, {"problem": {"kind": "surface", **table}, "contestants": [contestant]}):
        with pytest.raises(ExperimentError) as refused:
            Experiment(**data)
        assert all(mistake.sentence for mistake in refused.value.mistakes)
        assert "pydantic" not in str(refused.value)


@settings(deadline=None)
@given(st.text(max_size=200), st.integers(0, len(RACE)), st.integers(0, 40))
def test_random_text_in_a_file_never_raises_anything_else(text, at, length):
    for broken in (text, RACE[:at] + text + RACE[at:], RACE[:at] + RACE[at + length :]):
        try:
            Experiment.from_toml(broken)
        except TrainscopeError as error:
            assert str(error)


# --- edits ---------------------------------------------------------------------------------------


def three():
    return race({"optimizer": "sgd"}, {"optimizer": "sgd"}, steps=100)


def told(experiment):
    return [contestant.name for contestant in experiment.contestants]


def test_edits_return_other_experiments():
    before = three()
    text = before.to_toml()
    after = before.with_hyper(1, "lr", 0.5).with_contestant(0, clip={"by": "value", "limit": 2})
    assert after.contestants[1].optimizer.lr == 0.5
    assert after.contestants[0].clip == Clip(by="value", limit=2)
    assert after.contestants[2] == before.contestants[2]
    assert after.with_contestant(0, clip=None).contestants[0].clip is None
    assert before.to_toml() == text
    assert before.replaced(seed=9).seed == 9


def test_adding_removing_duplicating_and_moving_keep_names_unique():
    experiment = three()
    assert told(experiment) == ["Adam", "SGD", "SGD 2"]
    assert told(experiment.added({"optimizer": "sgd"})) == ["Adam", "SGD", "SGD 2", "SGD 3"]
    assert told(experiment.added({"name": "Adam", "optimizer": "sgd"}, 0))[0] == "Adam 2"
    assert told(experiment.duplicated(1)) == ["Adam", "SGD", "SGD 3", "SGD 2"]
    assert told(experiment.removed(1)) == ["Adam", "SGD 2"]
    assert told(experiment.moved(0, 2)) == ["SGD", "SGD 2", "Adam"]
    copied = experiment.with_contestant(1, color=3).duplicated(1).contestants[2]
    assert copied.color is None
    assert copied.optimizer == experiment.contestants[1].optimizer


def test_the_longest_name_can_still_be_duplicated():
    experiment = race({"name": "x" * 80, "optimizer": "sgd"})
    assert len(experiment.duplicated(1).contestants[2].name) == 80


def test_a_contestant_called_by_its_optimizer_is_renamed_with_it():
    experiment = three()
    assert told(experiment.with_contestant(1, optimizer="adam"))[1] == "Adam 2"
    assert told(experiment.removed(1).with_hyper(1, "lr", 0.5)) == ["Adam", "SGD 2"]
    mine = experiment.with_contestant(1, name="Mine")
    assert told(mine.with_contestant(1, optimizer="adam"))[1] == "Mine"


def test_a_refused_edit_has_its_place():
    for edit, place in [
        (lambda e: e.with_hyper(1, "lr", -1.0), "contestants[1].optimizer.lr"),
        (lambda e: e.with_hyper(1, "beta1", 0.5), "contestants[1].optimizer.beta1"),
        (lambda e: e.with_contestant(2, name="Adam"), "contestants[2].name"),
        (lambda e: e.with_contestant(2, name=""), "contestants[2].name"),
        (lambda e: e.with_problem(noise=-1), "problem.noise"),
        (lambda e: e.removed(0).removed(0).removed(0), "contestants"),
        (lambda e: e.replaced(steps=0), "steps"),
    ]:
        with pytest.raises(ExperimentError) as refused:
            edit(three())
        assert [mistake.place for mistake in refused.value.mistakes] == [place]


def test_another_surface_brings_its_own_start():
    experiment = race().with_problem(start=(2, 2), noise=0.5)
    other = experiment.with_problem(surface="rosenbrock").problem
    assert (other.surface, other.start, other.noise) == (
        "rosenbrock", surfaces["rosenbrock"].start, 0.5)
    typed = experiment.with_problem(formula="x*x + y", domain=((-1, 1), (-1, 1)))
    assert typed.problem.surface is None and -1 <= typed.problem.start[0] <= 1
    moved = typed.with_problem(start=(0.5, 0.5))
    assert moved.with_problem(formula="x*x + y*y").problem.start == (0.5, 0.5)
    back = moved.with_problem(surface="beale")
    assert back.problem == race().problem.replaced(noise=0.5)


def test_a_schedule_chosen_without_a_horizon_ends_with_the_race():
    experiment = three().with_contestant(0, schedule={"name": "cosine"})
    assert experiment.contestants[0].schedule.horizon == 100
    given = experiment.with_contestant(0, schedule={"name": "cosine", "horizon": 7})
    assert given.contestants[0].schedule.horizon == 7
    step = experiment.with_contestant(0, schedule="step").contestants[0].schedule
    assert step.definition is schedules["step"]


def test_the_picture_follows_the_race():
    picture = Picture(layout=[["surface-path"]], step=80, chosen="SGD", loss_scale="log",
                      zoom=((0, 1), (0, 1)))
    experiment = three().replaced(picture=picture)
    assert experiment.with_contestant(1, name="Plain").picture.chosen == "Plain"
    assert experiment.with_contestant(1, optimizer="nadam").picture.chosen == "NAdam"
    assert experiment.removed(1).picture.chosen is None
    assert experiment.removed(0).picture == picture
    assert experiment.replaced(steps=50).picture.step == 50
    assert experiment.replaced(picture=None).picture is None
    assert experiment.replaced(steps=50).picture.zoom == ((0, 1), (0, 1))


def test_importing_and_reading_start_no_numba():
    code = ("import sys; from engine import Experiment; "
            "Experiment(problem={'kind': 'surface', 'formula': 'x*y', 'domain': [[0, 1], [0, 1]]},"
            " contestants=[{'optimizer': 'adam', 'schedule': 'cosine'}]); "
            "print('numba' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
