"""Surfaces in three dimensions: where rays and single triangles say, without cracks, trails on top.
"""

from dataclasses import replace
from math import inf

import naive_relief as naive
import numpy as np
import pytest

from engine.errors import RunError
from engine.heights import Levels
from engine.relief import (
    BoxPaint,
    Camera,
    Canvas,
    Light,
    Paint,
    Relief,
    Trail,
    TrailLook,
    box_picture,
    draw_relief,
    draw_surface,
    height_ticks,
    last_place,
    lines,
    seen,
    share_free,
    surface_relief,
)
from engine.relief.lines import Line, LinePainter
from engine.relief.polygon import fill_polygon
from engine.relief.sizes import CEILING, FLOOR, HEIGHT, MIDDLE
from engine.relief.trails import TrailsSeen
from engine.surfaces import surfaces

GROUND = 0xFF102030
LEVELS = Levels(0.0, 1.0, 16)
PAINT = Paint(np.array([90.0, 130.0, 200.0]), np.array([240.0, 244.0, 250.0]),
              np.array([40.0, 60.0, 90.0]))
RED = (255.0, 0.0, 0.0)
LOOK = TrailLook(halo=(255.0, 255.0, 255.0), shadow=(0.0, 0.0, 0.0))
CAMERAS = [Camera(azimuth, elevation) for azimuth, elevation in
           ((-60, 34), (0, 20), (45, 60), (90, 34), (133.7, 12), (-179, 88), (7, 45))]


def relief_of(function, points=61, levels=LEVELS, half=1.0):
    """A field over (-half, half)²."""
    axis = np.linspace(-half, half, points)
    x, y = np.meshgrid(axis, axis)
    return Relief(np.asarray(function(x, y), float), (-half, half), (-half, half), levels)


def rough(points=41, seed=3):
    """Hills and pits that hide one another."""
    rng = np.random.default_rng(seed)
    a, b, c, d = rng.uniform(3, 7, 4)
    return relief_of(lambda x, y: 0.5 + 0.22 * np.sin(a * x + 1) * np.cos(b * y) + 0.2 * np.sin(
        c * x * y + d * y), points)


def blank(columns, rows):
    return np.full((rows, columns), GROUND, np.uint32)


def drawn(relief, camera, size=(200, 150), threads=None, paint=PAINT):
    """The picture, its depths and the projection."""
    projection = camera.onto(*size, relief.radius)
    picture = blank(*size)
    depths = draw_surface(relief, projection, paint, picture, threads)
    return picture, depths, projection


def channels(picture):
    return np.stack([(picture >> shift) & 255 for shift in (16, 8, 0)], axis=-1).astype(int)


# ---- the camera


@pytest.mark.parametrize("size", [(320, 200), (320, 90)])
@pytest.mark.parametrize("camera", [*CAMERAS, Camera(20, 30, 1.7, inf), Camera(20, 30, 0.5, 3)])
def test_points_are_where_a_pinhole_shows_them_and_come_back_from_there(camera, size):
    projection = camera.onto(*size, 1.3)
    points = np.random.default_rng(1).uniform(-0.9, 0.9, (40, 3))
    pixels = projection.project(points)
    for point, (column, row, depth) in zip(points, pixels, strict=True):
        x, y, w = naive.seen_at(point, camera, projection)
        assert (column, row) == pytest.approx((x, y), abs=1e-9)
        assert depth == pytest.approx(16 - w if camera.distance == inf else 1 / w, rel=1e-12)
    assert np.allclose(projection.unproject(pixels), points, atol=1e-11)


def test_nearer_points_have_larger_depths_in_both_projections():
    for distance in (4.0, inf):
        projection = Camera(-90, 0, distance=distance).onto(100, 100, 1.4)
        depths = projection.project(np.array([[0, -0.5, 0.3], [0, 0.5, 0.3]]))[:, 2]
        assert depths[0] > depths[1] > 0


def test_the_whole_box_is_on_the_picture_from_everywhere():
    relief = relief_of(lambda x, y: x * 0)
    (hx, hy) = relief.half
    corners = np.array([(x, y, z) for x in (-hx, hx) for y in (-hy, hy) for z in (FLOOR, CEILING)])
    for distance in (3.0, 5.0, inf):
        for elevation in (0, 10, 34, 60, 90):
            nearest = 1e9
            for azimuth in range(0, 360, 15):
                camera = Camera(azimuth, elevation, distance=distance)
                projection = camera.onto(400, 300, relief.radius, (20, 20, 20))
                columns, rows, _ = projection.project(corners).T
                assert columns.min() >= 19.5 and columns.max() <= 380.5
                assert rows.min() >= 19.5 and rows.max() <= 280.5
                nearest = min(nearest, columns.min() - 20, rows.min() - 20, 280 - rows.max())
            # It fills the picture, too.
            assert nearest < 5


