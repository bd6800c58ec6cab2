"""What holds for every file in `assets/lessons`; its claims are measured in `test_claims_*.py`."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from shown import LESSONS, Shown, lesson_of

from app.lesson_check import findings

# What is drawn needs Qt's application.
pytestmark = pytest.mark.usefixtures("qapp")

DIVERGES = {("learning-rate", 4): {"too large"}, ("batch-norm-or-not", 2): {"Plain"}}
"""Contestants that a beat shows diverging, by lesson and beat."""
WHERE = re.compile(r"doi:10\.\d{4,}/\S+|arXiv:\d{4}\.\d{4,5}|ISBN [\d-]{13,}"
                   r"|\w\.(com|org|edu|ca|io|at|cc|ru|press)/\S+|deeplearningbook\.org")
ON_PAPER = ("Beale 1958", "Lang & Witbrock 1988")
"""Sources that have neither a DOI nor a lasting address."""
LEAVES_THE_PICTURE = {("learning-rate", 4): {"too large"},
                      ("every-start", 5): {"SGD", "Momentum"}}


def beats() -> list[tuple[str, int]]:
    return [(name, beat) for name in LESSONS for beat in range(len(lesson_of(name).beats))]


def on_surfaces() -> list[tuple[str, int]]:
    return [(name, beat) for name, beat in beats()
            if lesson_of(name).experiment_at(beat).problem.kind == "surface"]


def test_there_are_the_first_lessons():
    assert LESSONS[0] == "optimizer-race"
    assert {"gradient-descent", "learning-rate", "momentum", "long-valley", "beale", "saddle",
            "where-starts-end", "weight-decay"} <= set(LESSONS)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_says_what_it_is_and_whose(name):
    lesson = lesson_of(name)
    assert lesson.title and len(lesson.title) <= 50
    assert lesson.topic in ("Optimizers", "Signals in depth", "Training", "Inside a network")
    assert lesson.summary.endswith(".") and len(lesson.summary) <= 120
    assert lesson.sources
    for source in lesson.sources:
        # Who, when, what, and where it can be read.
        assert re.fullmatch(r"\D+ (1[89]|20)\d\d, \S.{10,}", source), source
        assert WHERE.search(source) or source.startswith(ON_PAPER), source


def test_a_source_is_the_same_wherever_it_is_named():
    named: dict[str, set[str]] = {}
    for name in LESSONS:
        for source in lesson_of(name).sources:
            whole = re.sub(r", sections? [^,]*", "", source)
            title = re.sub(r"\D+ \d{4}, ", "", whole, count=1)
            named.setdefault(title[:30], set()).add(whole)
    assert {title: found for title, found in named.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", LESSONS)
def test_every_beat_is_a_chapter_with_a_short_name(name):
    titles = [beat.title for beat in lesson_of(name).beats]
    assert all(titles) and max(map(len, titles)) <= 30
    assert len(set(titles)) == len(titles)
    assert titles[-1] == "Your turn" and lesson_of(name).beats[-1].your_turn


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_lasts_as_long_as_attention(name):
    lesson = lesson_of(name)
    assert 40 <= lesson.duration <= 120
    assert 3 <= len(lesson.beats) <= 8


@pytest.mark.parametrize("name", LESSONS)
def test_nothing_in_a_lesson_is_to_be_mended(name):
    lesson = lesson_of(name)
    assert lesson.layout
    assert all(beat.caption for beat in lesson.beats)
    assert [str(finding) for finding in findings(lesson)] == []


@pytest.mark.parametrize(("name", "beat"), beats())
def test_a_beat_plays_what_its_experiment_has_and_shows(name, beat):
    shown = Shown(name, beat)
    script = lesson_of(name).beats[beat]
    assert shown.last <= shown.experiment.steps
    assert script.highlight is None or script.highlight in shown.names


@pytest.mark.parametrize(("name", "beat"), beats())
def test_only_those_diverge_who_are_said_to(name, beat):
    shown = Shown(name, beat)
    lost = {who for who in shown.names if shown.diverged(who) is not None}
    assert lost == DIVERGES.get((name, beat), set())


@pytest.mark.parametrize(("name", "beat"), on_surfaces())
def test_heads_stay_in_the_picture(name, beat):
    shown = Shown(name, beat)
    zoom = lesson_of(name).pictures[beat + 1].zoom or shown.surface.domain
    low, high = np.array(zoom).T
    outside = set()
    for who in shown.names:
        played = shown.path(who)[shown.first : shown.last + 1]
        if not ((played >= low) & (played <= high)).all():
            outside.add(who)
    assert outside == LEAVES_THE_PICTURE.get((name, beat), set())


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_a_test_of_its_claims(name):
    files = Path(__file__).parent.glob("test_claims_*.py")
    claims = [file.read_text(encoding="utf-8").count(f"def test_{name.replace('-', '_')}()")
              for file in files]
    assert sum(claims) == 1


def test_no_two_lessons_tell_the_same():
    for one, other in combinations(LESSONS, 2):
        assert lesson_of(one).summary != lesson_of(other).summary
