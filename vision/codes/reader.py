"""Reads QR and bar codes in a picture, by ZXing-C++. Opens nothing that they hold.

In: a frame. Out: codes with their corners in capture pixels, each with what may be shown of it. Blocks for some tens
of ms; the interpreter is free meanwhile. Starts no thread.
"""

from dataclasses import dataclass, field
from itertools import chain

import cv2
import numpy as np
import zxingcpp

from devices import Frame, Stamp
from vision.codes.content import Content, Kind, content_of
from vision.quad import Quad, is_convex

_FORMATS = zxingcpp.BarcodeFormat
_PRODUCTS = frozenset((_FORMATS.EAN13, _FORMATS.EAN8, _FORMATS.UPCA, _FORMATS.UPCE, _FORMATS.ISBN))
_LINES = frozenset((*_PRODUCTS, _FORMATS.Code128, _FORMATS.EANUPC))
_USUAL = (_FORMATS.QRCode, _FORMATS.MicroQRCode, _FORMATS.RMQRCode)
_RARER = ((_FORMATS.EANUPC, _FORMATS.Code128), (_FORMATS.DataMatrix,), (_FORMATS.Aztec, _FORMATS.PDF417))
"""Not the older bar codes without a check digit: any fence is one of those to somebody."""
_READ = zxingcpp.BarcodeFormats([*_USUAL, *chain.from_iterable(_RARER)])
_IN_TURN = tuple(zxingcpp.BarcodeFormats([*_USUAL, *rarer]) for rarer in _RARER)

MOST = 24
_LONG_SIDE_PX = 1920
_FLATTEST = 0.15  # of its width: the corners of a bar code may lie on one line of pixels


@dataclass(frozen=True, slots=True)
class Code:
    """One code on one picture."""

    stamp: Stamp
    quad: Quad
    """Capture pixels, clockwise from the code's own top left."""
    format: str
    """`QR Code`, `EAN-13`, ..."""
    content: Content
    text: str = field(repr=False)
    """All that it holds, passwords too: for whoever the wearer asks to open it, never for a log."""
    certain: bool = True
    """False for bar codes, whose check digit finds nine wrong readings of ten: believe those that come twice."""
    track: int | None = None


class CodeReader:
    """Loads nothing; for one thread at a time."""

    name = "ZXing-C++"

    def read(self, frame: Frame, long_side_px: int = _LONG_SIDE_PX, turn: int | None = None) -> list[Code]:
        """All codes in the picture that can be read, upright or not, dark on light or light on dark. Blocks.

        A picture with a longer side is made smaller first: that costs in proportion to the area. Whoever looks again
        and again counts his looks in `turn`: each is for QR codes and a third of the other kinds, which take most of
        the time.
        """
        height, width = frame.rgb.shape[:2]
        if min(height, width) < 8:
            return []
        gray = cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2GRAY)
        scale = min(1.0, long_side_px / max(height, width))
        if scale < 1:
            gray = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        formats = _READ if turn is None else _IN_TURN[turn % len(_IN_TURN)]
        found = zxingcpp.read_barcodes(np.ascontiguousarray(gray), formats=formats)
        codes = [_code(one, frame.stamp, scale) for one in found[:MOST]]
        return [code for code in codes if code is not None]


def _code(found: zxingcpp.Barcode, stamp: Stamp, scale: float) -> Code | None:
    place = found.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    quad = np.array([[corner.x, corner.y] for corner in corners], np.float32) / np.float32(scale)
    quad = _thick(quad.astype(np.float32))
    if not found.valid or not is_convex(quad):
        return None
    product = found.format in _PRODUCTS
    text = found.text
    content = content_of(text, product=product)
    if found.content_type == zxingcpp.ContentType.Binary:
        content = Content(Kind.DATA, "")
    return Code(stamp, quad, str(found.format), content, text, found.format not in _LINES)


def _thick(quad: Quad) -> Quad:
    """The quad, made higher where it is a mere line across the bars."""
    along = quad[1] - quad[0] + quad[2] - quad[3]
    wide = float(np.linalg.norm(along)) / 2
    high = float(np.linalg.norm(quad[3] - quad[0] + quad[2] - quad[1])) / 2
    if wide <= 0 or high >= _FLATTEST * wide:
        return quad
    down = np.array([-along[1], along[0]], np.float32) / np.float32(2 * wide)
    grow = down * np.float32((_FLATTEST * wide - high) / 2)
    return quad + np.stack([-grow, -grow, grow, grow]).astype(np.float32)
