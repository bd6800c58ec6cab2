"""A beat: a stretch of a lesson's time, with what is said, what is changed and how it is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import floor
from typing import Any

from pydantic import Field, field_validator

from .errors import ExperimentError, Mistake
from .picture import A_LAYOUT, Layout, Picture
from .table import Flag, Line, Number, Table, Text, Values, moved, path, shown, unknown_key

LONGEST = 36_000
LONGEST_EASE = 600
FASTEST_ORBIT = 360
USUAL = "usual"
"""The value by which a beat's look takes back what an earlier beat has set."""

# How cards lie is the layout's, which is a key of the beat itself, and the steps are its time's.
LOOKS = tuple(name for name in Picture.model_fields
              if name not in ("layout", "widths", "heights", "step"))


class Beat(Table):
    """A stretch of a lesson: what is said, how fast it runs, and what is changed at its start.

    `set` holds new values by key (`engine.settings`), which stay in force in later beats. After a
    change the race is computed anew, so such a beat begins at step 0 unless `restart` is false;
    a beat without one goes on from the step that the beat before has reached. `highlight` names a
    contestant; the others fade. `term` is a part of the formula that stands out.

    `look` has keys of an experiment's `[picture]`, such as zoom, layer or warp, and "usual" for
    what the lesson began with; `layout` has other views. Both stay in force in later beats, and
    numbers, zoom and cards slide there within the beat's first `ease` seconds, or all of it where
    it is shorter. The camera of a picture in three dimensions may `orbit` meanwhile; it stays where
    it has come to until another one is asked for. Where it is `your_turn` the window stops at the
    beat's end for the viewer to try what the caption invites to; `point_at` is the key of the
    control that is pointed at.
    """

    title: Line = Field("", description="text on one line")
    seconds: Number = Field(gt=0, le=LONGEST, description=f"a number of seconds up to {LONGEST:,}")
    steps_per_second: Number = Field(30.0, ge=0, le=1e12, description="a number from 0 to 1e+12")
    caption: Text = Field("", description="text")
    formula: Text = Field("", description="an equation in LaTeX, as text")
    term: Line = Field("", description="a part of the formula, as text")
    set: Values = Field({}, description='a table such as { "SGD.lr" = 0.01 }')
    restart: Flag | None = Field(None, description="true or false")
    highlight: Line | None = Field(None, description="a contestant's name")
    look: Values = Field({}, description="a table such as { layer = 2, zoom = [[-1, 1], [0, 2]] }")
    layout: Layout = Field((), description=A_LAYOUT)
    ease: Number = Field(1.0, ge=0, le=LONGEST_EASE,
                         description=f"a number of seconds from 0 to {LONGEST_EASE}")
    orbit: Number = Field(0.0, ge=-FASTEST_ORBIT, le=FASTEST_ORBIT,
                          description=f"degrees a second, from -{FASTEST_ORBIT} to {FASTEST_ORBIT}")
    your_turn: Flag = Field(False, description="true or false")
    point_at: Line | None = Field(None, description='a setting\'s key, such as "SGD.lr"')

    @classmethod
    def contradictions(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """A term that the formula does not have."""
        term, formula = data.get("term"), data.get("formula", "")
        if isinstance(term, str) and term and isinstance(formula, str) and (
                len(parts_of(formula, term)) == 1):
            yield Mistake("term", "must be a part of the formula that stands in no braces, not "
                                  f"{shown(term)}")

    @field_validator("look")
    @classmethod
    def _of_a_picture(cls, look: dict[str, Any]) -> dict[str, Any]:
        mistakes = [Mistake(path(key), unknown_key(key, list(LOOKS)))
                    for key in look if key not in LOOKS]
        try:
            Picture(**{key: value for key, value in look.items()
                       if key in LOOKS and value != USUAL})
        except ExperimentError as error:
            mistakes += moved(error, "")
        if mistakes:
            raise ExperimentError(mistakes)
        return look

    @property
    def restarts(self) -> bool:
        """Whether the beat begins at step 0."""
        return bool(self.set) if self.restart is None else self.restart

    @property
    def duration(self) -> Fraction:
        """Its length in seconds."""
        return exactly(self.seconds)

    @property
    def sliding(self) -> Fraction:
        """How many of its seconds pass until the picture is what the beat asks for."""
        return min(exactly(self.ease), self.duration)

    def steps_after(self, seconds: Fraction) -> int:
        """Steps gone by that long after the beat's start, to the nearest, halves upwards.

        Halves always upwards: rounding them to even would make every other step of a race at 30
        steps a second thrice as long as its neighbours in a film of 60 frames a second.
        """
        return floor(exactly(self.steps_per_second) * seconds + Fraction(1, 2))

    def picture_after(self, before: Picture, usual: Picture) -> Picture:
        """The picture that its look makes of the one before."""
        if not self.look:
            return before
        return before.replaced(**{key: getattr(usual, key) if value == USUAL else value
                                  for key, value in self.look.items()})


def changed_look(before: Picture, after: Picture, usual: Picture) -> dict[str, Any]:
    """The look that turns one picture into another, where `usual` is the lesson's own.

    A beat with it has `picture_after(before, usual)` equal to `after` in all that a look may say.
    Raises ExperimentError for a value that is gone and that the lesson's own picture has.
    """
    look: dict[str, Any] = {}
    for key in LOOKS:
        value = getattr(after, key)
        if value == getattr(before, key):
            continue
        if value == getattr(usual, key):
            look[key] = USUAL
        elif value is None:
            raise ExperimentError([Mistake(path(key), "must have a value: the lesson begins with "
                                                      f"{shown(getattr(usual, key))}")])
        else:
            look[key] = value
    return look


def exactly(number: float) -> Fraction:
    """The decimal fraction that a file says: 1/10 for 0.1, not the nearest binary one."""
    return Fraction(repr(float(number)))


def parts_of(formula: str, term: str) -> tuple[str, ...]:
    """A formula cut around every `term` that stands outside of braces and is whole; terms included.

    The parts at odd places are the term. A formula without it is one part.
    """
    parts, start, at, depth = [], 0, 0, 0
    while at < len(formula):
        if depth == 0 and formula.startswith(term, at) and _whole(formula, term, at):
            parts += [formula[start:at], term]
            start = at = at + len(term)
            continue
        escaped = formula[at] == "\\"
        depth += 0 if escaped else (formula[at] == "{") - (formula[at] == "}")
        at += 2 if escaped else 1
    return (*parts, formula[start:])


def _whole(formula: str, term: str, at: int) -> bool:
    """Whether the term at a place is no piece of a command or of what has an index."""
    end = at + len(term)
    before, after = formula[at - 1 : at], formula[end : end + 1]
    cut = term[-1].isalpha() and "\\" in term and after.isalpha()
    return not (before in ("\\", "_", "^") or after in ("_", "^", "{", "[") or cut)
