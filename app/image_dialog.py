"""Makes data of a folder of pictures: a preview as networks get them, a size, a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.data.npz_file import write_npz
from engine.data.raw import DataError
from engine.errors import FileError, TrainscopeError

from .controls.choice_box import ChoiceBox, labelled
from .image_folder import SIDES, USUAL_SIDE, ImageFolder, gray, load
from .theme import Style

TILE, GAP, LINE, EDGE = 48.0, 6.0, 26.0, 12.0
A_CLASS = 8


class Preview(QWidget):
    """A line a class: its name, how many pictures it has, and the first few of them."""

    def __init__(self, found: ImageFolder, style: Style) -> None:
        super().__init__()
        self._found, self._style = found, style
        self._rows: dict[str, list[QImage | None]] = {}
        self.setAccessibleName("Preview of the pictures")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_size(self, side: int) -> None:
        """Show the pictures at so many pixels a side; what is no picture stays empty."""
        self._rows = {name: [_shown(file, side) for file in files[:A_CLASS]]
                      for name, files in self._found.classes.items()}
        self.update()

    def sizeHint(self) -> QSize:
        px = self._style.px
        height = len(self._found.classes) * (px(LINE) + px(TILE) + px(10)) + px(EDGE)
        return QSize(round(A_CLASS * px(TILE + GAP) + 2 * px(EDGE)), round(height))

    def paintEvent(self, event: Any) -> None:
        style, theme = self._style, self._style.theme
        name_font, quiet = style.font(14, 600), style.font(13)
        metrics, top, edge = QFontMetricsF(name_font), style.px(4), style.px(EDGE)
        with QPainter(self) as painter:
            for name, images in self._rows.items():
                baseline = top + style.px(LINE) / 2 + metrics.ascent() / 2 - style.px(2)
                count = f"{len(self._found.classes[name]):,}"
                painter.setFont(quiet)
                width = QFontMetricsF(quiet).horizontalAdvance(count)
                painter.setPen(QColor(theme.quiet))
                painter.drawText(round(self.width() - width - edge), round(baseline), count)
                painter.setFont(name_font)
                painter.setPen(QColor(theme.text))
                room = self.width() - width - 2 * edge - style.px(16)
                painter.drawText(round(edge), round(baseline), metrics.elidedText(
                    name, Qt.TextElideMode.ElideRight, room))
                left = edge
                for image in images:
                    rect = QRectF(round(left), round(top + style.px(LINE)), round(style.px(TILE)),
                                  round(style.px(TILE)))
                    if image is not None:
                        painter.drawImage(rect, image)
                    painter.setPen(QColor(theme.hairline if image is not None else theme.warning))
                    painter.drawRect(rect)
                    left += style.px(TILE + GAP)
                top += style.px(LINE) + style.px(TILE) + style.px(10)


def _shown(file: Path, side: int) -> QImage | None:
    try:
        ink: NDArray[np.uint8] = gray(file, side)
    except FileError:
        return None
    return QImage((255 - ink).tobytes(), side, side, side,
                  QImage.Format.Format_Grayscale8).copy()


class Cancelled(Exception):
    """The viewer pressed Cancel."""


class ImageDialog(QDialog):
    """Asks for the size and the file; `written` is the file, once there is one."""

    def __init__(self, found: ImageFolder, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Pictures as data")
        self.setMinimumWidth(round(style.px(520)))
        self.written: Path | None = None
        self._found = found
        self._cancelled = self._running = False
        self.size_box: QComboBox = ChoiceBox("size", "pictures")
        for side in SIDES:
            self.size_box.addItem(f"{side} × {side} pixels", side)
        self.size_box.setCurrentIndex(SIDES.index(USUAL_SIDE))
        self.size_box.setToolTip("Every picture is cut to the square in its middle and drawn so "
                                 "large, in shades of gray")
        self.preview = Preview(found, style)
        self.size_box.currentIndexChanged.connect(lambda _: self._show_size())
        self.refusal, self.progress = QLabel(), QProgressBar()
        self.save, self.cancel = QPushButton("Save as…"), QPushButton("Cancel")
        self._build(style)
        self._show_size()

    def _build(self, style: Style) -> None:
        count, classes = self._found.count, len(self._found.classes)
        head = QLabel(f"{self._found.path.name}: {count:,} pictures of {classes:,} classes")
        head.setObjectName("quiet")
        head.setWordWrap(True)
        area = QScrollArea()
        area.setObjectName("preview")
        area.setWidget(self.preview)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedHeight(round(min(self.preview.sizeHint().height() + 4, style.px(350))))
        self.preview.setObjectName("inner")
        self.refusal.setObjectName("warning")
        self.refusal.setWordWrap(True)
        self.refusal.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.refusal.hide()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(8)
        self.progress.setAccessibleName("Progress")
        policy: QSizePolicy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        self.progress.hide()
        self.save.setObjectName("strong")
        self.save.setDefault(True)
        self.save.setToolTip("Write the pictures to an .npz file and learn from it")
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(14)
        layout.addWidget(head)
        layout.addWidget(area)
        layout.addLayout(labelled("size", self.size_box))
        layout.addWidget(self.refusal)
        layout.addWidget(self.progress)
        layout.addLayout(buttons)

    @property
    def side(self) -> int:
        """The size that is chosen, in pixels."""
        return int(self.size_box.currentData())

    def _show_size(self) -> None:
        self.preview.show_size(self.side)

    def _save(self) -> None:
        usual = self._found.path.parent / f"{self._found.path.name}-{self.side}.npz"
        name, _ = QFileDialog.getSaveFileName(self, "Save the data", str(usual), "Data (*.npz)")
        if name:
            self.write(Path(name) if name.endswith(".npz") else Path(f"{name}.npz"))

    def write(self, path: Path) -> None:
        """Read all pictures and write the file; says why if that cannot be."""
        self._set_running(True)
        try:
            x, y = load(self._found, self.side, self._tell)
            write_npz(path, x, y)
        except Cancelled:
            pass
        except (TrainscopeError, DataError) as error:
            self.refusal.setText(str(error))
            self.refusal.show()
        else:
            self.written = path
        finally:
            self._set_running(False)
        if self.written is not None:
            self.accept()

    def _set_running(self, running: bool) -> None:
        self._running, self._cancelled = running, False
        self.save.setEnabled(not running)
        self.size_box.setEnabled(not running)
        self.progress.setVisible(running)
        if running:
            self.refusal.hide()

    def _tell(self, done: int, count: int) -> None:
        self.progress.setMaximum(count)
        self.progress.setValue(done)
        QCoreApplication.processEvents()
        if self._cancelled:
            raise Cancelled

    def reject(self) -> None:
        """Stop reading first, then close."""
        if self._running:
            self._cancelled = True
        else:
            super().reject()
