"""Each request has an identifier, which stands in its answer and in every log line written while it
was answered.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .log_format import asked

HEADER = "X-Request-ID"
WELL_FORMED = re.compile("[A-Za-z0-9-]{8,64}")

log = logging.getLogger("recommendations.requests")


def identified(get_response: Callable) -> Callable:
    """Name each request, and where LOG_REQUESTS asks for it, log each answer; goes before every
    other middleware.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request.id = identifier(request)
        token = asked.set(request)
        try:
            response = get_response(request)
            response.headers[HEADER] = request.id
            if settings.LOG_REQUESTS:
                log.info("answered", extra=facts(request, response, time.perf_counter() - began))
        finally:
            asked.reset(token)
        return response

    return middleware


def identifier(request: HttpRequest) -> str:
    """Return the identifier that a trusted proxy gave, or a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
    return given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


def facts(request: HttpRequest, response: HttpResponse, seconds: float) -> dict:
    """Return what is logged of an answer; the route is that of the view, or "" where no view was
    needed.
    """
    match = request.resolver_match
    route = match.view_name if match else ""
    return {
        "route": route,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
    }
