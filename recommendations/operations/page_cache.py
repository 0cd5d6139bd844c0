"""Whether a copy is still what the site would answer: entity tags (RFC 9110, section 8.8.3), and
pages kept ready.

Both stand on the content version, which grows with everything that readers can see, in the
transaction that changes it. A page kept under a version is never stale and never purged: the next
version asks for another one. While the database is away, readers get what is kept under the last
version that this process has seen, and `Age` says since when nobody could ask for a newer one (RFC
9111, section 5.1).
"""

import hashlib
import re
import time
from collections.abc import Callable
from http import HTTPStatus

import brotli
from django.conf import settings
from django.core.cache import caches
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from recommendations.models import ContentChange, ContentVersion, Recommendation
from recommendations.models.recommendation import Status

from . import circuit_breaker
from .context_processors import appearance_of
from .database_outages import is_outage, short_timeout
from .load_shedding import LONGEST_WAIT
from .release import RELEASE
from .single_flight import SingleFlight

NO_PAGE = re.compile(
    r"/(livez|readyz|admin|accounts)\b|.*\.[a-z]+$"
)  # of the process, of editors, and every file
PAGES = "pages"  # the cache, in settings
WEIGHT_ZERO = re.compile(r"q=0(?:\.0*)?")
SMALLEST, QUALITY = (
    1000,
    4,
)  # bytes worth compressing; 0 to 11, of which more takes longer than it saves
LARGEST = 500_000  # bytes of a page that is kept
STALE = 5.0  # seconds for which a former page may be shown, while the new one is made
REVALIDATE = (
    "public, max-age=0, must-revalidate"  # anybody may keep a copy, and asks before each use of it
)
VARY = ("Cookie", "HX-Request", "HX-History-Restore-Request", "Accept-Encoding")
POLICY = "Content-Security-Policy"
ACCESS_HEADERS = ("Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy", POLICY)
LOST = (OperationalError, InterfaceError)
PAUSE = 1.0  # seconds in which readers do not wait again for a database that did not answer


class ContentVersionReader:
    """The last content versions that this process saw, and when by the monotonic clock."""

    number: int | None = None
    moment = 0.0
    former: tuple[tuple[int, float], ...] = ()  # that were true some seconds ago, newest first

    def __init__(self) -> None:
        self.checked: dict[tuple[int, int | None], bool] = {}

    def now(self) -> int:
        """Return the content version; raises OperationalError, at once after a failure."""
        try:
            with short_timeout():
                return circuit_breaker.call("The database", self.read, LOST, PAUSE)
        except circuit_breaker.CircuitOpen as away:
            error = away.__cause__ or OperationalError("the database did not answer a moment ago")
        raise error

    def read(self) -> int:
        """Ask the database, and keep what it says."""
        number, before = ContentVersion.now(), (self.number, self.moment)
        if number != before[0]:
            self.former = tuple(
                (each, moment)
                for each, moment in (before, *self.former)
                if each is not None and is_recent(moment)
            )
            self.checked = {}
        self.number, self.moment = number, time.monotonic()
        return number

    def may_show(self, former: int) -> bool:
        """Tell whether pages of a former content version show nothing that was withdrawn since."""
        key = former, self.number
        if key not in self.checked:
            self.checked[key] = nothing_withdrawn_since(former)
        return self.checked[key]

    @property
    def age(self) -> int:
        """Seconds since."""
        return int(time.monotonic() - self.moment)


def is_recent(moment: float) -> bool:
    """Tell whether a page that was true at a moment may be shown while the new one is made."""
    return time.monotonic() - moment <= STALE


def nothing_withdrawn_since(number: int) -> bool:
    """Tell whether every entry that changed after a content version is still published."""
    changed = ContentChange.objects.filter(number__gt=number, entry__isnull=False)
    withdrawn = Recommendation.with_withdrawn.filter(
        status=Status.WITHDRAWN, pk__in=changed.values("entry")
    )
    return ContentChange.reaches(number) and not withdrawn.exists()


seen = ContentVersionReader()
flights = SingleFlight()


def tag(request: HttpRequest) -> str:
    """Return the weak entity tag of what an address, with its query, answers now; raises
    OperationalError.

    It stands for the whole site: any publication or withdrawal changes it, and any new name of a
    theme, tag, organisation or source. That is why there is a tag and no Last-Modified: nothing
    keeps those moments.
    """
    return f'W/"{digest(address_of(request), seen.now())}"'


