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
    """A format; `render` returns the body, or an iterator of its parts.

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

    def response(self, thing: Any) -> HttpResponseBase:
        """Answer with a recommendation, declaration, selection or briefing in this format."""
        body = self.render(thing)
        answer = HttpResponse if isinstance(body, str | bytes) else StreamingHttpResponse
        filename = f"{getattr(thing, 'code', SELECTION_NAME)}.{self.extension}"
        disposition = str(content_disposition_header(self.is_download, filename))
        headers = OPEN | {"Content-Disposition": disposition}
        return answer(body, content_type=self.media_type, headers=headers)


def by_extension(*formats: Representation) -> dict[str, Representation]:
    """Key formats by the extension of their addresses."""
    return {each.extension: each for each in formats}
