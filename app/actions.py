"""Everything the window can be told to do, once: menu, shortcut sheet and buttons share it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True)
class Command:
    """A menu entry: `keys` as Qt writes them, several of them parted by a comma and a blank."""

    name: str
    text: str
    keys: str = ""
    group: str = ""


COMMANDS = (
    Command("new", "New experiment", "Ctrl+N", "File"),
    Command("open", "Open…", "Ctrl+O", "File"),
    Command("save", "Save", "Ctrl+S", "File"),
    Command("save_as", "Save as…", "Ctrl+Shift+S", "File"),
    Command("record", "Record a film…", "Ctrl+R", "File"),
    Command("export", "Export a still…", "Ctrl+E", "File"),
    Command("quit", "Quit", "Ctrl+Q", "File"),
    Command("undo", "Undo", "Ctrl+Z", "Edit"),
    Command("redo", "Redo", "Ctrl+Shift+Z, Ctrl+Y", "Edit"),
    Command("draw", "Draw points", "D", "Edit"),
    Command("copy_python", "Copy as Python", "Ctrl+Shift+C", "Edit"),
    Command("copy_picture", "Copy picture", "Ctrl+Alt+C", "Edit"),
    Command("play", "Play or pause", "Space", "Play"),
    Command("back", "One step back", "Left", "Play"),
    Command("forward", "One step on", "Right", "Play"),
    Command("back_ten", "Ten steps back", "Shift+Left", "Play"),
    Command("forward_ten", "Ten steps on", "Shift+Right", "Play"),
    Command("home", "To the start", "Home", "Play"),
    Command("end", "To the end", "End", "Play"),
    Command("slower", "Slower", "Down", "Play"),
    Command("faster", "Faster", "Up", "Play"),
    Command("loop", "Loop", "L", "Play"),
    Command("new_seed", "New seed", "N", "Play"),
    Command("previous_beat", "Previous beat", "PgUp", "Lesson"),
    Command("next_beat", "Next beat", "PgDown", "Lesson"),
    Command("add_beat", "Add beat", "B", "Lesson"),
    Command("script", "Write the script", "Ctrl+B", "Lesson"),
    Command("present", "Present", "F11", "View"),
    Command("leave", "Leave presenting", "Esc", "View"),
    Command("views", "Choose and arrange views…", "V", "View"),
    Command("fit", "Show the whole surface", "F", "View"),
    Command("loss_scale", "Loss: log or linear", "G", "View"),
    Command("theme", "Next theme: light, dark, as the system", "T", "View"),
    Command("lessons", "Show or hide the lessons", "Ctrl+L", "View"),
    Command("shortcuts", "Keyboard shortcuts", "F1", "View"),
)
GROUPS = ("File", "Edit", "Play", "Lesson", "View")


def make_actions(window: QWidget, slots: dict[str, Callable[[], object]]) -> dict[str, QAction]:
    """An action for every command, added to the window so that its keys work everywhere in it."""
    actions = {}
    for command in COMMANDS:
        action = QAction(command.text, window)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys.split(", ") if keys])
        action.triggered.connect(lambda _=False, slot=slots[command.name]: slot())
        window.addAction(action)
        actions[command.name] = action
    return actions


def fill_menu(menu: QMenu, actions: dict[str, QAction], recent: QMenu) -> None:
    """The window's one menu, group by group."""
    for group in GROUPS:
        part = menu.addMenu(group)
        assert part is not None
        for command in COMMANDS:
            if command.group == group:
                part.addAction(actions[command.name])
                if command.name == "open":
                    part.addMenu(recent)
