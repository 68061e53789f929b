"""Reading uploads within bounds."""

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from rollout.uploads import Received

LARGEST = 200_000


@pytest.fixture(autouse=True)
def _small_limits(settings):
    settings.UPLOAD_LARGEST = LARGEST
    settings.UPLOAD_REQUEST = 3 * LARGEST


def received(*contents: bytes) -> list[Received]:
    files = [SimpleUploadedFile(f"{number}.txt", content) for number, content in enumerate(contents)]
    return RequestFactory().post("/", {"file": files, "words": "kept"}).FILES.getlist("file")


def test_file_comes_whole_and_in_memory():
    (file,) = received(b"x" * LARGEST)

    assert (file.name, file.size, file.too_large, file.read() == b"x" * LARGEST) == ("0.txt", LARGEST, False, True)


def test_larger_file_comes_empty_and_says_so():
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("0.txt", b"x" * (LARGEST + 1)), "words": "kept"})

    file = request.FILES["file"]

    assert (file.size, file.too_large, file.read(), request.POST["words"]) == (LARGEST + 1, True, b"", "kept")


def test_limit_is_that_of_all_files_of_a_request():
    files = received(b"x" * (LARGEST - 1), b"y", b"z")

    assert [file.too_large for file in files] == [False, False, True]


def test_request_that_announces_too_much_is_not_read():
    with pytest.raises(RequestDataTooBig):
        received(b"x" * 4 * LARGEST)


def test_page_made_for_large_files_takes_more(settings):
    settings.UPLOAD_LARGEST_AT = {"readiness:import-new": 2 * LARGEST}

    def too_large(address: str) -> bool:
        sent = {"file": SimpleUploadedFile("staff.csv", b"x" * 2 * LARGEST)}
        return RequestFactory().post(address, sent).FILES["file"].too_large

    assert (too_large("/p/EPR/imports/new/"), too_large("/p/EPR/imports/")) == (False, True)
