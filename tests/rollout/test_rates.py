"""What one person may ask for in a while: counted in Redis, apart for each person and kind, and never in the way."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from pytest_django import Settings

from rollout.choices import Role
from rollout.errors import TooManyRequests
from rollout.rates import Counter, Rate, hold_to_rate
from tests import factories as make
from tests.logs import ErrorGuard

# So slow that nothing fills again while a test runs.
THREE = Rate(3, 3 * 60.0)


@pytest.fixture
def counted(settings: Settings, valkey_url: str) -> None:
    settings.REDIS_URL = valkey_url
    settings.RATES = {"read": THREE, "write": Rate(1, 60.0), "export": Rate(1, 60.0)}


def takes(counter: Counter, rate: Rate, number: int, name: str = "read:1") -> list[bool]:
    return [counter.wait(name, rate) == 0 for _each in range(number)]


def test_bucket_gives_what_it_holds_and_then_says_how_long_to_wait(valkey_url: str):
    counter = Counter(valkey_url)

    assert takes(counter, THREE, 3) == [True, True, True]
    assert 58 < counter.wait("read:1", THREE) <= 60
    assert takes(counter, THREE, 1, "read:2") == [True]


def test_refused_request_takes_nothing_and_the_bucket_is_forgotten_once_full(valkey_url: str):
    counter = Counter(valkey_url)
    takes(counter, THREE, 3)
    before = counter.redis.get("rate:read:1")

    assert takes(counter, THREE, 5) == [False] * 5
    assert counter.redis.get("rate:read:1") == before
    assert 0 < counter.redis.pttl("rate:read:1") <= 180_000


def test_bucket_gives_no_more_to_many_at_once(valkey_url: str):
    counter = Counter(valkey_url)

    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(lambda _each: counter.wait("read:1", Rate(20, 3600.0)) == 0, range(100)))

    assert sum(given) == 20


@pytest.mark.parametrize("address", ["redis+socket:///nowhere/valkey?virtual_host=0", "redis://127.0.0.1:9/0"])
def test_redis_that_is_away_keeps_nobody_waiting(address: str):
    counter = Counter(address)

    assert takes(counter, Rate(1, 60.0), 3) == [True, True, True]
    assert counter.away_until > time.monotonic()


def test_kind_without_a_rate_is_not_counted(counted: None):
    for _each in range(5):
        hold_to_rate(1, "unknown")
    hold_to_rate(1, "write")
    with pytest.raises(TooManyRequests, match="Try again in 60 seconds") as refused:
        hold_to_rate(1, "write")
    assert refused.value.retry_after == 60


@pytest.mark.django_db
def test_person_who_reads_too_much_is_refused_calmly_and_others_are_not(counted: None, logged_errors: ErrorGuard):
    ana, ben = Client(), Client()
    ana.force_login(make.make_member(Role.ADMINISTRATOR))
    ben.force_login(make.make_user(email="ben@example.org"))

    answers = [ana.get("/account/").status_code for _each in range(4)]
    refused = ana.get("/account/", headers={"HX-Request": "true"})

    assert answers == [200, 200, 200, 429]
    assert (refused.status_code, refused["HX-Retarget"]) == (429, "#problem")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert b"Try again in" in refused.content
    assert ben.get("/account/").status_code == 200
    assert [Client().get("/log-in/").status_code for _each in range(5)] == [200] * 5


@pytest.mark.django_db
def test_files_are_counted_apart(counted: None):
    client = Client()
    client.force_login(make.make_member(Role.ADMINISTRATOR))
    make.make_programme(code="EPR")
    address = "/p/EPR/sites/?download=csv&table=sites"

    assert [client.get(address).status_code for _each in range(2)] == [200, 429]
    assert client.get("/p/EPR/sites/").status_code == 200
