"""The bundled lessons, read and checked, by name and in the order in which they are taught."""

from __future__ import annotations

from engine.errors import UnknownName
from engine.lesson import Lesson, open_file
from engine.listing import lesson_files


def bundled_lesson(name: str) -> Lesson:
    """A bundled lesson by its name; raises UnknownName."""
    paths = lesson_files()
    if name not in paths:
        raise UnknownName("lesson", name, list(paths))
    lesson = open_file(paths[name])
    assert isinstance(lesson, Lesson)
    return lesson


def bundled_lessons() -> dict[str, Lesson]:
    """Every bundled lesson by its name."""
    return {name: bundled_lesson(name) for name in lesson_files()}
