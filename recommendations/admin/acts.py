"""Publishing, withdrawing and previewing: explicit acts, each with its own permission and a reason."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from ..models import Recommendation, Unpublishable
from ..views.record import page

PUBLISH = "recommendations.publish_recommendation"
WITHDRAW = "recommendations.withdraw_recommendation"


class PublishForm(forms.Form):
    """The public reason."""

    reason = forms.CharField(
        max_length=300, initial="First publication.", help_text="Public: it stands in the history."
    )


class WithdrawForm(forms.Form):
    """The public reason, and the entry to use instead."""

    reason = forms.CharField(max_length=300, help_text="Public: the entry's address shows it from now on.")
    replaced_by = forms.ModelChoiceField(
        Recommendation.objects.published(),
        required=False,
        label="Use instead",
        widget=AutocompleteSelect(Recommendation._meta.get_field("replaced_by"), admin.site),
    )


def may_publish(request: HttpRequest) -> bool:
    """Tell whether somebody may publish."""
    return request.user.has_perm(PUBLISH)


def publish(request: HttpRequest) -> HttpResponse:
    """Publish the chosen entries with a reason: all of them, or none and why."""
    if not may_publish(request):
        raise PermissionDenied
    chosen = [pk for pk in request.GET.getlist("entry") if pk.isascii() and pk.isdigit() and len(pk) < 18]
    entries = list(Recommendation.objects.filter(pk__in=chosen).with_parts().order_by("source__code", "number"))
    form = PublishForm(request.POST or None)
    if request.method == "POST" and entries and form.is_valid():
        try:
            with transaction.atomic():
                for entry in entries:
                    version = entry.publish(form.cleaned_data["reason"])
                    record(request, entry, f"Published version {version.number}: {version.reason}")
        except Unpublishable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Published: {', '.join(entry.code for entry in entries)}.")
            return HttpResponseRedirect(reverse("admin:recommendations_recommendation_changelist"))
    context = {"entries": entries, "form": form, "title": "Publish", **admin.site.each_context(request)}
    return render(request, "recommendations/admin/publish.html", context)


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a published entry with a reason; its address says so from now on."""
    if not request.user.has_perm(WITHDRAW):
        raise PermissionDenied
    entry = get_object_or_404(Recommendation.objects.published(), pk=pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                entry.withdraw(form.cleaned_data["reason"], form.cleaned_data["replaced_by"])
                record(request, entry, f"Withdrawn: {entry.withdrawal_reason}")
        except Unpublishable as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{entry.code} is withdrawn.")
            return HttpResponseRedirect(reverse("admin:recommendations_recommendation_changelist"))
    context = {"entry": entry, "form": form, "title": f"Withdraw {entry.code}", **admin.site.each_context(request)}
    return render(request, "recommendations/admin/withdraw.html", context)


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an unpublished entry as readers would see it, to editors only."""
    if not request.user.has_perm("recommendations.view_recommendation"):
        raise PermissionDenied
    entry = get_object_or_404(Recommendation.objects.select_related("source"), pk=pk)
    response = render(request, "recommendations/recommendation.html", page(entry) | {"is_preview": True})
    response["Cache-Control"] = "no-store"
    return response


def record(request: HttpRequest, entry: Recommendation, message: str) -> None:
    """Put an act on record: who, when, what."""
    LogEntry.objects.create(
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(entry),
        object_id=str(entry.pk),
        object_repr=str(entry)[:200],
        action_flag=CHANGE,
        change_message=message,
    )
