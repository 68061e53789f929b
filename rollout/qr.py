"""QR codes as the path of a picture: drawn on the server, sharp at any size, without a style or a script."""

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

# White squares around the code, which cameras need.
BORDER = 4


@dataclass(frozen=True)
class QrPicture:
    """A square of `size` by `size` small squares, of which `path` draws the dark ones, row by row."""

    size: int
    path: str


def qr_picture(text: str) -> QrPicture:
    """The QR code of a text; it can be read with 15% of it torn or dirty."""
    code: QRCode = QRCode(error_correction=ERROR_CORRECT_M, border=BORDER)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    return QrPicture(len(rows), "".join(_runs(row, y) for y, row in enumerate(rows)))


def _runs(row: list[bool], y: int) -> str:
    """The dark squares of a row, those that touch as one rectangle."""
    found, begins = [], None
    for x, dark in enumerate([*row, False]):
        if dark and begins is None:
            begins = x
        elif not dark and begins is not None:
            found.append(f"M{begins} {y}h{x - begins}v1H{begins}z")
            begins = None
    return "".join(found)
