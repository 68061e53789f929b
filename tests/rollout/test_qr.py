"""QR codes: the path draws just the squares that the library says, and a wall's text fits."""

import re

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from rollout.qr import BORDER, qr_picture

RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1H(\d+)z")
ADDRESS = "https://readiness.example.org/q/123456/"


def test_path_draws_every_dark_square_and_no_other():
    picture = qr_picture(ADDRESS)

    drawn = [[False] * picture.size for _ in range(picture.size)]
    runs = RUN.findall(picture.path)
    for x, y, width, back in runs:
        assert back == x
        for n in range(int(width)):
            drawn[int(y)][int(x) + n] = True
    code = QRCode(error_correction=ERROR_CORRECT_M, border=BORDER)
    code.add_data(ADDRESS)
    code.make(fit=True)
    assert drawn == code.get_matrix()
    assert "".join(f"M{x} {y}h{w}v1H{back}z" for x, y, w, back in runs) == picture.path


def test_border_around_the_code_is_white():
    picture = qr_picture(ADDRESS)

    rows = {int(y) for _x, y, _w, _back in RUN.findall(picture.path)}
    assert (min(rows), max(rows)) == (BORDER, picture.size - BORDER - 1)
