"""How the controls look: one sheet for the whole window, made from the theme's colours."""

from __future__ import annotations

from .theme import Theme
from .typefaces import FAMILY


def stylesheet(theme: Theme, scale: float, arrow: str) -> str:
    """The Qt style sheet of a theme.

    `scale` enlarges type and spacing; `arrow` is the file of the picture on boxes that open.
    """

    def px(length: float) -> str:
        return f"{round(length * scale)}px"

    t = theme
    return f"""
* {{ font-family: "{FAMILY}"; font-size: {px(15)}; color: {t.text}; outline: none; }}
QMainWindow, QDialog, #ground {{ background: {t.ground}; }}
QWidget#panel, QWidget#bar {{ background: {t.card}; }}
QWidget#panel[side="left"] {{ border-right: 1px solid {t.hairline}; }}
QWidget#panel[side="right"] {{ border-left: 1px solid {t.hairline}; }}
QWidget#bar[side="top"] {{ border-bottom: 1px solid {t.hairline}; }}
QWidget#bar[side="bottom"] {{ border-top: 1px solid {t.hairline}; }}
QLabel {{ background: transparent; }}
QLabel#brand {{ font-size: {px(17)}; font-weight: 700; }}
QLabel#quiet {{ color: {t.quiet}; }}
QLabel#small {{ color: {t.quiet}; font-size: {px(13)}; }}
QLabel#group {{ color: {t.quiet}; font-size: {px(12)}; font-weight: 600; letter-spacing: 0.06em; }}
QLabel#warning {{ color: {t.warning}; font-size: {px(13)}; }}
QLabel#turn {{ background: {t.accent}; color: {t.on_accent}; font-size: {px(13)};
    font-weight: 600; border-radius: {px(9)}; padding: {px(3)} {px(9)}; }}
QFrame#card {{ background: {t.card}; border: 1px solid {t.hairline}; border-radius: {px(10)}; }}
QFrame#card[chosen="true"] {{ border: 2px solid {t.accent}; }}
QFrame#hairline {{ background: {t.hairline}; border: none; }}
QFrame#banner {{ background: {t.raised}; border-radius: {px(8)}; }}
QPushButton {{ background: {t.raised}; border: 1px solid transparent; border-radius: {px(8)};
  padding: {px(7)} {px(14)}; font-weight: 500; }}
QPushButton:hover {{ border-color: {t.hairline}; background: {t.hairline}; }}
QPushButton:pressed {{ background: {t.hairline}; }}
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus, QSpinBox:focus,
QPlainTextEdit:focus {{
  border: 1px solid {t.accent}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.quiet}; }}
QPushButton#chip {{ font-size: {px(13)}; padding: {px(4)} {px(12)}; border-radius: {px(7)}; }}
QPushButton#chip[chosen="true"], QPushButton#chip:checked {{
  background: {t.strong}; color: {t.on_strong}; }}
QFrame#popup {{ background: {t.card}; border: 1px solid {t.hairline}; }}
QPushButton#strong {{ background: {t.strong}; color: {t.on_strong}; }}
QPushButton#strong:hover {{ background: {t.text}; }}
QPushButton#strong:disabled {{ background: {t.raised}; color: {t.quiet}; }}
QPushButton#tight {{ padding: {px(4)} {px(8)}; font-size: {px(13)}; border-radius: {px(6)}; }}
QPushButton#tight:checked {{ background: {t.accent}; color: {t.on_accent}; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: {px(6)};
  padding: {px(4)}; }}
QToolButton:hover, QToolButton:checked {{ background: {t.raised}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit {{ background: {t.ground};
  border: 1px solid {t.hairline};
  border-radius: {px(6)}; padding: {px(4)} {px(7)}; selection-background-color: {t.accent};
  selection-color: {t.on_accent}; }}
QSpinBox::up-button, QSpinBox::down-button {{ width: 0; border: none; }}
QLineEdit#value {{ background: transparent; border: 1px solid transparent; padding: 0 {px(3)};
  min-width: {px(84)}; max-width: {px(84)}; }}
QLineEdit#coordinate {{ min-width: {px(66)}; max-width: {px(66)}; }}
QSpinBox {{ min-width: {px(96)}; max-width: {px(96)}; }}
QLineEdit#value:hover {{ border-color: {t.hairline}; }}
QLineEdit#value:focus {{ background: {t.ground}; border-color: {t.accent}; }}
QLineEdit#value[bad="true"], QLineEdit[bad="true"] {{ border-color: {t.warning}; }}
QLineEdit#name {{ background: transparent; border: 1px solid transparent; font-weight: 600;
  padding: 0 {px(2)}; }}
QFrame#card[muted="true"] QLineEdit#name {{ color: {t.quiet}; font-weight: 400; }}
QLineEdit#name:hover {{ border-color: {t.hairline}; }}
QLineEdit#name:focus {{ background: {t.ground}; border-color: {t.accent}; }}
QComboBox {{ background: {t.raised}; border: 1px solid transparent; border-radius: {px(6)};
  padding: {px(4)} {px(9)}; }}
QComboBox {{ padding-right: {px(24)}; }}
QComboBox::drop-down {{ border: none; width: {px(24)}; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: {px(14)}; height: {px(14)}; }}
QComboBox QAbstractItemView, QMenu {{ background: {t.card}; border: 1px solid {t.hairline};
  padding: {px(5)}; outline: none; selection-background-color: {t.raised};
  selection-color: {t.text}; }}
QMenu::item {{ padding: {px(6)} {px(26)} {px(6)} {px(12)}; border-radius: {px(5)}; }}
QMenu::item:selected {{ background: {t.raised}; }}
QMenu::item:disabled {{ color: {t.quiet}; }}
QMenu::separator {{ height: 1px; background: {t.hairline}; margin: {px(5)} {px(8)}; }}
QScrollArea, QScrollArea > QWidget > QWidget#inner {{ background: {t.card}; border: none; }}
QScrollBar:vertical {{ background: transparent; width: {px(8)}; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.hairline}; border-radius: {px(4)};
  min-height: {px(30)}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollBar:horizontal {{ background: transparent; height: {px(8)}; }}
QScrollBar::handle:horizontal {{ background: {t.hairline}; border-radius: {px(4)}; }}
QListWidget {{ background: {t.card}; border: none; }}
QListWidget::item {{ padding: {px(8)} {px(9)}; border-radius: {px(7)}; color: {t.text}; }}
QListWidget::item:hover {{ background: {t.ground}; }}
QListWidget::item:selected {{ background: {t.raised}; color: {t.text}; font-weight: 600; }}
QListWidget::item:disabled {{ color: {t.quiet}; background: transparent; }}
QToolTip {{ background: {t.strong}; color: {t.on_strong}; border: none; padding: {px(6)};
  font-size: {px(13)}; }}
QProgressBar {{ background: {t.raised}; border: none; border-radius: {px(3)}; height: {px(6)};
  text-align: center; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: {px(3)}; }}
QSplitter::handle {{ background: transparent; }}
QCheckBox {{ spacing: {px(8)}; }}
"""
