"""The panel at the left: lessons to open, and surfaces and data to start one's own race from."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from engine.datasets import datasets
from engine.lesson import Lesson
from engine.surfaces import surfaces

from ..starting import DEPTH
from ..theme import Style

LESSON, SURFACE, NETWORK = "lesson", "surface", "network"


class LessonList(QWidget):
    """Entries under group heads; choosing one asks for it."""

    asked = pyqtSignal(str, str)
    """("lesson", name), ("surface", name) or ("network", dataset)."""

    def __init__(self, lessons: dict[str, Lesson]) -> None:
        super().__init__()
        self.list = QListWidget()
        self._heads: list[QListWidgetItem] = []
        self.list.setAccessibleName("lessons, networks and surfaces")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 14, 6, 10)
        layout.addWidget(self.list)
        topics = dict.fromkeys(lesson.topic or "Lessons" for lesson in lessons.values())
        for topic in topics:
            self._head(topic.upper())
            for name, lesson in lessons.items():
                if (lesson.topic or "Lessons") == topic:
                    self._entry(LESSON, name, lesson.title, lesson.summary)
        self._head("NETWORKS")
        self._entry(NETWORK, DEPTH, "Signals in depth",
                    "Activations and gradients through ten layers, under four inits.")
        for dataset in datasets.values():
            self._entry(NETWORK, dataset.name, dataset.title, dataset.doc)
        self._head("SURFACES")
        for definition in surfaces.values():
            self._entry(SURFACE, definition.name, definition.title, definition.doc)
        self.list.itemClicked.connect(self._chosen)
        self.list.itemActivated.connect(self._chosen)

    def restyle(self, style: Style) -> None:
        """Take a scale; entries follow the style sheet, heads have type of their own."""
        for item in self._heads:
            item.setFont(style.font(12, 600))

    def _head(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self._heads.append(item)
        self.list.addItem(item)

    def _entry(self, kind: str, name: str, title: str, doc: str) -> None:
        item = QListWidgetItem(title)
        item.setData(Qt.ItemDataRole.UserRole, (kind, name))
        item.setToolTip(doc)
        self.list.addItem(item)

    def _chosen(self, item: QListWidgetItem) -> None:
        entry = item.data(Qt.ItemDataRole.UserRole)
        if entry is not None:
            self.asked.emit(*entry)

    def mark(self, kind: str | None, name: str | None) -> None:
        """Show which entry is open, if one is."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item is not None and item.data(Qt.ItemDataRole.UserRole) == (kind, name):
                self.list.setCurrentItem(item)
                return
        self.list.setCurrentItem(None)
        self.list.clearSelection()
