"""From the screen's colours to an editor's: BT.709, limited range, ten bits, for ProRes.

4:2:2 halves the colour along each row; 4:4:4 keeps it whole and has an opacity a pixel. The same
integers everywhere, as in `yuv.py`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernels import compile_function, import_numba

# Rec. ITU-R BT.709-6, items 3.2 to 3.4 and 4.6, in units of 2^-16: at ten bits luma spans 876
# steps and each chroma 896, and the chroma rows sum to 0 so that grey stays grey.
_Y_RED, _Y_GREEN, _Y_BLUE = 47864, 161017, 16255
_CB_RED, _CB_GREEN, _CB_BLUE = -26383, -88755, 115138
_CR_RED, _CR_GREEN, _CR_BLUE = 115138, -104580, -10558
_HALF = 1 << 15
_BLACK = (64 << 16) + _HALF
_GREY = (512 << 16) + _HALF
# Chroma of a pair is a sum of two pixels, hence 17 bits.
_GREY_PAIR = (512 << 17) + (_HALF << 1)


def _convert_422(pixels, luma, cb, cr):
    byte = np.uint32(0xFF)
    for y in range(pixels.shape[0]):
        line, out, out_cb, out_cr = pixels[y], luma[y], cb[y], cr[y]
        for x in range(line.shape[0]):
            pixel = line[x]
            red, green = np.int32((pixel >> 16) & byte), np.int32((pixel >> 8) & byte)
            out[x] = (_Y_RED * red + _Y_GREEN * green + _Y_BLUE * np.int32(pixel & byte)
                      + _BLACK) >> 16
        for x in range(line.shape[0] // 2):
            a, b = line[2 * x], line[2 * x + 1]
            red = np.int32((a >> 16) & byte) + np.int32((b >> 16) & byte)
            green = np.int32((a >> 8) & byte) + np.int32((b >> 8) & byte)
            blue = np.int32(a & byte) + np.int32(b & byte)
            out_cb[x] = (_CB_RED * red + _CB_GREEN * green + _CB_BLUE * blue + _GREY_PAIR) >> 17
            out_cr[x] = (_CR_RED * red + _CR_GREEN * green + _CR_BLUE * blue + _GREY_PAIR) >> 17


def _convert_444(pixels, luma, cb, cr, alpha):
    byte = np.uint32(0xFF)
    for y in range(pixels.shape[0]):
        line = pixels[y]
        out, out_cb, out_cr, out_alpha = luma[y], cb[y], cr[y], alpha[y]
        for x in range(line.shape[0]):
            pixel = line[x]
            red, green = np.int32((pixel >> 16) & byte), np.int32((pixel >> 8) & byte)
            blue = np.int32(pixel & byte)
            out[x] = (_Y_RED * red + _Y_GREEN * green + _Y_BLUE * blue + _BLACK) >> 16
            out_cb[x] = (_CB_RED * red + _CB_GREEN * green + _CB_BLUE * blue + _GREY) >> 16
            out_cr[x] = (_CR_RED * red + _CR_GREEN * green + _CR_BLUE * blue + _GREY) >> 16
            # Opacity is not video: it spans all 1,024 steps.
            out_alpha[x] = (np.int32(pixel >> 24) * 1023 + 127) // 255


@cache
def _compiled(function: Any, planes: int) -> Any:
    types = import_numba().types
    source = types.Array(types.uint32, 2, "C", readonly=True)
    return compile_function(
        function, types.void(source, *[types.uint16[:, ::1]] * planes), "float64")


def warm(alpha: bool) -> None:
    """Compile the conversion, or read it from the cache."""
    if alpha:
        _compiled(_convert_444, 4)
    else:
        _compiled(_convert_422, 3)


def convert(frame: NDArray[np.uint8], *planes: NDArray[np.uint16]) -> None:
    """Fill three planes (4:2:2) or four (4:4:4 and opacity) from `frame` (h, w, 4).

    Bytes are blue, green, red and opacity, colours not multiplied by it. Planes are (h, ≥ w), in
    4:2:2 the colours' (h, ≥ w/2), C-order, with w even; columns beyond the picture's are left
    alone.
    """
    function = _convert_444 if len(planes) == 4 else _convert_422
    _compiled(function, len(planes))(frame.view("<u4")[..., 0], *planes)
