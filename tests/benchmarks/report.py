"""The results: a table for the terminal, and `build/bench.json` for whoever compares them later."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from .benchmark import Row, readable

VERDICTS = {True: "[green]yes[/]", False: "[bold red]no[/]", None: "?"}


def print_table(rows: Sequence[Row], console: Console) -> None:
    """The rows with the range of the repeats, and below them what is to be known of each."""
    table = Table(header_style="bold", pad_edge=False, box=SIMPLE_HEAD)
    table.add_column("", justify="right", style="dim")
    table.add_column("name", min_width=30)
    for heading in ("ours", "lowest … highest", "theirs", "ratio"):
        table.add_column(heading, justify="right")
    for heading in ("unit", "goal", "met?"):
        table.add_column(heading)
    for number, row in enumerate(rows, start=1):
        table.add_row(
            str(number), row.name, readable(row.ours), " … ".join(map(readable, row.spread)),
            _theirs(row), "" if row.ratio is None else f"{readable(row.ratio)} ×",
            row.unit, row.goal, VERDICTS[row.met],
        )
    console.print(table)
    for number, row in enumerate(rows, start=1):
        if row.note:
            console.print(f"{number:>3}  {row.note}", style="dim", highlight=False, markup=False)
    kept = sum(row.met is True for row in rows)
    console.print(f"\n{kept} of {len(rows)} goals met on {machine()['processor']}, "
                  f"{machine()['cores']} cores, load {machine()['load']}", highlight=False)


def _theirs(row: Row) -> str:
    if not row.peer:
        return ""
    value = "not installed" if row.theirs is None else readable(row.theirs)
    return f"{value} ({row.peer})"


def write_json(rows: Sequence[Row], path: Path) -> None:
    """The rows and the machine they were measured on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"machine": machine(), "rows": [row.plain() for row in rows]}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def machine() -> dict[str, str | int | float]:
    """What the numbers depend on, besides the program."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0,
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