@pytest.mark.parametrize("size", [(900, 300), (1600, 300), (300, 700)])
def test_a_picture_of_another_shape_is_filled_and_a_plane_from_above_stays_a_map(size):
    relief = relief_of(lambda x, y: x * 0)
    corners = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (FLOOR, CEILING)])
    for elevation in (10, 34, 60):
        projection = Camera(45, elevation).onto(*size, relief.radius)
        columns, rows, _ = projection.project(corners).T
        assert projection.stretch > 1.05 if size[0] > size[1] else projection.stretch < 0.95
        assert columns.min() >= -0.5 and columns.max() <= size[0] + 0.5
        assert rows.min() >= -0.5 and rows.max() <= size[1] + 0.5
    assert Camera(45, 90).onto(*size, relief.radius).stretch == pytest.approx(1)
    # What is seen is one with a lower box from lower down: without perspective, exactly.
    projection = Camera(45, 34, distance=inf).onto(*size, relief.radius)
    sine = np.sin(np.radians(34)) / projection.stretch
    lower = replace(Camera(45, float(np.degrees(np.arcsin(sine))), distance=inf).onto(
        400, 400, relief.radius), stretch=1.0)
    pressed = corners - MIDDLE
    pressed[:, 2] *= np.cos(np.radians(34)) / np.sqrt(1 - sine**2) / projection.stretch
    one, other = projection.project(corners)[:, :2], lower.project(pressed + MIDDLE)[:, :2]
    one, other = ((at - at.mean(axis=0)) / np.ptp(at[:, 0]) for at in (one, other))
    assert np.allclose(one, other)


@pytest.mark.parametrize("wrong, word", [
    ({"elevation": -5.0}, "elevation"), ({"elevation": 91.0}, "elevation"), ({"zoom": 0.0}, "zoom"),
    ({"distance": 1.0}, "distance"), ({"azimuth": float("nan")}, "finite"),
])
def test_a_camera_that_sees_nothing_is_refused_with_a_reason(wrong, word):
    with pytest.raises(RunError, match=word):
        Camera(**wrong)


@pytest.mark.parametrize("heights, x_range, word", [
    (np.zeros((1, 5)), (0.0, 1.0), "2 rows"), (np.zeros(5), (0.0, 1.0), "shape"),
    (np.zeros((4, 5)), (1.0, 1.0), "x range"), (np.zeros((4, 5)), (0.0, inf), "x range"),
])
def test_a_field_that_is_none_is_refused_with_a_reason(heights, x_range, word):
    with pytest.raises(RunError, match=word):
        Relief(heights, x_range, (0.0, 1.0), LEVELS)


# ---- the surface


@pytest.mark.parametrize("camera", CAMERAS)
def test_a_flat_plane_is_where_rays_meet_it(camera):
    relief = relief_of(lambda x, y: 0 * x + 0.25)
    _, depths, projection = drawn(relief, camera)
    z = 0.25 * HEIGHT
    for row in range(0, 150, 7):
        for column in range(0, 200, 7):
            eye, way = naive.ray(column + 0.5, row + 0.5, camera, projection)
            w = (z - eye[2]) / way[2]
            x, y = (eye + w * way)[:2]
            edge = min(1 - abs(x), 1 - abs(y))
            if w > 0 and edge > 0.01:
                assert depths[row, column] == pytest.approx(1 / w, rel=2e-6)
            elif edge < -0.01:
                assert depths[row, column] == 0


