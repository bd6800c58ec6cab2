"""What a film is to be, as the fields of a form: what it holds, how it looks, where it goes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

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

from .controls.toggle import Toggle
from .encoding import FilmFormat, film_formats
from .film import SECONDS
from .part_choice import PartChoice, seconds_box
from .theme import THEMES, Style, Theme

SIZES = {"1280 × 720": (1280, 720), "1920 × 1080": (1920, 1080), "2560 × 1440": (2560, 1440),
         "3840 × 2160 (4K)": (3840, 2160), "1080 × 1920 (upright)": (1080, 1920)}
SUBTITLES = {"None": (), "SRT, for players": ("srt",), "VTT, for browsers": ("vtt",),
             "Both": ("srt", "vtt")}
LARGEST_BUDGET = 1000.0
RATES = (60, 50, 30, 25, 24)
LONGEST = 3600.0
LONGEST_NAME = 60


class FilmForm(QWidget):
    """The fields, which keep each other true: a format has its rates, a suffix is its format."""

    def __init__(self, source: Experiment | Lesson, theme: Theme, folder: Path) -> None:
        super().__init__()
        self._lesson = source if isinstance(source, Lesson) else None
        self._make_boxes(theme)
        self._make_extras(theme)
        length = float(source.duration) if isinstance(source, Lesson) else SECONDS
        self.seconds = seconds_box("Length", length, LONGEST)
        self.part = PartChoice(self._lesson, length)
        self.start, self.end = self.part.start, self.part.end
        self.seconds.valueChanged.connect(self.part.set_length)
        self.part.chosen.connect(self._show_extras)
        self.path = QLineEdit(str(_free_name(folder, source.title)))
        self.path.setAccessibleName("File")
        self.path.editingFinished.connect(self.settle_path)
        self.browse = QPushButton("Choose…")
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        self.confirmed = ""
        """A file of which the file dialog has asked whether it may be replaced."""
        self._lay_out()
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
    def choices(self) -> dict[str, Any]:
        """All that is chosen besides the file, by the names of `FilmChoices`."""
        form, lesson = self.format, self._lesson is not None
        return {
            "size": self.frame_size, "fps": self.rate_box.currentData(),
            "theme": self.theme_box.currentData(), "seconds": self.seconds.value(),
            "span": self.part.span, "beats": self.part.beats,
            "cards": lesson and self.cards.isChecked(),
            "codec": self.codec_box.currentData() if len(form.codecs) > 1 else "",
            "transparent": form.transparency and self.transparent.isChecked(),
            "subtitles": self.subtitles_box.currentData() if lesson else (),
            "max_mb": self.budget.value() or None if form.name == "gif" else None,
        }

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

    def _make_extras(self, theme: Theme) -> None:
        self.codec_box, self.subtitles_box = _box("Codec"), _box("Subtitles")
        for name, kinds in SUBTITLES.items():
            self.subtitles_box.addItem(name, kinds)
        self.cards = Toggle("title, and sources at the end", "Cards")
        self.cards.setChecked(True)
        self.transparent = Toggle("transparent, for slides", "Background")
        for toggle in (self.cards, self.transparent):
            toggle.restyle(Style(theme))
        self.budget = QDoubleSpinBox()
        self.budget.setAccessibleName("Largest file")
        self.budget.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.budget.setRange(0, LARGEST_BUDGET)
        self.budget.setSuffix(" MB")
        self.budget.setSpecialValueText("Any size")
        self.budget.setToolTip("Fewer frames, fewer colours and a smaller picture, "
                               "until the file is no larger")

    def _lay_out(self) -> None:
        self.doc = QLabel()
        self.doc.setObjectName("small")
        self.doc.setWordWrap(True)
        scripted = self._lesson is not None
        formats = _group(QHBoxLayout(), self.format_box, self.codec_box)
        rows: list[tuple[str, QWidget]] = [
            ("Format", _group(QVBoxLayout(), formats, self.doc)),
            ("Largest file", self.budget),
            ("Size", self.size_box), ("Frames a second", self.rate_box), ("Theme", self.theme_box),
            *([] if scripted else [("Length", self.seconds)]),
            ("Part", self.part),
            *([("Subtitles", self.subtitles_box), ("Cards", self.cards)] if scripted else []),
            ("Background", self.transparent),
            ("File", _group(QHBoxLayout(), self.path, self.browse)),
        ]
        self._form = form = QFormLayout(self)
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
        codec = self.codec_box.currentData()
        self.codec_box.clear()
        for entry in self.format.codecs:
            self.codec_box.addItem(entry.title, entry.name)
        self.codec_box.setCurrentIndex(max(0, self.codec_box.findData(codec)))
        self._show_extras()
        path = self.path.text().strip()
        if path:
            self.path.setText(_without_suffix(path) + self.format.suffix)

    def _show_extras(self) -> None:
        """What the format and the part do not have is not offered."""
        self.codec_box.setVisible(len(self.format.codecs) > 1)
        self._form.setRowVisible(self.budget, self.format.name == "gif")
        self._form.setRowVisible(self.transparent, self.format.transparency)
        if self._lesson is not None:
            self._form.setRowVisible(self.cards, self.part.whole)

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


def _group(layout: QBoxLayout, *widgets: QWidget) -> QWidget:
    """Widgets in one field of the form; what is typed into shares the width evenly."""
    group = QWidget()
    group.setLayout(layout)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget, int(isinstance(widget, QLineEdit | QComboBox)))
    return group
