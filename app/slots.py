"""What each command does to the window: see `actions` for its name and its keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .starting import starting_experiment

if TYPE_CHECKING:
    from .main_window import MainWindow

THEME_CHOICES = ("light", "dark", "system")


def slots(window: MainWindow) -> dict[str, Callable[[], object]]:
    """A call for every command."""
    files, document, session = window.files, window.document, window.session
    player, lesson = session.player, session.lesson
    return {
        "new": lambda: files.replace(starting_experiment("beale")),
        "open": files.open_dialog, "save": files.saving.save, "save_as": files.saving.save_as,
        "record": files.record, "export": files.export, "quit": window.close,
        "undo": document.undo, "redo": document.redo,
        "draw": window.drawing.toggle, "copy_python": files.copy_python,
        "copy_picture": files.copy_picture,
        "play": player.toggle, "back": lambda: player.nudge(-1),
        "forward": lambda: player.nudge(1), "back_ten": lambda: player.nudge(-10),
        "forward_ten": lambda: player.nudge(10), "home": lambda: player.scrub(0),
        "end": lambda: player.scrub(player.span),
        "slower": lambda: player.change_speed(-1), "faster": lambda: player.change_speed(1),
        "loop": lambda: player.set_looping(not player.looping),
        "new_seed": window.editor.new_seed,
        "previous_beat": lambda: lesson.go_to_beat(lesson.beat - 1),
        "next_beat": lambda: lesson.go_to_beat(lesson.beat + 1),
        "add_beat": lambda: window.writing.do("add"),
        "script": lambda: window.writing.do("close"),
        "present": window.toggle_presenting, "leave": lambda: _leave(window),
        "views": lambda: window.arranging.open_popup(window.top_bar.views),
        "fit": lambda: session.set_look(zoom=None),
        "loss_scale": lambda: _turn_loss_scale(window), "theme": lambda: _next_theme(window),
        "lessons": lambda: window.left.toggle_list(), "shortcuts": files.show_shortcuts,
    }


def _turn_loss_scale(window: MainWindow) -> None:
    other = "linear" if window.session.look.loss_scale == "log" else "log"
    window.session.set_look(loss_scale=other)


def _next_theme(window: MainWindow) -> None:
    place = THEME_CHOICES.index(window.preferences.theme)
    choice = THEME_CHOICES[(place + 1) % len(THEME_CHOICES)]
    window.set_theme(choice)
    window.notice.tell(f"Theme: {'as the system' if choice == 'system' else choice}")


def _leave(window: MainWindow) -> None:
    """Let go of what is dragged, or else leave presenting."""
    if not window.arranging.cancel_drag():
        window.presenting.leave()
        window.session.refresh()
