"""The first look at a typed formula: every character, in one pass, with an answer to each mistake.

What passes is well formed in the formula language and pure ASCII, so that a later column is a
character's place, and messages do not depend on the Python version that parses the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from ..errors import FormulaError
from .language import (
    ALLOWED,
    CONSTANTS,
    FOLDED,
    FUNCTIONS,
    HINTS,
    MAX_DEPTH,
    MAX_LENGTH,
    NAMES,
    OPERAND,
    SPELLINGS,
    VARIABLES,
)

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)|(?P<operator>\*\*|[-+*/])|(?P<mark>[(),])"
)
_PADDED = re.compile("0[0-9]*[1-9][0-9]*")


@dataclass
class _Open:
    """A parenthesis that waits to be closed, with the function whose arguments it holds."""

    position: int
    function: str
    arguments: int = 1


def scan(text: str) -> str:
    """The formula on one line, its characters in the places they had; raises FormulaError."""
    # The line is shown with a mark below it: a tab or a lone surrogate would spoil that.
    line = "".join(character if character.isprintable() else " " for character in text[:MAX_LENGTH])
    if len(text) > MAX_LENGTH:
        sentence = f"a formula has at most {MAX_LENGTH:,} characters, not {len(text):,}"
        raise FormulaError(line, MAX_LENGTH, sentence)
    if not text.strip():
        raise FormulaError(line, 0, "the formula is empty; an example is x**2 + y**2")
    _Scanner(text, line).run()
    return line


class _Scanner:
    """Reads from left to right, knowing only whether an operand or an operator comes next."""

    def __init__(self, text: str, line: str) -> None:
        self._text = text
        self._line = line
        self._place = 0
        self._open: list[_Open] = []
        self._signs = 0
        self._before = self._word = ""

    def run(self) -> None:
        """Take every token; raises FormulaError at the first that cannot stand where it does."""
        wants_operand = True
        while (token := self._next()) is not None:
            wants_operand = self._operand(token) if wants_operand else self._operator(token)
        if wants_operand:
            raise self._refusal(
                len(self._text.rstrip()), f"the formula breaks off: {OPERAND} must follow")
        if self._open:
            raise self._refusal(self._open[-1].position, "this '(' is never closed")

    def _next(self) -> re.Match[str] | None:
        while self._text[self._place : self._place + 1].isspace():
            self._place += 1
        if self._place == len(self._text):
            return None
        token = _TOKEN.match(self._text, self._place)
        if token is None:
            character = self._text[self._place]
            raise self._refusal(
                self._place, f"unexpected {character!r}: {HINTS.get(character, ALLOWED)}")
        self._place = token.end()
        self._before, self._word = self._word, token.group()
        return token

    def _operand(self, token: re.Match[str]) -> bool:
        """Take what stands where an operand must; returns whether one is still missing."""
        word = token.group()
        if word in ("+", "-"):
            self._signs += 1
            if self._signs > MAX_DEPTH:
                raise self._refusal(
                    token.start(), f"at most {MAX_DEPTH} signs may follow one another")
            return True
        self._signs = 0
        if token["name"]:
            return self._name(token)
        if word == "(":
            return self._enter(token.start())
        if word == ")" and self._before == "(" and self._open[-1].function:
            raise self._refusal(token.start(), _arity(self._open[-1].function, 0))
        if not token["number"]:
            raise self._refusal(token.start(), f"{OPERAND} must stand here, not {word!r}")
        if _PADDED.fullmatch(word):
            raise self._refusal(token.start(), "a whole number cannot begin with 0")
        return False

    def _operator(self, token: re.Match[str]) -> bool:
        """Take what stands behind a complete operand; returns whether an operand must follow."""
        word = token.group()
        if token["operator"]:
            return True
        if word == ")":
            return self._leave(token.start())
        if word == ",":
            return self._part(token.start())
        if token["name"] and word not in NAMES:
            raise self._refusal(token.start(), _unknown(word))
        product = f"{self._before}*{word}"
        raise self._refusal(token.start(), f"an operator is missing before {_short(word)}; "
                                           f"a product is written {_short(product)}")

    def _name(self, token: re.Match[str]) -> bool:
        name = token.group()
        if name in VARIABLES or name in CONSTANTS:
            return False
        if name not in FUNCTIONS:
            raise self._refusal(token.start(), _unknown(name))
        opening = self._next()
        if opening is None or opening.group() != "(":
            place = opening.start() if opening else len(self._text.rstrip())
            example = f"{name}(x, y)" if name in FOLDED else f"{name}(x)"
            raise self._refusal(place, f"{name} takes its argument in parentheses, as in {example}")
        return self._enter(opening.start(), name)

    def _enter(self, position: int, function: str = "") -> bool:
        self._open.append(_Open(position, function))
        if len(self._open) > MAX_DEPTH:
            raise self._refusal(position, f"parentheses may be nested at most {MAX_DEPTH} deep")
        return True

    def _part(self, position: int) -> bool:
        function = self._open[-1].function if self._open else ""
        if not function:
            raise self._refusal(position, "a comma only parts the arguments of min and max; "
                                          "decimals have a point, as in 0.5")
        if function not in FOLDED:
            raise self._refusal(position, _arity(function, "more"))
        self._open[-1].arguments += 1
        return True

    def _leave(self, position: int) -> bool:
        if not self._open:
            raise self._refusal(position, "this ')' closes nothing")
        group = self._open.pop()
        if group.function in FOLDED and group.arguments < 2:
            raise self._refusal(position, _arity(group.function, group.arguments))
        return False

    def _refusal(self, position: int, sentence: str) -> FormulaError:
        return FormulaError(self._line, position, sentence)


def _arity(function: str, given: int | str) -> str:
    takes = "two arguments or more" if function in FOLDED else "one argument"
    return f"{function} takes {takes}, not {given}"


def _unknown(name: str) -> str:
    meant = SPELLINGS.get(name.lower(), name.lower())
    near = get_close_matches(meant, NAMES, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else ALLOWED
    return f"unknown name {_short(name)}; {hint}"


def _short(word: str) -> str:
    return repr(word if len(word) <= 24 else word[:23] + "…")
