"""Declarations: the list with the works they cite, and each full text."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from recommendations.formats import DECLARATION, RECOMMENDATIONS
from recommendations.formats.absolute_url import permalink
from recommendations.models import Recommendation, Source
from recommendations.models.citation import Role
from recommendations.search import facets
from recommendations.search.query_errors import BadSelection, Problem

from .annotated_text import annotate
from .pager import Pager
from .responses import answer, formats_at, with_alternates

PAGE_SIZE = 50
CITING = 20  # entries that a work is shown to be cited by


def declarations(request: HttpRequest) -> HttpResponse:
    """List the declarations, newest first, and on the first page the works that entries cite."""
    public = Source.objects.public().defer("text").prefetch_related("issuers")
    asked = request.GET.get("page", "1")
    try:
        page = Paginator(public.declarations(), PAGE_SIZE).page(asked if asked.isascii() else "")
    except InvalidPage as invalid:
        message = f"There is no page “{asked[:50]}” of declarations."
        problem = Problem("page", message, "Go to the first page", page_url(1))
        raise BadSelection([problem]) from invalid
    counts = facets.current().totals["source"]
    for source in page:
        source.count = counts[source.code]
    context = {
        "section": "declarations",
        "canonical": permalink(page_url(page.number)),
        "pager": Pager(page, page_url),
        "works": cited(public.filter(text="")) if page.number == 1 else [],
    }
    return render(request, "recommendations/declarations.html", context)


def page_url(number: int) -> str:
    """Return the path of a page of declarations."""
    return f"{reverse('declarations')}?page={number}" if number > 1 else reverse("declarations")


def cited(works: Iterable[Source]) -> list[tuple[Source, list[str], int]]:
    """Return works with the first entries that cite each, by code, and how many more do."""
    entries = Recommendation.objects.filter(citations__role=Role.REFERS_TO)
    citing = defaultdict(list)
    for code, work in (
        entries.order_by("source__code", "number")
        .values_list("code", "citations__source")
        .distinct()
    ):
        citing[work].append(code)
    found = [(work, citing[work.pk]) for work in works if work.pk in citing]
    return [(work, codes[:CITING], len(codes[CITING:])) for work, codes in found]


def declaration(request: HttpRequest, code: str) -> HttpResponse:
    """Show the whole text with every recommendation marked in place."""
    source = find(code)
    entries = marked(source)
    formats = formats_at(source.get_absolute_url(), DECLARATION)
    formats += [
        (
            f"Recommendations as {each.name}",
            f"/recommendations.{each.extension}?source={source.code}",
            each.media_type,
        )
        for each in RECOMMENDATIONS.values()
        if each.is_feed
    ]
    context = {
        "section": "declarations",
        "source": source,
        "entries": entries,
        "annotated": annotate(source, entries),
        "formers": source.former_texts.defer("text").order_by("-number")
        if source.text_number > 1
        else [],
        "formats": formats,
    }
    return with_alternates(render(request, "recommendations/declaration.html", context), formats)


def former_text(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show a text that a correction replaced, with the passages marked that only it holds."""
    source = find(code)
    if number == source.text_number:
        return redirect(source)
    former = source.former_texts.filter(number=number).first()
    if former is None:
        raise Http404(f"There is no text {number} of {code}")
    context = {
        "section": "declarations",
        "canonical": permalink(source.get_absolute_url()),
        "source": source,
        "former": former,
        "annotated": annotate(source, marked(source), former),
    }
    response = render(request, "recommendations/former_text.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def declaration_as(request: HttpRequest, code: str, extension: str) -> HttpResponseBase:
    """Answer a declaration in another format."""
    source = find(code)
    if extension not in DECLARATION:
        raise Http404
    return answer(request, DECLARATION[extension], source, source.get_absolute_url())


def marked(source: Source) -> list[Recommendation]:
    """Return the entries whose passages are marked in a text of a declaration, in its order."""
    return list(source.recommendations.order_by("number").prefetch_related("citations", "themes"))


def find(code: str) -> Source:
    """Return a declaration that readers may see."""
    source = Source.objects.public().declarations().filter(code=code).first()
    if source is None:
        raise Http404(f"There is no declaration {code}")
    return source
