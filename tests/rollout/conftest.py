"""People for the tests of the frame."""

import pytest

from rollout.models import User

PASSWORD = "correct horse battery"


@pytest.fixture
def ana(db: None) -> User:
    """Somebody who may log in and holds no role."""
    return User.objects.create_user("ana@example.org", PASSWORD, name="Ana Whitlock")
