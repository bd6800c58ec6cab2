"""The lab's scene in matplotlib, filmed by its own animation writer: the peer of our films.

Where there is no `ffmpeg` program, frames are grabbed as matplotlib's FFMpegWriter grabs them and
encoded by PyAV instead, which spares matplotlib the pipe.
"""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

import av
import numpy as np
from matplotlib.animation import AbstractMovieWriter, FFMpegWriter, FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from app.theme import LIGHT
from engine.experiment import Experiment
from engine.run import Run

DPI = 100
X264 = {"preset": "veryfast", "crf": "21", "bf": "0", "mbtree": "0"}
MARKERS = "os^DXP*"
LOWEST_LEVEL = 0.1


class PyAVWriter(AbstractMovieWriter):
    """x264 through PyAV, set as our own films are."""

    def setup(self, fig: Any, outfile: Any, dpi: Any = None) -> None:
        super().setup(fig, outfile, dpi)
        self._container = av.open(str(outfile), "w", format="mp4")
        stream: Any = self._container.add_stream("libx264", rate=self.fps, options=X264)
        stream.width, stream.height = self.frame_size
        stream.pix_fmt, stream.codec_context.thread_count = "yuv420p", 2
        self._stream, self._frames = stream, 0

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        pixels = BytesIO()
        self.fig.savefig(pixels, format="rgba", dpi=self.dpi, **savefig_kwargs)
        width, height = self.frame_size
        picture = np.frombuffer(pixels.getbuffer(), np.uint8).reshape(height, width, 4)
        frame = av.VideoFrame.from_ndarray(picture, "rgba")
        frame.pts, frame.time_base = self._frames, Fraction(1, self.fps)
        self._container.mux(self._stream.encode(frame))
        self._frames += 1

    def finish(self) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()


def writer(fps: int) -> tuple[AbstractMovieWriter, str]:
    """Matplotlib's ffmpeg writer where there is one, else ours; and its name."""
    if which("ffmpeg"):
        options = [word for key, value in X264.items() for word in (f"-{key}", value)]
        return FFMpegWriter(fps=fps, codec="libx264", extra_args=options), "its FFMpegWriter"
    return PyAVWriter(fps=fps), "PyAV, there being no ffmpeg program"


class Scene:
    """Filled contours with isolines, trails with heads and names, and the logarithmic losses."""

    def __init__(self, experiment: Experiment, size: tuple[int, int]) -> None:
        run = Run(experiment).finish()
        self._trails = run.snapshot().trails
        self._names = [contestant.name for contestant in experiment.contestants]
        self._steps = experiment.steps
        self.figure = Figure(figsize=(size[0] / DPI, size[1] / DPI), dpi=DPI)
        FigureCanvasAgg(self.figure)
        self._surface = self.figure.add_axes((0.04, 0.08, 0.55, 0.8))
        self._loss = self.figure.add_axes((0.66, 0.08, 0.25, 0.8))
        self._title = self.figure.suptitle("", fontsize=20)
        self._contours(run)
        self._lines = [self._contestant(place) for place in range(len(self._trails))]
        self._cursor = self._loss.axvline(0, color="0.4", lw=1)

    def _contours(self, run: Run) -> None:
        (x0, x1), (y0, y1) = run.experiment.problem.resolve().domain
        x, y = np.meshgrid(np.linspace(x0, x1, 240), np.linspace(y0, y1, 160))
        heights = np.maximum((1 - x) ** 2 + 100 * (y - x**2) ** 2, LOWEST_LEVEL)
        levels = np.geomspace(LOWEST_LEVEL, heights.max(), 18)
        self._surface.contourf(x, y, heights, levels, cmap="Blues_r", norm="log")
        self._surface.contour(x, y, heights, levels, colors="#8FA9CC", linewidths=0.8)
        self._surface.plot(*run.experiment.problem.resolve().minima[0], "+", color="0.4", ms=10)

    def _contestant(self, place: int) -> tuple[Any, ...]:
        trail, color = self._trails[place], LIGHT.contestants[place]
        steps = np.arange(len(trail.loss))
        self._surface.plot(trail.path[:, 0], trail.path[:, 1], color=color, lw=1.5, alpha=0.3)
        self._loss.semilogy(steps, trail.loss, color=color, lw=1.5, alpha=0.3)
        (past,) = self._surface.plot([], [], color=color, lw=2.2)
        (loss,) = self._loss.plot([], [], color=color, lw=1.6)
        (head,) = self._surface.plot([], [], MARKERS[place], color=color, ms=11, mec="white")
        (dot,) = self._loss.plot([], [], MARKERS[place], color=color, ms=7, mec="white")
        name = self._surface.text(0, 0, self._names[place], color=color, fontsize=11)
        self._loss.text(self._steps * 1.02, trail.loss[-1], self._names[place], color=color)
        return past, loss, head, dot, name

    def show(self, step: int) -> None:
        """Put one step on the figure."""
        self._title.set_text(f"Seven optimizers in Rosenbrock's valley, step {step:,}")
        self._cursor.set_xdata([step, step])
        for trail, (past, loss, head, dot, name) in zip(self._trails, self._lines, strict=True):
            past.set_data(trail.path[: step + 1, 0], trail.path[: step + 1, 1])
            loss.set_data(np.arange(step + 1), trail.loss[: step + 1])
            head.set_data(*trail.path[step, :, None])
            dot.set_data([step], [trail.loss[step]])
            name.set_position((trail.path[step, 0], trail.path[step, 1] + 0.08))

    def film(self, path: Path, frames: int, writer: AbstractMovieWriter) -> None:
        """Film the whole race in so many frames."""
        steps = np.linspace(0, self._steps, frames).astype(int)
        FuncAnimation(self.figure, self.show, frames=steps).save(path, writer=writer, dpi=DPI)
