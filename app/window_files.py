"""The window's dealings with files and the clipboard: open, recent, copy, export, film."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QClipboard, QDesktopServices, QGuiApplication, QImage, QPainter
from PyQt6.QtWidgets import QFileDialog

from engine.data.own_file import is_data_file
from engine.errors import TrainscopeError
from engine.experiment import Experiment
from engine.lesson import Lesson, open_file
from engine.picture import Picture
from engine.script import to_python

from .file_watch import FileWatch
from .film import Screen, save_picture
from .image_dialog import ImageDialog
from .image_folder import scan
from .layouts import arranged_anew
from .picture_file import is_vector
from .record_dialog import RecordDialog
from .recovery import Recovery
from .saving import EXPERIMENTS, Saving, file_name, folder_of
from .shortcut_sheet import ShortcutSheet
from .stage import Words
from .starting import starting_on_data

if TYPE_CHECKING:
    from .main_window import MainWindow

OPENED = ("Experiments, lessons and data (*.toml *.csv *.tsv *.npz *.gz *.idx *ubyte);;"
          f"{EXPERIMENTS};;All files (*)")
STILLS = "Picture (*.png);;Vector graphic (*.svg);;Document (*.pdf)"
STILL_SIZE = (1920, 1080)


class WindowFiles:
    """Each method is one thing a menu asks; what fails is told in the window, changing nothing."""

    def __init__(self, window: MainWindow, recovery: Recovery) -> None:
        self._window = window
        self._watch = FileWatch(window)
        self.saving = Saving(window, recovery, self._watch)
        self._watch.changed.connect(self._saved_elsewhere)
        window.document.opened.connect(lambda: self._watch.watch(window.document.source))
        window.document.rewritten.connect(lambda *_: self._watch.follow(window.document.source))

    @property
    def _folder(self) -> str:
        return folder_of(self._window.document)

    # ---- open

    def open_dialog(self) -> None:
        """Ask for a file and open it."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open", self._folder, OPENED)
        if path:
            self.open(Path(path))

    def open(self, path: Path) -> bool:
        """Open an experiment or lesson, a file of data or a folder of pictures; says why if not."""
        if path.is_dir():
            return self.open_images(path)
        if is_data_file(path):
            return self.open_data(path)
        try:
            source = open_file(path)
        except TrainscopeError as error:
            self._window.notice.warn(str(error))
            return False
        if not self.replace(source, path):
            return False
        self._window.preferences.add_recent(path)
        if isinstance(source, Lesson):
            self._window.session.lesson.go_to_beat(0)
        self._window.lessons.mark(None, None)
        return True

    def _saved_elsewhere(self, path: Path) -> None:
        """Show what an editor has saved: at once, or where edits here would be lost, on demand."""
        if self._window.document.unsaved:
            self._window.notice.offer(f"{path.name} was saved by another program.", "Reload",
                                      lambda: self.reload(path))
        else:
            self.reload(path)

    def reload(self, path: Path) -> None:
        """Read the open file again and stay where the window is in time, as far as that goes."""
        window = self._window
        try:
            source = open_file(path)
        except TrainscopeError as error:
            window.notice.warn(str(error))
            return
        lesson, player = window.session.lesson, window.session.player
        position = lesson.script.time if lesson.script is not None else player.position
        playing = player.playing
        window.document.take(source, path)
        lesson.rejoin(play=False)
        player.scrub(position)
        if playing:
            player.play()
        window.notice.tell(f"{path.name} was saved and is shown anew.")

    def open_data(self, path: Path) -> bool:
        """Learn from a file of data: the networks that are there, or new ones."""
        window = self._window
        if window.document.experiment.problem.kind == "network":
            before = window.document.experiment
            window.wishes.of_problem("data", str(path.absolute()))
            return window.document.experiment is not before
        try:
            source = starting_on_data(path)
        except TrainscopeError as error:
            window.notice.warn(str(error))
            return False
        if not self.replace(source):
            return False
        window.lessons.mark(None, None)
        return True

    def open_images(self, folder: Path | None = None) -> bool:
        """Make a data file of a folder of pictures, after asking which and how, and learn from it.
        """
        window = self._window
        if folder is None:
            name = QFileDialog.getExistingDirectory(
                window, "A folder of pictures, with a subfolder for each class", self._folder)
            if not name:
                return False
            folder = Path(name)
        try:
            found = scan(folder)
        except TrainscopeError as error:
            window.notice.warn(str(error))
            return False
        dialog = ImageDialog(found, window.style_now, window)
        dialog.setStyleSheet(window.styleSheet())
        dialog.exec()
        written = dialog.written
        dialog.deleteLater()
        return written is not None and self.open_data(written)

    def replace(self, source: Experiment | Lesson, path: Path | None = None) -> bool:
        """Take the document's place, after asking about unsaved edits."""
        if not self.saving.may_discard():
            return False
        self.saving.forget()
        self._window.document.take(source, path)
        return True

    def fill_recent(self) -> None:
        """The menu of files opened lately."""
        menu = self._window.recent_menu
        menu.clear()
        for name in self._window.preferences.recent:
            action = menu.addAction(name)
            assert action is not None
            action.triggered.connect(lambda _=False, name=name: self.open(Path(name)))
        if menu.isEmpty():
            nothing = menu.addAction("Nothing yet")
            assert nothing is not None
            nothing.setEnabled(False)

    # ---- out

    def copy_python(self) -> None:
        """Put a script that runs this experiment on the clipboard."""
        _clipboard().setText(to_python(self._window.document.experiment))
        self._window.notice.tell("Copied as Python: paste it into a file and run it.")

    def copy_picture(self) -> None:
        """Put what the views show on the clipboard, as a 1920 × 1080 picture."""
        image = QImage(*STILL_SIZE, QImage.Format.Format_RGB32)

        def paint(paint_on: Callable[[QPainter], None]) -> None:
            with QPainter(image) as painter:
                paint_on(painter)

        self._with_screen(paint)
        _clipboard().setImage(image)
        self._window.notice.tell("Copied the picture, 1920 × 1080.")

    def export(self) -> None:
        """Ask for a file and write what the views show to it."""
        name = Path(self._folder) / f"{file_name(self._window.document.name)}.png"
        path, _ = QFileDialog.getSaveFileName(self._window, "Export a still", str(name), STILLS)
        if path:
            self.export_to(Path(path) if Path(path).suffix else Path(path).with_suffix(".png"))

    def export_to(self, path: Path) -> bool:
        """Write what the views show to a .png, .svg or .pdf file."""
        try:
            self._with_screen(lambda paint: save_picture(
                paint, path, STILL_SIZE, self._window.document.name), plain=is_vector(path))
        except TrainscopeError as error:
            self._window.notice.warn(str(error))
            return False
        self._window.notice.tell(f"Wrote {path}")
        return True

    def _with_screen(self, use: Callable[[Callable[[QPainter], None]], None], *,
                     plain: bool = False) -> None:
        window = self._window
        session, lesson = window.session, window.document.lesson
        session.wait()
        snapshot = session.snapshot
        assert snapshot is not None
        beat = lesson.beats[session.lesson.beat] if lesson is not None else None
        screen = Screen(window.board.arrangement, STILL_SIZE, window.theme.name,
                        captioned=beat is not None, plain=plain)
        try:
            screen.stage.say(Words(
                window.document.name, f"step {snapshot.step:,}", beat.caption if beat else "",
                beat.formula if beat else "", beat.term if beat else "",
                beat is not None and beat.your_turn))
            screen.stage.draw(snapshot, session.look)
            use(screen.paint)
        finally:
            screen.close()

    def record(self) -> None:
        """Ask what to film and film it."""
        window = self._window
        window.session.player.pause()
        source: Experiment | Lesson = self.experiment_as_seen()
        if window.document.lesson is not None and not window.document.off_script:
            source = self._lesson_as_seen(window.document.lesson)
        dialog = RecordDialog(source, window.theme, Path(self._folder), window)
        dialog.setStyleSheet(window.styleSheet())
        dialog.exec()
        if dialog.written is not None:
            written = dialog.written
            folder = written if written.is_dir() else written.parent
            window.notice.offer(f"Filmed {dialog.told or written}", "Show folder",
                                lambda: _show(folder))
        dialog.deleteLater()

    def experiment_as_seen(self) -> Experiment:
        """The experiment with its picture, as it would be saved now."""
        return self._window.document.experiment.replaced(picture=self.saving.picture())

    def _lesson_as_seen(self, lesson: Lesson) -> Lesson:
        """The lesson with its views as the viewer has arranged them."""
        if not arranged_anew(self._window.document.experiment, lesson):
            return lesson
        seen = self._window.board.arrangement
        picture = (lesson.experiment.picture or Picture()).replaced(
            layout=seen.names, widths=seen.widths, heights=seen.heights)
        return lesson.replaced(
            layout=seen.names, experiment=lesson.experiment.replaced(picture=picture))

    def show_shortcuts(self) -> None:
        """The sheet of keys."""
        sheet = ShortcutSheet(self._window)
        sheet.exec()
        sheet.deleteLater()


def _show(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _clipboard() -> QClipboard:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    return clipboard
