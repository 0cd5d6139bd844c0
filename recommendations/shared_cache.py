"""A cache that all processes share, on Redis; while it is away, each process keeps its own as
before.

Nothing that is read from it is ever executed: values are JSON, markup and pages, never pickles.
"""

import json

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.utils.safestring import SafeString
from redis.exceptions import RedisError

from . import absence

FAILURES = (OSError, RedisError, ValueError)  # ValueError: what it holds is not ours
WAIT = 0.25  # seconds until a server that is asked is given up
MARKUP, PAGE = b"S", b"P"  # no JSON begins with either


class Serializer:
    """Writes what the site keeps as bytes, under the names that Django's RedisCache asks for."""

    def dumps(self, value) -> bytes:
        """Return markup, or a page with its headers, as it is, and anything else as JSON."""
        match value:
            case SafeString():
                return MARKUP + value.encode()
            case (bytes() as content, dict() as headers):
                return PAGE + json.dumps(headers).encode() + b"\n" + content
        return json.dumps(value).encode()

    def loads(self, data: bytes):
        """Return what was written; raises ValueError for anything else."""
        if data.startswith(MARKUP):
            return SafeString(data[1:].decode())
        if data.startswith(PAGE):
            headers, _line, content = data[1:].partition(b"\n")
            return content, json.loads(headers)
        return json.loads(data)


class SharedCache(RedisCache):
    """On a server of the Redis protocol; what fails is done with a cache in this process, and it is
    left out then.
    """

    def __init__(self, server, params: dict):
        options = {"serializer": Serializer, "socket_connect_timeout": WAIT, "socket_timeout": WAIT}
        super().__init__(server, params | {"OPTIONS": options})
        own = params["STAND_IN"]
        self.own = LocMemCache(own["LOCATION"], own)

    def _do(self, method: str, *args, **kwargs):
        shared = getattr(super(), method)
        try:
            return absence.ask("The shared cache", lambda: shared(*args, **kwargs), FAILURES)
        except absence.Away:
            return getattr(self.own, method)(*args, **kwargs)

    def get(self, *args, **kwargs):
        """Return a value or the default."""
        return self._do("get", *args, **kwargs)

    def get_many(self, *args, **kwargs) -> dict:
        """Return those of several values that are there."""
        return self._do("get_many", *args, **kwargs)

    def set(self, *args, **kwargs) -> None:
        """Keep a value."""
        return self._do("set", *args, **kwargs)

    def set_many(self, *args, **kwargs) -> list:
        """Keep several values."""
        return self._do("set_many", *args, **kwargs)

    def add(self, *args, **kwargs) -> bool:
        """Keep a value where there is none, and tell whether there was none."""
        return self._do("add", *args, **kwargs)

    def delete(self, *args, **kwargs) -> bool:
        """Let go of a value."""
        return self._do("delete", *args, **kwargs)
