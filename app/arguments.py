"""What is typed after a flag, read; what cannot be meant raises ArgumentTypeError and says why."""

from __future__ import annotations

from argparse import ArgumentTypeError

SMALLEST, LARGEST = (320, 180), (7680, 4320)


def size(text: str) -> tuple[int, int]:
    """`1920x1080` as two numbers of pixels."""
    width, cross, height = text.lower().partition("x")
    allowed = (f"WIDTHxHEIGHT in even numbers of pixels, from {SMALLEST[0]}x{SMALLEST[1]} "
               f"to {LARGEST[0]}x{LARGEST[1]}, or upright")
    if not (cross and width.isdecimal() and height.isdecimal()):
        raise ArgumentTypeError(f"must be {allowed}, not {text!r}")
    sides = sorted((int(width), int(height)), reverse=True)
    fits = all(low <= n <= high for low, n, high in zip(SMALLEST, sides, LARGEST, strict=True))
    # Video stores colour for blocks of two by two pixels.
    if not fits or sides[0] % 2 or sides[1] % 2:
        raise ArgumentTypeError(f"must be {allowed}, not {text!r}")
    return int(width), int(height)


def fps(text: str) -> int:
    """A whole number of frames a second."""
    if not text.isdecimal() or not 1 <= int(text) <= 240:
        raise ArgumentTypeError(f"must be a whole number from 1 to 240, not {text!r}")
    return int(text)


def beats(text: str) -> tuple[int, int]:
    """`3` or `2-4` as the first and the last beat."""
    first, dash, last = text.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise ArgumentTypeError(f"must be a beat's number, or two as in 2-4, not {text!r}")
    return int(first), int(last or first)


def megabytes(text: str) -> float:
    """Millions of bytes."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0.01 <= found <= 10_000:
        raise ArgumentTypeError(f"must be millions of bytes from 0.01 to 10000, not {text!r}")
    return found


def seconds(text: str) -> float:
    """A time in seconds."""
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 36_000:
        raise ArgumentTypeError(f"must be a number of seconds from 0 to 36000, not {text!r}")
    return found


def length(text: str) -> float:
    """A length in seconds, longer than none."""
    found = seconds(text)
    if found < 0.01:
        raise ArgumentTypeError(f"must be a number of seconds from 0.01 to 36000, not {text!r}")
    return found
