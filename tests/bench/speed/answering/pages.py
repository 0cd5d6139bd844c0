"""Asks a Django project for its pages, in this process, through Django's own test client."""

from time import perf_counter

from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

client = Client(SERVER_NAME="127.0.0.1")
handler = WSGIHandler()
tags: dict[str, str] = {}
CLEARED = {"cards": ["pages"], "again": [], "same": []}  # caches of settings; of any other mode all


def get(path: str, mode: str = "new") -> dict:
    """Ask for a page and return what it took, in ms.

    Modes: "new" with nothing kept at all, "cards" with what other pages have in common with it,
    "again" with the page itself, "same" by a browser that holds the page, "bare" as "again" but
    straight through the WSGI handler.
    """
    if mode == "bare":
        return bare(path)
    for name in CLEARED.get(mode, caches.settings):
        caches[name].clear()
    headers = {"If-None-Match": tags.get(path, "")} if mode == "same" else {}
    start = perf_counter()
    response = client.get(path, headers=headers)
    took, size = 1000 * (perf_counter() - start), len(response.content)
    if mode != "same":
        tags[path] = response.get("ETag", "")
    return {"ms": took, "status": response.status_code, "bytes": size}


def bare(path: str) -> dict:
    """Ask as a server asks, without the test client's own work."""
    route, _question, query = path.partition("?")
    environ = (
        RequestFactory(SERVER_NAME="127.0.0.1").generic("GET", route, QUERY_STRING=query).environ
    )
    told = {}
    start = perf_counter()
    response = handler(environ, lambda status, headers: told.update(status=int(status[:3])))
    size = sum(len(part) for part in response)
    response.close()
    return {"ms": 1000 * (perf_counter() - start), "bytes": size, **told}
