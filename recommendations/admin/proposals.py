"""Proposals at the desk: all that wait, and the page, form and preview of each."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from recommendations.editorial import conflicts, entries, proposals
from recommendations.editorial.errors import NotPublished, Outdated, Refused
from recommendations.editorial.publish import problems_of, publish, rehearsal
from recommendations.models import Recommendation, Source
from recommendations.models.proposal import Act, Decision, Proposal
from recommendations.views.recommendation_page import RecommendationPage

from .actions import (
    PROPOSE,
    address_of,
    may_publish,
    public_reason,
    publishes_at_once,
    require,
    sent,
    submit,
)
from .effects import effects, values_of
from .entry_forms import content_of, forms_of

CHANGE, VIEW = "recommendations.change_proposal", "recommendations.view_proposal"


class PublishForm(forms.Form):
    """The public reason, and whether the publisher has seen what changed meanwhile."""

    reason = public_reason("it stands in the history.")
    confirmed = forms.BooleanField(
        required=False, label="I have seen what changed since this was written"
    )


@admin.register(Proposal)
class ProposalAdmin(admin.ModelAdmin):
    """What waits to be published, newest first."""

    list_display = ["name", "act", "source_code", "decision", "written_by", "written_at"]
    list_display_links = ["name"]
    list_filter = ["act", "decision"]
    search_fields = ["title", "source__code"]
    ordering = ["-written_at", "-pk"]

    def get_queryset(self, request):
        """Leave out what is published."""
        waiting = super().get_queryset(request).filter(published_at=None)
        return waiting.select_related("source", "entry")

    def has_delete_permission(self, request, obj=None):
        """Delete nothing: a proposal is rejected."""
        return False

    def get_urls(self):
        """Add the form, the preview and the acts to the admin's addresses."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/edit/", view(edit), name="edit_proposal"),
            path("<int:pk>/preview/", view(preview), name="preview_proposal"),
            path("<int:pk>/decide/", view(decide), name="decide_proposal"),
            path("<int:pk>/publish/", view(publish_proposal), name="publish_proposal"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """Write a new entry by hand, of the declaration that the address names."""
        require(request, PROPOSE)
        code = request.GET.get("source", "")
        source = Source.objects.declarations().filter(code=code).first()
        if source is None:
            context = {
                "sources": Source.objects.declarations().defer("text"),
                "title": "Which declaration?",
                **self.admin_site.each_context(request),
            }
            return render(request, "recommendations/admin/proposal_source.html", context)
        blank = conflicts.base_on(Proposal(source=source, why="Added by an editor."))
        return entry_form(request, blank, reverse(f"{NAME}_changelist"))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show what a proposal would change, and what can be done with it."""
        require(request, VIEW)
        return page(request, find(unquote(object_id)))

    @admin.display(description="proposal", ordering="title")
    def name(self, proposal) -> str:
        return str(proposal)

    @admin.display(description="source", ordering="source__code")
    def source_code(self, proposal) -> str:
        return proposal.source.code if proposal.source else ""


NAME = "admin:recommendations_proposal"


def find(pk) -> Proposal:
    """Return a saved proposal; raises Http404."""
    if not str(pk).isdecimal() or len(str(pk)) > 18:
        raise Http404
    return get_object_or_404(Proposal.objects.select_related("source", "entry"), pk=pk)


def page(request: HttpRequest, proposal: Proposal, form: PublishForm | None = None) -> HttpResponse:
    """Show a proposal: what it changes, what stands in its way, and what changed meanwhile."""
    changed = conflicts.changes_since(proposal) if not proposal.published_at else []
    form = form or PublishForm(initial={"reason": proposal.reason})
    if not changed:
        del form.fields["confirmed"]
    context = {
        "proposal": proposal,
        "title": str(proposal),
        "form": form,
        "changed": changed,
        "problems": problems_of(request.user.get_username(), [proposal]),
        "may_publish": may_publish(request, proposal.act),
        "is_entry": proposal.act == Act.ENTRY,
        "values": values_of(proposal),
        **effects(proposal),
        **admin.site.each_context(request),
    }
    status = 409 if form.errors else 200
    return render(request, "recommendations/admin/proposal.html", context, status=status)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a proposal of an entry says."""
    require(request, CHANGE)
    proposal = find(pk)
    if proposal.act != Act.ENTRY or proposal.published_at:
        raise Http404
    return entry_form(request, proposal, address_of(proposal))


def propose_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a published entry: a proposal, which may be published at once or later."""
    require(request, PROPOSE)
    entry = get_object_or_404(Recommendation.objects.select_related("source"), pk=pk)
    proposal = entries.waiting_change(entry) or entries.change_of(entry)
    return entry_form(request, proposal, reverse(ENTRY, args=[pk]))


ENTRY = "admin:recommendations_recommendation_change"


def entry_form(request: HttpRequest, proposal: Proposal, back: str) -> HttpResponse:
    """Show the form of an entry; save what was sent, or publish it, unless somebody was faster."""
    seen = f"{proposal.revision}:{sorted(proposal.base_versions.items())}"
    form, quotes, works = every = forms_of(proposal, sent(request), seen)
    is_valid = request.method == "POST" and not [each for each in every if not each.is_valid()]
    if is_valid and form.cleaned_data["seen"] != seen:
        form.add_error(None, str(conflicts.EditConflict(proposal.pk, proposal)))
    elif is_valid:
        try:
            with transaction.atomic():
                content_of(*every).put(proposal, proposal.source.text_number)
                proposal.note = form.cleaned_data["note"]
                done = submit(request, proposal, form.cleaned_data["reason"])
        except Outdated as error:
            form.add_error(
                None, [*error.problems, "Save it as a proposal to see and confirm this."]
            )
        except NotPublished as error:
            form.add_error(None, error.problems)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            kept = proposal.pk and not Proposal.objects.get(pk=proposal.pk).published_at
            return HttpResponseRedirect(address_of(proposal) if kept else back)
    context = {
        "form": form,
        "formsets": [("Passages: paste the exact words", quotes), ("Works referred to", works)],
        "proposal": proposal,
        "publishes": publishes_at_once(request),
        "title": f"Change {proposal.entry.code}" if proposal.entry else "Write an entry",
        "back": back,
        "thing": proposal.source.code,
        **admin.site.each_context(request),
    }
    return render(request, "recommendations/admin/entry_form.html", context)


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what readers would see, made from the snapshot that publishing would write."""
    require(request, VIEW)
    proposal = find(pk)
    try:
        with rehearsal([proposal]) as versions:
            texts = Source.objects.prefetch_related("former_texts")
            source = texts.filter(pk=proposal.source_id).first()
    except Refused as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(address_of(proposal))
    if not versions or not source:
        raise Http404
    shown = RecommendationPage.from_snapshot(versions[0].snapshot, source)
    context = shown.context | {"is_preview": True, "back": address_of(proposal)}
    response = render(request, "recommendations/recommendation.html", context)
    response["Cache-Control"] = "no-store"
    return response


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject or reopen a proposal, or write the editors' note on it."""
    who, proposal = require(request, CHANGE), find(pk)
    if request.method == "POST":
        try:
            if request.POST.get("revision") != str(proposal.revision):
                raise conflicts.EditConflict(proposal.pk, proposal)
            if "reject" in request.POST:
                proposals.reject(who, proposal)
            elif "reopen" in request.POST:
                proposals.reopen(who, proposal)
            else:
                proposals.annotate(who, proposal, request.POST.get("note", ""))
        except Refused as error:
            messages.error(request, str(error))
    return HttpResponseRedirect(address_of(proposal))


def publish_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a proposal with a reason, unless something stands in the way."""
    proposal = find(pk)
    if not may_publish(request, proposal.act):
        raise PermissionDenied
    form = PublishForm(sent(request))
    if request.method != "POST":
        return HttpResponseRedirect(address_of(proposal))
    if form.is_valid():
        try:
            if request.POST.get("revision") != str(proposal.revision):
                raise conflicts.EditConflict(proposal.pk, proposal)
            if proposal.decision == Decision.REJECTED:
                raise Refused("It was rejected: reopen it first.")
            publish(request.user.get_username(), [proposal], **form.cleaned_data)
        except Outdated as error:
            form.add_error("confirmed", error.problems)
        except NotPublished as error:
            form.add_error(None, error.problems)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Published: {proposal}.")
            return HttpResponseRedirect(reverse(f"{NAME}_changelist"))
    return page(request, find(pk), form)
