"""Films: what is decoded again is what was drawn, and nothing is left of a film that failed."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from app.encoding import Chapter, film_format, film_formats, join_film, open_film
from engine import yuv, yuv_deep
from engine.errors import FileError, MissingLibrary, TrainscopeError

WIDTH, HEIGHT, COUNT = 160, 90, 40
SIZE = (WIDTH, HEIGHT)
VIDEOS = ("film.mp4", "film.webm", "film.mov")
FILES = (*VIDEOS, "film.gif")
EVERY = (*FILES, "film")

# BT.709's luma weights of blue, green and red.
WEIGHTS = np.array([0.0722, 0.7152, 0.2126])


def frame(k: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    """A frame unlike all others: a shade that moves with k, and squares of pure colours.

    The unused byte is rubbish, as QImage.Format_RGB32 permits.
    """
    width, height = size
    picture = np.empty((height, width, 4), np.uint8)
    picture[...] = (20 + 5 * k, 200 - 4 * k, 90, 3 * k)
    side = width // 10
    for place, colour in enumerate(PURE):
        picture[:side, place * side : (place + 1) * side, :3] = colour
    return picture


PURE = ((0, 0, 0), (255, 255, 255), (0, 0, 255), (0, 255, 0), (255, 0, 0), (0, 255, 255))


def make(path: Path, count: int = COUNT, fps: int = 50, **options) -> Path:
    with open_film(path, SIZE, fps, **options) as film:
        for k in range(count):
            film.write(frame(k))
    return path


def decoded(path: Path) -> list[np.ndarray]:
    """The film's frames, (h, w, 3) blue green red; YUV is turned back by BT.709's own formula."""
    with av.open(str(path)) as film:
        return [_bgr(picture) for picture in film.decode(video=0)]


# How many numbers each has for eight-bit's one, and over how many pixels its colours reach.
LAYOUTS = {"yuv420p": (1, 2, 2), "yuv422p10le": (4, 1, 2), "yuva444p12le": (16, 1, 1)}


def _bgr(picture: av.VideoFrame) -> np.ndarray:
    if picture.format.name not in LAYOUTS:
        return picture.to_ndarray(format="bgr24").astype(float)
    scale, down, across = LAYOUTS[picture.format.name]
    depth = np.dtype(np.uint8 if scale == 1 else "<u2")
    planes = [
        np.frombuffer(memoryview(plane), depth)
        .reshape(plane.height, plane.line_size // depth.itemsize)[:, : plane.width] / scale
        for plane in picture.planes
    ]
    luma = (planes[0] - 16) * 255 / 219
    cb, cr = ((p.repeat(down, 0).repeat(across, 1) - 128) * 255 / 224 for p in planes[1:3])
    blue, red = luma + 1.8556 * cb, luma + 1.5748 * cr
    green = (luma - WEIGHTS[0] * blue - WEIGHTS[2] * red) / WEIGHTS[1]
    return np.clip(np.stack([blue, green, red], axis=2), 0, 255)


def left_behind(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def encoder_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "film encoder"]


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    assert not encoder_threads()


@pytest.mark.parametrize("name", FILES)
def test_every_frame_comes_back(tmp_path, name):
    pictures = decoded(make(tmp_path / name))
    assert len(pictures) == COUNT
    # GIF has 256 colours for all frames together; the videos lose to the quantiser only.
    tolerance = 6 if name == "film.gif" else 3
    for k, picture in enumerate(pictures):
        wanted = frame(k)[..., :3].astype(float)
        # Away from edges, where half-size colour planes mix the neighbours.
        assert np.abs(picture[40:80, 20:140] - wanted[40:80, 20:140]).max() <= tolerance
    squares = np.array([
        [picture[4:12, 16 * place + 4 : 16 * place + 12].mean((0, 1)) for place in range(len(PURE))]
        for picture in pictures
    ])
    misses = np.abs(squares - PURE).max((1, 2))
    assert np.median(misses) <= 2.5
    # VP9 at its fastest smears a colour for a few frames where the whole background changes.
    assert misses.max() <= (10 if name == "film.webm" else 3)


@pytest.mark.parametrize("name", FILES)
def test_size_rate_and_duration(tmp_path, name):
    with av.open(str(make(tmp_path / name, count=30, fps=25))) as film:
        stream = film.streams.video[0]
        assert (stream.width, stream.height) == SIZE
        assert stream.average_rate == 25
        assert film.duration == 1_200_000
        times = [picture.pts * picture.time_base for picture in film.decode(video=0)]
    if name == "film.webm":
        # Matroska counts in milliseconds.
        assert times == [Fraction(40 * k, 1000) for k in range(30)]
    assert times == [Fraction(k, 25) for k in range(30)]


@pytest.mark.parametrize("name", VIDEOS)
def test_videos_are_tagged_as_bt709(tmp_path, name):
    with av.open(str(make(tmp_path / name, title="Täler und Sättel"))) as film:
        context = film.streams.video[0].codec_context
        tags = context.color_primaries, context.color_trc, context.colorspace, context.color_range
        assert tags == (1, 1, 1, 1)
        assert context.format.name == ("yuv422p10le" if name == "film.mov" else "yuv420p")
        assert film.metadata["title"] == "Täler und Sättel"
        assert "creation_time" not in film.metadata
        pictures = list(film.decode(video=0))
    assert pictures[0].key_frame


@pytest.mark.parametrize("name", EVERY)
def test_two_films_are_the_same_bytes(tmp_path, name):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        make(tmp_path / folder / name, title="twice")
    one, two = (
        {entry.name: entry.read_bytes() for entry in sorted((tmp_path / folder).rglob("*"))
         if entry.is_file()}
        for folder in ("a", "b")
    )
    assert one and one == two


def test_the_index_of_an_mp4_comes_first(tmp_path):
    data = make(tmp_path / "film.mp4").read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_keyframes_are_two_seconds_apart_where_nothing_moves(tmp_path):
    with open_film(tmp_path / "film.mp4", SIZE, 10) as film:
        for _ in range(45):
            film.write(frame(0))
    with av.open(str(tmp_path / "film.mp4")) as film:
        keys = [k for k, picture in enumerate(film.decode(video=0)) if picture.key_frame]
    assert keys == [0, 20, 40]


def test_conversion_is_bt709_to_the_nearest_integer():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (6, 8, 4), np.uint8)
    pixels[:2, :2], pixels[:2, 2:4] = 0, 255
    planes = [np.zeros(shape, np.uint8) for shape in ((6, 10), (3, 5), (3, 5))]
    yuv.convert(pixels, *planes)
    colours = pixels[..., :3].astype(float)
    luma = colours @ WEIGHTS
    squares = (colours - luma[..., None]).reshape(3, 2, 4, 2, 3).mean((1, 3))
    wanted = (
        16 + luma * 219 / 255,
        128 + squares[..., 0] / 1.8556 * 224 / 255,
        128 + squares[..., 2] / 1.5748 * 224 / 255,
    )
    for plane, exact in zip(planes, wanted, strict=True):
        width = exact.shape[1]
        assert np.abs(plane[:, :width] - exact).max() < 0.502
        assert not plane[:, width:].any()
    assert [int(plane[0, 0]) for plane in planes] == [16, 128, 128]
    assert [int(plane[0, w]) for plane, w in zip(planes, (2, 1, 1), strict=True)] == [235, 128, 128]


@pytest.mark.parametrize("fps", [50, 25, 20, 10])
def test_gif_delays_are_whole_hundredths_and_it_never_ends(tmp_path, fps):
    data = make(tmp_path / "film.gif", count=5, fps=fps).read_bytes()
    assert b"NETSCAPE2.0\x03\x01\x00\x00\x00" in data
    blocks = data.split(b"\x21\xf9\x04")[1:]
    assert [int.from_bytes(block[1:3], "little") for block in blocks] == [100 // fps] * 5


def test_gif_colours_come_from_the_frames_supplied(tmp_path):
    """A colour of the last frame only is right with it in the sample, and wrong without."""
    noise = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 4), np.uint8)
    noise[..., 2] //= 4
    red = np.zeros_like(noise)
    red[..., 2] = 250
    ends = []
    for name, options in (("a.gif", {}), ("b.gif", {"palette_frames": [noise, red]})):
        with open_film(tmp_path / name, SIZE, 10, **options) as film:
            for _ in range(10):
                film.write(noise)
            film.write(red)
        ends.append(np.abs(decoded(tmp_path / name)[-1] - red[..., :3]).max())
    assert ends[1] <= 6 < ends[0]


def test_gif_shorter_than_its_sample_is_whole(tmp_path):
    assert len(decoded(make(tmp_path / "film.gif", count=1))) == 1


def test_pictures_are_numbered_from_one_and_exact(tmp_path):
    folder = make(tmp_path / "frames", count=12)
    assert left_behind(folder) == [f"frame-{k:06d}.png" for k in range(1, 13)]
    for k in range(12):
        assert np.array_equal(decoded(folder / f"frame-{k + 1:06d}.png")[0], frame(k)[..., :3])


def test_pictures_replace_an_earlier_film_and_nothing_else(tmp_path):
    folder = make(tmp_path / "frames", count=5)
    make(folder, count=2)
    assert len(left_behind(folder)) == 2
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(FileError, match="holds notes.txt, which is not of a film"):
        open_film(folder, SIZE)
    (folder / "notes.txt").unlink()
    with pytest.raises(FileError, match="holds late.txt"), open_film(folder, SIZE) as film:
        film.write(frame(0))
        (folder / "late.txt").write_text("mine too")
    assert left_behind(folder) == ["frame-000001.png", "frame-000002.png", "late.txt"]
    assert left_behind(tmp_path) == ["frames"]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "my.frames").mkdir()
    assert len(left_behind(make(tmp_path / "my.frames", count=3))) == 3


@pytest.mark.parametrize("name", EVERY)
def test_an_exception_leaves_nothing(tmp_path, name):
    with pytest.raises(KeyboardInterrupt), open_film(tmp_path / name, SIZE, 50) as film:
        for k in range(COUNT // 2):
            film.write(frame(k))
        assert all(entry.startswith(".trainscope-") for entry in left_behind(tmp_path))
        raise KeyboardInterrupt
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", EVERY)
def test_cancelling_leaves_what_was_there(tmp_path, name):
    target = make(tmp_path / name, count=3)
    before = target.stat().st_mtime_ns
    with open_film(target, SIZE, 50) as film:
        film.write(frame(1))
        film.cancel()
        film.cancel()
    assert left_behind(tmp_path) == [name]
    assert target.stat().st_mtime_ns == before
    with pytest.raises(ValueError, match="has ended"):
        film.write(frame(2))


@pytest.mark.parametrize("name", EVERY)
def test_a_film_without_frames_is_refused(tmp_path, name):
    with pytest.raises(FileError, match="at least one frame"), open_film(tmp_path / name, SIZE, 50):
        pass
    assert left_behind(tmp_path) == []


def test_a_killed_process_leaves_no_film(tmp_path):
    script = (
        "import os, sys, numpy as np\n"
        "from app.encoding import open_film\n"
        "film = open_film(sys.argv[1], (160, 90))\n"
        "for k in range(30): film.write(np.zeros((90, 160, 4), np.uint8))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    target = tmp_path / "film.mp4"
    ended = subprocess.run([sys.executable, "-c", script, str(target)], check=False)
    assert ended.returncode != 0
    assert not target.exists()


def test_the_buffer_may_be_used_again_at_once(tmp_path):
    buffer = np.empty((HEIGHT, WIDTH, 4), np.uint8)
    with open_film(tmp_path / "film", SIZE) as film:
        for k in range(20):
            buffer[...] = frame(k)
            film.write(buffer)
            buffer[...] = 0
    for k in range(20):
        picture = decoded(tmp_path / "film" / f"frame-{k + 1:06d}.png")[0]
        assert np.array_equal(picture, frame(k)[..., :3])


def test_read_only_and_strided_frames_are_taken(tmp_path):
    still = frame(1)
    still.flags.writeable = False
    mirrored = np.ascontiguousarray(frame(2)[:, ::-1])[:, ::-1]
    with open_film(tmp_path / "film.mp4", SIZE) as film:
        film.write(still)
        film.write(mirrored)
    assert np.abs(decoded(tmp_path / "film.mp4")[1][40:80] - frame(2)[40:80, :, :3]).max() <= 3


@pytest.mark.parametrize("wrong", [frame(0)[:-2], frame(0)[..., :3], frame(0).astype(float)])
def test_a_frame_of_another_shape_is_refused(tmp_path, wrong):
    said = pytest.raises(ValueError, match=r"a frame of 160x90 is \(90, 160, 4\) uint8, not")
    with said, open_film(tmp_path / "film.mp4", SIZE) as film:
        film.write(wrong)
    assert left_behind(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("name", FILES)
def test_a_full_disk_while_writing_is_said(tmp_path, name, monkeypatch):
    """The file is written to the kernel's own full disk."""
    opened = av.open

    def on_full_disk(path, *args, **options):
        Path(path).unlink()
        Path(path).symlink_to("/dev/full")
        return opened(path, *args, **options)

    monkeypatch.setattr(av, "open", on_full_disk)
    noise = np.random.default_rng(2).integers(0, 256, (HEIGHT, WIDTH, 4), np.uint8)
    said = pytest.raises(FileError, match=f"{name}: no space left on device")
    with said, open_film(tmp_path / name, SIZE, 50) as film:
        for k in range(100):
            film.write(np.roll(noise, k, axis=1))
    assert left_behind(tmp_path) == []


