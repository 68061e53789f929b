"""What a person typed, kept over a log-in."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from rollout.kept import MAX_CHARACTERS, Kept, keep, unseal

POST = RequestFactory().post


def test_keep_holds_fields_in_order_without_secrets():
    request = POST("/a/?b=1", {"words": ["one", "two"], "csrfmiddlewaretoken": "x", "new_Password1": "y", "empty": ""})

    assert keep(request) == Kept("/a/?b=1", [("words", "one"), ("words", "two"), ("empty", "")], None)


def test_keep_remembers_whose_it_was():
    request = POST("/a/", {"words": "one"})
    request.expired_user_id = 7

    assert keep(request).owner == 7


def test_keep_takes_no_reading():
    assert keep(RequestFactory().get("/a/")) is None


def test_keep_says_of_a_file_that_it_was_there():
    request = POST("/a/", {"words": "one", "file": SimpleUploadedFile("a.csv", b"x")})

    assert keep(request) == Kept("/a/", [("words", "one"), ("file.lost", "")], None)


def test_seal_comes_back_whole():
    kept = Kept("/a/", [("words", "Nguyễn's ward ✓\r\nline two")], 7)

    assert unseal(kept.sealed()) == kept


def test_seal_of_too_much_is_empty():
    noise = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(MAX_CHARACTERS))

    assert Kept("/a/", [("words", noise)], None).sealed() == ""


def test_unseal_refuses_what_we_did_not_make():
    sealed = Kept("/a/", [], None).sealed()

    assert unseal("") is None
    assert unseal("x" + sealed) is None
    assert unseal(sealed[:-1] + ("a" if sealed[-1] != "a" else "b")) is None


def test_unseal_refuses_what_is_older_than_a_log_in(monkeypatch):
    monkeypatch.setattr("django.core.signing.time.time", lambda: 1_000_000.0)
    sealed = Kept("/a/", [], None).sealed()

    monkeypatch.setattr("django.core.signing.time.time", lambda: 1_000_000.0 + 12 * 3600 + 1)

    assert unseal(sealed) is None