@pytest.mark.parametrize("camera", CAMERAS)
def test_a_bowl_is_where_rays_meet_its_sphere(camera):
    radius = 1.6
    # Heights such that the scene's are those of a sphere's lower part.
    relief = relief_of(lambda x, y: (radius - np.sqrt(radius**2 - x**2 - y**2)) / HEIGHT, 201)
    _, depths, projection = drawn(relief, camera)
    checked = 0
    for row in range(0, 150, 6):
        for column in range(0, 200, 6):
            eye, way = naive.ray(column + 0.5, row + 0.5, camera, projection)
            offset = eye - np.array([0, 0, radius])
            a, b, c = way @ way, 2 * way @ offset, offset @ offset - radius**2
            if b * b < 4 * a * c:
                continue
            found = []
            for sign in (-1, 1):
                w = (-b + sign * np.sqrt(b * b - 4 * a * c)) / (2 * a)
                x, y, z = eye + w * way
                if max(abs(x), abs(y)) < 0.99 and z < min(CEILING, radius) - 0.01:
                    found.append((w, abs(way @ [x, y, z - radius]) / radius))
                elif max(abs(x), abs(y)) < 1.01 and z < min(CEILING, radius) + 0.01:
                    found = None
                    break
            if found:
                # A right triangle in a sphere is off it by (its longest side)² / 8r at most.
                w, across = min(found)
                x, y, _ = eye + w * way
                steep = (x**2 + y**2) / (radius**2 - x**2 - y**2)
                room = 1.1 * 2 * 0.01**2 * (1 + steep) / (8 * radius) + 1e-6
                assert across * abs(1 / depths[row, column] - w) < room
                checked += 1
    assert checked > 100


@pytest.mark.parametrize("camera", [*CAMERAS[:5], Camera(30, 25, distance=inf)])
def test_every_pixel_has_the_depth_of_the_nearest_triangle_and_none_is_left_out(camera):
    relief = rough()
    _, depths, projection = drawn(relief, camera, (120, 90))
    pixels = projection.project(relief.mesh.points)
    wanted = naive.nearest_triangle(pixels, relief.mesh.triangles, 120, 90)
    # No crack: whatever lies in a triangle is covered, and nothing else but by rounding.
    assert not ((wanted > 0) & (depths == 0)).any()
    assert ((wanted == 0) & (depths > 0)).sum() <= 3
    both = (wanted > 0) & (depths > 0)
    off = np.abs(depths[both] - wanted[both]) / wanted[both]
    # At a silhouette a place on an edge may belong to either side.
    assert np.quantile(off, 0.995) < 1e-5
    assert both.sum() > 1000


