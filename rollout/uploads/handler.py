"""Reading what is uploaded: in memory, and never more than the largest file, so that nobody fills a disk by sending."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.urls import Resolver404, resolve


class Received(InMemoryUploadedFile):
    """A file as it came. `size` counts all bytes sent; of one that is `too_large` none are kept."""

    too_large = False


def largest_for(request: Any) -> int:
    """How many bytes of files a request may bring: more where the page it goes to is made for large ones."""
    try:
        name = resolve(request.path_info).view_name
    except (Resolver404, AttributeError):
        return settings.UPLOAD_LARGEST
    return settings.UPLOAD_LARGEST_AT.get(name, settings.UPLOAD_LARGEST)


class BoundedUpload(FileUploadHandler):
    """Keeps the files of a request in memory, together at most `largest_for` bytes; what comes after is passed over.

    So a file that is too large still reaches its form, which keeps what was typed and says what to do. A request that
    announces more than `UPLOAD_REQUEST` bytes is not read at all: 413.
    """

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Judge the request by what it announces; the web server reads no more than that."""
        self.total = 0
        self.largest = largest_for(self.request)
        if content_length > settings.UPLOAD_REQUEST:
            raise RequestDataTooBig("more than a request may carry")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.kept: BytesIO | None = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a part of a file while there is room."""
        self.total += len(raw_data)
        if self.total > self.largest:
            self.kept = None
        if self.kept is not None:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> Received:
        """The file, or an empty one in its place."""
        content = self.kept or BytesIO()
        content.seek(0)
        file = Received(
            content,
            self.field_name,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )
        file.too_large = self.kept is None
        return file
