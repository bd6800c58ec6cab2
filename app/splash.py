"""The small window of a first start: kernels are being compiled, and how many are left."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QLabel, QProgressBar, QVBoxLayout, QWidget

from engine.warmup import kernels

from . import warmup
from .stylesheet import stylesheet
from .theme import LIGHT


class Splash(QWidget):
    """Says what the program is doing while it cannot show anything else yet."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.SplashScreen)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(stylesheet(LIGHT, 1.0, ""))
        self.setFixedSize(460, 168)
        title, self.label = QLabel("Trainscope"), QLabel()
        title.setObjectName("brand")
        self.label.setObjectName("quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 28, 32, 28)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(self.label)
        layout.addWidget(self.bar)

    def tell(self, name: str, done: int, total: int) -> None:
        """Show what is compiled next."""
        self.label.setText(f"First start: compiling {name}, {done + 1} of {total}")
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        QApplication.processEvents()


def warm_visibly() -> None:
    """Compile what has not been compiled yet, with a window that says so."""
    if warmup.is_warm():
        return
    splash = Splash()
    splash.show()
    jobs = kernels()
    for place, (name, compile_kernel) in enumerate(jobs):
        splash.tell(name, place, len(jobs))
        compile_kernel()
    warmup.mark_warm()
    splash.close()
    splash.deleteLater()
