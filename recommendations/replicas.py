"""Readers read from a replica of the database; editors, commands and whatever writes stay with the
primary.

A replica answers a request only when its content version is at least that of the primary, so a
publication is seen by the next reader however far a replica lags. While the primary is away,
readers get what the furthest replica has.
"""

import re
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import cached_property, partial
from itertools import count

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse

from . import absence, patience
from .models import ContentVersion

PRIMARY = DEFAULT_DB_ALIAS
REPLICAS = [alias for alias in settings.DATABASES if alias != PRIMARY]
NO_READERS = re.compile(r"/(admin|accounts|readyz)\b")
NAME = "The database “{}”"  # in the log
LOST = (OperationalError, InterfaceError)

_turn = count()


class Choice:
    """The database that one request reads from, chosen when it first reads."""

    @cached_property
    def alias(self) -> str:
        """Where this request reads."""
        return chosen()


_choice: ContextVar[Choice | None] = ContextVar("choice", default=None)


class Router:
    """Tells Django where to read and to write."""

    def db_for_read(self, model, **hints) -> str:
        """Return what was chosen for the request, and outside a reader's request the primary."""
        choice = _choice.get()
        return choice.alias if choice else PRIMARY

    def db_for_write(self, model, **hints) -> str:
        """Return the primary, which from now on also answers this request, so that it reads what it
        wrote.
        """
        if choice := _choice.get():
            choice.alias = PRIMARY
        return PRIMARY

    def allow_relation(self, one, other, **hints) -> bool:
        """Let entries from anywhere be related: all databases are the same one."""
        return True

    def allow_migrate(self, alias: str, app_label: str, **hints) -> bool:
        """Migrate the primary; the replicas follow by themselves."""
        return alias == PRIMARY


def readers_from_replicas(get_response: Callable) -> Callable:
    """Let each reader's request choose a database to read from; does nothing where there are no
    replicas.
    """
    if not REPLICAS:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _choice.set(Choice() if is_readers(request) else None)
        try:
            response = get_response(request)
            if response.streaming:  # it reads on after this, and from where it began
                chunks = iter(response.streaming_content)
                response.streaming_content = iter(
                    partial(copy_context().run, next, chunks, None), None
                )
            return response
        finally:
            _choice.reset(token)

    middleware.process_exception = answer_elsewhere
    return middleware


def answer_elsewhere(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """Answer once more from another database where a replica was lost halfway."""
    choice = _choice.get()
    if not choice or choice.alias == PRIMARY or not isinstance(exception, LOST):
        return None
    absence.leave_out(NAME.format(choice.alias), exception)
    connections[choice.alias].close()
    choice.alias = chosen()
    view = request.resolver_match
    return view.func(request, *view.args, **view.kwargs)


def is_readers(request: HttpRequest) -> bool:
    """Tell whether a request only reads what everybody may, whoever asks."""
    if request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return False
    return not NO_READERS.match(request.path)


def chosen() -> str:
    """Return a replica that knows all that the primary knows, each in its turn, and where there is
    none the primary.

    While the primary is away, the replica that knows most.
    """
    least, turn = version_of(PRIMARY), next(_turn) % len(REPLICAS)
    known = {}
    for alias in REPLICAS[turn:] + REPLICAS[:turn]:
        known[alias] = version_of(alias)
        if least is not None and known[alias] is not None and known[alias] >= least:
            return alias
    answering = {alias: number for alias, number in known.items() if number is not None}
    return max(answering, key=answering.get) if answering and least is None else PRIMARY


def version_of(alias: str) -> int | None:
    """Return the content version that a database has, and None of one that does not answer."""
    numbers = ContentVersion.objects.using(alias).values_list("number", flat=True)
    try:
        with patience.little():
            return absence.ask(
                NAME.format(alias), numbers.get, (Error, ContentVersion.DoesNotExist)
            )
    except absence.Away:
        connections[alias].close()
        return None
