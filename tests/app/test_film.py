"""Films and stills: every frame is what the script says, in every format, or there is no file."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest
from lesson_scenes import LESSON
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PyQt6.QtSvg import QSvgRenderer
from scenes import SVG, picture, pixels, race

from app.film import Projector, look_of, render_beats, render_still, script_of
from app.main_window import MainWindow
from app.preferences import Preferences
from app.recording import record_film
from app.recovery import Recovery
from app.reel import frame_times
from app.theme import THEMES, Style
from app.typefaces import FAMILY, font
from engine.errors import FileError, RunError, TrainscopeError
from engine.experiment import Experiment
from engine.lesson import Lesson, open_file
from engine.listing import lesson_files
from engine.run import Run

ROOT = Path(__file__).parents[2]
SMALL = (320, 180)
LESSONS = tuple(lesson_files())
# The frames come first: where they differ, what is encoded of them does.
FILMS = ("film", "film.mp4", "film.webm", "film.mov", "film.gif")
STILLS = ("still.png", "still.svg", "still.pdf")


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


@cache
def lesson_of(name: str) -> Lesson:
    lesson = open_file(lesson_files()[name])
    assert isinstance(lesson, Lesson)
    return lesson


def frames_of(path: Path) -> list[np.ndarray]:
    """The frames of a film, (height, width, 3), as its codec gives them back."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    frames = []
    for file in files:
        with av.open(str(file)) as film:
            frames += [frame.to_ndarray(format="rgb24").astype(int)
                       for frame in film.decode(video=0)]
    return frames


