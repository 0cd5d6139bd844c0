"""Users and groups. Nobody types another person's password: a link lets each choose their own."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from recommendations.accounts.password_links import make_link

from .history import AuditedAdmin

LINK = "recommendations/admin/password_link.html"
LINK_MADE = "recommendations/admin/password_link_made.html"

admin.site.unregister([User, Group])


class PersonForm(forms.ModelForm):
    """A new account: its name, and no password yet."""

    class Meta:
        model = User
        fields = ("username",)
        field_classes = {"username": UsernameField}

    def clean_username(self) -> str:
        """Refuse a name that differs from another's in capitals alone."""
        name = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError("Somebody has this name already.", code="unique")
        return name


class AdministratorsOnly:
    """Opens to superusers alone: whoever changes accounts can make themselves one."""

    def has_module_permission(self, request) -> bool:
        return self.has_permission(request)

    def has_view_permission(self, request, obj=None) -> bool:
        return self.has_permission(request)

    def has_add_permission(self, request, obj=None) -> bool:
        return self.has_permission(request)

    def has_change_permission(self, request, obj=None) -> bool:
        return self.has_permission(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.has_permission(request)

    def has_permission(self, request) -> bool:
        """Tell whether somebody may see and change accounts."""
        return request.user.is_active and request.user.is_superuser


@admin.register(User)
class PersonAdmin(AdministratorsOnly, AuditedAdmin, UserAdmin):
    """People; a password is set by its owner, with a link that an administrator passes on."""

    add_form = PersonForm
    add_fieldsets = ((None, {"fields": ("username",)}),)

    def save_model(self, request, obj, form, change):
        """Give a new account a password that nobody has."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None) -> HttpResponse:
        """Show the link for the new account, where Django would lead on."""
        return self.shown_link(request, obj)

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002
        form_url: str = "",
    ) -> HttpResponse:
        """Make a link to set a new password, in place of Django's own form."""
        person = self.get_object(request, unquote(id))
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person is None:
            raise Http404
        if person == request.user:
            return redirect("account_change_password")
        if request.method == "POST":
            return self.shown_link(request, person)
        return self.page(request, person, LINK, "Make a link for a new password")

    def shown_link(self, request: HttpRequest, person: User) -> HttpResponse:
        """Make a link and answer with the one page that shows it."""
        link = request.build_absolute_uri(make_link(request.user.get_username(), person))
        return self.page(
            request, person, LINK_MADE, f"A link for {person.get_username()}", link=link
        )

    def page(
        self, request: HttpRequest, person: User, template: str, title: str, **context
    ) -> HttpResponse:
        """Render a page about somebody's link."""
        back = reverse("admin:auth_user_change", args=[person.pk])
        shown = {
            "person": person,
            "title": title,
            "back": back,
            "thing": person,
            "form": forms.Form(),
            **context,
        }
        return render(request, template, shown | self.admin_site.each_context(request))


@admin.register(Group)
class AuditedGroupAdmin(AdministratorsOnly, AuditedAdmin, GroupAdmin):
    """Groups and what they may do."""
