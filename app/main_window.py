"""The window: lessons at the left, views in the middle, controls at the right, transport below."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMenu,
    QStackedWidget,
)

from engine.changes import in_force
from engine.experiment import Experiment
from engine.listing import lesson_files
from engine.snapshot import Snapshot

from . import window_place
from .actions import fill_menu, make_actions
from .arranging import Arranging
from .board import Board
from .controls.answering import owner_of
from .controls.contestants import Contestants
from .controls.lesson_bar import LessonBar
from .controls.lesson_list import LessonList
from .controls.network_problem import NetworkPanel
from .controls.picker import Picker
from .controls.pointer import Pointer
from .controls.problem import ProblemPanel
from .controls.script_panel import ScriptPanel
from .controls.top_bar import TopBar
from .controls.transport import Transport
from .document import Document
from .editing import Editor
from .icons import arrow_file
from .keys import KeyRights
from .lab_page import LabPage
from .layouts import LAB
from .left_column import LeftColumn
from .lessons import bundled_lesson, bundled_lessons
from .notice import Notice
from .pace import Pace
from .panels import bring_into_sight, graphics, panel, scrolled
from .preferences import Preferences
from .presenting import Presenting
from .recovery import Recovery
from .session import Session
from .slots import slots
from .stage import Stage, Words
from .stage_turn import StageTurn
from .starting import starting_experiment, starting_network
from .stylesheet import stylesheet
from .theme import THEMES, Style, Theme, ui_scale
from .views import Look
from .window_drawing import WindowDrawing
from .window_files import WindowFiles
from .wishes import Wishes
from .writing import Writing

AUTOSAVE_MS = 2000


class MainWindow(QMainWindow):
    """Puts the parts together; what each does is told in its own file."""

    def __init__(self, preferences: Preferences | None = None,
                 recovery: Recovery | None = None) -> None:
        super().__init__()
        self.setWindowTitle("Trainscope")
        self.setAcceptDrops(True)
        self.preferences = preferences or Preferences()
        self.document = Document(starting_experiment("beale"))
        self.session = Session(self.document)
        self.editor = Editor(self.document, self.session.moment)
        self.drawing = WindowDrawing(self)
        self.wishes = Wishes(self.editor, self.session, self._choose_in_a_view, self.drawing,
                             lambda: self.files.open_images())
        self.theme: Theme = THEMES["light"]
        self._scale = 1.0
        self._pace = Pace()
        self.notice = Notice()
        self.files = WindowFiles(self, recovery or Recovery())
        self.actions_ = make_actions(self, slots(self))
        self._build()
        self._connect()
        window_place.restore(self, self._columns, self.preferences)
        self.set_theme(self.preferences.theme)
        self.board_view.setFocus()
        self.session.start()

    # ---- building

    def _build(self) -> None:
        self.lessons = LessonList(bundled_lessons())
        self.contestants = Contestants()
        self.problem, self.network = ProblemPanel(), NetworkPanel()
        self.transport = Transport(self.session.player)
        self.lesson_bar = LessonBar()
        self.board = Board(live=True, movable=True)
        self.stage = Stage(LAB["surface"])
        self.board_view, self.stage_view = graphics(self.board), graphics(self.stage)
        self.board_view.setAccessibleName("views")
        self.top_bar = TopBar(self.actions_, self._menu())
        self.script = ScriptPanel()
        self.left = LeftColumn(self.lessons, self.script)
        controls = self._controls = scrolled(self.contestants, self.problem, self.network)
        self.pointer = Pointer(controls)
        self._right = panel(controls, "right")
        lab = LabPage(self.top_bar, self.left, (self.board_view, self.lesson_bar), self._right,
                      self.transport)
        self._columns = lab.columns
        self.pages = QStackedWidget()
        self.pages.addWidget(lab)
        self.pages.addWidget(self.stage_view)
        self.setCentralWidget(self.pages)
        self.setMinimumSize(820, 500)
        self.notice.float_over(self.board_view)
        self.presenting = Presenting(self, self.pages)
        self.turn = StageTurn(self.stage_view, self.stage)
        self.arranging = Arranging(self.document, self.board, self.stage.board, self)
        self.writing = Writing(self.document, self.session, self.left,
                               Picker(self._right, self.pointer), self.board, self.notice)

    def _menu(self) -> QMenu:
        menu, self.recent_menu = QMenu(self), QMenu("Open recent", self)
        self.recent_menu.aboutToShow.connect(self.files.fill_recent)
        fill_menu(menu, self.actions_, self.recent_menu)
        return menu

    def _connect(self) -> None:
        session, editor = self.session, self.editor
        session.drawn.connect(self._draw)
        session.preparing.views = self._prepare
        session.refiner.unfinished = self.arranging.unfinished
        session.refiner.refine = self.arranging.refine
        session.lesson.beat_changed.connect(
            lambda _: self._show_experiment(self.document.experiment))
        session.written.connect(self.contestants.show_snapshot)
        self.drawing.join()
        session.rate_counted.connect(self.transport.show_rate)
        session.lesson.beat_changed.connect(lambda _: self._show_words())
        session.lesson.arranged.connect(self.arranging.follow_script)
        session.lesson.invited.connect(self._invite)
        self.document.changed.connect(self._show_experiment)
        self.document.opened.connect(self._opened)
        self.document.stack.cleanChanged.connect(self._edited)
        self.document.script_stack.cleanChanged.connect(self._edited)
        control = self.turn.control
        self._connect_controls(self.contestants, self.problem, self.network)
        control.built.connect(lambda: self._connect_controls(
            control.contestants, control.problem, control.network))
        editor.refused.connect(self.notice.warn)
        editor.chosen.connect(self._choose)
        self.contestants.rebuilt.connect(self.board_view.setFocus)
        self.lessons.asked.connect(self._entry_asked)
        self.lesson_bar.beat_asked.connect(session.lesson.go_to_beat)
        self.lesson_bar.back_asked.connect(lambda: session.lesson.rejoin())
        self.lesson_bar.asked.connect(self.writing.do)
        self.writing.left.connect(self.board_view.setFocus)
        self.transport.restart_asked.connect(session.player.restart)
        self.transport.seed_asked.connect(editor.new_seed)
        for source in (self.board, self.stage.board, self.arranging):
            source.asked.connect(self.wishes.of_view)
        self.arranging.refused.connect(self.notice.warn)
        self.arranging.measured.connect(session.set_measuring)
        hints = QGuiApplication.styleHints()
        assert hints is not None
        hints.colorSchemeChanged.connect(self.follow_system)
        app = QApplication.instance()
        assert app is not None
        self._keys = KeyRights(self)
        app.installEventFilter(self._keys)
        self._autosave = self.startTimer(AUTOSAVE_MS)

    def _connect_controls(self, contestants: Contestants, problem: ProblemPanel,
                          network: NetworkPanel) -> None:
        editor = self.editor
        for panel_ in (problem, network):
            editor.refused.connect(panel_.refuse)
            panel_.asked.connect(self.wishes.of_problem)
        contestants.asked.connect(editor.contestant)
        contestants.add_asked.connect(editor.add)
        shared = contestants.shared
        shared.stack_asked.connect(editor.everyone)
        shared.scheme_asked.connect(editor.add_scheme)
        shared.problem_asked.connect(network.ask_problem)
        shared.released.connect(editor.release)

    # ---- showing

    @property
    def style_now(self) -> Style:
        """The theme at the window's scale."""
        return Style(self.theme, self._scale)

    def follow_system(self) -> None:
        """Take the desktop's theme anew, if that is the one chosen."""
        self.set_theme(self.preferences.theme)

    def set_theme(self, choice: str) -> None:
        """Take a theme, `system` being the desktop's."""
        self.preferences.theme = choice  # type: ignore[assignment]
        hints = QGuiApplication.styleHints()
        dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
        self.theme = THEMES[("dark" if dark else "light") if choice == "system" else choice]
        self._scale = ui_scale(self.width(), self.height())
        self.setStyleSheet(stylesheet(self.theme, self._scale, arrow_file(self.theme)))
        style = self.style_now
        for view in (self.board_view, self.stage_view):
            view.setBackground(self.theme.ground)
        self.board.restyle(style)
        self.stage.restyle(self.theme)
        self.arranging.restyle(self.theme, style)
        parts: tuple[Any, ...] = (self.top_bar, self.lessons, self.transport, self.lesson_bar,
                                  self.notice, self.pointer, self.script)
        for part in parts:
            part.restyle(style)
        self._right.setMinimumWidth(round(style.px(336)))
        self.left.restyle(style)
        self._show_experiment(self.document.experiment)
        self._show_words()
        self.session.refresh()

    def _draw(self, snapshot: Snapshot, look: Look) -> None:
        turns = self._pace.frame(self.session.player.playing)
        self.arranging.draw(snapshot, look)
        if self.pages.currentIndex() == 0:
            self.board.draw(snapshot, look, turns=turns)
        else:
            self.stage.draw(snapshot, look, turns=turns)
            self._show_words()

    def _prepare(self, snapshot: Snapshot, look: Look) -> None:
        """Let the views that are seen work out what they need, on the looker's thread."""
        (self.board if self.pages.currentIndex() == 0 else self.stage.board).prepare(snapshot, look)

    def _show_experiment(self, experiment: Experiment) -> None:
        style = self.style_now
        self.contestants.show_experiment(
            in_force(experiment, self.session.player.step), self.session.look.chosen, style)
        on_surface = experiment.problem.kind == "surface"
        self.problem.setVisible(on_surface)
        self.network.setVisible(not on_surface)
        (self.problem if on_surface else self.network).show_experiment(experiment, style)
        self._show_turn()
        self._show_title()

    def _show_turn(self) -> None:
        """Give whoever presents the control that is pointed at."""
        if self.pages.currentIndex() == 1:
            self.turn.show(in_force(self.document.experiment, self.session.player.step), self.theme)

    def _show_title(self) -> None:
        self.top_bar.title.setText(self.document.name)
        mark = "*" if self.document.unsaved else ""
        self.setWindowTitle(f"{mark}{self.document.name} — Trainscope")

    def _show_words(self) -> None:
        lesson, beat = self.document.lesson, self.session.lesson.beat
        self.lesson_bar.show_beat(lesson, beat, not self.session.lesson.on)
        snapshot = self.session.snapshot
        current = lesson.beats[beat] if lesson is not None else None
        self.stage.set_captioned(current is not None)
        self.stage.say(Words(
            self.document.name, f"step {snapshot.step:,}" if snapshot else "",
            current.caption if current else "", current.formula if current else "",
            current.term if current else "", current is not None and current.your_turn))

    def _opened(self) -> None:
        self.arranging.follow()
        self.notice.hide()
        self._show_words()

    def _invite(self, key: str | None) -> None:
        """Point at the control that a beat invites the viewer to use, or at none any more."""
        owner = owner_of(self.document.experiment, key) if key is not None else None
        if owner is not None:
            self._choose(owner)
        self.pointer.point_at(key)
        self.turn.invite(key)
        self._show_turn()

    def _edited(self) -> None:
        self._show_title()
        self._show_words()

    def _choose(self, index: int) -> None:
        self.session.set_look(chosen=index)
        self._show_experiment(self.document.experiment)

    def _choose_in_a_view(self, index: int) -> None:
        """Choose whom a view shows, and bring the card into sight, which is somewhere else."""
        self._choose(index)
        if index < len(self.contestants.cards):
            bring_into_sight(self._controls, self.contestants.cards[index])

    # ---- wishes

    def _entry_asked(self, kind: str, name: str) -> None:
        if kind == "lesson":
            if self.files.replace(bundled_lesson(name), lesson_files()[name]):
                self.session.lesson.go_to_beat(0)
        else:
            start = starting_network if kind == "network" else starting_experiment
            self.files.replace(start(name))
        self.lessons.mark(kind, name)
        # The keys are for playing now, not for moving about in the list.
        self.board_view.setFocus()

    def open_lesson(self, name: str) -> None:
        """Open a bundled lesson by its name."""
        self._entry_asked("lesson", name)

    def toggle_presenting(self) -> None:
        """Only the views, large; the whole screen where there is one."""
        self.presenting.toggle()
        self._show_turn()
        self.session.refresh()

    # ---- Qt events

    def timerEvent(self, event: Any) -> None:
        self.files.saving.autosave()

    def dragEnterEvent(self, event: Any) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        urls = event.mimeData().urls()
        if urls:
            self.files.open(Path(urls[0].toLocalFile()))

    def closeEvent(self, event: Any) -> None:
        if not self.files.saving.may_discard():
            event.ignore()
            return
        if self.pages.currentIndex() == 0:
            window_place.remember(self, self._columns, self.preferences)
        self.preferences.flush()
        self.killTimer(self._autosave)
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self._keys)
        self.writing.close()
        self.arranging.close()
        self.drawing.close()
        self.session.close()
        self.files.saving.forget()
        event.accept()

    def resizeEvent(self, event: Any) -> None:
        if ui_scale(self.width(), self.height()) != self._scale:
            self.follow_system()
        else:
            self.left.resized(event.oldSize().width())