def contents(path: Path) -> dict[str, bytes]:
    """The bytes of a film, file by file."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Sparing(Projector):
    """A projector that does not train what is among the `trained`, and puts there what it trains.

    Its runs are its own: what others have found out about a step it does not know.
    """

    def __init__(self, *how, trained: dict[Experiment, Run]) -> None:
        super().__init__(*how)
        self.trained = trained

    def finished(self, experiment: Experiment, before: Run | None) -> Run:
        run = super().finished(experiment, self.trained.get(experiment, before))
        self.trained.setdefault(experiment, run)
        return run


def painted(lesson: Lesson, times, size=SMALL, theme="light", trained=None) -> list[np.ndarray]:
    """The frames at these times, painted one after another by one projector."""
    projector = Sparing(lesson, size, theme, look_of(lesson),
                        trained={} if trained is None else trained)
    try:
        return [pixels(projector.image(time)) for time in times]
    finally:
        projector.close()


def short(tmp_path: Path, name: str, source: Lesson | Experiment | None = None, **options) -> Path:
    """A film of half a second, ten frames a second."""
    options = {"size": SMALL, "fps": 10, "seconds": 0.5} | options
    return record_film(source or race(), tmp_path / name, **options)


# ---- every lesson


@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_films_from_beginning_to_end(name, tmp_path):
    lesson = lesson_of(name)
    path = record_film(lesson, tmp_path / "lesson.mp4", size=SMALL, fps=1, cards=False)
    frames = frames_of(path)
    assert len(frames) == round(lesson.duration)
    assert all(frame.shape == (180, 320, 3) for frame in frames)
    # It moves wherever a beat, its step or its look does; before a training all may stand still.
    moments = [lesson.moment_of_frame(frame, 1) for frame in range(len(frames))]
    moving = {(moment.beat, moment.step, repr(moment.picture), moment.share)
              for moment in moments}
    assert len({frame.tobytes() for frame in frames}) > 0.9 * len(moving)


@pytest.mark.parametrize("name", LESSONS)
def test_a_frame_is_the_same_whatever_was_painted_before(name):
    """Also at the changes of beats, where problem, contestants and range may change."""
    lesson, theme = lesson_of(name), ("light", "dark")[LESSONS.index(name) % 2]
    size = (480, 270)
    changes = [start + late for start in lesson.starts[1:-1] for late in (Fraction(-1, 60), 0)]
    times = sorted([*changes, *(lesson.duration * k / 5 for k in range(6))])
    trained: dict[Experiment, Run] = {}
    forward = painted(lesson, times, size, theme, trained)
    backward = painted(lesson, times[::-1], size, theme)[::-1]
    order = random.Random(name).sample(range(len(times)), len(times))
    shuffled = dict(zip(order, painted(lesson, [times[k] for k in order], size, theme, trained),
                        strict=True))
    for k, time in enumerate(times):
        assert np.array_equal(forward[k], backward[k]), f"backward at {float(time)} s"
        assert np.array_equal(forward[k], shuffled[k]), f"at random at {float(time)} s"
    for k in random.Random(name).sample(range(len(times)), 2):
        (alone,) = painted(lesson, [times[k]], size, theme, trained)
        assert np.array_equal(forward[k], alone), f"alone at {float(times[k])} s"


@pytest.mark.parametrize("name", LESSONS)
def test_a_still_shows_the_moment_of_its_frame_at_every_rate(name):
    lesson = lesson_of(name)
    for fps in (24, 25, 30, 50, 60):
        for frame in range(0, int(lesson.duration * fps), 7):
            assert lesson.moment(frame / fps) == lesson.moment_of_frame(frame, fps)


# ---- what a film shows


def test_a_frame_of_a_film_is_the_still_of_its_time(tmp_path):
    film = record_film(lesson_of("momentum"), tmp_path / "film", size=SMALL, fps=3, span=(7, 9))
    for k in range(6):
        still = render_still(lesson_of("momentum"), tmp_path / f"{k}.png", at=7 + k / 3, size=SMALL)
        assert np.array_equal(picture(film / f"frame-{k + 1:06d}.png"), picture(still))


def test_an_experiment_lasts_ten_seconds_in_which_all_its_steps_go_by(tmp_path):
    film = record_film(race(), tmp_path / "film", size=SMALL, fps=2)
    assert len(left(film)) == 20
    script = script_of(race())
    assert script.duration == 10
    steps = [script.moment(time).step for time in frame_times(script, 60)]
    assert steps[0] == 0
    assert steps[-1] == 80
    assert sorted(set(steps)) == list(range(81)), "no step is left out at 60 frames a second"


@pytest.mark.parametrize(("seconds", "fps", "frames"), [(3, 10, 30), (0.05, 60, 3), (0.01, 10, 1)])
def test_an_experiment_may_last_another_time(tmp_path, seconds, fps, frames):
    film = record_film(race(), tmp_path / "film", size=SMALL, fps=fps, seconds=seconds)
    assert len(left(film)) == frames


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 1e9])
def test_a_length_that_no_film_can_have_is_refused(tmp_path, seconds):
    with pytest.raises(TrainscopeError):
        record_film(race(), tmp_path / "film.mp4", size=SMALL, fps=1, seconds=seconds)
    assert left(tmp_path) == []


def test_a_span_is_a_part_of_the_whole(tmp_path):
    whole = record_film(race(), tmp_path / "whole", size=SMALL, fps=4, seconds=3)
    part = record_film(race(), tmp_path / "part", size=SMALL, fps=4, seconds=3, span=(0.75, 2))
    assert len(left(part)) == 5
    for k in range(5):
        name, other = f"frame-{k + 1:06d}.png", f"frame-{k + 4:06d}.png"
        assert (part / name).read_bytes() == (whole / other).read_bytes()


def test_times_are_counted_in_fractions_and_never_drift():
    script = script_of(race(), 3600)
    times = frame_times(script, 60, (0.1, 3600))
    assert times[0] == Fraction(1, 10)
    assert times[-1] == Fraction(1, 10) + Fraction(len(times) - 1, 60)
    assert frame_times(script_of(race(), 0.7), 10)[-1] == Fraction(6, 10)


@pytest.mark.parametrize("span", [(2, 1), (1, 1), (-1, 1), (0, 10.1), (0, float("nan"))])
def test_a_span_outside_the_film_is_refused(tmp_path, span):
    with pytest.raises(RunError):
        record_film(race(), tmp_path / "film.mp4", size=SMALL, span=span)
    assert left(tmp_path) == []


def test_the_look_in_the_file_is_the_look_of_the_film():
    looked = race(picture={"zoom": [[0, 4], [-1, 2]], "chosen": "Adam", "loss_scale": "linear",
                           "layout": [["loss-curve", "step-anatomy"]]})
    projector = Projector(script_of(looked), SMALL, "dark", look_of(looked))
    projector.compose(5)
    board = projector.stage.board
    assert board.rows == (("loss-curve", "step-anatomy"),)
    assert board.view("loss-curve").look.loss_scale == "linear"
    assert board.view("step-anatomy").snapshot.anatomy.index == 2
    assert board.view("loss-curve").look.zoom == ((0, 4), (-1, 2))
    projector.close()


# ---- formats


@pytest.mark.parametrize("name", FILMS)
def test_two_films_of_one_file_are_the_same_bytes(tmp_path, name):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    lesson = lesson_of("momentum")
    one, two = (short(tmp_path / folder, name, lesson, span=(7.8, 8.4)) for folder in
                ("one", "two"))
    assert len(frames_of(one)) == 6
    assert contents(one) == contents(two)


def test_another_process_makes_the_same_bytes(tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    here, there = tmp_path / "here", tmp_path / "there"
    file = tmp_path / "race.toml"
    file.write_text(race().to_toml(), encoding="utf-8")
    code = f"""
