"""Declarations: the list with the works they cite, and each full text."""

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .. import representations
from ..links import permalink
from ..models import Recommendation, Source, Status
from ..reading import read
from .errors import not_found
from .formats import alternates, answer, formats_at

IS_PUBLISHED = Q(recommendations__status=Status.PUBLISHED)


def declarations(request: HttpRequest) -> HttpResponse:
    """List every declaration, newest first, and the works that recommendations cite."""
    public = Source.objects.public().defer("text").prefetch_related("issuers")
    entries = Recommendation.objects.published().filter(citations__role__in=["refers to", "echoed in"])
    works = public.filter(text="")
    cited_by = {}
    for code, work in entries.order_by("source__code", "number").values_list("code", "citations__source").distinct():
        cited_by.setdefault(work, []).append(code)
    context = {
        "section": "declarations",
        "declarations": public.exclude(text="").annotate(count=Count("recommendations", filter=IS_PUBLISHED)),
        "works": [(work, cited_by[work.pk]) for work in works if work.pk in cited_by],
    }
    return render(request, "recommendations/declarations.html", context)


def declaration(request: HttpRequest, code: str) -> HttpResponse:
    """Show the whole text with every recommendation marked in place."""
    source = find(code)
    entries = marked(source)
    formats = formats_at(source.get_absolute_url(), representations.DECLARATION)
    formats += [
        (f"Recommendations as {each.name}", f"/recommendations.{each.extension}?source={source.code}", each.media_type)
        for each in representations.RECOMMENDATIONS.values()
        if each.is_feed
    ]
    context = {
        "section": "declarations",
        "source": source,
        "entries": entries,
        "reading": read(source, entries),
        "formers": source.former_texts.defer("text").order_by("-number") if source.text_number > 1 else [],
        "formats": formats,
    }
    return alternates(render(request, "recommendations/declaration.html", context), formats)


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
        "reading": read(source, marked(source), former),
    }
    response = render(request, "recommendations/former_text.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def declaration_as(request: HttpRequest, code: str, extension: str) -> HttpResponse:
    """Answer a declaration in another format."""
    representation = representations.DECLARATION.get(extension)
    source = find(code)
    return answer(request, representation, source, source.get_absolute_url()) if representation else not_found(request)


def marked(source: Source) -> list[Recommendation]:
    """Return the entries whose passages are marked in a text of a declaration, in its order."""
    return list(source.recommendations.published().order_by("number").prefetch_related("citations", "themes"))


def find(code: str) -> Source:
    """Return a declaration that readers may see."""
    source = Source.objects.public().declarations().filter(code=code).first()
    if source is None:
        raise Http404(f"There is no declaration {code}")
    return source
