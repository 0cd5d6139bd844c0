"""Acts at the desk: each page builds a proposal, and publishes it or keeps it for somebody else."""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from recommendations.editorial import approval, proposals
from recommendations.editorial.errors import NotPublished, Refused
from recommendations.editorial.publish import publish
from recommendations.models import Recommendation
from recommendations.models.proposal import Act, Proposal
from recommendations.text.positions import QuoteError

PROPOSE = "recommendations.add_proposal"
PUBLISH = "recommendations.publish_recommendation"
WITHDRAW = "recommendations.withdraw_recommendation"
CORRECT = "recommendations.correct_source"
RIGHTS = {
    Act.ENTRY: [PUBLISH],
    Act.WITHDRAW: [WITHDRAW],
    Act.MERGE: [PUBLISH, WITHDRAW],
    Act.SPLIT: [PUBLISH],
    Act.CORRECT: [CORRECT],
    Act.CHANGE: [PUBLISH],
    Act.MERGE_THEMES: [PUBLISH],
    Act.RETIRE_THEME: [PUBLISH],
}
WIDE = AdminTextInputWidget(attrs={"size": 80})


def public_reason(help_text: str, max_length: int = 300) -> forms.CharField:
    """Return a field for a public reason; `help_text` says where readers see it."""
    return forms.CharField(max_length=max_length, widget=WIDE, help_text=f"Public: {help_text}")


def require(request: HttpRequest, *permissions: str) -> str:
    """Return the name of somebody who has these permissions; raises PermissionDenied."""
    if not request.user.has_perms(permissions):
        raise PermissionDenied
    return request.user.get_username()


def may_publish(request: HttpRequest, act: str = Act.ENTRY) -> bool:
    """Tell whether somebody may publish what an act proposes."""
    return request.user.has_perms(RIGHTS[act])


def publishes_at_once(request: HttpRequest, act: str = Act.ENTRY) -> bool:
    """Tell whether somebody may publish what they write themselves."""
    return may_publish(request, act) and not approval.is_required()


def sent(request: HttpRequest) -> QueryDict | None:
    """Return the submitted form, even an empty one, or None for a GET request."""
    return request.POST if request.method == "POST" else None


def chosen(request: HttpRequest):
    """Return the entries that an address names by their keys, in the order of the list."""
    keys = [
        pk for pk in request.GET.getlist("entry") if pk.isascii() and pk.isdigit() and len(pk) < 18
    ]
    found = Recommendation.with_withdrawn.filter(pk__in=keys)
    return found.with_parts().order_by("source__code", "number")


@transaction.atomic
def submit(request: HttpRequest, proposal: Proposal, reason: str) -> str:
    """Publish a proposal, or keep it for somebody else to publish; say what was done."""
    who = request.user.get_username()
    is_kept = "propose" in request.POST or not publishes_at_once(request, proposal.act)
    proposal.reason = reason
    if is_kept or proposal.pk:
        proposals.keep(who, proposal)
    if is_kept:
        return f"Proposed: {proposal}. Readers see nothing of it until somebody publishes it."
    proposal.written_by = who
    versions = publish(who, [proposal], reason)
    codes = ", ".join(version.snapshot["code"] for version in versions)
    return f"Published: {codes}." if codes else f"Done: {proposal}."


def perform(
    request: HttpRequest,
    act: str,
    form: forms.Form,
    template: str,
    context: dict,
    propose: Callable[..., Proposal],
) -> HttpResponse:
    """Show the page of an act, and do it when its form is sent: `propose` gets the form's values.

    What refuses the act stands above the form, and nothing of it was done.
    """
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                values = dict(form.cleaned_data)
                reason = values.pop("reason")
                done = submit(request, propose(**values), reason)
        except NotPublished as error:
            form.add_error(None, error.problems)
        except (Refused, QuoteError) as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(context["back"])
    shown = {
        "form": form,
        "four_eyes": approval.is_required(),
        "publishes": publishes_at_once(request, act),
        **context,
        **admin.site.each_context(request),
    }
    return render(request, template, shown)


def address_of(proposal: Proposal) -> str:
    """Return the page of a saved proposal."""
    return reverse("admin:recommendations_proposal_change", args=[proposal.pk])
