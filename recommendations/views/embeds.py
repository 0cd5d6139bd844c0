"""What other sites fetch of a recommendation: social card, QR code, embed, oEmbed."""

from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.core.signing import BadSignature
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.csp import build_policy
from django.views.decorators.clickjacking import xframe_options_exempt

from recommendations.formats import oembed, page_cards, social_card
from recommendations.formats.absolute_url import permalink
from recommendations.formats.share import card, qr_file
from recommendations.models import Citation, Recommendation, Status

from .errors import gone
from .record import find

MEDIA_TYPES = {"png": "image/png", "svg": "image/svg+xml"}
FRAMED = build_policy({**settings.SECURE_CSP, "frame-ancestors": ["*"]})  # type: ignore[dict-item]
ELSEWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}  # other sites may show it


def picture(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the social card; the address with its key as `v` is good for ever."""
    entry = find(code)
    if entry.status == Status.WITHDRAWN:
        return gone(request, entry)
    drawn = card(_with_parts(entry))
    is_pinned = request.GET.get("v") == social_card.key(drawn)
    return _picture(request, drawn, f"{code}.png", is_pinned)


def page_picture(request: HttpRequest) -> HttpResponse:
    """Answer the social card of a page that is no recommendation, as its address describes it."""
    try:
        drawn = page_cards.read(request.GET.get("of", ""))
    except BadSignature as bad:
        raise Http404("No page has this picture") from bad
    return _picture(request, drawn, "tech7-recommendations.png", is_pinned=True)


def _picture(
    request: HttpRequest, drawn: social_card.Card, name: str, is_pinned: bool
) -> HttpResponse:
    """Draw a card, or take it from the folder."""
    tag = f'"{social_card.key(drawn)}"'
    response = get_conditional_response(request, etag=tag)
    if response is None:
        body = social_card.picture(drawn, settings.VAR_DIR / "cards")
        response = HttpResponse(body, content_type=MEDIA_TYPES["png"])
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={'31536000, immutable' if is_pinned else 300}"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def qr_code(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Answer the QR code of an entry's permanent address as a file."""
    entry = find(code)
    if entry.status == Status.WITHDRAWN:
        return gone(request, entry)
    body = qr_file(permalink(entry.get_absolute_url()), kind)
    headers = ELSEWHERE | {"Content-Disposition": f'attachment; filename="{code}.qr.{kind}"'}
    return HttpResponse(body, content_type=MEDIA_TYPES[kind], headers=headers)


@xframe_options_exempt
def embed(request: HttpRequest, code: str) -> HttpResponse:
    """Show a recommendation in a small page that other sites may frame."""
    entry = find(code)
    is_withdrawn = entry.status == Status.WITHDRAWN
    context = {
        "entry": entry if is_withdrawn else _with_parts(entry),
        "link": permalink(entry.get_absolute_url()),
    }
    status = 410 if is_withdrawn else 200
    response = render(request, "recommendations/embed.html", context, status=status)
    response["Content-Security-Policy"] = FRAMED
    return response


def oembed_answer(request: HttpRequest) -> HttpResponse:
    """Answer as oembed.com says: 400 without a usable query, 501 for a format, 404 for an address.

    Of a withdrawn entry it is 410, as everywhere: the entry's own page once named this address.
    """
    try:
        asked = oembed.read(request.GET)
        entry = find(oembed.code_of(asked.url))
    except oembed.Refused as refused:
        return _refusal(refused.status, str(refused))
    except Http404 as unknown:
        return _refusal(404, str(unknown))
    if entry.status == Status.WITHDRAWN:
        return _refusal(410, f"{entry.code} has been withdrawn: {entry.withdrawal_reason}")
    found = oembed.answer(_with_parts(entry), asked)
    headers = ELSEWHERE | {"Access-Control-Allow-Origin": "*"}
    if asked.format == "json":
        return JsonResponse(found, headers=headers, json_dumps_params={"ensure_ascii": False})
    root = Element("oembed")
    for name, value in found.items():
        SubElement(root, name).text = str(value)
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, content_type="text/xml; charset=utf-8", headers=headers)


def _with_parts(entry: Recommendation) -> Recommendation:
    cited = Prefetch("citations", Citation.objects.with_former())
    prefetch_related_objects([entry], cited, "themes", "source__issuers")
    for passage in entry.passages:
        passage.source = entry.source
    return entry


def _refusal(status: int, message: str) -> HttpResponse:
    return HttpResponse(f"{message}\n", status=status, content_type="text/plain; charset=utf-8")
