"""Small answers: about, appearance, what crawlers and browsers ask for, and health."""

from datetime import timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from recommendations.formats.absolute_url import permalink
from recommendations.models import Source
from recommendations.operations.context_processors import APPEARANCE_COOKIE, APPEARANCES
from recommendations.operations.doctor import told_to_doctor

YEAR = 365 * 24 * 3600


def about(request: HttpRequest) -> HttpResponse:
    """Say what this is, by which rules, and what is promised."""
    declarations = Source.objects.public().declarations()
    context = {
        "section": "about",
        "operator": settings.OPERATOR,
        "contact": _contact(),
        "paris": declarations.filter(code="PARIS-2025").defer("text").first(),
    }
    return render(request, "recommendations/about.html", context)


# a token would be a cookie for every reader, and all that a forged request can change is the
# colours
@csrf_exempt
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep the reader's choice of light or dark in a cookie, and go back."""
    address = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        address = "/"
    response = HttpResponseRedirect(address, status=303)
    if (chosen := request.POST.get("theme")) in APPEARANCES:
        response.set_cookie(
            APPEARANCE_COOKIE, chosen, YEAR, secure=settings.TLS, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(APPEARANCE_COOKIE)
    return response


def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what not to fetch, and where the sitemap is."""
    return _template(request, "robots.txt", "text/plain")


def llms(request: HttpRequest) -> HttpResponse:
    """Tell language models what is here and how to quote it (llmstxt.org)."""
    return _template(request, "llms.txt", "text/markdown")


def opensearch(request: HttpRequest) -> HttpResponse:
    """Describe the search so that browsers can offer it."""
    return _template(request, "opensearch.xml", "application/opensearchdescription+xml")


def security(request: HttpRequest) -> HttpResponse:
    """Say where to report a vulnerability (RFC 9116); valid for half a year."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    context = {"contact": _contact() or permalink("/about/#contact"), "expires": expires}
    response = _template(request, "security.txt", "text/plain", context)
    response["Cache-Control"] = "public, max-age=86400"
    return response


def livez(request: HttpRequest) -> HttpResponse:
    """Say that the process is alive, without the database; to `doctor`, how it is asked."""
    if seen := told_to_doctor(request):
        return JsonResponse(seen, headers={"Cache-Control": "no-store"})
    return _health("ok")


def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database is reachable and every migration applied."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return _health("database unreachable", 503)
    return _health("migrations waiting", 503) if waiting else _health("ok")


def _health(state: str, status: int = 200) -> HttpResponse:
    """Answer a health check, which must not be cached."""
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(
        f"{state}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers
    )


def _contact() -> str:
    """Return where the operator wants to be written to, as a URI, or ""."""
    contact = settings.CONTACT
    return f"mailto:{contact}" if "@" in contact and ":" not in contact else contact


def _template(
    request: HttpRequest, name: str, content_type: str, context: dict | None = None
) -> HttpResponse:
    context = (context or {}) | {"site": settings.SITE_URL}
    return render(
        request, f"recommendations/{name}", context, content_type=f"{content_type}; charset=utf-8"
    )
