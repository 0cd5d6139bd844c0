"""The audit trail in the admin: each change is recorded in its own transaction."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join

from recommendations.editorial.audit import note, state
from recommendations.models import Change

A_PAGE = 50
PEOPLE = ("user", "group")


@dataclass(frozen=True)
class Difference:
    """What one field said before and after a change."""

    field: str
    before: str
    after: str


def differences(change: Change) -> list[Difference]:
    """Return the fields that a change changed, in words."""
    before, after = change.before or {}, change.after or {}
    changed = [field for field in before | after if before.get(field) != after.get(field)]
    return [
        Difference(field.replace("_", " "), in_words(before.get(field)), in_words(after.get(field)))
        for field in changed
    ]


def in_words(value: object) -> str:
    """Write a value of a description for a person: one line for each of several things."""
    if isinstance(value, list):
        return "\n".join(in_words(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {in_words(each)}" for key, each in value.items())
    return "" if value is None else str(value)


class AuditedAdmin(admin.ModelAdmin):
    """Records what is added, changed and deleted, and shows the record as each object's history."""

    def save_model(self, request, obj, form, change):
        """Remember what the thing was, before anything of it is saved."""
        request.before = state(obj) if change else None
        request.reason = form.cleaned_data.get("reason", "")
        super().save_model(request, obj, form, change)

    def log_addition(self, request, obj, message):
        """Record an addition; Django calls this last, in the transaction of the form."""
        note(request.user.get_username(), "add", obj, None, state(obj))

    def log_change(self, request, obj, message):
        """Record a change, if anything did change."""
        after = state(obj)
        if request.before != after:
            note(request.user.get_username(), "change", obj, request.before, after, request.reason)

    def log_deletions(self, request, queryset):
        """Record nothing here, where Django holds no transaction open: the two methods below do."""

    @transaction.atomic
    def delete_model(self, request, obj):
        """Record the deletion of one thing."""
        note(request.user.get_username(), "delete", obj, state(obj), None)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        """Record the deletion of several things."""
        for thing in queryset:
            note(request.user.get_username(), "delete", thing, state(thing), None)
        super().delete_queryset(request, queryset)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context=None
    ) -> HttpResponse:
        """Show the record of one thing, the newest change first."""
        thing = self.get_object(request, unquote(object_id))
        if thing is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied
        changes = Change.objects.filter(kind=self.opts.model_name, object_id=str(thing.pk))
        page = self.get_paginator(request, changes, A_PAGE).get_page(request.GET.get(PAGE_VAR))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {thing}",
            "changes": [(change, differences(change)) for change in page],
            "page": page,
            "page_var": PAGE_VAR,
            "object": thing,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return render(request, "recommendations/admin/record.html", context)


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    """The whole record, to read: nobody adds to it, changes it or deletes from it."""

    list_display = ["moment", "who", "act", "kind", "label", "reason"]
    list_filter = ["act", "kind", "who", "moment"]
    search_fields = ["label", "reason", "who"]
    search_help_text = "Code, name, reason or person"
    show_full_result_count = False
    fields = ["moment", "who", "act", "kind", "label", "reason", "what_changed"]
    readonly_fields = ["what_changed"]

    def get_queryset(self, request):
        """Leave out what is on record of people, for those who may not see people."""
        changes = super().get_queryset(request)
        return (
            changes if request.user.has_perm("auth.view_user") else changes.exclude(kind__in=PEOPLE)
        )

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def history_view(self, request, object_id, extra_context=None):
        """Answer that a record has no history."""
        raise PermissionDenied

    @admin.display(description="what changed")
    def what_changed(self, change) -> str:
        """Show each field before and after."""
        rows = ((each.field, each.before or "–", each.after or "–") for each in differences(change))
        head = format_html("<tr><th>{}</th><th>{}</th><th>{}</th></tr>", "field", "before", "after")
        body = format_html_join("", '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>', rows)
        return format_html(
            '<table class="differences"><thead>{}</thead><tbody>{}</tbody></table>', head, body
        )
