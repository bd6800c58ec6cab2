"""The contour map: heights where they belong, levels that show something, lines short enough."""

import numpy as np
import pytest

from engine.heights import Levels, banded, choose_levels, contour_map, heights
from engine.polyline import GrowingEnvelope, envelope, thinned
from engine.surfaces import surfaces

RAMP = np.linspace([185, 204, 230], [253, 253, 252], 18)
LINE = np.array([143.0, 169.0, 204.0])


def test_heights_are_the_surface_at_the_centres_of_cells_the_first_row_topmost():
    field = heights(surfaces["beale"], (-2, 2), (-1, 3), 8, 4)
    assert field.shape == (4, 8)
    assert field[0, 0] == surfaces["beale"].value(-1.75, 2.5)
    assert field[3, 7] == surfaces["beale"].value(1.75, -0.5)


@pytest.mark.parametrize("name", list(surfaces))
def test_every_surface_uses_most_of_its_bands(name):
    surface = surfaces[name]
    levels = choose_levels(surface, *surface.domain)
    field = heights(surface, *surface.domain, 200, 120)
    picture = contour_map(field, levels, RAMP, LINE, strength=0.0)
    shades = np.unique(picture)
    assert len(shades) >= 0.6 * levels.bands
    assert (picture >> 24 == 255).all()


def test_isolines_lie_where_the_bands_meet():
    surface = surfaces["bowl"]
    field = heights(surface, (-2, 2), (-2, 2), 300, 300)
    levels = choose_levels(surface, (-2, 2), (-2, 2))
    plain = contour_map(field, levels, RAMP, LINE, strength=0.0).astype(np.int64)
    lined = contour_map(field, levels, RAMP, LINE, strength=1.0).astype(np.int64)
    edges = np.zeros_like(plain, bool)
    edges[:, 1:] |= plain[:, 1:] != plain[:, :-1]
    edges[1:] |= plain[1:] != plain[:-1]
    drawn = plain != lined
    assert drawn[edges].mean() > 0.9
    assert drawn.mean() < 0.35


def test_a_hole_in_a_surface_is_shaded_as_high_not_drawn_as_garbage():
    field = np.full((20, 20), np.nan)
    field[:, :10] = 0.5
    levels = choose_levels(surfaces["bowl"], (-1, 1), (-1, 1))
    picture = contour_map(field, levels, RAMP, LINE, strength=0.0)
    assert picture[5, 15] == 0xFFFDFDFC


def test_thinning_keeps_ends_apart_and_long_ways():
    points = np.cumsum(np.random.default_rng(0).normal(size=(5000, 2)) * 0.2, axis=0)
    kept = points[thinned(points, 1.0)]
    steps = np.linalg.norm(np.diff(kept, axis=0), axis=1)
    assert (steps >= 1.0).all()
    assert len(kept) < 1500
    # Every point left out is near one that is kept.
    distance = np.linalg.norm(points[:, None] - kept[None], axis=2).min(axis=1)
    assert distance.max() < 1.0


def test_an_envelope_keeps_every_peak():
    values = np.zeros(100_000)
    values[12_345], values[54_321] = 5.0, -7.0
    places, kept = envelope(values, 300)
    assert len(places) <= 600
    assert kept.max() == 5.0 and kept.min() == -7.0
    assert (np.diff(places) > 0).all()
    assert np.array_equal(values[places], kept)


def test_an_envelope_that_grows_is_that_of_the_whole_curve():
    values = np.random.default_rng(3).normal(size=1000)
    values[400:420] = np.nan
    growing, per = GrowingEnvelope(), 7
    for length in (5, 7, 100, 100, 641, 1000):
        places, kept = growing.of("a", "run", values[:length], per)
        count = length // per
        if count:
            wanted = envelope(values[: count * per], count)
            assert np.array_equal(places, wanted[0]) and np.array_equal(kept, wanted[1], True)
        else:
            assert len(places) == len(kept) == 0
    assert np.array_equal(growing.of("a", "another run", -values, per)[1],
                          envelope(-values[:994], 142)[1], True)
    # A run that is shorter than the one before under the same key begins anew.
    assert len(growing.of("a", "another run", -values[:70], per)[0]) <= 20


@pytest.mark.parametrize("knee", [None, 0.3])
def test_the_height_of_a_band_is_where_that_band_begins(knee):
    levels = Levels(-1.0, 40.0, 16, knee)
    for band in (0, 1, 5.5, 15, 16):
        assert banded(np.array([[levels.height(band)]]), levels)[0, 0] == pytest.approx(band)
    assert (levels.height(0), levels.height(16)) == (-1.0, pytest.approx(40.0))