@pytest.mark.parametrize("size", [(64, 48), (333, 217), (640, 480)])
def test_no_pixel_within_a_silhouette_shows_the_ground(size):
    relief = relief_of(lambda x, y: 0.5 + 0.4 * np.sin(9 * x) * np.cos(8 * y), 97)
    for camera in CAMERAS:
        picture, depths, projection = drawn(relief, camera, size)
        columns, rows = size
        # A field over a plane is seen as one piece: from the first to the last pixel of a column.
        covered = depths > 0
        inside = np.maximum.accumulate(covered, 0) & np.maximum.accumulate(covered[::-1], 0)[::-1]
        alone = inside & ~covered
        # Between a fold and what is behind it ground may show at the border, never in the middle.
        flat = projection.project(np.array([[x, y, 0.5 * HEIGHT] for x in (-0.6, 0.6)
                                            for y in (-0.6, 0.6)]))
        low, high = flat[:, :2].min(0).astype(int), flat[:, :2].max(0).astype(int)
        middle = np.zeros_like(alone)
        middle[(low[1] + high[1]) // 2 - rows // 12 : (low[1] + high[1]) // 2 + rows // 12,
               (low[0] + high[0]) // 2 - columns // 8 : (low[0] + high[0]) // 2 + columns // 8] = 1
        assert not (alone & middle).any()
        assert (picture[middle & covered] != GROUND).all()


def test_the_picture_is_the_same_on_any_number_of_threads():
    relief = rough(90)
    first = drawn(relief, CAMERAS[0], (400, 300), threads=1)
    for threads in (2, 3, 5):
        other = drawn(relief, CAMERAS[0], (400, 300), threads=threads)
        assert np.array_equal(first[0], other[0]) and np.array_equal(first[1], other[1])


def test_edges_have_shades_between_surface_and_ground():
    flat = Paint(np.full(3, 255.0), np.full(3, 255.0), np.full(3, 255.0), 0.0,
                 light=Light(1.0, 1.0, 0.0, 1.0))
    picture, depths, _ = drawn(relief_of(lambda x, y: 0 * x + 0.3), Camera(-71, 40), (300, 220),
                               paint=flat)
    red = channels(picture)[..., 0]
    share = np.round((red - 0x10) / (255 - 0x10) * 4) / 4
    assert set(np.unique(share)) == {0, 0.25, 0.5, 0.75, 1}
    mixed = (share > 0) & (share < 1)
    # The four sides are some 700 pixels long, and nothing within is anything but surface.
    assert 200 < mixed.sum() < 1500
    inner = depths > 0
    for axis in (0, 1):
        for turn in (-1, 1):
            inner &= np.roll(depths > 0, turn, axis)
    assert (share[inner] == 1).all()


def test_what_is_not_finite_is_a_hole_and_what_is_too_high_is_cut_off_level():
    def field(x, y):
        z = 0.3 + 4 * np.maximum(x - 0.5, 0)
        return np.where(np.hypot(x, y) < 0.3, np.where(x > 0, np.nan, np.inf), z)

    relief = relief_of(field, 101)
    assert np.isfinite(relief.mesh.points[relief.mesh.triangles]).all()
    assert relief.mesh.points[relief.mesh.triangles][..., 2].max() == CEILING
    # Cut off on one line across the whole field.
    top = relief.mesh.points[relief.mesh.points[:, 2] == CEILING]
    assert np.allclose(top[:, 0], 0.5 + (CEILING / HEIGHT - 0.3) / 4, atol=1e-9)
    picture, depths, projection = drawn(relief, Camera(-90, 80), (200, 200))
    column, row, _ = projection.project(np.array([[0.0, 0.0, 0.3 * HEIGHT]]))[0]
    assert depths[int(row), int(column)] == 0 and picture[int(row), int(column)] == GROUND
    assert not np.isfinite(relief.draped(np.array([[0.1, 0.0]])).points[0, 2])
    assert relief.draped(np.array([[0.9, 0.0]])).points[0, 2] == CEILING


def test_isolines_and_bands_are_those_of_the_map():
    surface, domain = surfaces["bowl"], surfaces["bowl"].domain
    relief = surface_relief(surface, *domain, points=401)
    levels = relief.levels
    flat = Paint(PAINT.low, PAINT.high, np.array([255.0, 0.0, 0.0]), 1.0,
                 light=Light(1.0, 1.0, 0.0, 1.0))
    picture, _, projection = drawn(relief, Camera(-70, 50), (700, 500), paint=flat)
    colours = channels(picture)
    (x0, x1), _ = domain
    x = np.linspace(x0 * 0.7, x1 * 0.7, 3000)
    line = relief.drape(np.column_stack([x, 0.35 * x]))
    values = np.array([surface.value(a, 0.35 * a) for a in x])
    share = np.log1p((values - levels.low) / levels.knee) / np.log1p(
        (levels.high - levels.low) / levels.knee) if levels.knee else (
        (values - levels.low) / (levels.high - levels.low))
    bands = np.interp(line.along, np.arange(len(x)), share * levels.bands)
    # In the scene a height is its band.
    assert np.allclose(line.points[:, 2], bands * HEIGHT / levels.bands, atol=1e-3)
    pixels = projection.project(line.points)
    at = pixels[:, :2].astype(int)
    found = colours[at[:, 1], at[:, 0]]
    near = np.abs(bands - np.round(bands))
    on_line = (near < 0.01) & (bands > 0.9)
    red = found[:, 0] - found[:, 2]
    assert np.median(red[on_line]) > 60
    between = near > 0.4
    ramp = PAINT.low + (PAINT.high - PAINT.low) * np.floor(bands)[:, None] / (levels.bands - 1)
    off = np.abs(found[between] - ramp[between]).max(axis=1)
    assert np.quantile(off, 0.9) <= 2


def test_a_slope_towards_the_light_is_brighter_and_the_underside_is_darker():
    white = np.full(3, 200.0)
    plain = Paint(white, white, white, 0.0, light=Light(gloss=0.0))
    # A plane that rises to the right looks to the left.
    left, _, _ = drawn(relief_of(lambda x, y: 0.5 + 0.4 * x), Camera(-90, 40), paint=plain)
    right, _, _ = drawn(relief_of(lambda x, y: 0.5 - 0.4 * x), Camera(-90, 40), paint=plain)
    # The light comes from the left and above, so a slope that faces it is the brighter one.
    assert channels(left)[75, 100, 0] > channels(right)[75, 100, 0] + 10
    steep = relief_of(lambda x, y: 0.5 - 0.49 * np.sign(y) * np.abs(y) ** 0.5)
    above, _, _ = drawn(steep, Camera(90, 5), paint=plain)
    below, _, _ = drawn(relief_of(lambda x, y: 0.5 + 0.9 * y), Camera(90, 5), paint=plain)
    assert channels(below)[75, 100, 0] < channels(above)[75, 100, 0]


def test_the_underside_has_shades_too():
    white = np.full(3, 200.0)
    plain = Paint(white, white, white, 0.0, light=Light(gloss=0.0))
    pit = relief_of(lambda x, y: 0.6 - 0.55 * np.exp(-6 * (x**2 + y**2)))
    picture, depths, projection = drawn(pit, Camera(-90, 3), (300, 200), paint=plain)
    # Of the pit's outside, left and right of its middle.
    places = pit.draped(np.array([(-0.35, -0.35), (0.35, -0.35)])).points
    columns, rows = projection.project(places)[:, :2].astype(int).T
    assert (depths[rows, columns] > 0).all()
    left, right = channels(picture)[rows, columns, 0]
    assert left > right + 12


# ---- what is found under the mouse


@pytest.mark.parametrize("camera", CAMERAS)
def test_a_point_of_the_surface_is_found_again_where_it_is_seen(camera):
    relief = rough(61)
    size = (320, 240)
    projection = camera.onto(*size, relief.radius)
    shown = picture_of(relief, projection, size)
    points = np.random.default_rng(8).uniform(-0.9, 0.9, (60, 2))
    line = relief.draped(points)
    visible = seen(line, projection, shown.depths)
    found = 0
    for point, (column, row, depth), there in zip(
            points, projection.project(line.points), visible, strict=True):
        # Beside an edge the pixel may be of what lies behind.
        if there and abs(shown.depths[int(row), int(column)] - depth) < 0.004 * depth:
            assert shown.point_at(column, row) == pytest.approx(tuple(point), abs=0.09)
            found += 1
    assert found > 15
    assert shown.point_at(-3, 5) is None and shown.point_at(1, 1) is None


def picture_of(relief, projection, size, canvas=None):
    around = BoxPaint((255, 255, 255), (240, 240, 240), (220, 220, 220), (150, 150, 150),
                      (60, 60, 60))
    box = box_picture(relief, projection, [-0.5, 0.0, 0.5], [-0.5, 0.0, 0.5], [0.0, 0.5, 1.0])
    return draw_relief(relief, projection, box, size, PAINT, around, canvas=canvas)


def test_a_canvas_shows_nothing_of_the_picture_before():
    relief, flat = rough(), relief_of(lambda x, y: np.where(x > 0.2, np.nan, 0 * y))
    canvas, size = Canvas((300, 220)), (300, 220)
    for shown, camera in ((relief, Camera(-60, 34)), (flat, Camera(10, 60, 0.4)),
                          (relief, Camera(80, 12, 2.5)), (relief, Camera(-60, 34))):
        projection = camera.onto(*size, shown.radius)
        line = shown.drape(spiral())
        trails = [Trail(line, line.along, RED)]
        again, new = (picture_of(shown, projection, size, on) for on in (canvas, None))
        assert np.array_equal(again.with_trails(trails, 900, LOOK),
                              new.with_trails(trails, 900, LOOK))
        assert np.array_equal(again.ground, new.ground)
        assert np.array_equal(again.depths, new.depths)
    with pytest.raises(RunError, match="300 × 220"):
        picture_of(relief, Camera().onto(200, 100, relief.radius), (200, 100), canvas)


# ---- trails


def spiral(turns=4, points=1200, radius=0.85):
    share = np.linspace(0, 1, points)
    angle = 2 * np.pi * turns * share
    return radius * np.sqrt(share)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])


