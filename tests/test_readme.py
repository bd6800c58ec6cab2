"""What README prints of a script is what the script prints."""

import re
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

README = Path(__file__).resolve().parent.parent / "README.md"


def blocks_after(sentence: str) -> list[str]:
    """The indented blocks of README that follow a sentence, up to the next heading."""
    rest = README.read_text(encoding="utf-8").partition(sentence)[2]
    lines = takewhile(lambda line: not line.startswith("#"), rest.splitlines())
    return ["\n".join(line[4:] for line in found.splitlines()) for found in re.findall(
        r"(?:^ {4}.*\n|^\n(?= {4}))+", "\n".join(lines), re.MULTILINE)]


def test_the_landscapes_of_three_inits(capsys):
    script, printed, parts = blocks_after("with every contestant's way on it:\n")[:3]
    names: dict[str, object] = {}
    exec(script, names)  # noqa: S102  our own script
    assert capsys.readouterr().out.split() == printed.split()
    for line in parts.strip().splitlines():
        code, _, comment = line.partition("  # ")
        told = re.findall(r"\b\d+\.\d+", comment)
        if told:
            # To the last of the digits that are told.
            last = 10.0 ** -len(told[0].partition(".")[2])
            found = np.atleast_1d(eval(code, names))  # noqa: S307
            assert list(found) == pytest.approx([float(text) for text in told], abs=0.5 * last)
        else:
            exec(code, names)  # noqa: S102
