"""What needs care, as a page: each line says what to do and leads there."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator

from recommendations.editorial import worklist

from .actions import address_of, require


def page(request: HttpRequest) -> HttpResponse:
    """Show everything that needs care, with the way to each."""
    require(request, "recommendations.view_recommendation")
    items = [
        (item, [LINES[item.name](thing) for thing in item.things]) for item in worklist.work_items()
    ]
    context = {
        "items": items,
        "total": sum(item.count for item, _lines in items),
        "title": "What needs care",
    }
    return render(
        request, "recommendations/admin/care.html", context | admin.site.each_context(request)
    )


def entry_line(entry) -> tuple[str, str, str]:
    """Return what to call an entry, a remark and the way to it."""
    return (
        str(entry),
        entry.status,
        reverse("admin:recommendations_recommendation_change", args=[entry.pk]),
    )


def change_line(proposal) -> tuple[str, str, str]:
    """Lead to a proposal that changes what readers see."""
    return str(proposal), proposal.written_by, address_of(proposal)


def proposal_line(source) -> tuple[str, str, str]:
    """Lead to the review of a declaration."""
    parts = [(source.to_decide, "to decide on"), (source.to_publish, "to publish")]
    remark = ", ".join(f"{count} {what}" for count, what in parts if count)
    return str(source), remark, reverse("admin:review_source", args=[source.pk])


def intake_line(intake) -> tuple[str, str, str]:
    """Lead to an intake."""
    return (
        str(intake),
        intake.created_by,
        reverse("admin:recommendations_intake_change", args=[intake.pk]),
    )


def orphan_line(citation) -> tuple[str, str, str]:
    """Lead to the entry of a quote that was left behind."""
    name, _status, _address = entry_line(citation.recommendation)
    address = reverse("admin:propose_change", args=[citation.recommendation_id])
    return name, f"“{Truncator(citation.quote).chars(120)}”", address


def work_line(source) -> tuple[str, str, str]:
    """Lead to a cited work."""
    return (
        str(source),
        source.kind,
        reverse("admin:recommendations_source_change", args=[source.pk]),
    )


def chain_line(entry) -> tuple[str, str, str]:
    """Lead to an entry whose replacement was withdrawn."""
    name, _status, address = entry_line(entry)
    return name, f"replaced by {entry.replaced_by.code}, itself withdrawn", address


LINES = {
    "changes": change_line,
    "proposals": proposal_line,
    "intakes": intake_line,
    "themeless": entry_line,
    "orphans": orphan_line,
    "works": work_line,
    "chains": chain_line,
}