def test_a_full_disk_stops_the_writer_early(tmp_path, monkeypatch):
    def write_bytes(path, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    written = 0
    with pytest.raises(FileError, match="no space left"), open_film(tmp_path / "a", SIZE) as film:
        for k in range(1000):
            film.write(frame(k % COUNT))
            written += 1
    # The error may be seen one queue later, never after the whole film.
    assert written <= 20
    assert left_behind(tmp_path) == []


def test_an_encoder_that_fails_at_the_end_is_reported(tmp_path, monkeypatch):
    from app.encoding.pictures import PictureEncoder

    def finish(encoder):
        raise RuntimeError("Lost the plot")

    monkeypatch.setattr(PictureEncoder, "finish", finish)
    with pytest.raises(FileError, match="film: lost the plot"):
        make(tmp_path / "film")
    assert left_behind(tmp_path) == []


def test_a_missing_codec_is_named(tmp_path, monkeypatch):
    from app.encoding.formats import mp4
    from app.encoding.video import VideoEncoder

    def start(plan, path):
        return VideoEncoder(plan, path, container="mp4", codec="libx999", options={})

    monkeypatch.setitem(mp4.mp4.__dict__, "start", start)
    with pytest.raises(MissingLibrary, match="no libx999 encoder.*pip install"):
        open_film(tmp_path / "film.mp4", SIZE)
    assert left_behind(tmp_path) == []


def test_places_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.mp4").mkdir()
    for path, reason in (
        (tmp_path / "absent" / "film.mp4", "there is no folder"),
        (tmp_path / "absent" / "film", "there is no folder"),
        (tmp_path / "file" / "film.mp4", "there is no folder"),
        (tmp_path / "folder.mp4", "is a folder"),
        (tmp_path / "file", "is a file"),
    ):
        with pytest.raises(FileError, match=reason):
            open_film(path, SIZE)
    assert left_behind(tmp_path) == ["file", "folder.mp4"]


def test_a_folder_that_forbids_writing_is_said(tmp_path, monkeypatch):
    """Root may write anywhere, so the refusal is the file system's own error, raised by hand."""

    def refuse(path, *args, **options):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "touch", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    for name in EVERY:
        with pytest.raises(FileError, match=f"{name}: permission denied"):
            open_film(tmp_path / name, SIZE, 50)


def test_formats_by_suffix(tmp_path):
    assert list(film_formats) == ["frames", "gif", "mov", "mp4", "webm"]
    names = {"a.mp4": "mp4", "b.WEBM": "webm", "a.mov": "mov",
             "c.gif": "gif", "d": "frames", "e.x/": "frames"}
    for path, name in names.items():
        assert film_format(path).name == name
    (tmp_path / "v1.2").mkdir()
    assert film_format(tmp_path / "v1.2").name == "frames"
    with pytest.raises(TrainscopeError, match=r"'\.avi'; allowed: \.gif, \.mov, \.mp4, \.webm, or"):
        film_format(tmp_path / "film.avi")


@pytest.mark.parametrize(
    ("name", "size", "fps", "reason"),
    [
        ("film.mp4", (161, 90), 60, "must be even, not 161x90; 162x90 would do"),
        ("film.webm", (160, 91), 60, "must be even, not 160x91; 160x92 would do"),
        ("film.mp4", (14, 90), 60, "from 16 to 7680, not 14x90"),
        ("film", (160, 7682), 60, "from 16 to 7680, not 160x7682"),
        ("film.gif", (160, 90), 60, "fps must be 50, 25, 20, 10, not 60"),
        ("film.mp4", (160, 90), 0, "fps must be from 1 to 240, not 0"),
    ],
)
def test_sizes_and_rates_that_are_refused(tmp_path, name, size, fps, reason):
    with pytest.raises(TrainscopeError, match=reason) as caught:
        open_film(tmp_path / name, size, fps)
    assert not isinstance(caught.value, FileError)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", ["film", "film.gif"])
def test_odd_sizes_are_fine_where_nothing_is_halved(tmp_path, name):
    with open_film(tmp_path / name, (33, 17), 50) as film:
        film.write(frame(0, (33, 17)))
    path = tmp_path / name
    picture = decoded(path / "frame-000001.png" if path.is_dir() else path)[0]
    assert picture.shape == (17, 33, 3)


def test_smallest_size(tmp_path):
    for name in VIDEOS:
        with open_film(tmp_path / name, (16, 16)) as film:
            film.write(np.zeros((16, 16, 4), np.uint8))
        assert len(decoded(tmp_path / name)) == 1


def test_ffmpeg_is_silent(tmp_path, capfd):
    for name in EVERY:
        make(tmp_path / name)
    assert capfd.readouterr() == ("", "")


# ---- ProRes and AV1


def test_deep_conversion_is_bt709_to_the_nearest_integer():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (6, 8, 4), np.uint8)
    pixels[:2, :2], pixels[:2, 2:4] = (0, 0, 0, 0), (255, 255, 255, 255)
    colours, alpha = pixels[..., :3].astype(float), pixels[..., 3].astype(float)
    luma = colours @ WEIGHTS
    cb, cr = (colours[..., 0] - luma) / 1.8556, (colours[..., 2] - luma) / 1.5748
    exact = [64 + luma * 876 / 255, 512 + cb * 896 / 255, 512 + cr * 896 / 255,
             alpha * 1023 / 255]
    whole = [np.zeros((6, 10), np.uint16) for _ in range(4)]
    yuv_deep.convert(pixels, *whole)
    for plane, wanted in zip(whole, exact, strict=True):
        assert np.abs(plane[:, :8] - wanted).max() < 0.51
        assert not plane[:, 8:].any()
    assert [int(plane[0, 0]) for plane in whole] == [64, 512, 512, 0]
    assert [int(plane[0, 2]) for plane in whole] == [940, 512, 512, 1023]
    halved = [np.zeros(shape, np.uint16) for shape in ((6, 8), (6, 4), (6, 4))]
    yuv_deep.convert(pixels, *halved)
    assert np.array_equal(halved[0], whole[0][:, :8])
    for plane, wanted in zip(halved[1:], exact[1:3], strict=True):
        assert np.abs(plane - wanted.reshape(6, 4, 2).mean(2)).max() < 0.51


