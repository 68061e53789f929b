"""What a person typed, kept while they log in again: it travels through the log-in page, signed, and is then sent."""

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest

SALT = "rollout.kept"
MAX_AGE_SECONDS = 12 * 3600
MAX_CHARACTERS = 200_000
# What stands after the name of a file's field where the file could not be kept, so that its form asks for it again.
LOST = ".lost"


@dataclass(frozen=True)
class Kept:
    """A form that was not sent: where to, its fields in order, and whose it was (None: not known)."""

    path: str
    fields: list[tuple[str, str]]
    owner: int | None

    def sealed(self) -> str:
        """Return it as one signed text for a hidden field; "" if it is too much to carry."""
        text = signing.dumps([self.path, self.fields, self.owner], salt=SALT, compress=True)
        return text if len(text) <= MAX_CHARACTERS else ""


def keep(request: HttpRequest) -> Kept | None:
    """Return what a refused POST carried; None for another method.

    Passwords and the form's own token are left out. A page cannot hand files back: a field says that there was one.
    """
    if request.method != "POST":
        return None
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name.lower()
    ]
    fields += [(f"{name}{LOST}", "") for name in request.FILES]
    return Kept(request.get_full_path(), fields, getattr(request, "expired_user_id", None))


def unseal(text: str) -> Kept | None:
    """Return what `sealed` made; None if it was tampered with or is older than 12 hours."""
    try:
        path, fields, owner = signing.loads(text, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    return Kept(path, [(name, value) for name, value in fields], owner)
