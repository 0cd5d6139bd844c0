"""Whether a copy is still what the site would answer: entity tags (RFC 9110, section 8.8.3), and pages kept ready.

Both stand on the content version, which grows with everything that readers can see, in the transaction that changes
it. A page kept under a version is never stale and never purged: the next version asks for another one.
"""

import hashlib
import re
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from .context import appearance_of
from .models import ContentVersion
from .release import RELEASE

NO_PAGE = re.compile(r"/(livez|readyz|admin|accounts)\b|.*\.[a-z]+$")  # of the process, of editors, and every file
PAGES = "pages"  # the cache, in settings
LARGEST = 500_000  # bytes of a page that is kept
REVALIDATE = "public, max-age=0, must-revalidate"  # anybody may keep a copy, and asks before each use of it
VARY = ("Cookie", "HX-Request", "HX-History-Restore-Request")


def tag(address: str) -> str:
    """Return the weak entity tag of what an address, with its query, answers now.

    It stands for the whole site: any publication or withdrawal changes it, and any new name of a theme, tag, actor or
    source. That is why there is a tag and no Last-Modified: nothing keeps those moments.
    """
    state = (RELEASE, settings.SITE_URL, address, ContentVersion.now())
    return f'W/"{hashlib.sha256(repr(state).encode()).hexdigest()[:32]}"'


def answered_again(get_response: Callable) -> Callable:
    """Answer readers with the page that was made for the same question at the same content version, or with 304."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = key_of(request)
        if not key:
            return get_response(request)
        kept = caches[PAGES].get(key)
        response = restored(kept) if kept else get_response(request)
        if not kept and is_lasting(request, response):
            response["ETag"], response["Cache-Control"] = f'W/"{key}"', REVALIDATE
            patch_vary_headers(response, VARY)
            caches[PAGES].set(key, (response.content, dict(response.items())))
        return get_conditional_response(request, etag=response.get("ETag"), response=response)

    return middleware


def key_of(request: HttpRequest) -> str:
    """Return what a reader's page is kept under, or "" for what is never kept."""
    if request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return ""
    if NO_PAGE.match(request.path):
        return ""
    wishes = [request.headers.get(name, "") for name in VARY[1:]]
    try:
        return tag(repr((request.method, request.get_full_path(), appearance_of(request), wishes)))[3:-1]
    except DatabaseError:
        return ""


def is_lasting(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether an answer is a whole page that depends on nothing but the question and the content."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not {"Cache-Control", "ETag"} & set(response.headers)
        and not hasattr(response, "_csp_config")  # such a page has a policy of its own, added on the way out
        and not getattr(request, "_csp_nonce", None)  # a nonce is for one answer
        and len(response.content) <= LARGEST
    )


def restored(kept: tuple[bytes, dict]) -> HttpResponse:
    """Make the answer that was kept."""
    content, headers = kept
    return HttpResponse(content, headers=headers)
