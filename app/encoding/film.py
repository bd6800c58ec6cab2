"""A film being written: the encoder behind a short queue, and a file only when it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self

import numpy as np

from engine.errors import FileError, MissingLibrary, TrainscopeError

from .draft import Draft, FileDraft, FolderDraft
from .format import Chapter, Encoder, FilmFormat, FilmPlan, Frame, film_format

# Eight frames even out the encoder's slow ones (keyframes); 4K and beyond get fewer, never below
# the two that writer and encoder need to work side by side.
_MOST_SLOTS, _FEWEST_SLOTS, _SLOT_BYTES = 8, 2, 64 << 20


def open_film(
    path: str | Path,
    size: tuple[int, int],
    fps: int = 60,
    title: str = "",
    palette_frames: Sequence[Frame] = (),
    *,
    codec: str = "",
    transparent: bool = False,
    colors: int = 256,
    part_of: Path | None = None,
) -> Film:
    """Start a film at `path`, whose suffix chooses the format; `size` is (width, height) in pixels.

    `palette_frames` are frames from all over the film, like those given to `Film.write`, from which
    a GIF's `colors` are chosen; without them its first second is taken. Other formats ignore both.
    `part_of` is the film that complaints name, where this one is only a part of it to be joined.

    Raises TrainscopeError for a suffix, size or rate that no film can have, FileError where nothing
    can be written at `path`, and MissingLibrary where PyAV or one of its encoders is absent.
    """
    form = film_format(path)
    refusal = form.refusal(size, fps, codec, transparent)
    if refusal:
        raise TrainscopeError(f"{path}: {refusal}")
    plan = FilmPlan(size, fps, title, [_checked(frame, size) for frame in palette_frames],
                    form.codec(codec), transparent, colors)
    target = Path(path).resolve()
    named = part_of or target
    with in_words(named):
        draft = draft_of(target, form)
        try:
            return Film(named, size, draft, form.start(plan, draft.path))
        except BaseException:
            draft.discard()
            raise


def join_film(
    path: str | Path,
    parts: Sequence[Path],
    size: tuple[int, int],
    fps: int,
    title: str = "",
    chapters: Sequence[Chapter] = (),
    *,
    codec: str = "",
    transparent: bool = False,
) -> None:
    """One film of several that `open_film` made of the same choices, picture by picture the same.

    GIFs must have the same palette. Raises FileError, and nothing is left behind then.
    """
    form = film_format(path)
    plan = FilmPlan(size, fps, title, (), form.codec(codec), transparent)
    target = Path(path).resolve()
    with in_words(target):
        draft = draft_of(target, form)
        try:
            form.join(plan, parts, chapters, draft.path)
            draft.publish()
        except BaseException:
            draft.discard()
            raise


def refuse_place(path: str | Path) -> None:
    """Raise FileError if no film can be written at `path`."""
    target = Path(path).resolve()
    with in_words(target):
        draft_of(target, film_format(path)).discard()


def draft_of(target: Path, form: FilmFormat) -> Draft:
    """A film's draft: a file or a folder; raises FileError or OSError."""
    return FileDraft(target) if form.suffix else FolderDraft(target)


class Film:
    """Takes frames one after another; made by `open_film`, used as a context manager.

    Leaving the block normally completes the film, leaving it by an exception deletes what there is
    of it. All methods belong to one thread, the writer's.
    """

    def __init__(self, path: Path, size: tuple[int, int], draft: Draft, encoder: Encoder) -> None:
        self.path = path
        self.size = size
        self.frames = 0
        self._draft = draft
        self._encoder = encoder
        self._error: Exception | None = None
        self._dropping = self._ended = False
        self._free: SimpleQueue[Any] = SimpleQueue()
        self._filled: SimpleQueue[Any] = SimpleQueue()
        slots = max(_FEWEST_SLOTS, min(_MOST_SLOTS, _SLOT_BYTES // encoder.slot_bytes))
        for _ in range(slots):
            self._free.put(encoder.slot())
        # A daemon, so that a writer that dies without a word does not keep the process alive.
        self._thread = Thread(target=self._encode_all, name="film encoder", daemon=True)
        self._thread.start()

    def write(self, frame: Frame) -> None:
        """Append one frame: (h, w, 4) uint8, blue, green, red and a byte that is not looked at.

        The memory of QImage.Format_RGB32; in a transparent film of Format_ARGB32. The caller may
        change `frame` as soon as this returns.
        Waits while the queue is full. Raises FileError if the encoder failed at an earlier frame.
        """
        if self._ended:
            raise ValueError(f"{self.path}: the film has ended")
        frame = _checked(frame, self.size)
        slot = self._free.get()
        self._raise_error()
        self._encoder.take(frame, slot)
        self._filled.put(slot)
        self.frames += 1

    def close(self) -> None:
        """Encode what is queued and give the file its name; does nothing on a film that has ended.

        Raises FileError if that fails; nothing is left behind then.
        """
        if self._ended:
            return
        self._ended = True
        try:
            self._join()
            self._raise_error()
            if not self.frames:
                raise FileError(f"{self.path}: a film needs at least one frame")
            with in_words(self.path):
                self._draft.publish()
        except BaseException:
            self._draft.discard()
            raise

    def cancel(self) -> None:
        """Stop encoding and delete what there is; does nothing on a film that has ended."""
        if self._ended:
            return
        self._ended = self._dropping = True
        try:
            self._join()
        finally:
            self._draft.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.cancel()

    def _join(self) -> None:
        self._filled.put(None)
        self._thread.join()

    def _raise_error(self) -> None:
        if self._error is not None:
            with in_words(self.path):
                raise self._error

    def _encode_all(self) -> None:
        """The encoder's thread; after an error it goes on freeing slots, so no writer hangs."""
        index = 0
        while (slot := self._filled.get()) is not None:
            self._attempt(self._encoder.encode, slot, index)
            self._free.put(slot)
            index += 1
        self._attempt(self._encoder.finish)
        if self._dropping:
            # A broken or cut-off file often cannot even be closed without complaint.
            with suppress(Exception):
                self._encoder.abandon()

    def _attempt(self, action: Callable[..., None], *args: Any) -> None:
        if self._dropping:
            return
        try:
            action(*args)
        except Exception as error:
            self._error = error
            self._dropping = True


def _checked(frame: Frame, size: tuple[int, int]) -> Frame:
    """`frame` in C-order. Raises ValueError if it is no frame of a film of this size."""
    width, height = size
    if frame.shape != (height, width, 4) or frame.dtype != np.uint8:
        raise ValueError(
            f"a frame of {width}x{height} is ({height}, {width}, 4) uint8, "
            f"not {frame.shape} {frame.dtype}"
        )
    return np.ascontiguousarray(frame)


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Raise what goes wrong at `path` as one of ours; encoders raise much that is no OSError."""
    try:
        yield
    except TrainscopeError:
        raise
    except ImportError as error:
        raise MissingLibrary(
            f"films need PyAV, which cannot be imported ({error}): pip install 'trainscope[app]'"
        ) from error
    except Exception as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise FileError(f"{path}: {reason[0].lower()}{reason[1:]}") from error
