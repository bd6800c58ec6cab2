"""A film's timeline: cards, chapters, subtitles, a beat alone; and what the cards show."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PyQt6.QtGui import QColor, QImage, QPainter
from scenes import SVG, race, svg_of

from app.cards import paint_sources, paint_title, source_parts, sources_opacities, title_opacities
from app.film import look_of
from app.recording import record_film
from app.reel import Reel, beats_span, chapter_title, shortened
from app.reel_painter import ReelPainter
from app.stage import unit_of
from app.subtitles import as_srt, as_vtt, cues, pages_of
from app.theme import THEMES, Style
from engine.errors import RunError
from engine.lesson import Lesson, open_file
from engine.listing import lesson_files

SMALL = (320, 180)
LESSONS = {name: open_file(path) for name, path in lesson_files().items()}


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


def script(**fields) -> Lesson:
    """Three short beats, the last without a caption."""
    beats = [{"seconds": 0.5, "caption": "Down it goes: first one, then the other.",
              "steps_per_second": 20},
             {"seconds": 1.3, "caption": "Then & now <b>."}, {"seconds": 0.7}]
    return Lesson(**{"title": "Three beats", "summary": "What three beats are for.",
                     "sources": ["Polyak 1964, Some methods", "A page without a year"],
                     "experiment": race(), "beats": beats} | fields)


def chapters_of(path: Path) -> list[tuple[str, Fraction, Fraction]]:
    with av.open(str(path)) as film:
        return [(mark["metadata"]["title"], mark["start"] * mark["time_base"],
                 mark["end"] * mark["time_base"]) for mark in film.chapters()]


def frames_in(path: Path) -> int:
    with av.open(str(path)) as film:
        return sum(1 for _ in film.decode(video=0))


# ---- time


@pytest.mark.parametrize("fps", [1, 10, 24, 60])
def test_cards_and_beats_follow_one_another_frame_by_frame(fps):
    reel = Reel(script(), fps)
    assert [part.kind for part in reel.parts] == ["title", *["beat"] * len(reel.beats), "sources"]
    assert [part.first for part in reel.parts[1:]] == [part.end for part in reel.parts[:-1]]
    assert reel.parts[0].frames == 4 * fps
    assert reel.parts[-1].frames == 5 * fps
    bare = Reel(script(), fps, cards=False)
    assert bare.frames == reel.frames - 9 * fps
    shown = [part.start + Fraction(k, fps) for part in bare.parts for k in range(part.frames)]
    assert shown == bare.times, "cards do not move the lesson's moments"
    assert all(reel.lesson.beat_at(part.start)[0] == part.beat for part in bare.parts)


def test_a_part_of_a_lesson_and_an_experiment_have_no_cards(tmp_path):
    assert [part.kind for part in Reel(script(), 10, (0.5, 1.8)).parts] == ["beat"]
    film = record_film(race(), tmp_path / "film.mp4", size=SMALL, fps=10, seconds=1)
    assert frames_in(film) == 10
    assert chapters_of(film) == []


def test_a_lesson_without_sources_ends_with_its_last_beat():
    assert Reel(script(sources=[]), 10).parts[-1].kind == "beat"


def test_sources_are_shown_as_long_as_they_take_to_read():
    def seconds(count: int) -> float:
        reel = Reel(script(sources=["Somebody 1999, " + "x" * 60] * count), 10)
        return reel.parts[-1].frames / 10

    assert [seconds(count) for count in (1, 2, 3, 30)] == [6, 10, 14, 15]


def test_beats_alone(tmp_path):
    lesson = script()
    assert beats_span(lesson, 2, 2) == (Fraction(1, 2), Fraction(9, 5))
    assert beats_span(lesson, 2, 3) == (Fraction(1, 2), Fraction(5, 2))
    film = record_film(lesson, tmp_path / "film.mp4", size=SMALL, fps=10, beats=(2, 2))
    assert frames_in(film) == 13
    assert chapters_of(film) == [("Then & now <b>.", 0, Fraction(13, 10))]
    for first, last, said in ((0, 1, "must be from 1 to 3"), (3, 4, "must be from 1 to 3"),
                              (2, 1, "goes from the first to the last: 1-2, not 2-1")):
        with pytest.raises(RunError, match=f"--beat {said}"):
            record_film(lesson, tmp_path / "no.mp4", size=SMALL, beats=(first, last))
    with pytest.raises(RunError, match="--beat must be 1, the only one, not 2"):
        record_film(race(), tmp_path / "no.mp4", size=SMALL, beats=(2, 2))
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


# ---- chapters


@pytest.mark.parametrize("name", ["film.mp4", "film.mov", "film.webm"])
def test_every_beat_is_a_chapter_and_together_they_are_the_film(tmp_path, name):
    film = record_film(script(), tmp_path / name, size=SMALL, fps=10)
    # MP4 and MOV count chapters in thousandths.
    assert chapters_of(film) == [
        ("Down it goes: first one, then the other.", 0, Fraction(45, 10)),
        ("Then & now <b>.", Fraction(45, 10), Fraction(58, 10)),
        ("Beat 3", Fraction(58, 10), Fraction(115, 10))]


def test_a_chapter_is_named_by_how_its_caption_begins():
    def named(caption: str) -> str:
        return chapter_title(script(beats=[{"seconds": 1, "caption": caption}]).beats[0], 1)

    assert named("Short and\n  sweet.") == "Short and sweet."
    assert named("The first sentence is said. " + "Then others follow it. " * 4) == (
        "The first sentence is said. Then others follow it")
    assert named("No end of words " * 8) == f"{'No end of words ' * 3}No end of…"
    assert len(shortened("x" * 59 + " y", 60)) <= 60


# ---- subtitles


@pytest.mark.parametrize("name", LESSONS)
def test_cues_fill_each_beat_with_two_lines_at_most(name):
    lesson = LESSONS[name]
    reel = Reel(lesson, 60)
    found = cues(reel)
    for cue in found:
        assert 1 <= len(cue.lines) <= 2
        assert all(0 < len(line) <= 42 for line in cue.lines)
        letters = sum(map(len, cue.lines))
        assert letters / (cue.end - cue.start) * 1000 < 25, "it can be read"
    assert [cue.end for cue in found[:-1]] <= [cue.start for cue in found[1:]]
    for part in reel.beats:
        start, end = (round(1000 * time) for time in reel.shown(part))
        inside = [cue for cue in found if start <= cue.start < end]
        assert (inside[0].start, inside[-1].end) == (start, end)
        said = " ".join(" ".join(cue.lines) for cue in inside)
        assert said == " ".join(lesson.beats[part.beat].caption.split())


def test_pages_turn_where_a_sentence_ends():
    assert pages_of("A velocity adds gradients up. Across they alternate and cancel, along they "
                    "agree and grow.") == [
        ("A velocity adds gradients up.",),
        ("Across they alternate and cancel,", "along they agree and grow.")]
    assert pages_of("x" * 100) == [("x" * 42,), ("x" * 42, "x" * 16)]
    assert pages_of("  ") == []


def test_files_of_subtitles():
    found = cues(Reel(script(), 10))
    assert as_srt(found) == (
        "1\n00:00:04,000 --> 00:00:04,500\nDown it goes: first one, then the other.\n\n"
        "2\n00:00:04,500 --> 00:00:05,800\nThen & now <b>.\n\n")
    assert as_vtt(found) == (
        "WEBVTT\n\n00:00:04.000 --> 00:00:04.500\nDown it goes: first one, then the other.\n\n"
        "00:00:04.500 --> 00:00:05.800\nThen &amp; now &lt;b&gt;.\n\n")
    assert as_srt(cues(Reel(script(), 10, cards=False))).startswith("1\n00:00:00,000 -->")


@pytest.mark.parametrize("name", ["film.mp4", "film 1.2/"])
def test_subtitles_lie_beside_the_film(tmp_path, name):
    out = f"{tmp_path}/{name}"
    record_film(script(), out, size=SMALL, fps=10, beats=(1, 2), subtitles=("srt", "vtt"))
    stem = name.removesuffix("/").removesuffix(".mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        {name.removesuffix("/"), f"{stem}.srt", f"{stem}.vtt"})
    with av.open(str(tmp_path / f"{stem}.vtt")) as file:
        assert file.streams.subtitles[0].codec_context.name == "webvtt"
    with av.open(str(tmp_path / f"{stem}.srt")) as file:
        times = [packet.pts * packet.time_base for packet in file.demux() if packet.size]
    assert times == [0, Fraction(1, 2)]


def test_without_a_caption_there_are_no_subtitles(tmp_path):
    with pytest.raises(RunError, match="no captions"):
        record_film(race(), tmp_path / "film.mp4", size=SMALL, subtitles=("srt",))
    assert list(tmp_path.iterdir()) == []


# ---- cards


def test_fades_are_eased_and_end_where_they_should():
    title = [title_opacities(k / 60, 4) for k in range(241)]
    assert (title[0].card, title[0].stage) == (1, 0), "the first frame is what folders show"
    assert (title[180].card, title[210].card, title[240].stage) == (1, 0, 1)
    sources = [sources_opacities(k / 60, 5) for k in range(301)]
    assert (sources[0].card, sources[0].stage) == (0, 1)
    assert (sources[60].card, sources[300].card, sources[30].stage) == (1, 1, 0)
    for shown in (*title, *sources):
        assert shown.card == 0 or shown.stage == 0, "never one through the other"
    steps = np.diff([shown.card for shown in title])
    assert -0.06 < steps.min() < 0 and steps.max() == 0


def test_cards_meet_the_lesson_without_a_jump():
    reel = Reel(script(), 60)
    painter = ReelPainter(reel, SMALL, "light", look_of(reel.lesson), transparent=False)
    title, first, *_, last, sources = reel.parts

    def frame(part, k: int) -> np.ndarray:
        return painter.pixels(part, k)[..., :3].astype(int)

    before, after = frame(title, title.frames - 1), frame(first, 0)
    assert np.abs(before - after).max() <= 3
    assert np.array_equal(frame(sources, 0), frame(last, last.frames - 1))
    blank = frame(title, title.frames - 30)
    ground = QColor(THEMES["light"].ground)
    assert (blank == (ground.blue(), ground.green(), ground.red())).all()
    assert not np.array_equal(frame(title, 0), blank)
    assert np.array_equal(frame(title, 0), frame(title, 150))
    painter.close()


def test_a_card_on_no_ground_covers_nothing_but_its_letters():
    reel = Reel(script(), 10)
    painter = ReelPainter(reel, SMALL, "dark", look_of(reel.lesson), transparent=True)
    title = painter.pixels(reel.parts[0], 0).copy()
    assert 0.005 < (title[..., 3] > 0).mean() < 0.15
    light = QColor(THEMES["dark"].text)
    solid = title[title[..., 3] == 255]
    assert np.abs(solid[:, :3].astype(int) - (light.blue(), light.green(), light.red())
                  ).sum(1).min() == 0
    stage = painter.pixels(reel.parts[1], 0).copy()
    assert stage[2, 2, 3] == 0
    assert stage[90, 60, 3] == 255, "cards are solid"
    painter.close()


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160), (1080, 1920), SMALL])
@pytest.mark.parametrize("name", LESSONS)
def test_nothing_on_a_card_is_cut_off_or_over_another(name, size):
    lesson = LESSONS[name]
    style = Style(THEMES["light"], unit_of(*size))
    crowded = lesson.replaced(sources=[*lesson.sources, *["Somebody 2001, " + "words " * 20] * 8])
    for paint, shown in ((paint_title, lesson), (paint_sources, lesson), (paint_sources, crowded)):
        image = QImage(*size, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        with QPainter(image) as painter:
            paint(painter, shown, size, style)
        bits = image.bits()
        bits.setsize(image.sizeInBytes())
        inked = np.frombuffer(bits, np.uint32).reshape(size[::-1]) != 0xFFFFFFFF
        edge = round(size[0] / 40)
        assert not inked[:edge].any() and not inked[-edge:].any()
        assert not inked[:, :edge].any() and not inked[:, -edge:].any()
        assert inked.any()


def test_the_title_card_says_who_is_seen():
    lesson = LESSONS["momentum"]

    def texts(shown: Lesson) -> list[str]:
        style = Style(THEMES["light"])
        root = svg_of(lambda painter: paint_title(painter, shown, (1920, 1080), style),
                      (1920, 1080))
        return [text.text for text in root.iter(f"{SVG}text")]

    assert texts(lesson) == [lesson.title, lesson.summary, "SGD", "Momentum", "Nesterov"]
    alone = script(experiment=race(contestants=race().contestants[:1]))
    assert texts(alone) == [alone.title, alone.summary]


@pytest.mark.parametrize(("source", "parts"), [
    ("Polyak 1964, Some methods", ("Polyak 1964", "Some methods")),
    ("Kingma & Ba 2015, Adam: a method, arxiv.org/abs/1412.6980",
     ("Kingma & Ba 2015", "Adam: a method, arxiv.org/abs/1412.6980")),
    ("Goh (2017). Why momentum", ("Goh (2017)", "Why momentum")),
    ("Polyak 1964", ("Polyak 1964", "")), ("distill.pub", ("distill.pub", "")),
])
def test_sources_are_split_into_who_and_what(source, parts):
    assert source_parts(source) == parts
