"""What the tests of the log share."""

import pytest

from tests.clock import FrozenClock
from tests.training.log_world import NOW, LogWorld, make_log_world


@pytest.fixture
def log_world(db: None, frozen_clock: FrozenClock) -> LogWorld:
    """A site on the day after its go-live, at 6pm there."""
    frozen_clock.move_to(NOW)
    return make_log_world()
