"""One recommendation: its page, its formats, its versions, and what is left when it was withdrawn."""

from collections.abc import Sequence

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from .. import citations, representations
from ..cards import card
from ..declaration import Passage
from ..links import permalink
from ..models import Citation, Recommendation, Status, Version
from ..reading import excerpt
from ..sharing import sharing
from ..textmap import draw
from .errors import gone, not_found
from .formats import alternates, answer, formats_at, link

RELATED = 3
LONG = 220  # characters; a longer quote is set smaller


def recommendation(request: HttpRequest, code: str) -> HttpResponse:
    """Show one recommendation: its words, their place, how to cite it, and where to go next."""
    versions = editions(code)
    entry = versions[0].recommendation
    if entry.status == Status.WITHDRAWN:
        return gone(request, entry)
    context = page(entry, versions)
    response = render(request, "recommendations/recommendation.html", context)
    # RFC 8574, section 3.2: of a page that shows the current version, the address to cite is that of the version.
    link(response, context["record"]["URL"], rel="cite-as")
    return alternates(response, context["formats"])


def page(entry: Recommendation, versions: Sequence[Version] = ()) -> dict:
    """Return what the page of an entry shows; of one that was never published, what it would show."""
    siblings = entry.source.recommendations.published().order_by("number").only("code", "number", "title", "source")
    before = [other for other in siblings if other.number < entry.number]
    after = [other for other in siblings if other.number > entry.number]
    related = list(Recommendation.objects.related_to(entry).select_related("source").defer("source__text")[:RELATED])
    fetch_parts(entry, related)
    passages, address = entry.passages, permalink(entry.get_absolute_url())
    record = citations.csl(entry, address, versions[0].number if versions else None)
    return {
        "entry": entry,
        "record": record,
        "sharing": sharing(entry, record),
        "passages": passages,
        "paragraphs": list(dict.fromkeys(passage.paragraph for passage in passages)),
        "is_long": sum(len(passage.quote) for passage in passages) > LONG,
        "description": " ".join(passage.words for passage in passages),
        "place": len(before) + 1,
        "total": len(before) + 1 + len(after),
        "previous": before[-1] if before else None,
        "next": after[0] if after else None,
        "excerpt": excerpt(entry.source, entry),
        "picture": draw(entry.source.text, [Passage(p.start, p.end, entry.code) for p in passages]),
        "related": [(card(other), shared(entry, other)) for other in related],
        "versions": versions,
        "citation": citations.forms(record),
        "formats": formats_at(entry.get_absolute_url(), representations.RECOMMENDATION),
    }


def recommendation_as(request: HttpRequest, code: str, extension: str) -> HttpResponse:
    """Answer one recommendation in another format."""
    representation = representations.RECOMMENDATION.get(extension)
    entry = find(code)
    if representation is None:
        return not_found(request)
    if entry.status == Status.WITHDRAWN:
        return gone(request, entry)
    return answer(request, representation, entry, entry.get_absolute_url())


def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show what the page said at one publication."""
    entry = find(code)
    versions = {version.number: version for version in entry.versions.all()}
    if number not in versions:
        raise Http404(f"{code} has no version {number}.")
    context = {"entry": entry, "version": versions[number], "versions": list(versions.values())}
    return render(request, "recommendations/version.html", context)


def find(code: str) -> Recommendation:
    """Return an entry that was ever published; a draft answers like a code that never existed."""
    entry = (
        Recommendation.objects.exclude(published_at=None)
        .select_related("source", "replaced_by")
        .filter(code=code)
        .first()
    )
    if entry is None:
        raise Http404(f"There is no recommendation {code}")
    return entry


def editions(code: str) -> list[Version]:
    """Return every version of an entry that was ever published, newest first, each with the entry and its source."""
    parts = ["recommendation__source", "recommendation__replaced_by"]
    versions = Version.objects.filter(recommendation__code=code).select_related(*parts).defer("snapshot")
    if not (found := list(versions.order_by("-number"))):
        raise Http404(f"There is no recommendation {code}")
    return found


def fetch_parts(entry: Recommendation, related: list[Recommendation]) -> None:
    """Fetch what the page shows of these entries, one query for each kind of thing."""
    cited = Prefetch("citations", Citation.objects.select_related("source").defer("source__text"))
    prefetch_related_objects([entry, *related], cited, "themes", "tags")
    for passage in entry.passages:
        passage.source = entry.source  # one object for one source, so that its issuers come with those of the works
    prefetch_related_objects(entry.citations.all(), "source__issuers")
    prefetch_related_objects([entry], "addressees")


def shared(entry: Recommendation, other: Recommendation) -> str:
    """Say why two entries are related: the themes and tags that both have."""
    themes = {theme.pk for theme in entry.themes.all()}
    tags = {tag.pk for tag in entry.tags.all()}
    same = [theme.label for theme in other.themes.all() if theme.pk in themes]
    same += [tag.name for tag in other.tags.all() if tag.pk in tags]
    return ", ".join(same)