@pytest.mark.parametrize("camera", [*CAMERAS, Camera(200, 26), Camera(-20, 15)])
@pytest.mark.parametrize("seed", [3, 4])
def test_a_trail_is_never_under_its_own_surface_and_never_over_a_hill_before_it(camera, seed):
    relief, size = rough(81, seed), (480, 360)
    line = relief.drape(spiral())
    trail = Trail(line, line.along, RED)
    picture, depths, projection = drawn(relief, camera, size)
    look = TrailLook(LOOK.halo, LOOK.shadow, hidden=0.0)
    LinePainter(picture.shape).paint(
        picture, TrailsSeen([trail], projection, depths).lines(10**6, look))
    pixels = projection.project(line.points)
    colours = channels(picture)
    checked = {True: 0, False: 0}
    for k in range(0, len(line.points), 23):
        point, normal = line.points[k], line.normals[k]
        towards = projection.eye - point
        facing = towards @ normal / np.linalg.norm(towards) / np.linalg.norm(normal)
        clear = naive.clearance(relief.z, relief.half, point, projection.eye)
        x, y = int(pixels[k, 0]), int(pixels[k, 1])
        is_red = colours[y, x, 0] > 200 and colours[y, x, 1] < 60
        if facing > 0.1 and clear > 0.02:
            assert is_red, f"point {k} is covered by its own surface"
            checked[True] += 1
        elif clear < -0.04:
            near = np.hypot(*(pixels[:, :2] - pixels[k, :2]).T) < 6
            # Another stretch that is seen may run across here.
            if not seen(line, projection, depths)[near].any():
                assert not is_red, f"point {k} is seen through a hill"
                checked[False] += 1
    assert checked[True] > 10


