"""Problem details (RFC 9457): errors of data formats."""

import json
import re
from collections.abc import Iterable
from http import HTTPStatus

from django.http import HttpResponse

from .absolute_url import permalink
from .representation import OPEN

PROBLEM = "application/problem+json"
BROWSE = "/recommendations/"
SELECTION = re.compile(r"/(?:recommendations|themes/[^/.]+)\.(?P<extension>[a-z]+)")


def problem(
    path: str, status: int, summary: str, detail: str = "", problems: Iterable = ()
) -> HttpResponse:
    """Answer what cannot be answered at `path`.

    `problems` are a selection's: each has parameter, message, advice, and the url of the nearest
    query that works, which is offered in the format asked for. Without a type of its own a
    problem's title is the status phrase (section 4.2.1), so that the summary opens the detail.
    """
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": ". ".join(filter(None, [summary.rstrip("."), detail])) if detail else summary,
        "instance": path,
    }
    if found := [_described(each, path) for each in problems]:
        body["problems"] = found
    text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    return HttpResponse(text, status=status, content_type=PROBLEM, headers=OPEN)


def _described(each, path: str) -> dict:
    url, found = each.url, SELECTION.fullmatch(path)
    if found and url.startswith(BROWSE):
        url = f"/recommendations.{found['extension']}{url.removeprefix(BROWSE)}"
    return {
        "parameter": each.parameter,
        "detail": each.message,
        "advice": each.advice,
        "url": permalink(url),
    }
