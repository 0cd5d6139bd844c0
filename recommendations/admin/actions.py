"""Publishing, withdrawing and previewing: explicit acts, each with its own permission and
a reason.
"""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from recommendations.editorial import approval
from recommendations.editorial.audit import recorded
from recommendations.editorial.merge_errors import Refused
from recommendations.models import Recommendation, Unpublishable
from recommendations.text.positions import QuoteError
from recommendations.views.record import page

PUBLISH = "recommendations.publish_recommendation"
WITHDRAW = "recommendations.withdraw_recommendation"
LIST = "admin:recommendations_recommendation_changelist"


class PublishForm(forms.Form):
    """The public reason."""

    reason = forms.CharField(
        max_length=300, initial="First publication.", help_text="Public: it stands in the history."
    )


class WithdrawForm(forms.Form):
    """The public reason, and the code of the entry to use instead."""

    reason = forms.CharField(
        max_length=300, help_text="Public: the entry's address shows it from now on."
    )
    replaced_by = forms.CharField(
        required=False,
        label="Use instead",
        help_text="The code of a published entry, such as PARIS-2025-4. Readers are led to it.",
        widget=AdminTextInputWidget(attrs={"list": "codes"}),
    )

    def clean_replaced_by(self) -> Recommendation | None:
        """Find the entry by its code, however its letters are written."""
        code = self.cleaned_data["replaced_by"].upper()
        found = Recommendation.objects.published().filter(code=code).first()
        if code and found is None:
            raise ValidationError(f"There is no published entry {code}.")
        return found


def require(request: HttpRequest, *permissions: str) -> str:
    """Return the name of somebody who has these permissions; raises PermissionDenied."""
    if not request.user.has_perms(permissions):
        raise PermissionDenied
    return request.user.get_username()


def may_publish(request: HttpRequest) -> bool:
    """Tell whether somebody may publish."""
    return request.user.has_perm(PUBLISH)


def sent(request: HttpRequest) -> QueryDict | None:
    """Return the form that was sent, even an empty one, or None where the page is only
    looked at.
    """
    return request.POST if request.method == "POST" else None


def chosen(request: HttpRequest):
    """Return the entries that an address names by their keys, in the order of the list."""
    keys = [
        pk for pk in request.GET.getlist("entry") if pk.isascii() and pk.isdigit() and len(pk) < 18
    ]
    return (
        Recommendation.objects.filter(pk__in=keys).with_parts().order_by("source__code", "number")
    )


def perform(
    request: HttpRequest, form: forms.Form, template: str, context: dict, do: Callable[..., str]
):
    """Show the page of an act, and do it when its form is sent: `do` gets the form's values and
    says what was done.

    What refuses the act stands above the form, and nothing of it was done.
    """
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                done = do(**form.cleaned_data)
        except (Unpublishable, Refused, QuoteError) as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(context.get("next") or context["back"])
    shown = {
        "form": form,
        "four_eyes": approval.is_required(),
        **context,
        **admin.site.each_context(request),
    }
    return render(request, template, shown)


def publish(request: HttpRequest) -> HttpResponse:
    """Publish the chosen entries with a reason: all of them, or none and why."""
    who, entries = require(request, PUBLISH), list(chosen(request))

    def do(reason: str) -> str:
        if not entries:
            raise Refused("No entry was chosen.")
        for entry in entries:
            approval.check(who, entry)
            with recorded(who, "publish", entry, reason):
                entry.publish(reason)
        return f"Published: {', '.join(entry.code for entry in entries)}."

    context = {
        "entries": entries,
        "title": "Publish",
        "back": reverse(LIST),
        "thing": "Recommendations",
    }
    return perform(
        request, PublishForm(sent(request)), "recommendations/admin/publish.html", context, do
    )


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a published entry with a reason; its address says so from now on."""
    who = require(request, WITHDRAW)
    entry = get_object_or_404(Recommendation.objects.published(), pk=pk)

    def do(reason: str, replaced_by: Recommendation | None) -> str:
        with recorded(who, "withdraw", entry, reason):
            entry.withdraw(reason, replaced_by)
        return f"{entry.code} is withdrawn."

    context = {
        "entry": entry,
        "title": f"Withdraw {entry.code}",
        "back": reverse(LIST),
        "thing": "Recommendations",
    }
    context["others"] = (
        Recommendation.objects.published().filter(source=entry.source_id).exclude(pk=pk)
    )
    return perform(
        request, WithdrawForm(sent(request)), "recommendations/admin/withdraw.html", context, do
    )


def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a proposal of a published entry, so that one person changes it and another publishes the
    change.
    """
    who = require(request, "recommendations.add_proposal")
    entry = get_object_or_404(Recommendation.objects.published().select_related("source"), pk=pk)

    def do() -> str:
        approval.propose_change(who, entry)
        return f"Change {entry.code} here; somebody else publishes the change."

    review = reverse("admin:review_source", args=[entry.source_id])
    context = {
        "entry": entry,
        "title": f"Propose a change of {entry.code}",
        "thing": "Recommendations",
    }
    context |= {
        "back": reverse("admin:recommendations_recommendation_change", args=[pk]),
        "next": review,
    }
    return perform(
        request, forms.Form(sent(request)), "recommendations/admin/propose.html", context, do
    )


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an unpublished entry as readers would see it, to editors only."""
    require(request, "recommendations.view_recommendation")
    entry = get_object_or_404(Recommendation.objects.select_related("source"), pk=pk)
    response = render(
        request, "recommendations/recommendation.html", page(entry) | {"is_preview": True}
    )
    response["Cache-Control"] = "no-store"
    return response
