"""Captions as subtitles beside a film: `.srt` for players, `.vtt` for browsers.

A cue is at most two lines of 42 letters, the most that broadcasters put on a screen. A longer
caption becomes several cues, which share its beat's time by their letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from textwrap import wrap

from engine.errors import RunError
from engine.files import write_whole

from .encoding import film_format
from .reel import Reel

LETTERS, LINES = 42, 2
KINDS = ("srt", "vtt")


@dataclass(frozen=True)
class Cue:
    """Lines of text, and when they are seen, in milliseconds of the film."""

    start: int
    end: int
    lines: tuple[str, ...]


def cues(reel: Reel) -> list[Cue]:
    """The captions of a film, in order; a beat without one has none."""
    found: list[Cue] = []
    for part in reel.beats:
        pages = pages_of(reel.lesson.beats[part.beat].caption)
        start, end = reel.shown(part)
        letters = [sum(map(len, page)) for page in pages]
        for place, page in enumerate(pages):
            begin, over = (start + (end - start) * Fraction(sum(letters[:k]), sum(letters))
                           for k in (place, place + 1))
            found.append(Cue(_milliseconds(begin), _milliseconds(over), page))
    return found


def pages_of(caption: str) -> list[tuple[str, ...]]:
    """A caption in as few pages as hold it, turned where a sentence or a clause ends if it can be.

    A page has at most two lines of 42 letters. Pages are about equally long, so that none flashes
    by.
    """
    # A word longer than a line is cut.
    words = [piece for word in caption.split() for piece in wrap(word, LETTERS)]
    if not words:
        return []
    best: dict[int, tuple[int, float, list[str]]] = {0: (0, 0.0, [])}
    target = len(" ".join(words)) / ceil(len(wrap(" ".join(words), LETTERS)) / LINES)
    for end in range(1, len(words) + 1):
        options = []
        for start in range(end - 1, -1, -1):
            text = " ".join(words[start:end])
            if len(wrap(text, LETTERS)) > LINES:
                break
            pages, cost, before = best[start]
            uneven = (len(text) / target - 1) ** 2
            options.append((pages + 1, cost + uneven + _turning(words[end - 1]), [*before, text]))
        best[end] = min(options, key=lambda option: option[:2])
    return [_even(page) for page in best[len(words)][2]]


def _turning(word: str) -> float:
    """What it costs the reader if a page ends with this word."""
    return 0.0 if word[-1] in ".!?" else 0.1 if word[-1] in ",;:" else 0.5


def _even(text: str) -> tuple[str, ...]:
    """The fewest lines, in the narrowest width that still does with so many."""
    fewest = len(wrap(text, LETTERS))
    tries = (wrap(text, width, break_long_words=False) for width in range(1, LETTERS + 1))
    return tuple(next(lines for lines in tries if len(lines) <= fewest))


def _milliseconds(seconds: Fraction) -> int:
    return round(seconds * 1000)


def as_srt(found: Sequence[Cue]) -> str:
    """SubRip: numbered, with commas in its times."""
    return "".join(
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n"
        + "\n".join(cue.lines) + "\n\n" for number, cue in enumerate(found, start=1))


def as_vtt(found: Sequence[Cue]) -> str:
    """WebVTT, in which &, < and > are written as in HTML."""
    return "WEBVTT\n\n" + "".join(
        f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n"
        + "\n".join(map(_escaped, cue.lines)) + "\n\n" for cue in found)


def _clock(milliseconds: int, point: str) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{point}{thousandths:03}"


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def subtitle_files(film: str | Path, kinds: Sequence[str]) -> list[Path]:
    """Where a film's subtitles go: beside it, under its name; a folder's name keeps every dot."""
    suffix, path = film_format(film).suffix, Path(film)
    stem = path.name[: -len(suffix)] if suffix else path.name
    return [path.parent / f"{stem}.{kind}" for kind in kinds]


def refuse_wordless(reel: Reel, kinds: Sequence[str]) -> None:
    """Raise RunError if subtitles are asked for where there is nothing to say."""
    if kinds and not cues(reel):
        raise RunError("there are no captions to make subtitles of")


def write_subtitles(reel: Reel, film: str | Path, kinds: Sequence[str]) -> list[Path]:
    """Write the kinds that are asked for beside the film, each whole or not at all."""
    written = {"srt": as_srt, "vtt": as_vtt}
    files = subtitle_files(film, kinds)
    for kind, file in zip(kinds, files, strict=True):
        with write_whole(file) as out:
            out.write(written[kind](cues(reel)).encode())
    return files
