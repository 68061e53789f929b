"""A file that was checked."""

from dataclasses import dataclass

from rollout.choices import FileKind


@dataclass(frozen=True)
class Upload:
    """What a person sent: a harmless name, what it is by its content, and the bytes."""

    name: str
    kind: FileKind
    content: bytes
