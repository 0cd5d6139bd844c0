"""One recommendation: its page, its formats and its versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from recommendations.formats import RECOMMENDATION
from recommendations.models import Citation, FormerText, Recommendation, Status, Theme, Version
from recommendations.search import facets
from recommendations.search.query_errors import BadSelection, Problem
from recommendations.text.diff import Comparison, compare_snapshots

from .cards import card
from .errors import gone
from .recommendation_page import RecommendationPage
from .responses import answer, formats_at, link, with_alternates

RELATED = 3


@dataclass(frozen=True)
class LeftBehind:
    """A former text that alone holds some quotes, and whether the present one has their words."""

    text: FormerText
    is_held: bool


@dataclass(frozen=True)
class Step:
    """A version, and what changed since the one before, if any."""

    version: Version
    since: Comparison | None
    previous: Version | None


def recommendation(request: HttpRequest, code: str) -> HttpResponse:
    """Show one recommendation: its words, their place, how to cite it, and where to go next."""
    versions = editions(code)
    entry = versions[0].recommendation
    if entry.status == Status.WITHDRAWN:
        return gone(request, entry)
    context = page(entry, versions)
    response = render(request, "recommendations/recommendation.html", context)
    # RFC 8574, section 3.2: of a page that shows the current version, the address to cite is that
    # of the version.
    link(response, context["record"]["URL"], rel="cite-as")
    return with_alternates(response, context["formats"])


def page(entry: Recommendation, versions: Sequence[Version]) -> dict:
    """Return what the page of an entry shows: the entry, its neighbours and related entries."""
    index = facets.current()
    before, after = index.neighbours(entry.source_id, entry.number)
    # a tag says twice as much as a theme
    alike = index.related(entry.pk, {"theme": 1, "tag": 2}, RELATED)
    entries = Recommendation.objects.select_related("source").defer("source__text")
    others = entries.in_bulk([*before[-1:], *after[:1], *alike])
    related = [others[key] for key in alike if key in others]
    fetch_parts(entry, related)
    icons = {theme.slug: theme.sign for theme in entry.themes.all()}
    shown = RecommendationPage.from_snapshot(
        entry.snapshot(), entry.source, versions[0].number, icons
    )
    return shown.context | {
        "pk": entry.pk,
        "left": left_behind(entry),
        "place": len(before) + 1,
        "total": len(before) + 1 + len(after),
        "previous": others.get(before[-1]) if before else None,
        "next": others.get(after[0]) if after else None,
        "related": [(card(other), shared(entry, other)) for other in related],
        "versions": versions,
        "formats": formats_at(entry.get_absolute_url(), RECOMMENDATION),
    }


def recommendation_as(request: HttpRequest, code: str, extension: str) -> HttpResponseBase:
    """Answer one recommendation in another format."""
    entry = find(code)
    if extension not in RECOMMENDATION:
        raise Http404(f"There is no format {extension} of a recommendation")
    if entry.status == Status.WITHDRAWN:
        return gone(request, entry)
    return answer(request, RECOMMENDATION[extension], entry, entry.get_absolute_url())


def left_behind(entry: Recommendation) -> list[LeftBehind]:
    """Return the former texts that quotes of an entry were left behind with."""
    orphans = [passage for passage in entry.passages if passage.is_orphan]
    if not orphans:
        return []
    numbers = {orphan.text_number for orphan in orphans}
    held = {orphan.text_number for orphan in orphans if orphan.quote in entry.source.text}
    formers = entry.source.former_texts.filter(number__in=numbers).defer("text")
    return [LeftBehind(former, former.number in held) for former in formers]


def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show what the page said at one publication, or what changed between two."""
    entry = find(code)
    versions = {version.number: version for version in entry.versions.all()}
    if number not in versions:
        raise Http404(f"{code} has no version {number}.")
    shown, every = versions[number], list(versions.values())
    context = {"entry": entry, "version": shown, "steps": steps(every)}
    if "compare" not in request.GET:
        icons = dict(Theme.objects.values_list("slug", "sign"))
        page = RecommendationPage.from_snapshot(shown.snapshot, entry.source, number, icons)
        return render(request, "recommendations/version.html", context | {"page": page})
    asked = request.GET.getlist("compare")
    others = {str(other): other for other in versions if other != number}
    if len(asked) > 1 or asked[0] not in others:
        raise BadSelection([incomparable(versions[number], asked, list(others.values()))])
    old, new = sorted([number, others[asked[0]]])
    comparison = compare_snapshots(versions[old].snapshot, versions[new].snapshot)
    context |= {"old": versions[old], "new": versions[new], "comparison": comparison}
    return render(request, "recommendations/comparison.html", context)


def steps(versions: list[Version]) -> list[Step]:
    """Say of each version what changed since the one before."""
    found = [Step(versions[0], None, None)]
    for old, new in pairwise(versions):
        found.append(Step(new, compare_snapshots(old.snapshot, new.snapshot), old))
    return found


def incomparable(version: Version, asked: list[str], others: list[int]) -> Problem:
    """Say why a version cannot be compared as asked, and what it can be compared with."""
    address, name = version.get_absolute_url(), f"version {version.number}"
    if len(asked) > 1:
        message = f"“compare” is given {len(asked)} times: {name} is compared with one other."
    elif asked[0] == str(version.number):
        message = f"{name.capitalize()} cannot be compared with itself."
    else:
        message = f"There is no version “{asked[0][:50]}” to compare {name} with."
    if not others:
        return Problem("compare", message, "Read the only version", address)
    near = max([other for other in others if other < version.number] or others)
    return Problem("compare", message, f"Compare with version {near}", f"{address}?compare={near}")


def find(code: str) -> Recommendation:
    """Return an entry, published or withdrawn."""
    entries = Recommendation.with_withdrawn.select_related("source", "replaced_by")
    entry = entries.filter(code=code).first()
    if entry is None:
        raise Http404(f"There is no recommendation {code}")
    return entry


def editions(code: str) -> list[Version]:
    """Return every version of an entry, newest first, each with the entry and its source."""
    parts = ["recommendation__source", "recommendation__replaced_by"]
    versions = Version.objects.filter(recommendation__code=code).order_by("-number")
    if not (found := list(versions.select_related(*parts).defer("snapshot"))):
        raise Http404(f"There is no recommendation {code}")
    return found


def fetch_parts(entry: Recommendation, related: list[Recommendation]) -> None:
    """Fetch what the page shows of these entries, one query for each kind of thing."""
    citations = Citation.objects.with_former().select_related("source").defer("source__text")
    cited = Prefetch("citations", citations)
    prefetch_related_objects([entry, *related], cited, "themes", "tags", "addressees")
    for passage in entry.passages:
        passage.source = entry.source  # one object for one source, so that issuers come once
    prefetch_related_objects(list(entry.citations.all()), "source__issuers")


def shared(entry: Recommendation, other: Recommendation) -> str:
    """Say why two entries are related: the themes and tags that both have."""
    themes = {theme.pk for theme in entry.themes.all()}
    tags = {tag.pk for tag in entry.tags.all()}
    same = [theme.label for theme in other.themes.all() if theme.pk in themes]
    same += [tag.name for tag in other.tags.all() if tag.pk in tags]
    return ", ".join(same)
