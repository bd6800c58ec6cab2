"""Typed formulas as loss surfaces: read, differentiated exactly, and compiled in milliseconds.

    text ──scan──► checked text ──read──► Formula ──differentiate──► Tape ──compile──► SURFACE
           every character       postfix steps       value, d/dx, d/dy      machine code

Nothing typed is ever executed as Python: the text becomes a list of known operations, and those
become machine instructions.
"""

from .surface import check_formula, surface_from_formula

__all__ = ["check_formula", "surface_from_formula"]
