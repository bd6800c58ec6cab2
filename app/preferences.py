"""What the window remembers from one start to the next: theme, layout, recent files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from platformdirs import user_config_path, user_state_path
from PyQt6.QtCore import QByteArray, QSettings

ThemeChoice = Literal["light", "dark", "system"]
RECENT = 10


def state_folder() -> Path:
    """Where autosaved experiments and crash reports are kept."""
    return user_state_path("trainscope")


class Preferences:
    """A small file of settings; nothing in it changes a number or a film."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or user_config_path("trainscope") / "window.ini"
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def theme(self) -> ThemeChoice:
        """The chosen theme; `system` follows the desktop."""
        value = self._settings.value("theme", "system")
        return value if value in ("light", "dark", "system") else "system"

    @theme.setter
    def theme(self, theme: ThemeChoice) -> None:
        self._settings.setValue("theme", theme)

    @property
    def recent(self) -> list[str]:
        """Files opened lately that still exist, the newest first."""
        value = self._settings.value("recent", []) or []
        paths = [value] if isinstance(value, str) else list(value)
        return [path for path in paths if Path(path).exists()]

    def add_recent(self, path: Path) -> None:
        """Put a file first among the recent ones."""
        name = str(path.resolve())
        self._settings.setValue("recent", [name, *(p for p in self.recent if p != name)][:RECENT])

    def geometry(self, name: str) -> QByteArray | None:
        """A saved geometry or splitter state."""
        value = self._settings.value(f"geometry/{name}")
        return value if isinstance(value, QByteArray) else None

    def set_geometry(self, name: str, value: QByteArray) -> None:
        """Remember a geometry or splitter state."""
        self._settings.setValue(f"geometry/{name}", value)

    def flush(self) -> None:
        """Write what has been set."""
        self._settings.sync()