def address_of(request: HttpRequest) -> str:
    """Return path and query as they were sent, byte for byte."""
    return repr((request.path, request.META.get("QUERY_STRING", "")))


def digest(question: str, number: int) -> str:
    """Return what tells the answer to a question at a content version from every other."""
    state = (RELEASE, settings.SITE_URL, question, number)
    return hashlib.sha256(repr(state).encode()).hexdigest()[:32]


def page_cache_middleware(get_response: Callable) -> Callable:
    """Answer with the cached page of the current content version, or with 304."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not asks_for_page(request):
            return get_response(request)
        question = cache_key(request)
        try:
            key = digest(question, seen.now())
        except LOST as error:
            return last_known(question, error)
        kept = caches[PAGES].get(key)
        response = restored(kept) if kept else renewed(get_response, request, question, key)
        etag = response.get("ETag")
        answer = get_conditional_response(request, etag=etag, response=response) or response
        for name in ACCESS_HEADERS:  # of 304 too: a browser holds every answer to who may use it
            if name in response:
                answer.headers.setdefault(name, response[name])
        answer.xframe_options_exempt = POLICY in answer  # such a page says itself who may frame it
        return answer

    return middleware


def renewed(get_response: Callable, request: HttpRequest, question: str, key: str) -> HttpResponse:
    """Make a page once for all who ask for it now; the others get the former one, or wait."""
    with flights.making(key) as made:
        if made and (former := former_page(question)):
            return former
        if made:
            made.wait(LONGEST_WAIT)
            if kept := caches[PAGES].get(key):
                return restored(kept)
        response = whole(get_response, request)
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            return former_page(question) or response
        if is_lasting(request, response):
            response["ETag"], response["Cache-Control"] = f'W/"{key}"', REVALIDATE
            patch_vary_headers(response, VARY)
            compress(request, response)
            caches[PAGES].set(key, (response.content, dict(response.items())))
        return response


def former_page(question: str) -> HttpResponse | None:
    """Return the page of a content version that was true some seconds ago, if it is kept."""
    for number, moment in seen.former:
        kept = is_recent(moment) and caches[PAGES].get(digest(question, number))
        if kept and seen.may_show(number):
            response = restored(kept)
            response["Age"] = int(time.monotonic() - moment)
            return response
    return None


def asks_for_page(request: HttpRequest) -> bool:
    """Tell whether a reader asks for a page, which may be kept."""
    if request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return False
    return not NO_PAGE.match(request.path)


def cache_key(request: HttpRequest) -> str:
    """Return all in a request that makes a difference to its answer."""
    wishes = [request.headers.get(name) == "true" for name in VARY[1:3]]
    return repr((address_of(request), appearance_of(request), wishes, takes_brotli(request)))


def takes_brotli(request: HttpRequest) -> bool:
    """Tell whether a browser accepts Brotli (RFC 7932); a proxy may compress in other ways."""
    for coding in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, *parameters = (part.strip() for part in coding.split(";"))
        if name == "br":
            return not any(WEIGHT_ZERO.fullmatch(each) for each in parameters)
    return False


def compress(request: HttpRequest, response: HttpResponse) -> None:
    """Compress a page before it is cached; it holds no secret that BREACH could reveal."""
    if takes_brotli(request) and len(response.content) >= SMALLEST:
        response.content = brotli.compress(response.content, quality=QUALITY)
        response["Content-Encoding"] = "br"


def last_known(question: str, error: Exception) -> HttpResponse:
    """Answer with the page of the last content version seen, or raise the error."""
    kept = (
        is_outage(error)
        and seen.number is not None
        and caches[PAGES].get(digest(question, seen.number))
    )
    if not kept:
        raise error
    response = restored(kept)
    response["Age"] = seen.age
    return response


def whole(get_response: Callable, request: HttpRequest) -> HttpResponse:
    """Return a new answer; raises OperationalError where a template took a failing database for an
    empty list.

    Django's `{% if %}` takes whatever is raised in its condition for false.
    """
    failed_before = connection.errors_occurred
    response = get_response(request)
    if response.status_code == 200 and connection.errors_occurred and not failed_before:
        raise OperationalError("the database failed while the page was made")
    return response


def is_lasting(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether a response is a whole page that depends on URL and content alone."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not {"Cache-Control", "ETag"} & set(response.headers)
        and len(response.content) <= LARGEST
    )


def restored(kept: tuple[bytes, dict]) -> HttpResponse:
    """Make the answer that was kept."""
    content, headers = kept
    return HttpResponse(content, headers=headers)
