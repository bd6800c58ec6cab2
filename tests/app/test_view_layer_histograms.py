"""Layer histograms: bars and texts are the engine's numbers, and every network is safe to show.

The golden pictures `golden/networks/layer-histograms-*.png` are drawn anew by
`python -m tests.app.layer_scenes`.
"""

from dataclasses import replace

import numpy as np
import pytest
from layer_scenes import hidden, trained, two
from reading import listened, mouse
from scenes import rgb, solo

from app.theme import THEMES
from app.views import Look
from app.views.histogram_bars import heights, shares, top_of
from app.views.histogram_words import moments_text
from engine import Run
from engine.network.layer_look import common_span, look_rows, looks

BOTH = pytest.mark.parametrize("theme", list(THEMES))
QUANTITIES = ("activation", "pre-activation", "gradient", "weight")
NAME = "layer-histograms"
SIZE = (900, 420)


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def looked_into(snapshot):
    """The looks that the view shows, made anew."""
    states = [replace(state) for state in snapshot.contestants]
    return looks(states, look_rows(states, thorough=False))


@BOTH
@pytest.mark.parametrize("what", QUANTITIES)
@pytest.mark.parametrize("count_scale", ["linear", "log"])
def test_bars_are_as_high_as_the_engine_counts(theme, what, count_scale):
    snapshot = two().at(40)
    look = Look(histogram=what, count_scale=count_scale)
    with solo(NAME, theme, SIZE) as shown:
        drawn = shown.draw(snapshot, look)
        rows, style = shown.view._rows, shown.style
    seen = looked_into(snapshot)
    bins = rows.bins(style)
    found = [look.columns(what, bins, common_span(seen, what)) for look in seen]
    scale = top_of([column for row in found for column in row], count_scale == "log")
    ground, checked = rgb(THEMES[theme].raised), 0
    for row, entries in enumerate(found):
        colour = rgb(style.contestant(row))
        for place, column in enumerate(entries):
            cell = rows.cell(row, place)
            every, flat = shares(column)
            tall = np.clip(heights(every, scale, count_scale == "log"), 0, 1) * cell.height()
            pitch = int((cell.width() - 6) / bins)
            left = round(cell.center().x() - pitch * bins / 2)
            for k in range(bins):
                strip = drawn[int(cell.top()) : round(cell.bottom()), left + k * pitch + pitch // 2]
                inked = (np.abs(strip - ground).max(1) > 30).sum()
                if tall[k] < cell.height() - 12:
                    assert abs(inked - tall[k]) <= 1.6, (row, place, k)
                    checked += 1
                if flat[k] == 0 and 6 < tall[k] < cell.height() - 12:
                    assert (np.abs(strip[-4] - colour).max() <= 2), (row, place, k)
    assert checked > 100


@pytest.mark.parametrize("size", [SIZE, (560, 300), (420, 300)], ids=str)
def test_saturated_bars_are_paler(size):
    snapshot = two().at(40)
    with solo(NAME, "light", size) as shown:
        drawn = shown.draw(snapshot, Look())
        view = shown.view
        cell = view._rows.cell(0, 3)
        colour, ground = rgb(shown.style.contestant(0)), rgb(THEMES["light"].raised)
    assert view._columns[0][3].histogram.saturated > 0.1
    part = drawn[int(cell.top()) : int(cell.bottom()), int(cell.left()) : int(cell.right())]
    half = np.abs(part - (colour + ground) / 2).max(2) <= 2
    assert half.sum() > 0.3 * part.shape[0]
    middle = part.shape[1] // 4
    assert not half[:, middle:-middle].any(), "what lies in the middle is not saturated"


@pytest.mark.parametrize("what", QUANTITIES)
def test_mean_and_std_are_written(what):
    snapshot = two().at(40)
    with solo(NAME, "light", SIZE) as shown:
        written = " ".join(shown.texts(snapshot, Look(histogram=what)))
    for look in looked_into(snapshot):
        for column in look.columns(what, 40, (-1.0, 1.0)):
            mean, std = moments_text(column.histogram.mean, column.histogram.std)
            assert std in written
            assert mean in written


def test_zeros_and_dead_units_are_said_and_marked():
    init = {"name": "normal", "std": 2.0}
    snapshot = trained([{"name": "A", "layers": hidden(12, "relu", 2), "init": init,
                         "optimizer": {"name": "sgd", "lr": 0.5}}]).at(60)
    probe = looked_into(snapshot)[0].probe
    dead = [len(probe.dead_units(place)) for place in (1, 3)]
    assert max(dead) > 0
    with solo(NAME, "light", SIZE) as shown:
        drawn = shown.draw(snapshot, Look())
        written = " ".join(shown.texts(snapshot, Look()))
        for column, (place, count) in enumerate(zip((1, 3), dead, strict=True)):
            zero = (probe.activation(place) == 0).mean()
            assert f"{100 * zero:.0f} % zero" in written
            assert not count or f"{count} dead" in written
            cell = shown.view._rows.cell(0, column)
            line = drawn[int(cell.bottom()) - 2, int(cell.left()) : int(cell.right())]
            red = (np.abs(line - rgb(THEMES["light"].warning)).max(1) <= 2).sum()
            assert red == pytest.approx(cell.width() * count / 12, abs=2)


@pytest.mark.parametrize(("number", "expected"), [
    ((0.0213, 0.5612), ("0.02", "0.56")), ((-0.001, 0.56), ("0.00", "0.56")),
    ((0.00002, 0.00093), ("0.00002", "0.00093")), ((1e-7, 0.00093), ("0", "0.00093")),
    ((1e-9, 2e-6), ("0", "2.0×10⁻⁶")), ((-1.0, 0.0), ("−1.0", "0.0")),
    ((float("nan"), float("nan")), ("undefined", "undefined"))])
def test_a_mean_has_the_digits_of_its_std(number, expected):
    assert moments_text(*number) == expected


def test_title_and_note_say_what_is_seen():
    snapshot = two().at(40)
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(snapshot, Look())
        assert shown.view.title() == "Activations by layer, tanh"
        assert shown.view.note() == "1 to 4, from −1 to 1"
        cell = shown.view._rows.cell(1, 2)
        shown.view.hoverEvent(mouse(cell.center().x(), cell.center().y()))
        assert shown.view.note().startswith("With batch norm, layer 3: mean ")
        shown.draw(snapshot, Look(histogram="gradient"))
        assert shown.view.title() == "Gradients by layer"
        # The one under the mouse leaves the race.
        alone = snapshot.experiment.replaced(contestants=snapshot.experiment.contestants[:1])
        shown.draw(Run(alone).at(0), Look())
        assert shown.view.note().startswith("1 to 4, from ")


def test_clicks_ask_for_layers_quantities_and_contestants():
    snapshot = two().at(40)
    with solo(NAME, "light", SIZE) as shown:
        shown.draw(snapshot, Look())
        view = shown.view
        asked = listened(view)
        place = view._columns[1][2].place
        at = view._rows.cell(1, 2).center()
        view.mouseClickEvent(mouse(at.x(), at.y()))
        shown.draw(snapshot, Look(layer=place))
        view.mouseClickEvent(mouse(at.x(), at.y()))
        for segment in view._segments:
            view.mouseClickEvent(mouse(segment.rect.center().x(), segment.rect.center().y()))
        view.mouseClickEvent(mouse(20, view._rows.names[1].center().y()))
        nowhere = mouse(5, SIZE[1] - 1)
        view.mouseClickEvent(nowhere)
    assert asked == [("layer", place), ("layer", None),
                     *(("histogram", what) for what in QUANTITIES), ("count_scale", "log"),
                     ("choose", 1)]
    assert nowhere.taken is False


def crowd(count):
    return trained([{"name": f"contestant {k}", "layers": hidden(6, "relu", 1 + k % 4)}
                    for k in range(count)], steps=3)


def test_twelve_share_the_height_and_few_pixels_show_the_chosen_one():
    snapshot = crowd(12).at(3)
    with solo(NAME, "light", (700, 400)) as shown:
        shown.draw(snapshot, Look())
        assert len(shown.view._columns) == 12
        assert "more" not in shown.view.note()
    with solo(NAME, "light", (300, 180)) as shown:
        texts = shown.texts(snapshot, Look(chosen=7))
        assert any(text.startswith("contestant 7") for text in texts)
        assert "11 more need room" in shown.view.note()
        shown.texts(snapshot, Look(chosen=7, highlight="contestant 2"))
        assert list(shown.view._columns) == [2]


def test_a_muted_contestant_is_not_shown():
    snapshot = trained([{"name": "A", "layers": hidden(6, "tanh", 2)},
                        {"name": "B", "layers": hidden(6, "tanh", 2), "muted": True}]).at(60)
    with solo(NAME, "light", SIZE) as shown:
        drawn, texts = shown.draw(snapshot, Look()), shown.texts(snapshot, Look())
        colour = rgb(shown.style.contestant(1))
    assert "B" not in texts
    assert not (np.abs(drawn - colour).max(2) <= 2).any()


SAFE = {
    "no hidden layer": ([{"name": "A", "layers": []}], {}),
    "two hundred layers": ([{"name": "A", "layers": hidden(3, "tanh", 100)}], {}),
    "one unit": ([{"name": "A", "layers": hidden(1, "relu", 1)}], {}),
    "regression": ([{"name": "A", "layers": hidden(6, "sigmoid", 2)}],
                   {"dataset": "sine", "loss": "mse"}),
    "digits": ([{"name": "A", "layers": [{"kind": "maxout", "width": 9, "pieces": 2},
                                         {"kind": "dropout", "rate": 0.5}]}],
               {"dataset": "digits"}),
    "diverged": ([{"name": "A", "layers": hidden(8, "leaky-relu", 3),
                   "optimizer": {"name": "sgd", "lr": 1e6}}], {}),
    "constant": ([{"name": "A", "layers": hidden(8, "relu", 2), "init": "zeros"}], {}),
}


@pytest.mark.parametrize("view", [NAME, "depth-time"])
@pytest.mark.parametrize("case", list(SAFE))
@pytest.mark.parametrize("size", [(300, 200), (40, 30), (900, 300)], ids=str)
def test_any_network_is_safe_to_show(view, case, size):
    contestants, problem = SAFE[case]
    run = trained(contestants, steps=12, **problem)
    for what in QUANTITIES:
        for count_scale in ("linear", "log"):
            with solo(view, "dark", size) as shown:
                look = Look(histogram=what, count_scale=count_scale)
                texts = shown.texts(run.at(12), look)
                assert np.array_equal(shown.draw(run.at(12), look), shown.draw(run.at(12), look))
                assert isinstance(shown.view.note(), str)
                assert shown.view.title()
    assert case != "diverged" or size[0] < 100 or "diverged" in texts


@BOTH
@pytest.mark.parametrize("size", [(300, 200), (560, 300), (900, 420), (420, 700)], ids=str)
@pytest.mark.parametrize("view", [NAME, "depth-time"])
def test_nothing_runs_out_of_the_view(view, size, theme):
    with solo(view, theme, size) as shown:
        texts = shown.texts(crowd(3).at(3), Look())
        drawn = shown.draw(crowd(3).at(3), Look())
    card, raised = rgb(THEMES[theme].card), rgb(THEMES[theme].raised)
    edges = np.concatenate([drawn[-1], drawn[0]])
    strange = (np.abs(edges - card).max(1) > 60) & (np.abs(edges - raised).max(1) > 60)
    assert strange.sum() == 0
    assert any(text.startswith("cont") for text in texts)
