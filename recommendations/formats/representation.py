"""One format: how its answers are called, typed, named and made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

# of a downloaded selection; one entry or declaration is named by its code
SELECTION_NAME = "tech7-recommendations"

# Anybody's page may read a data format. Reading is a simple request (Fetch standard), which no
# preflight precedes.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
    # what was withdrawn must not live on in a cache
    "Cache-Control": "public, max-age=0, must-revalidate",
}


@dataclass(frozen=True)
class Representation:
    """A format; `render` takes what is asked for and returns the body, or its parts where it is
    streamed.

    `paging` is the parameter that asks for a part of a selection, where the format does not hold it
    whole.
    """

    extension: str
    name: str
    media_type: str
    render: Callable[[Any], str | bytes | Iterator[str] | Iterator[bytes]]
    is_download: bool = False
    is_feed: bool = False
    paging: str = ""

    def response(self, thing) -> HttpResponseBase:
        """Answer with a thing in this format: a recommendation, a declaration or a selection, as
        the group says.
        """
        body = self.render(thing)
        answer = HttpResponse if isinstance(body, str | bytes) else StreamingHttpResponse
        filename = f"{getattr(thing, 'code', SELECTION_NAME)}.{self.extension}"
        response = answer(body, content_type=self.media_type, headers=OPEN)
        response["Content-Disposition"] = content_disposition_header(self.is_download, filename)
        return response


def by_extension(*formats: Representation) -> dict[str, Representation]:
    """Key formats by what stands after the dot of an address."""
    return {each.extension: each for each in formats}