@pytest.mark.parametrize("distance", [5.0, inf])
def test_a_mark_is_hidden_by_a_hill_before_it_and_by_no_slope_that_it_stands_on(distance):
    ridge = relief_of(lambda x, y: 0.9 * np.exp(-30 * (y + 0.3) ** 2), 121)
    _, depths, projection = drawn(ridge, Camera(-90, 15, distance=distance), (500, 360))
    # Before the ridge, on its slope towards the eye, on its top, and far behind it.
    on = ridge.draped(np.array([(0, -0.9), (0, -0.45), (0, -0.3), (0, 0.3)])).points
    *free, behind = share_free(on, projection, depths, 7.0)
    assert min(free) > 0.5 and behind == 0
    # As one comes out from behind it, more and more is seen.
    far = np.column_stack([np.zeros(40), np.full(40, 0.3), np.linspace(on[3, 2], HEIGHT, 40)])
    rising = share_free(far, projection, depths, 7.0)
    assert rising[0] == 0 and rising[-1] == 1 and (np.diff(rising) > -0.07).all()
    assert ((rising > 0.2) & (rising < 0.8)).any()


def test_those_who_are_outside_stand_apart_on_the_rim_towards_where_they_are():
    flat = relief_of(lambda x, y: 0 * x)
    start, found = (3.0, 3.0), []
    for end in ((4.0, 0.0), (3.0, 1.0), (0.5, 3.0), (-2.0, -4.0)):
        rim, beyond = last_place(flat, np.array([start, end]), 1)
        assert beyond is not None and np.abs(rim).max() == pytest.approx(1)
        assert rim[0] * end[1] == pytest.approx(rim[1] * end[0])
        assert (beyond - rim) @ np.array(end) > 0
        found.append(rim)
    assert min(np.hypot(*(one - other)) for k, one in enumerate(found) for other in found[:k]) > 0.3
    # One that leaps ever further from side to side does not flicker.
    leaps = np.array([(3.0, 0.5), *((30.0 * (-3.0) ** k, 20.0) for k in range(9))])
    assert len({tuple(last_place(flat, leaps, k)[0]) for k in range(2, 10)}) == 1


def test_what_is_to_come_and_what_is_hidden_is_faint():
    relief = relief_of(lambda x, y: 0.9 * np.exp(-8 * (x**2 + y**2)), 121)
    camera, size = Camera(-90, 15), (500, 360)
    shown = picture_of(relief, camera.onto(*size, relief.radius), size)
    path = np.column_stack([np.linspace(-0.9, 0.9, 400), np.full(400, 0.4)])
    line = relief.drape(path)
    trail = Trail(line, line.along, RED)
    whole = channels(shown.with_trails([trail], 400, LOOK).copy())
    none = channels(shown.ground)
    pixels = shown.projection.project(line.points)
    at = pixels[:, :2].astype(int)
    change = np.abs(whole - none).max(-1)[at[:, 1], at[:, 0]]
    behind = np.abs(line.points[:, 0]) < 0.12
    beside = np.abs(line.points[:, 0]) > 0.6
    assert np.median(change[beside]) > 100
    assert 5 < np.median(change[behind]) < 70
    half = channels(shown.with_trails([trail], 200, LOOK).copy())
    change = np.abs(half - none).max(-1)[at[:, 1], at[:, 0]]
    assert np.median(change[beside & (line.points[:, 0] < 0)]) > 100
    assert 5 < np.median(change[beside & (line.points[:, 0] > 0)]) < 90
    # Going back gives the very same picture.
    assert np.array_equal(channels(shown.with_trails([trail], 400, LOOK)), whole)


