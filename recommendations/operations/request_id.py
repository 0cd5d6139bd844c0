"""Gives each request an identifier, which its response and its log lines show."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .log_format import current_request

HEADER = "X-Request-ID"
WELL_FORMED = re.compile("[A-Za-z0-9-]{8,64}")

log = logging.getLogger("recommendations.requests")


def request_id_middleware(get_response: Callable) -> Callable:
    """Identify each request and, with LOG_REQUESTS, log each response; must come first."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request.id = identifier(request)
        token = current_request.set(request)
        try:
            response = get_response(request)
            response.headers[HEADER] = request.id
            if settings.LOG_REQUESTS:
                log.info(
                    "answered", extra=log_fields(request, response, time.perf_counter() - began)
                )
        finally:
            current_request.reset(token)
        return response

    return middleware


def identifier(request: HttpRequest) -> str:
    """Return the identifier from a trusted proxy, or a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
    return given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


def log_fields(request: HttpRequest, response: HttpResponse, seconds: float) -> dict:
    """Return what is logged about a response; the route is empty if no view was called."""
    match = request.resolver_match
    route = match.view_name if match else ""
    return {
        "route": route,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
    }
