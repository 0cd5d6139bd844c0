"""Connections to the shared cache, which is left alone for a while once it does not answer."""

from functools import partial

import redis

from recommendations import absence

FAILURES = (OSError, redis.RedisError)


class Pool(redis.ConnectionPool):
    """Fails at once while the cache is left alone, so that no page waits for it again."""

    def get_connection(self, *args, **kwargs) -> redis.Connection:
        """Return a connection; raises ConnectionError, which django-redis takes for a miss."""
        connect = partial(super().get_connection, *args, **kwargs)
        try:
            return absence.ask("The shared cache", connect, FAILURES)
        except absence.Away as error:
            raise redis.ConnectionError(str(error)) from error
