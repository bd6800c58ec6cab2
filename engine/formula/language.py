"""The words of the formula language, in one place for the scanner, the reader and the messages."""

from __future__ import annotations

from math import e, pi

VARIABLES = ("x", "y")
CONSTANTS = {"pi": pi, "e": e}
FUNCTIONS = (
    "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "log10",
    "sqrt", "abs", "min", "max",
)
# These take two arguments or more, every other function exactly one.
FOLDED = ("min", "max")

NAMES = (*VARIABLES, *CONSTANTS, *FUNCTIONS)

MAX_LENGTH = 1000
MAX_DEPTH = 50

OPERAND = "a number, x, y, a function or '('"
ALLOWED = f"allowed are numbers, + - * / **, parentheses and {', '.join(NAMES)}"

# What people write elsewhere, and how it is written here.
SPELLINGS = {
    "ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "fabs": "abs",
    "minimum": "min", "maximum": "max",
}
HINTS = {
    "^": "powers are written **", "²": "powers are written **2", "³": "powers are written **3",
    "×": "products are written *", "·": "products are written *", "÷": "quotients are written /",
    "−": "minus is written -", "π": "π is written pi", "√": "roots are written sqrt(...)",
    "|": "absolute values are written abs(...)", "=": "a formula has no '=', only the loss itself",
    "[": "only round parentheses", "]": "only round parentheses", "{": "only round parentheses",
    "}": "only round parentheses",
}
