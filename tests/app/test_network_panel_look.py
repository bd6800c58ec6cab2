"""Cards and panel of networks together: wheel, keyboard, names, room, themes."""

from dataclasses import replace

import pytest
from control_rig import DENSE, TANH, layered, settle
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider, QWidget

from app.icons import arrow_file
from app.stylesheet import stylesheet
from app.theme import THEMES


def test_a_wheel_passes_over_every_control(rig):
    lab = rig(layered(DENSE, TANH))
    before = lab.experiment
    controls = [c for c in lab.area.widget().findChildren((QSlider, QComboBox, QWidget))
                if c.isVisible() and (isinstance(c, QSlider | QComboBox) or c is lab.panel.seed)]
    assert len(controls) > 20
    for control in controls:
        event = QWheelEvent(QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, 120),
                            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
                            Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(control, event)
    assert lab.experiment is before and lab.wishes == []


@pytest.mark.parametrize("layers", [[DENSE, {"kind": "batch-norm"}, TANH], [DENSE, TANH, DENSE]])
def test_every_control_has_a_name_and_is_reached_by_keyboard(rig, layers):
    lab = rig(layered(*layers))
    controls = [c for c in lab.area.widget().findChildren(
        (QAbstractButton, QLineEdit, QSlider, QComboBox)) if c.isVisible()
        and c.objectName() != "qt_spinbox_lineedit"]
    assert [c for c in controls if not (
        c.accessibleName() or (isinstance(c, QAbstractButton) and c.text()))] == []
    assert [c for c in controls if not c.focusPolicy() & Qt.FocusPolicy.TabFocus] == []
    rows = [c.parentWidget().toolTip() for c in controls if isinstance(c, QSlider)]
    assert all("\nFrom " in tip for tip in rows)


EVERYTHING = {
    "layers": [{"kind": "dense", "width": 64}, {"kind": "batch-norm"}, {"kind": "leaky-relu"},
               {"kind": "dropout", "rate": 0.3}] * 4,
    "schedule": "cosine", "clip": {"by": "norm", "limit": 1.0}, "optimizer": "adam",
    "name": "A network with a name that is far too long for any card",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", [0.85, 1.0, 1.8])
def test_everything_fits_into_the_panel(rig, theme, scale):
    """The window gives the panel 336 px times the scale; here it is a little less."""
    lab = rig(layered(**EVERYTHING).with_problem(
        drift={"kind": "rotation", "per_1000_steps": 0.5}), theme=theme, scale=scale,
        width=round(330 * scale))
    inner = lab.area.widget()
    assert inner.minimumSizeHint().width() <= lab.area.viewport().width()
    name = lab.card().name
    assert name.shown().endswith("…") and name.toolTip() == name.text()
    image = inner.grab().toImage()
    ground = image.pixelColor(2, 2)
    assert (ground.lightnessF() > 0.9) == (theme == "light")
    # Nothing is painted over the panel's margins.
    ratio = image.devicePixelRatio()
    for x in (round(6 * ratio), image.width() - round(6 * ratio)):
        assert all(image.pixelColor(x, y) == ground for y in range(0, image.height(), 7))


def test_long_names_are_cut_while_nobody_edits_them(rig):
    lab = rig(layered(DENSE, TANH, name="An extraordinarily long name of a network"))
    name = lab.card().name
    assert name.shown().endswith("…") and name.text().endswith("network")
    short = lab.experiment.with_contestant(0, name="Net")
    lab.document.edit("", short)
    assert lab.card().name.shown() == "Net" and lab.card().name.toolTip() == ""


def test_another_theme_restyles_the_same_values(rig):
    lab = rig()
    light = lab.panel.grab().toImage()
    lab.style = replace(lab.style, theme=THEMES["dark"])
    lab.area.setStyleSheet(stylesheet(lab.style.theme, 1.0, arrow_file(lab.style.theme)))
    lab.show()
    settle()
    assert lab.panel.grab().toImage() != light
    assert lab.panel.data.counts.text() == "420 train · 180 test"