def test_a_draped_line_lies_on_the_triangles_and_keeps_its_steps():
    relief = rough(31)
    path = np.array([[-0.8, -0.7], [0.9, 0.2], [0.1, 0.95], [np.nan, 0], [0, 0]])
    line = relief.drape(path)
    for x, y, z in line.points:
        assert z == pytest.approx(naive.height_on_mesh(relief.z, relief.half, x, y), abs=1e-12)
    whole = np.flatnonzero(line.along == np.round(line.along))
    assert np.allclose(relief.found(line.points[whole, :2]), path[:3])
    steps = np.abs(np.diff(line.points[:, :2], axis=0)).max()
    assert steps <= 0.5 * 2 / 30 + 1e-12
    assert np.isnan(relief.drape(np.array([[5.0, 5.0]])).points[0, 2])
    assert len(relief.drape(np.zeros((0, 2))).points) == 0


def test_shadows_fall_on_the_floor_where_it_is_seen():
    relief = relief_of(lambda x, y: 0.8 + 0 * x, 21)
    size = (400, 300)
    shown = picture_of(relief, Camera(-90, 20).onto(*size, relief.radius), size)
    line = relief.drape(np.array([[-0.9, -0.9], [0.9, -0.9]]))
    out = shown.with_trails([Trail(line, line.along, RED)], 10, LOOK)
    on_floor = line.points.copy()
    on_floor[:, 2] = FLOOR
    at = shown.projection.project(on_floor)[3:-3, :2].astype(int)
    dark = channels(shown.ground)[at[:, 1], at[:, 0]] - channels(out)[at[:, 1], at[:, 0]]
    assert np.median(dark.max(axis=1)) > 15


def test_a_shadow_of_which_only_a_crumb_is_seen_is_none():
    relief, size = relief_of(lambda x, y: 0.8 + 0 * x, 61), (400, 300)
    shown = picture_of(relief, Camera(-90, 20).onto(*size, relief.radius), size)

    def darkest(half: float) -> float:
        line = relief.drape(np.array([[-half, -0.9], [half, -0.9]]))
        bare = Trail(line, line.along, RED, 0.0)
        out = shown.with_trails([bare], 1000, LOOK)
        return np.abs(channels(shown.ground) - channels(out)).max()

    found = [darkest(half) for half in (0.02, 0.04, 0.09, 0.2, 0.5)]
    assert found[0] == found[1] == 0
    # The longer the part that is seen, the darker, up to its whole darkness.
    assert 5 < found[2] < found[3] - 5 and found[3] == found[4] > 30


# ---- the box


def test_ticks_stand_where_their_values_are():
    relief = surface_relief(surfaces["saddle"], *surfaces["saddle"].domain)
    projection = Camera().onto(400, 300, relief.radius)
    (x0, x1), (y0, y1) = relief.x_range, relief.y_range
    low, high = relief.levels.low, relief.levels.high
    box = box_picture(relief, projection, [x0 - 1, x0, 0.0, x1], [y0, y1], [low, high, high + 99])
    across, deep, upright = sorted(box.axes, key=lambda axis: axis.name)
    assert (across.values, deep.values, upright.values) == ((x0, 0.0, x1), (y0, y1), (low, high))
    assert np.allclose(across.ticks[[0, 2]], across.ends)
    assert np.allclose(upright.ticks, upright.ends)
    # On the edge, which is straight, and nearer to the end that is further away.
    way, along = across.ticks[1] - across.ends[0], across.ends[1] - across.ends[0]
    assert way[0] * along[1] == pytest.approx(way[1] * along[0])
    assert 0.4 < way @ along / (along @ along) < 0.5
    # Words stand outside.
    middle = projection.project(np.array([[0.0, 0.0, FLOOR]]))[0, :2]
    for axis in (across, deep):
        assert (axis.ends.mean(axis=0) - middle) @ axis.outwards > 0
    assert upright.ends[:, 0].max() <= box.floor[:, 0].min() + 30


def test_words_and_walls_change_sides_within_some_degrees_and_never_at_one_go():
    relief = relief_of(lambda x, y: x * y)
    boxes = [box_picture(relief, Camera(azimuth, 34).onto(400, 300, relief.radius),
                         [-0.5, 0.0, 0.5], [0.0], [0.2, 0.5]) for azimuth in range(-180, 181)]
    for one, other in zip(boxes, boxes[1:], strict=False):
        for axis in one.axes:
            near = [then.strength for then in other.axes if then.name == axis.name and np.hypot(
                *(then.ends - axis.ends).T).max() < 12]
            assert abs(axis.strength - sum(near)) < 0.25
            assert len(axis.ticks) == {"x": 3, "y": 1, "z": 2}[axis.name]
        for strokes, then in ((one.outline, other.outline), (one.grid, other.grid)):
            # The line that turns into this one.
            for stroke in strokes:
                near = [next_one.strength for next_one in then
                        if next_one.line.shape == stroke.line.shape
                        and np.hypot(*(next_one.line - stroke.line).T).max() < 12]
                assert stroke.strength < 0.25 or max(near) > 0
    for box in boxes:
        for name in "xyz":
            assert sum(axis.strength for axis in box.axes if axis.name == name) == pytest.approx(1)
    # Looked at squarely, or across a corner, there is one of each.
    for azimuth in (-180, -90, 0, 90, -60, 45, 135):
        assert len(boxes[azimuth + 180].axes) == 3


