"""Counts for Prometheus (its text format), of all processes together, on a port that readers do not
reach.

Each process counts in files of its own in `PROMETHEUS_MULTIPROC_DIR`, which `./kb serve` empties
and names, and each listens on the one port, so that any of them answers for all.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from ..backing_up import STAMP
from ..models import ContentVersion, Recommendation
from . import security

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
REQUESTS = Counter("tech7kb_requests", "Requests answered, by class of status.", ["status"])
KEPT = Counter("tech7kb_kept_pages", "Pages answered again as they were made before.")
ERRORS = Counter("tech7kb_errors", "Requests answered 500, each with a traceback in the log.")
SECONDS = Histogram(
    "tech7kb_request_seconds", "Seconds from a request to its answer.", buckets=BUCKETS
)
CLASSES = [REQUESTS.labels(status=f"{first}xx") for first in range(1, 6)]
NOT_OFFERED = REQUESTS.labels(
    status="501"
)  # what somebody asked for wrongly is no failure of the site


def counted(get_response: Callable) -> Callable:
    """Count every answer; as it is made once in each process that serves, it also lets that process
    be asked.
    """
    listen(settings.METRICS)

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        SECONDS.observe(time.perf_counter() - began)
        is_wrong = response.status_code == security.NOT_OFFERED
        (NOT_OFFERED if is_wrong else CLASSES[response.status_code // 100 - 1]).inc()
        if response.status_code == 500:
            ERRORS.inc()
        if is_kept(request, response):
            KEPT.inc()
        return response

    return middleware


def is_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether a page was answered without its view; a file also is, and has an entity
    tag too.
    """
    return (
        not request.resolver_match
        and "ETag" in response.headers
        and not request.path.startswith(settings.STATIC_URL)
    )


class Gauges:
    """What is true at the moment of asking."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the database's state, and when the last backup was proved; nothing of what cannot
        be known.
        """
        try:
            number, entries = ContentVersion.now(), Recommendation.objects.published().count()
        except DatabaseError:
            yield GaugeMetricFamily("tech7kb_database_up", "Whether the database answers.", 0)
        else:
            yield GaugeMetricFamily("tech7kb_database_up", "Whether the database answers.", 1)
            yield GaugeMetricFamily(
                "tech7kb_content_version", "Grows with each change that readers see.", number
            )
            yield GaugeMetricFamily(
                "tech7kb_entries_published", "Published recommendations.", entries
            )
        finally:
            connection.close()  # of this thread, which ends now
        stamp = settings.VAR_DIR / STAMP
        if stamp.exists():
            moment, name = stamp.stat().st_mtime, "tech7kb_last_backup_timestamp_seconds"
            yield GaugeMetricFamily(
                name, "When the last backup was proved, in seconds since 1970.", moment
            )


class Listener(ThreadingMixIn, WSGIServer):
    """Shares its port with those of the other processes."""

    allow_reuse_port = True
    daemon_threads = True


class Listener6(Listener):
    """The same for IPv6."""

    address_family = socket.AF_INET6


class Silent(WSGIRequestHandler):
    """Logs no requests."""

    def log_message(self, *arguments) -> None:
        pass


def listen(address: str) -> WSGIServer:
    """Answer at `host:port` from a thread; raises OSError where something else listens there."""
    host, _colon, port = address.rpartition(":")
    kind = Listener6 if host.startswith("[") else Listener
    server = make_server(host.strip("[]"), int(port), make_wsgi_app(registry()), kind, Silent)
    threading.Thread(target=server.serve_forever, daemon=True, name="metrics").start()
    return server


def registry() -> CollectorRegistry:
    """Gather the counts of all processes, and the gauges."""
    gathered = CollectorRegistry()
    MultiProcessCollector(gathered, os.environ.get("PROMETHEUS_MULTIPROC_DIR"))
    gathered.register(Gauges())
    return gathered
