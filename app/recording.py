"""Films: every frame of a reel painted, encoded part by part, and joined when all are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

from engine.errors import RunError, TrainscopeError
from engine.experiment import Experiment
from engine.lesson import Lesson

from .encoding import Chapter, FilmFormat, film_format, join_film, open_film, refuse_place
from .encoding.format import Frame
from .film import look_of, script_of
from .film_parts import FilmParts, film_key
from .gif_budget import MEGABYTE, Rung, rungs, worth_trying
from .picture_file import Size
from .reel import Part, Reel, beats_span, chapter_title, frames_of
from .reel_painter import ReelPainter
from .subtitles import refuse_wordless, write_subtitles

Progress = Callable[[int, int, float], None]
Say = Callable[[str], None]

PALETTE_SHARES = (0.0, 0.15, 0.4, 0.7, 1.0)


@dataclass(frozen=True)
class FilmChoices:
    """What a film is to be.

    `seconds` is for an experiment, which has no script (10). `span` is a part in seconds of the
    lesson, `beats` the first and the last of some beats, counted from 1; either leaves the cards
    out. `max_mb` is the size that a GIF must not exceed, in millions of bytes: then size, rate and
    colours are the most that it may have.
    """

    size: Size = (1920, 1080)
    fps: int = 60
    theme: str = "light"
    seconds: float | None = None
    span: tuple[float | Fraction, float | Fraction] | None = None
    beats: tuple[int, int] | None = None
    cards: bool = True
    codec: str = ""
    transparent: bool = False
    subtitles: tuple[str, ...] = ()
    max_mb: float | None = None

    def refusal(self, form: FilmFormat) -> str | None:
        """Why there can be no such film in a format, as a sentence, or None."""
        if self.max_mb is not None and form.name != "gif":
            return f"a size budget is for GIFs; {form.title} has none"
        return form.refusal(self.size, self.fps, self.codec, self.transparent)


def record_film(
    source: Lesson | Experiment, out: str | Path, *, progress: Progress | None = None,
    say: Say | None = None, **choices: Any,
) -> Path:
    """Film a lesson or an experiment; the keywords are those of `FilmChoices`.

    Frame k of a beat shows the time k/fps after its first frame. `progress(frame, frames,
    seconds_left)` may raise to cancel. No half file is left; after a KeyboardInterrupt the finished
    parts are, in a hidden folder, and the same call goes on from there. `say` is told what was
    chosen to meet a size budget. Raises TrainscopeError.
    """
    chosen = FilmChoices(**choices)
    reel = reel_of(source, out, chosen)
    form = film_format(out)
    key = film_key(reel.lesson, {**asdict(replace(chosen, subtitles=(), max_mb=None)),
                                 "format": form.name})
    with FilmParts(Path(out), key, form.suffix) as parts:
        recording = _Recording(source, reel, out, chosen, parts, progress)
        if chosen.max_mb is None:
            recording.film()
        else:
            sentence = recording.film_within(chosen.max_mb * MEGABYTE)
            if say is not None:
                say(sentence)
    write_subtitles(reel, out, chosen.subtitles)
    return Path(out)


def reel_of(source: Lesson | Experiment, out: str | Path, choices: FilmChoices) -> Reel:
    """The timeline of a film, before anything is computed or drawn; raises TrainscopeError."""
    refusal = choices.refusal(film_format(out))
    if refusal:
        raise TrainscopeError(f"{out}: {refusal}")
    if choices.span is not None and choices.beats is not None:
        raise RunError("a film shows a span or some beats, not both")
    lesson = script_of(source, choices.seconds)
    span = choices.span if choices.beats is None else beats_span(lesson, *choices.beats)
    reel = Reel(lesson, choices.fps, span, cards=choices.cards and isinstance(source, Lesson))
    _ = reel.parts
    refuse_wordless(reel, choices.subtitles)
    refuse_place(out)
    return reel


class _Recording:
    """One film under way."""

    def __init__(self, source: Lesson | Experiment, reel: Reel, out: str | Path,
                 choices: FilmChoices, parts: FilmParts, progress: Progress | None) -> None:
        self._source, self._reel, self._out = source, reel, out
        self._choices, self._parts = choices, parts
        self._progress = progress

    def film(self) -> None:
        """Film it as it was asked for."""
        rung = Rung(self._choices.size, self._choices.fps, 256)
        self._join(rung, self._reel, self._film_parts(rung, self._reel, None)[0])

    def film_within(self, limit: float) -> str:
        """Film it in the best way in which it has at most `limit` bytes, and say which it is.

        Raises RunError where there is none.
        """
        tried: Rung | None = None
        size = 0.0
        steps = list(rungs(self._choices.size, self._choices.fps))
        for rung in steps:
            hopeless = tried is not None and not worth_trying(rung, tried, size, limit)
            # The last one is tried in any case, to say how small it can be.
            if hopeless and rung is not steps[-1]:
                continue
            reel = replace(self._reel, fps=rung.fps)
            files, size = self._film_parts(rung, reel, limit)
            if size <= limit:
                self._join(rung, reel, files)
                return f"{self._out}: {rung}, {Path(self._out).stat().st_size / MEGABYTE:.2f} MB"
            tried = rung
        assert tried is not None
        raise RunError(
            f"{self._out}: does not fit into {limit / MEGABYTE:g} MB: even at {tried} it has "
            f"about {size / MEGABYTE:.2g} MB; film a part of it (--beat), or without cards")

    def _film_parts(self, rung: Rung, reel: Reel, limit: float | None) -> tuple[list[Path], float]:
        """Encode what is not there yet; the files, and their size in bytes.

        Given up where they exceed `limit`; then the size is what all would have, roughly.
        """
        files = [self._parts.path(place, rung.size, rung.fps, rung.colors)
                 for place in range(len(reel.parts))]
        missing = [part for part, file in zip(reel.parts, files, strict=True) if not file.exists()]
        tally = _Tally(frames_of(reel.parts), frames_of(missing), self._progress)
        painter: ReelPainter | None = None
        bytes_so_far = 0
        try:
            for part, file in zip(reel.parts, files, strict=True):
                if part in missing:
                    if painter is None:
                        painter = ReelPainter(reel, rung.size, self._choices.theme,
                                              look_of(self._source),
                                              transparent=self._choices.transparent)
                        palette = self._palette_frames(painter, reel)
                    self._encode(part, file, rung, painter, palette, tally)
                if limit is not None:
                    bytes_so_far += file.stat().st_size
                    if bytes_so_far > limit:
                        return files, bytes_so_far * reel.frames / part.end
        finally:
            if painter is not None:
                painter.close()
        return files, bytes_so_far

    def _encode(self, part: Part, file: Path, rung: Rung, painter: ReelPainter,
                palette: Sequence[Frame], tally: _Tally) -> None:
        with open_film(file, rung.size, rung.fps, palette_frames=palette, colors=rung.colors,
                       codec=self._choices.codec, transparent=self._choices.transparent,
                       part_of=Path(self._out).resolve()) as film:
            for frame in range(part.frames):
                film.write(painter.pixels(part, frame))
                tally.count()

    def _palette_frames(self, painter: ReelPainter, reel: Reel) -> list[Frame]:
        """Frames from which a GIF's colours are chosen; other formats need none."""
        if film_format(self._out).name != "gif":
            return []
        places = {round((reel.frames - 1) * share) for share in PALETTE_SHARES}
        return [painter.pixels(part, place - part.first).copy() for part in reel.parts
                for place in sorted(places) if part.first <= place < part.end]

    def _join(self, rung: Rung, reel: Reel, files: Sequence[Path]) -> None:
        join_film(self._out, files, rung.size, rung.fps, reel.lesson.title, self._chapters(reel),
                  codec=self._choices.codec, transparent=self._choices.transparent)

    def _chapters(self, reel: Reel) -> list[Chapter]:
        """A mark for every beat, of which an experiment has none.

        Together they cover the film, since MP4 knows no time without a chapter: the title card is
        the first one's, the sources are the last one's.
        """
        if not isinstance(self._source, Lesson):
            return []
        beats = reel.beats
        starts = [0, *(part.first for part in beats[1:]), reel.frames]
        return [Chapter(chapter_title(reel.lesson.beats[part.beat], part.beat + 1), start, end)
                for part, (start, end) in zip(beats, pairwise(starts), strict=True)]


class _Tally:
    """Counts frames for the progress; those of an earlier run are done from the beginning."""

    def __init__(self, frames: int, missing: int, progress: Progress | None) -> None:
        self._frames, self._missing = frames, missing
        self._done = 0
        self._progress = progress
        self._began = perf_counter()

    def count(self) -> None:
        self._done += 1
        if self._progress is not None:
            left = (perf_counter() - self._began) / self._done * (self._missing - self._done)
            self._progress(self._frames - self._missing + self._done, self._frames, left)
