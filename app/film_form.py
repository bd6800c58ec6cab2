"""What a film is to be: format, size, rate, theme, part and file, as the fields of a form."""

from __future__ import annotations

import re
from pathlib import Path

from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.experiment import Experiment
from engine.lesson import Lesson

from .encoding import FilmFormat, film_formats
from .film import SECONDS
from .theme import THEMES, Theme

SIZES = {"1280 × 720": (1280, 720), "1920 × 1080": (1920, 1080), "2560 × 1440": (2560, 1440),
         "3840 × 2160 (4K)": (3840, 2160)}
RATES = (60, 50, 30, 25, 24)
LONGEST = 3600.0
LONGEST_NAME = 60


class FilmForm(QWidget):
    """The fields, which keep each other true: a format has its rates, a suffix is its format."""

    def __init__(self, source: Experiment | Lesson, theme: Theme, folder: Path) -> None:
        super().__init__()
        scripted = isinstance(source, Lesson)
        self._make_boxes(theme)
        self._make_times(float(source.duration) if isinstance(source, Lesson) else SECONDS)
        self.path = QLineEdit(str(_free_name(folder, source.title)))
        self.path.setAccessibleName("File")
        self.path.editingFinished.connect(self.settle_path)
        self.browse = QPushButton("Choose…")
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        self.confirmed = ""
        """A file of which the file dialog has asked whether it may be replaced."""
        self._lay_out(scripted)
        self._format_chosen()

    # ---- what is chosen

    @property
    def format(self) -> FilmFormat:
        """The chosen format."""
        chosen: FilmFormat = self.format_box.currentData()
        return chosen

    @property
    def frame_size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        chosen: tuple[int, int] = self.size_box.currentData()
        return chosen

    @property
    def span(self) -> tuple[float, float] | None:
        """The part in seconds, None for the whole, which the boxes may have rounded."""
        whole = self.start.value() == 0 and self.end.value() == self.end.maximum()
        return None if whole else (self.start.value(), self.end.value())

    @property
    def out(self) -> str:
        """Where the film goes; a folder ends in a slash, so that a dot in its name is no suffix."""
        return self.path.text() if self.format.suffix else f"{self.path.text()}/"

    def settle_path(self) -> None:
        """The suffix that is typed chooses the format; a name without one gets the format's."""
        path = self.path.text().strip()
        suffix = Path(path).suffix.lower()
        place = next((k for k in range(self.format_box.count())
                      if suffix and self.format_box.itemData(k).suffix == suffix), None)
        if place is not None:
            self.format_box.setCurrentIndex(place)
        elif path and self.format.suffix:
            self.path.setText(path + self.format.suffix)

    # ---- building

    def _make_boxes(self, theme: Theme) -> None:
        self.format_box, self.size_box = _box("Format"), _box("Size")
        self.rate_box, self.theme_box = _box("Frames a second"), _box("Theme")
        for definition in sorted(film_formats.values(), key=_place):
            self.format_box.addItem(definition.title, definition)
        for name, size in SIZES.items():
            self.size_box.addItem(name, size)
        self.size_box.setCurrentText("1920 × 1080")
        for name in THEMES:
            self.theme_box.addItem(name.capitalize(), name)
        self.theme_box.setCurrentIndex(self.theme_box.findData(theme.name))
        self.format_box.currentIndexChanged.connect(self._format_chosen)

    def _make_times(self, length: float) -> None:
        self.seconds = _seconds("Length", length, LONGEST)
        self.start, self.end = _seconds("From", 0, length), _seconds("To", length, length)
        self.seconds.valueChanged.connect(self._length_chosen)

    def _lay_out(self, scripted: bool) -> None:
        self.doc = QLabel()
        self.doc.setObjectName("small")
        self.doc.setWordWrap(True)
        rows: list[tuple[str, QWidget]] = [
            ("Format", _group(QVBoxLayout(), self.format_box, self.doc)),
            ("Size", self.size_box), ("Frames a second", self.rate_box), ("Theme", self.theme_box),
            *([] if scripted else [("Length", self.seconds)]),
            ("Part", _group(QHBoxLayout(), self.start, QLabel("to"), self.end)),
            ("File", _group(QHBoxLayout(), self.path, self.browse)),
        ]
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, widget in rows:
            form.addRow(text, widget)

    # ---- what follows from a choice

    def _format_chosen(self) -> None:
        offered = self.format.rates or RATES
        wanted = self.rate_box.currentData() or offered[0]
        self.rate_box.clear()
        for rate in offered:
            self.rate_box.addItem(f"{rate}", rate)
        nearest = min(offered, key=lambda rate: abs(rate - wanted))
        self.rate_box.setCurrentIndex(offered.index(nearest))
        self.doc.setText(self.format.doc)
        path = self.path.text().strip()
        if path:
            self.path.setText(_without_suffix(path) + self.format.suffix)

    def _length_chosen(self, length: float) -> None:
        whole = self.end.value() == self.end.maximum()
        self.start.setMaximum(length)
        self.end.setMaximum(length)
        if whole:
            self.end.setValue(length)

    def _browse(self) -> None:
        suffix = self.format.suffix
        kinds = f"{self.format.title} (*{suffix})" if suffix else "Folder (*)"
        path, _ = QFileDialog.getSaveFileName(self, "Film to", self.path.text(), kinds)
        if path:
            self.path.setText(path)
            self.settle_path()
            if self.path.text() == path:
                self.confirmed = path


def _place(definition: FilmFormat) -> tuple[bool, bool, str]:
    """The order of the formats: MP4 first, since it plays everywhere; folders last."""
    return not definition.suffix, definition.name != "mp4", definition.title


def _free_name(folder: Path, title: str) -> Path:
    """A file name made of the title that no earlier film has, whatever its format."""
    words = re.sub("['’]", "", title.lower())
    stem = re.sub(r"[\W_]+", "-", words).strip("-")[:LONGEST_NAME] or "film"
    name, number = stem, 1
    suffixes = [definition.suffix for definition in film_formats.values()]
    while any((folder / f"{name}{suffix}").exists() for suffix in suffixes):
        number += 1
        name = f"{stem}-{number}"
    return folder / name


def _without_suffix(path: str) -> str:
    """A path without the suffix of a film; other dots belong to its name."""
    suffix = Path(path).suffix
    known = [definition.suffix for definition in film_formats.values()]
    return path.removesuffix(suffix) if suffix.lower() in known else path


def _box(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    return box


def _seconds(name: str, value: float, high: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setAccessibleName(name)
    box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
    box.setDecimals(2)
    box.setRange(0, high)
    box.setSuffix(" s")
    box.setValue(value)
    return box


def _group(layout: QBoxLayout, *widgets: QWidget) -> QWidget:
    """Widgets in one field of the form; what is typed into shares the width evenly."""
    group = QWidget()
    group.setLayout(layout)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget, int(isinstance(widget, QLineEdit | QDoubleSpinBox)))
    return group
