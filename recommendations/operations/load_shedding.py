"""Load shedding: neither slow senders nor a flood of requests keep readers from their pages.

The server hands a request to a thread as soon as its head is there, and knows no refusal. So bodies
are received before anything else, a few answers are made at once, a few requests wait, and the
rest are answered 503 at once. What the page cache answers takes no slot. One client gets half of
the slots at most.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from tempfile import SpooledTemporaryFile

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.module_loading import import_string

from recommendations.accounts.client_ip import client_address
from recommendations.ingest.extract.limits import FILE_BYTES

Answer = Callable[[HttpRequest], HttpResponse]

# In each process; `kb` gives it threads for both, for uploads and for what is kept.
RUNNING, WAITING = 4, 8  # answers that are made, and requests that wait for that
EDITORS_RUNNING, EDITORS_WAITING = 2, 4  # of requests with a session
EXPORTS_RUNNING, EXPORTS_WAITING = 1, 3  # of answers that may take many seconds
EXPORT = re.compile(r"/(recommendations|(themes|addressees)/[^/]+)\.(bib|csv|ris)$")
COMPARE = "/compare"  # which reads a reader's file
LONGEST_WAIT = 2.0  # seconds
RECEIVING = 6  # bodies at once
LARGEST_BODY = FILE_BYTES + 1024**2  # bytes: a file of the largest size, and the form around it
IN_MEMORY = 1024**2  # bytes of a body; the rest is in a temporary file
CHUNK = 1 << 16  # bytes
DISCARDED = 4096 * CHUNK  # bytes at most of a body that is refused and still read
BUFFERED = 8 * 1024**2  # bytes of a streamed answer that are made before it is sent
PROBES = ("/livez", "/readyz")
REFUSED, INCOMPLETE = "load_shedding.refused", "load_shedding.incomplete"  # in a request's META


class ConcurrencyLimiter:
    """So many slots in this process, of which one client may hold half.

    Clients are known only behind declared proxies: behind any other, all have its address.
    """

    def __init__(self, slots: int) -> None:
        self.slots, self.taken, self.changed = slots, Counter(), threading.Condition()

    @contextmanager
    def slot(self, request: HttpRequest, wait: float = 0.0) -> Iterator[bool]:
        """Hold a slot inside, after waiting some seconds for it; tells whether there was one."""
        client = client_address(request) if settings.TRUSTED_PROXIES else None
        with self.changed:
            has_slot = self.changed.wait_for(lambda: self.has_room(client), wait)
            self.taken[client] += has_slot
        try:
            yield has_slot
        finally:
            with self.changed:
                self.taken[client] -= has_slot
                self.taken += Counter()  # forgets who holds none
                self.changed.notify_all()

    def has_room(self, client: str | None) -> bool:
        """Tell whether one more may have a slot."""
        has_share = client is None or self.taken[client] < max(1, self.slots // 2)
        return has_share and self.taken.total() < self.slots


@dataclass(frozen=True)
class SlottedStream:
    """The parts of a long streamed answer, which keeps its slots until it is sent or given up."""

    parts: Iterable[bytes]
    slots: ExitStack

    def __iter__(self) -> Iterator[bytes]:
        with self.slots:
            yield from self.parts

    def close(self) -> None:
        """Give the slots back, as when the client left before the first part."""
        self.slots.close()


def limit_concurrency(get_response: Answer) -> Answer:
    """Middleware that makes RUNNING answers at once, and answers 503 to whom it cannot serve.

    Editors have slots of their own, so that they can save while readers crowd; and so have answers
    that may take many seconds: formats of a whole selection, and comparing a reader's file.
    """
    readers = ConcurrencyLimiter(RUNNING + WAITING), ConcurrencyLimiter(RUNNING)
    editors = (
        ConcurrencyLimiter(EDITORS_RUNNING + EDITORS_WAITING),
        ConcurrencyLimiter(EDITORS_RUNNING),
    )
    exports = (
        ConcurrencyLimiter(EXPORTS_RUNNING + EXPORTS_WAITING),
        ConcurrencyLimiter(EXPORTS_RUNNING),
    )
    unavailable = import_string(settings.SERVICE_UNAVAILABLE_VIEW)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.META.get(INCOMPLETE):
            raise BadRequest("Less was sent than was announced.")
        if request.META.get(REFUSED):
            return unavailable(request)
        if request.path in PROBES:
            return get_response(request)
        queue, running = readers
        if EXPORT.match(request.path) or (request.method == "POST" and request.path == COMPARE):
            queue, running = exports
        elif settings.SESSION_COOKIE_NAME in request.COOKIES:
            queue, running = editors
        with ExitStack() as slots:
            if not slots.enter_context(queue.slot(request)):
                return unavailable(request)
            if not slots.enter_context(running.slot(request, LONGEST_WAIT)):
                return unavailable(request)
            response = get_response(request)
            if isinstance(response, StreamingHttpResponse):
                buffer(response, slots)
            return response

    return middleware


def buffer(response: StreamingHttpResponse, slots: ExitStack) -> None:
    """Make a streamed answer before it is sent, up to BUFFERED bytes; what is more keeps its slots.

    What fails meanwhile is then an error, and not a file that ends early and looks whole.
    """
    parts, size, rest = [], 0, iter(response)
    while size < BUFFERED and (part := next(rest, None)) is not None:
        parts.append(part)
        size += len(part)
    if size < BUFFERED:
        response.streaming_content = parts
    else:
        response.streaming_content = SlottedStream(chain(parts, rest), slots.pop_all())


def buffer_bodies(application: Callable) -> Callable:
    """WSGI middleware that receives a whole body, RECEIVING at once, before the site sees it."""
    limiter = ConcurrencyLimiter(RECEIVING)

    def buffered(environ: dict, start_response: Callable):
        length = announced(environ)
        if not length:  # Django reads nothing where no length is said
            return application(environ, start_response)
        with SpooledTemporaryFile(IN_MEMORY) as body:
            with limiter.slot(WSGIRequest(environ)) as has_slot:
                if has_slot:
                    environ[INCOMPLETE] = not receive(environ["wsgi.input"], body, length)
                else:
                    environ[REFUSED] = True
            environ["wsgi.input"] = body if has_slot else BytesIO()
            return application(environ, start_response)

    return buffered


def announced(environ: dict) -> int:
    """Return how many bytes a request's body is said to have."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def receive(source, body: SpooledTemporaryFile, length: int) -> bool:
    """Copy a body of so many bytes, and tell whether all of it came.

    A body over LARGEST_BODY is read and not kept: a page refuses it by its length, and a browser
    shows the answer only once it could send everything.
    """
    is_kept, missing = length <= LARGEST_BODY, min(length, DISCARDED)
    try:
        while missing > 0 and (chunk := source.read(min(CHUNK, missing))):
            missing -= len(chunk)
            body.write(chunk if is_kept else b"")
    except OSError:
        return False
    body.seek(0)
    return missing == 0 or not is_kept
