"""How much one person may ask for in a while, so that nobody slows the service down for everybody.

A bucket a person and kind of request: it holds `burst` requests, is full at first, and fills again evenly in `seconds`.
The buckets are in Redis and nowhere else: where it is away, nothing is counted and nobody is kept waiting.
"""

import logging
import time
from functools import cache
from math import ceil
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils.translation import ngettext
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from rollout.errors import TooManyRequests

logger = logging.getLogger(__name__)

# A page waits no longer for the counter than this, and after a failure asks again only after a while.
PATIENCE_SECONDS = 0.25
REST_SECONDS = 30.0
MINUTE = 60

# KEYS[1] keeps when the bucket will be full again, in seconds of the server's clock; gives the seconds to wait.
TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + tonumber(ARGV[1])
local wait = full - now - tonumber(ARGV[2])
if wait > 0.000001 then return string.format('%.6f', wait) end
redis.call('SET', KEYS[1], string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000))
return '0'
"""


class Rate(NamedTuple):
    """`burst` requests at once, and as many again, evenly, in `seconds`."""

    burst: int
    seconds: float


class Counter:
    """The buckets of one Redis. `away_until`, of the monotonic clock, is when to ask it again."""

    def __init__(self, url: str) -> None:
        """Open no line yet: the first question does."""
        self.redis = line_to(url)
        self.take = self.redis.register_script(TAKE)
        self.away_until = 0.0

    def wait(self, name: str, rate: Rate) -> float:
        """Take one from a bucket and return 0, or the seconds until there is one; 0 where nothing can be counted."""
        if time.monotonic() < self.away_until:
            return 0.0
        try:
            return float(self.take(keys=[f"rate:{name}"], args=[rate.seconds / rate.burst, rate.seconds]))
        except (RedisError, OSError):
            self.away_until = time.monotonic() + REST_SECONDS
            logger.warning("requests are not counted: Redis does not answer")
            return 0.0


def line_to(url: str) -> Redis:
    """Return a client for an address as Celery writes it: over a socket, or over the network."""
    limits: dict[str, Any] = {
        "socket_timeout": PATIENCE_SECONDS,
        "socket_connect_timeout": PATIENCE_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }
    parts = urlsplit(url)
    if parts.scheme == "redis+socket":
        number = int(parse_qs(parts.query).get("virtual_host", ["0"])[0])
        return Redis(unix_socket_path=parts.path, db=number, **limits)
    return Redis.from_url(url, **limits)


@cache
def counter_at(url: str) -> Counter:
    """The counter of this process; one for each Redis."""
    return Counter(url)


def hold_to_rate(user_id: int, kind: str) -> None:
    """Count a request of a kind in `settings.RATES`. Raises TooManyRequests, with the seconds to wait."""
    rate = settings.RATES.get(kind)
    if rate is None:
        return
    wait = ceil(counter_at(settings.REDIS_URL).wait(f"{kind}:{user_id}", Rate(*rate)))
    if wait:
        raise TooManyRequests(_words(wait), retry_after=wait)


def _words(wait: int) -> str:
    """What somebody reads who is to wait so many seconds."""
    if wait <= MINUTE:
        words = ngettext(
            "You asked for more than the service can give one person. Try again in %(n)s second.",
            "You asked for more than the service can give one person. Try again in %(n)s seconds.",
            wait,
        )
        return words % {"n": wait}
    minutes = ceil(wait / MINUTE)
    words = ngettext(
        "You asked for more than the service can give one person. Try again in %(n)s minute.",
        "You asked for more than the service can give one person. Try again in %(n)s minutes.",
        minutes,
    )
    return words % {"n": minutes}