def see_through(k: int) -> np.ndarray:
    """A frame whose opacity grows to the right, in two colours."""
    picture = np.empty((HEIGHT, WIDTH, 4), np.uint8)
    picture[...] = (200, 100 + k, 30, 0)
    picture[: HEIGHT // 2, :, :3] = (20, 60, 220)
    picture[..., 3] = np.linspace(0, 255, WIDTH).astype(np.uint8)
    return picture


def test_a_transparent_prores_keeps_colours_and_opacity(tmp_path):
    with open_film(tmp_path / "film.mov", SIZE, 25, transparent=True) as film:
        for k in range(5):
            film.write(see_through(k))
    with av.open(str(tmp_path / "film.mov")) as film:
        assert film.streams.video[0].codec_context.profile == "4444"
        pictures = list(film.decode(video=0))
    assert len(pictures) == 5
    for k, picture in enumerate(pictures):
        alpha = picture.planes[3]
        rows = np.frombuffer(memoryview(alpha), "<u2").reshape(HEIGHT, -1)[:, :WIDTH]
        assert np.abs(rows.astype(float) * 255 / 4095 - see_through(k)[..., 3]).max() <= 1
        off = np.abs(_bgr(picture) - see_through(k)[..., :3])
        assert off[4:40].max() <= 3 and off[50:86].max() <= 3


def test_transparent_pictures_are_exact(tmp_path):
    with open_film(tmp_path / "film", SIZE, transparent=True) as film:
        film.write(see_through(7))
    with av.open(str(tmp_path / "film" / "frame-000001.png")) as picture:
        (shown,) = picture.decode(video=0)
        assert np.array_equal(shown.to_ndarray(format="bgra"), see_through(7))


def test_av1_films(tmp_path, capfd):
    path = make(tmp_path / "film.webm", codec="av1")
    with av.open(str(path)) as film:
        assert film.streams.video[0].codec_context.codec.canonical_name == "av1"
    pictures = decoded(path)
    assert len(pictures) == COUNT
    for k, picture in enumerate(pictures):
        assert np.abs(picture[40:80, 20:140] - frame(k)[40:80, 20:140, :3]).max() <= 6
    assert capfd.readouterr() == ("", ""), "the encoder says nothing"
    make(tmp_path / "again.webm", codec="av1")
    assert path.read_bytes() == (tmp_path / "again.webm").read_bytes()


def test_av1_is_not_for_the_smallest(tmp_path):
    with pytest.raises(FileError, match="AV1 begins at 64 pixels a side, not 160x32"):
        open_film(tmp_path / "film.webm", (160, 32), codec="av1")
    assert left_behind(tmp_path) == []


# ---- films end to end

KINDS = [(name, {}) for name in EVERY] + [
    ("film.webm", {"codec": "av1"}), ("film.mov", {"transparent": True}),
    ("film", {"transparent": True})]


@pytest.mark.parametrize(("name", "options"), KINDS)
def test_films_that_are_joined_keep_every_picture(tmp_path, name, options):
    parts, pictures = [], []
    for place, count in enumerate((7, 1, 12)):
        part = tmp_path / f"part-{place}{Path(name).suffix}"
        with open_film(part, SIZE, 50, palette_frames=[frame(0), frame(20)], **options) as film:
            for k in range(count):
                film.write(frame(7 * place + k))
        parts.append(part)
        files = sorted(part.iterdir()) if part.is_dir() else [part]
        pictures += [picture for file in files for picture in decoded(file)]
    chapters = [Chapter("Anfang: η & ∇", 0, 7), Chapter("Ende", 7, 20)]
    before = [path.stat().st_mtime_ns for path in parts]
    join_film(tmp_path / name, parts, SIZE, 50, "Ganz", chapters, **options)
    whole = tmp_path / name
    files = sorted(whole.iterdir()) if whole.is_dir() else [whole]
    assert len(pictures) == 20
    joined = [picture for file in files for picture in decoded(file)]
    assert len(joined) == 20
    for one, other in zip(joined, pictures, strict=True):
        assert np.array_equal(one, other)
    assert [path.stat().st_mtime_ns for path in parts] == before
    if name in VIDEOS:
        with av.open(str(whole)) as film:
            stream = film.streams.video[0]
            assert stream.average_rate == 50
            assert film.metadata["title"] == "Ganz"
            assert film.duration == 400_000
            context = stream.codec_context
            assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
            marks = [(chapter["metadata"]["title"], chapter["start"] * chapter["time_base"],
                      chapter["end"] * chapter["time_base"]) for chapter in film.chapters()]
            tags = [av.open(str(path)).streams.video[0].codec_context.codec_tag
                    for path in (whole, parts[0])]
            assert tags[0] == tags[1]
            assert marks == [("Anfang: η & ∇", 0, Fraction(7, 50)),
                             ("Ende", Fraction(7, 50), Fraction(2, 5))]
            assert [float(picture.pts * picture.time_base) for picture in film.decode(stream)] == (
                pytest.approx([k / 50 for k in range(20)], abs=6e-4))
    if name == "film.gif":
        data = whole.read_bytes()
        assert data.count(b"NETSCAPE2.0") == 1
        assert [block[1] for block in data.split(b"\x21\xf9\x04")[1:]] == [2] * 20


def test_films_of_other_colours_or_codecs_are_not_joined(tmp_path):
    for name, options in (("a.gif", {"palette_frames": [frame(0)]}),
                          ("b.gif", {"palette_frames": [see_through(0)]})):
        with open_film(tmp_path / name, SIZE, 50, **options) as film:
            film.write(frame(0))
    for name, size in (("a.mp4", SIZE), ("b.mp4", (320, 180))):
        with open_film(tmp_path / name, size, 50) as film:
            film.write(frame(0, size))
    for suffix, reason in ((".gif", "has other colours"), (".mp4", "encoded in another way")):
        parts = [tmp_path / f"{name}{suffix}" for name in "ab"]
        with pytest.raises(FileError, match=reason):
            join_film(tmp_path / f"whole{suffix}", parts, SIZE, 50)
        assert not (tmp_path / f"whole{suffix}").exists()
    assert left_behind(tmp_path) == ["a.gif", "a.mp4", "b.gif", "b.mp4"]


@pytest.mark.parametrize("colors", [16, 64])
def test_a_gif_may_have_fewer_colours(tmp_path, colors):
    slope = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    slope[..., 0] = np.arange(WIDTH)
    slope[..., 1] = np.arange(HEIGHT)[:, None]
    with open_film(tmp_path / "film.gif", SIZE, 50, palette_frames=[slope], colors=colors) as film:
        film.write(slope)
    (shown,) = decoded(tmp_path / "film.gif")
    assert colors / 2 < len(np.unique(shown.reshape(-1, 3), axis=0)) <= colors
