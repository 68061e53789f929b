"""How many examples the property tests try: 500 in the daily suite, 5,000 with HYPOTHESIS_PROFILE=night.

The daily suite tries the same ones every time, so that a change is blamed for what it broke; the night looks for more.
"""

import os

from hypothesis import settings

settings.register_profile("day", max_examples=500, deadline=None, derandomize=True)
settings.register_profile("night", max_examples=5_000, deadline=None)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "day")
settings.load_profile(PROFILE)

# Of what is drawn: no score hangs on it, so a tenth of the examples will do.
DRAWN = settings(max_examples=settings().max_examples // 10)