@pytest.mark.parametrize("levels", [
    Levels(0.0, 1e5, 18, 3.0), Levels(0.45, 0.62, 18, 0.004), Levels(101.2, 101.9, 18, 0.1),
    Levels(0.0, 1.0, 18, 1e-4), Levels(-3.0, 40.0, 18, 0.5), Levels(2.0, 2.5, 18)])
def test_heights_have_three_ticks_with_room_between_them(levels):
    relief = relief_of(lambda x, y: levels.low + 0 * x, levels=levels)
    for room in (HEIGHT / 4, HEIGHT / 7):
        ticks = height_ticks(relief, room)
        places = np.sort(relief.raised(np.array(ticks)))
        assert len(ticks) >= 3
        assert np.diff(places).min() >= room - 1e-9
        assert all(levels.low <= tick <= levels.high for tick in ticks)
        # Round: of at most three digits, or four where they are far from 0.
        assert all(float(f"{tick:.4g}") == pytest.approx(tick, rel=1e-12) for tick in ticks)


def test_a_polygon_covers_its_area_and_no_more():
    corners = np.array([[10.3, 5.2], [70.8, 12.9], [61.2, 50.4], [20.1, 44.7]])
    for points in (corners, corners[::-1]):
        picture = blank(90, 60)
        fill_polygon(points, (0x10, 255, 0x30), picture)
        cover = (channels(picture)[..., 1] - 0x20) / (255 - 0x20)
        x, y = corners.T
        area = 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
        assert cover.sum() == pytest.approx(area, rel=0.01)
        assert ((cover > 0) & (cover < 1)).sum() < 450
    # What is beyond the picture is not on it, to whichever side.
    for away in ((200, 0), (-200, 0), (0, 200), (0, -200), (200, 200)):
        picture = blank(90, 60)
        fill_polygon(corners + away, RED, picture)
        assert (picture == GROUND).all()
    whole, part = blank(90, 60), blank(60, 40)
    fill_polygon(corners, RED, whole)
    fill_polygon(corners - (15, 10), RED, part)
    assert np.array_equal(whole[10:50, 15:75], part)


def test_the_measures_agree():
    assert MIDDLE[2] == pytest.approx((HEIGHT + FLOOR) / 2)
    assert Camera().centre == MIDDLE


def test_lines_are_the_same_bytes_in_however_many_bands_they_are_painted(monkeypatch):
    rng = np.random.default_rng(5)
    paths = [np.cumsum(rng.normal(0, 9, (400, 2)), axis=0) + (200, 150) for _ in range(3)]
    paths[1][[7, 8, 200]] = np.nan
    drawn_lines = [Line(path, 3.0, color, 0.8, 6.0, (255, 255, 255))
                   for path, color in zip(paths, (RED, (0, 90, 200), (10, 160, 40)), strict=True)]
    pictures = []
    for bands in (1, 2, 9):
        monkeypatch.setattr(lines, "BANDS_A_CORE", bands)
        picture = np.full((300, 400), 0xFFF4F4F4, np.uint32)
        painter = LinePainter(picture.shape)
        painter.paint(picture, drawn_lines)
        pictures.append(picture)
        # The coverages are empty again: what is painted next is not touched by it.
        again = np.full((300, 400), 0xFFF4F4F4, np.uint32)
        painter.paint(again, drawn_lines)
        assert np.array_equal(picture, again)
    assert np.array_equal(pictures[0], pictures[1]) and np.array_equal(pictures[0], pictures[2])
    # The gap is a gap.
    alone = np.full((300, 400), 0xFFF4F4F4, np.uint32)
    LinePainter(alone.shape).paint(alone, [Line(np.array(
        [[20.0, 50], [100, 50], [np.nan, 50], [200, 50], [300, 50]]), 3.0, RED)])
    assert (alone[50, 30:90] != 0xFFF4F4F4).all() and (alone[50, 110:190] == 0xFFF4F4F4).all()
    assert (alone[50, 210:290] != 0xFFF4F4F4).all()