import sys
from app.cli import main
for name in {FILMS!r}:
    assert main(["film", {str(file)!r}, "-o", {str(there)!r} + "/" + name, "--seconds", "0.5",
                 "--fps", "10", "--size", "320x180", "--theme", "dark"]) == 0
assert main(["still", {str(file)!r}, "-o", {str(there)!r} + "/still.png", "--at", "4.2"]) == 0
"""
    # Should it die, it says where.
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONFAULTHANDLER": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    for name in FILMS:
        short(here, name, theme="dark")
        if contents(here / name) != contents(there / name):
            pairs = zip(frames_of(here / name), frames_of(there / name), strict=True)
            off = [int(np.abs(one - other).max()) for one, other in pairs]
            pytest.fail(f"{name} has other bytes there; its frames are off by {off} levels")
    render_still(race(), here / "still.png", at=4.2)
    assert contents(here / "still.png") == contents(there / "still.png")


@pytest.mark.parametrize(("name", "tolerance"), [
    ("film", 0), ("film.mp4", 2.5), ("film.webm", 2.5), ("film.mov", 2.5), ("film.gif", 4.0)])
def test_what_is_decoded_is_what_was_painted(tmp_path, name, tolerance):
    looked = race(picture={"zoom": [[0, 4], [-1, 2]], "chosen": "Adam",
                           "layout": [["surface-path", "step-anatomy"]]})
    shown = frames_of(short(tmp_path, name, looked, theme="dark", size=(640, 360)))
    drawn = painted(script_of(looked, 0.5), [Fraction(k, 10) for k in range(5)], (640, 360),
                    "dark")
    for one, other in zip(shown, drawn, strict=True):
        assert np.abs(one - other).mean() <= tolerance


@pytest.mark.parametrize("fps", [50, 25, 20, 10])
def test_a_gif_has_the_rates_it_can_time(tmp_path, fps):
    path = short(tmp_path, "film.gif", fps=fps, seconds=0.2)
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert stream.average_rate == fps
        assert len(list(film.decode(stream))) == fps // 5


@pytest.mark.parametrize(("name", "options", "reason"), [
    ("film.gif", {"fps": 60}, "fps must be 50, 25, 20, 10, not 60"),
    ("film.mp4", {"fps": 0}, "fps must be from 1 to 240, not 0"),
    ("film.mp4", {"size": (321, 181)}, "must be even, not 321x181; 322x182 would do"),
    ("film.webm", {"size": (0, 0)}, "must be from 16 to 7680, not 0x0"),
    ("film.gif", {"size": (100_000, 100)}, "must be from 16 to 7680"),
    ("film.avi", {}, "'.avi'; allowed: .gif, .mov, .mp4, .webm, or a folder"),
    ("film.mp4", {"transparent": True}, "MP4 has no transparent background; .mov and a folder"),
    ("film.mp4", {"codec": "av1"}, "MP4 has the codecs h264, not 'av1'"),
    ("film.gif", {"codec": "av1", "fps": 50}, "GIF has no choice of codecs, not 'av1'"),
    ("film.mp4", {"max_mb": 1}, "a size budget is for GIFs; MP4 has none"),
])
def test_what_no_film_can_be_is_refused_before_it_is_drawn(
    tmp_path, monkeypatch, name, options, reason
):
    monkeypatch.setattr("app.recording.ReelPainter", lambda *_, **__: pytest.fail("drawn"))
    with pytest.raises(TrainscopeError, match=reason):
        short(tmp_path, name, **options)
    assert left(tmp_path) == []


@pytest.mark.parametrize("size", [(333, 187), (401, 401), (180, 321)])
def test_odd_sizes_film_where_nothing_is_halved(tmp_path, size):
    for name in ("film", "film.gif"):
        frames = frames_of(short(tmp_path, name, size=size, seconds=0.2))
        assert [frame.shape for frame in frames] == [(size[1], size[0], 3)] * 2


# ---- cancelled and failed films


class Enough(Exception):
    """Raised by a progress function to cancel."""


@pytest.mark.parametrize("name", FILMS)
def test_progress_may_cancel_and_nothing_is_left(tmp_path, name):
    def progress(frame: int, frames: int, seconds_left: float) -> None:
        if frame == 3:
            raise Enough

    with pytest.raises(Enough):
        short(tmp_path, name, progress=progress)
    assert left(tmp_path) == []


def test_cancelling_keeps_the_earlier_film(tmp_path):
    path = short(tmp_path, "film.mp4")
    before = path.read_bytes()

    def progress(*_: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        short(tmp_path, "film.mp4", progress=progress, theme="dark")
    assert left(tmp_path) == ["film.mp4"]
    assert path.read_bytes() == before


def test_progress_counts_frames_and_the_time_left(tmp_path):
    told = []
    short(tmp_path, "film.gif", progress=lambda *numbers: told.append(numbers))
    assert [numbers[:2] for numbers in told] == [(k, 5) for k in range(1, 6)]
    left_over = [numbers[2] for numbers in told]
    assert left_over[-1] == 0
    assert all(seconds > 0 for seconds in left_over[:-1])


@pytest.fixture
def full_disk():
    """Files of this process end at 3 kB: to whoever writes them, a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    short_of = resource.setrlimit

    def fill() -> None:
        short_of(resource.RLIMIT_FSIZE, (3000, hard))

    yield fill
    short_of(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("name", [*FILMS, *STILLS])
def test_a_full_disk_is_told_with_its_reason_and_nothing_is_left(tmp_path, full_disk, name):
    def draw() -> None:
        if name in STILLS:
            render_still(race(), tmp_path / name, at=5, size=SMALL)
        else:
            record_film(race(), tmp_path / name, size=(640, 360), fps=10, seconds=1)

    draw()
    before = contents(tmp_path / name)
    full_disk()
    with pytest.raises(FileError, match="too large"):
        draw()
    assert left(tmp_path) == [name]
    assert contents(tmp_path / name) == before, "the earlier one stays"


@pytest.mark.parametrize("name", [*FILMS, *STILLS])
def test_a_place_where_nothing_can_be_written_is_told(tmp_path, name):
    path = tmp_path / "nowhere" / name
    with pytest.raises(FileError, match="there is no"):
        if name in STILLS:
            render_still(race(), path, size=SMALL)
        else:
            short(tmp_path / "nowhere", name)
    assert left(tmp_path) == []


# ---- stills


@pytest.mark.parametrize(("at", "seconds"), [(-0.1, None), (10.01, None), (2.5, 2.0)])
def test_a_moment_outside_is_refused(tmp_path, at, seconds):
    with pytest.raises(RunError, match="--at must be from 0 to"):
        render_still(race(), tmp_path / "still.png", at=at, seconds=seconds)
    assert left(tmp_path) == []


def test_the_last_moment_is_inside(tmp_path):
    lesson = Lesson(title="Tenths", experiment=race(), beats=[{"seconds": 0.1}] * 3)
    # As floats 0.1 + 0.1 + 0.1 lies above 0.3; the lesson ends at 3/10.
    render_still(lesson, tmp_path / "still.png", at=0.3, size=SMALL)


@pytest.mark.parametrize(("name", "reason"), [
    ("still.bmp", "a .png, .svg or .pdf file, not .bmp"), ("still", "not a folder")])
def test_a_still_of_another_kind_is_refused(tmp_path, name, reason):
    with pytest.raises(FileError, match=reason):
        render_still(race(), tmp_path / name, size=SMALL)
    assert left(tmp_path) == []


@pytest.mark.parametrize("size", [(8, 8), (1280, 0), (100_000, 100)])
def test_a_size_that_no_still_can_have_is_refused(tmp_path, size):
    with pytest.raises(RunError, match="from 16 to 7680"):
        render_still(race(), tmp_path / "still.png", size=size)


@pytest.mark.parametrize(("width", "height"), [
    (1920, 1080), (2560, 1440), (3840, 2160)])
def test_every_size_has_the_same_picture(tmp_path, width, height):
    """Frames of every size hold the same things at the same places."""
    lesson = lesson_of("optimizer-race")
    render_still(lesson, tmp_path / "still.png", at=20, size=(width, height))
    still = QImage(str(tmp_path / "still.png"))
    assert (still.width(), still.height()) == (width, height)
    projector = Projector(lesson, (1280, 720), "light", look_of(lesson))
    off = np.abs(thumbnail(still) - thumbnail(projector.image(20)))
    projector.close()
    # Letters are rounded to whole pixels. A shift by a hundredth of the width gives 3.6 and 0.027.
    assert off.mean() <= 1.8
    assert (off.max(2) > 40).mean() <= 0.013


def thumbnail(image: QImage) -> np.ndarray:
    """Where things are, without how their edges are painted."""
    return pixels(image.scaled(160, 90, Qt.AspectRatioMode.IgnoreAspectRatio,
                               Qt.TransformationMode.SmoothTransformation))


def rendered(path: Path, size: tuple[int, int]) -> np.ndarray:
    """An SVG or PDF as pixels."""
    if path.suffix == ".pdf":
        pdf = pytest.importorskip("PyQt6.QtPdf")
        document = pdf.QPdfDocument(None)
        document.load(str(path))
        assert document.pageCount() == 1
        page = document.pagePointSize(0)
        assert (page.width(), page.height()) == (size[0] * 0.75, size[1] * 0.75)
        image = document.render(0, QSize(*size))
        document.close()
        return pixels(image)
    image = QImage(*size, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        QSvgRenderer(str(path)).render(painter)
    return pixels(image)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["still.svg", "still.pdf"])
def test_vectors_show_what_pixels_show(tmp_path, name, theme):
    size, lesson = (960, 540), lesson_of("momentum")
    path = render_still(lesson, tmp_path / name, at=20, size=size, theme=theme)
    (drawn,) = painted(lesson, [20], size, theme)
    off = np.abs(rendered(path, size) - drawn).max(2)
    # Lines are painted by another hand, so that their edges differ; nothing may be moved.
    assert off.mean() <= 3.0
    assert (off > 60).mean() <= 0.015


def test_an_svg_has_text_as_text_which_says_how_wide_it_is(tmp_path):
    lesson = lesson_of("learning-rate")
    path = render_still(lesson, tmp_path / "still.svg", at=39, size=(1280, 720))
    root = ElementTree.parse(path).getroot()
    assert root.get("viewBox") == "0 0 1280 720"
    assert root.findtext(f"{SVG}title") == lesson.title
    texts = {text.text: text for text in root.iter(f"{SVG}text")}
    title = texts[lesson.title]
    # 44 px at 1080 are 29 at 720.
    assert (title.get("font-size"), title.get("font-family")) == ("29", FAMILY)
    wide = QFontMetricsF(font(29, 600, plain=True)).horizontalAdvance(lesson.title)
    assert float(title.get("textLength")) == pytest.approx(wide, abs=0.01)
    assert all(text.get("lengthAdjust") == "spacingAndGlyphs" for text in texts.values())
    caption = " ".join(lesson.beats[lesson.beat_at(39)[0]].caption.split())
    assert caption in " ".join(texts)
    seen = [contestant.name for contestant in lesson.moment(39).experiment.contestants
            if not contestant.muted]
    style = Style(THEMES["light"])
    colors = [style.ink(QColor(color)).name() for color in style.theme.contestants]
    assert seen and all(texts[name].get("fill") in colors for name in seen), "at the heads"
    assert len(list(root.iter(f"{SVG}image"))) == 1, "only the contour map is made of pixels"


def test_an_svgs_curves_end_at_the_edge_of_their_plot(tmp_path):
    """A loss below the axis must not run over the caption."""
    lesson = lesson_of("learning-rate")
    path = render_still(lesson, tmp_path / "still.svg", at=46, size=(1280, 720))
    root = ElementTree.parse(path).getroot()
    parents = {child: parent for parent in root.iter() for child in parent}
    lines = list(root.iter(f"{SVG}polyline"))
    assert lines
    for line in lines:
        above = []
        while (line := parents.get(line)) is not None:
            above.append(line.get("clip-path"))
        assert any(above), "every curve is clipped"


def test_a_pdf_keeps_the_contour_map_without_loss(tmp_path):
    path = render_still(race(), tmp_path / "still.pdf", at=5, size=(1280, 720))
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    assert b"DCTDecode" not in data, "a JPEG smears around the isolines"


def test_a_pdf_has_text_as_text(tmp_path):
    """Digits, brackets and arrows too: Qt loses letters that a font shows in another shape."""
    pdf = pytest.importorskip("PyQt6.QtPdf")
    lesson = lesson_of("momentum")
    path = render_still(lesson, tmp_path / "still.pdf", at=12.5)
    document = pdf.QPdfDocument(None)
    document.load(str(path))
    written = " ".join(document.getAllText(0).text().split())
    document.close()
    step = lesson.moment(12.5).step
    for text in (lesson.title, f"step {step}", lesson.beats[1].caption, "minimum (0, 0)",
                 f"{step} → {step + 1}", "learning rate", "0.004", "−3 −2 −1 0 1 2"):
        assert text in written


def test_a_still_of_every_beat_shows_how_it_ends(tmp_path):
    lesson = lesson_of("momentum")
    stills = list(render_beats(lesson, tmp_path / "new" / "m.png", size=SMALL))
    numbers = range(1, len(lesson.beats) + 1)
    assert [path.name for path in stills] == [f"m-{k}.png" for k in numbers]
    for beat, path in enumerate(stills):
        last = lesson.starts[beat + 1] - Fraction(1, 1000)
        assert lesson.moment(last).step == lesson.last_step(beat)
        (drawn,) = painted(lesson, [last])
        assert np.array_equal(picture(path), drawn)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_transparent_still_has_solid_cards_and_the_same_letters(tmp_path, theme):
    lesson = lesson_of("momentum")
    render_still(lesson, tmp_path / "still.png", at=20, size=SMALL, theme=theme, transparent=True)
    still = QImage(str(tmp_path / "still.png"))
    assert still.hasAlphaChannel()
    corner, card = still.pixelColor(2, 2), still.pixelColor(25, 60)
    assert (corner.alpha(), card.alpha()) == (0, 255)
    ground = QImage(*SMALL, QImage.Format.Format_RGB32)
    ground.fill(QColor(THEMES[theme].ground))
    with QPainter(ground) as painter:
        painter.drawImage(0, 0, still)
    (solid,) = painted(lesson, [20], SMALL, theme)
    assert np.abs(pixels(ground) - solid).max() <= 4, "on the theme's ground it is the usual one"


@pytest.mark.parametrize("name", LESSONS)
def test_an_upright_frame_stacks_its_views_and_keeps_its_words_apart(name):
    lesson, size = lesson_of(name), (1080, 1920)
    projector = Projector(lesson, size, "light", look_of(lesson))
    for start, beat in zip(lesson.starts, lesson.beats, strict=False):
        # When the cards have come to rest.
        at = start + beat.sliding
        projector.compose(at)
        cards = [card.sceneBoundingRect() for card in projector.stage.board.cards()]
        assert all(card.left() >= 40 and card.right() <= 1040 for card in cards)
        assert all(one.bottom() < other.top() for one, other in pairwise(cards))
        image = projector.image(at)
        shown = pixels(image)
        board = projector.stage.board.sceneBoundingRect()
        for rows in (slice(int(board.bottom()) + 2, int(board.bottom()) + 16),
                     slice(int(board.top()) - 16, int(board.top()) - 2), slice(0, 40),
                     slice(1890, 1920)):
            assert (shown[rows] == shown[0, 0]).all(), "words reach neither the board nor an edge"
        for columns in (slice(0, 40), slice(1040, 1080)):
            assert (shown[:, columns] == shown[0, 0]).all()
    projector.close()


# ---- the same as on the screen


@pytest.fixture
def presenting(qtbot, tmp_path):
    """The window in presentation mode, the stage being 1280 x 720."""
    window = MainWindow(Preferences(tmp_path / "window.ini"), Recovery(tmp_path / "unsaved"))
    window.show()
    window.toggle_presenting()
    window.showNormal()
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: window.stage_view.size() == QSize(1280, 720))
    yield window
    window.document.stack.setClean()
    window.close()
    window.deleteLater()


