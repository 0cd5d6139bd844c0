"""Connections to the shared cache, which is left alone for a while once it does not answer."""

from functools import partial

import redis

from .circuit_breaker import CircuitOpen, call

FAILURES = (OSError, redis.RedisError)


class CachePool(redis.ConnectionPool):
    """Fails at once while the cache is left alone, so that no page waits for it again."""

    def get_connection(self, *args, **kwargs) -> redis.Connection:
        """Return a connection; raises ConnectionError, which django-redis takes for a miss."""
        connect = partial(super().get_connection, *args, **kwargs)
        try:
            return call("The shared cache", connect, FAILURES)
        except CircuitOpen as error:
            raise redis.ConnectionError(str(error)) from error
