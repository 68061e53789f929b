"""Progress bars of commands: on a terminal only."""

from typing import Any

from tqdm import tqdm


class FileBar:
    """A bar of work on several files: one for each file, or one for all of them where `unit` counts files."""

    def __init__(self, stream: Any, *, unit: str = "B") -> None:
        self.stream = stream
        self.unit = unit
        self.bar: tqdm | None = None
        self.file: str | None = None

    def __enter__(self) -> "FileBar":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def show(self, file: str, done: int, total: int) -> None:
        """Move the bar; another file gets a bar of its own unless files are what is counted."""
        if not self.stream.isatty():
            return
        counts_files = self.unit == "files"
        if self.bar is None or (file != self.file and not counts_files):
            self.close()
            self.bar = tqdm(total=total, unit=self.unit, unit_scale=not counts_files, leave=False)
        self.file = file
        self.bar.set_description(file, refresh=False)
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None