def on_screen(window: MainWindow, qapp) -> np.ndarray:
    window.session.wait()
    qapp.processEvents()
    return pixels(window.stage_view.grab().toImage())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_experiment_on_the_screen_is_its_film(presenting, qapp, theme):
    presenting.set_theme(theme)
    presenting.session.player.seek(200)
    screen = on_screen(presenting, qapp)
    seen = script_of(presenting.files.experiment_as_seen())
    (film,) = painted(seen, [4.75], (1280, 720), theme)
    assert seen.moment(4.75).step == 200
    assert np.array_equal(screen, film)


@pytest.mark.parametrize(("name", "beat"), [
    ("momentum", 0), ("momentum", 2), ("optimizer-race", 1), ("optimizer-race", 3),
    ("learning-rate", 4)])
def test_a_lesson_on_the_screen_is_its_film(presenting, qapp, name, beat):
    lesson = lesson_of(name)
    presenting.set_theme("light")
    presenting.open_lesson(name)
    presenting.session.lesson.go_to_beat(beat, play=False)
    middle = lesson.starts[beat] + lesson.beats[beat].duration / 2
    presenting.session.player.scrub(round(middle * 1000))
    screen = on_screen(presenting, qapp)
    (film,) = painted(lesson, [middle], (1280, 720))
    assert np.array_equal(screen, film)


@pytest.mark.parametrize("seconds", [4.5, 6.0, 6.75, 7.0, 8.0])
def test_a_sliding_camera_and_sliding_cards_are_alike_on_the_screen_and_in_the_film(
        presenting, qapp, seconds):
    presenting.set_theme("light")
    presenting.document.take(LESSON)
    presenting.session.lesson.go_to_beat(3, play=False)
    presenting.session.player.scrub(round(seconds * 1000))
    assert 0 <= LESSON.moment(seconds).share <= 1
    screen = on_screen(presenting, qapp)
    (film,) = painted(LESSON, [seconds], (1280, 720))
    if LESSON.beats[LESSON.moment(seconds).beat].your_turn:
        # Beside the caption the screen has the control that the film cannot have.
        below = presenting.stage.board.geometry().toRect().bottom() + 1
        assert not np.array_equal(screen[below:], film[below:])
        screen, film = screen[:below], film[:below]
    assert np.array_equal(screen, film)
