"""What is sent to the site is received before a turn is taken: whoever sends slowly keeps no reader
waiting.

The server hands a request on as soon as its head is there, and each body that is on its way holds a
thread.
"""

from collections.abc import Callable
from io import BytesIO
from tempfile import SpooledTemporaryFile

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from recommendations.admin.intake_forms import LARGEST_REQUEST
from recommendations.admin.intake_requests import length
from recommendations.turns import Places
from recommendations.views.errors import unavailable

# bodies on their way, in each process; `kb` gives it threads for these and for more than have a
# turn
AT_ONCE = 6
IN_MEMORY = 1024**2  # bytes of a body; the rest is in a temporary file
PIECE, MOST_PIECES = (
    1 << 16,
    4096,
)  # bytes; 256 MB of a body that is refused are read and thrown away


def received(get_response: Callable) -> Callable:
    """Receive bodies, AT_ONCE at a time, and answer 503 to more; raises BadRequest where a sender
    leaves.
    """
    places = Places(AT_ONCE)

    def middleware(request: HttpRequest) -> HttpResponse:
        if not length(request):  # Django reads nothing where no length is said
            return get_response(request)
        with SpooledTemporaryFile(IN_MEMORY) as body:
            with places.one(request) as has_place:
                if not has_place:
                    request._stream = BytesIO()  # the answer must not wait for it either
                    return unavailable(request)
                receive(request, body)
            return get_response(request)

    return middleware


def receive(request: HttpRequest, body: SpooledTemporaryFile) -> None:
    """Read the body, and put it where it would be read from; raises BadRequest.

    Of one that no page takes nothing is kept: a page refuses it by its length, and a browser shows
    the answer only once it could send everything.
    """
    missing = length(request)
    is_kept = missing <= LARGEST_REQUEST
    try:
        for _ in range(MOST_PIECES):
            piece = request._stream.read(PIECE)
            if not piece:
                break
            missing -= len(piece)
            body.write(piece if is_kept else b"")
    except OSError as error:
        raise BadRequest("The sender left before all was sent.") from error
    if is_kept and missing > 0:
        raise BadRequest("Less was sent than was announced.")
    body.seek(0)
    request._stream = body
