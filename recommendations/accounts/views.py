"""The account pages that differ from allauth's own."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from .admin_guard import lacks_required_factor
from .forms import SetPasswordForm, use_once
from .password_links import owner, use_link
from .recovery import codes_left, replace_by_hashes
from .sessions import active_sessions, end_sessions


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Replace the admin's own sign-in page, which asks for no second factor."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
    if not admin.site.has_permission(request):
        return render(request, "account/no_rights.html", status=403)
    return redirect("admin:index")


class Account(IndexView):
    """The account's second factors and sessions."""

    template_name = "account/index.html"

    def get_context_data(self, **kwargs) -> dict:
        user, here = self.request.user, self.request.session.session_key
        return super().get_context_data(**kwargs) | {
            "sessions": active_sessions(user, here),
            "codes_left": codes_left(user),
            "must_set_up": lacks_required_factor(user),
        }


class RecoveryCodes(ViewRecoveryCodesView):
    """The recovery codes, shown once; then only their hashes are kept."""

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        replace_by_hashes(user.authenticator_set.get(type=Authenticator.Type.RECOVERY_CODES))
        shown = context["can_view_codes"] and bool(context["unused_codes"])
        return context | {"can_view_codes": shown, "codes_left": codes_left(user)}


class AddApp(ActivateTOTPView):
    """Adding an authenticator app; the code typed here does not sign in afterwards."""

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        use_once(Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP))
        return response


@require_POST
@login_required
@reauthentication_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign the account out of one other session, or of all."""
    here = request.session.session_key
    count = end_sessions(request.user, except_key=here, digest=request.POST.get("session", ""))
    messages.success(request, f"Signed out of {count} other session{'' if count == 1 else 's'}.")
    return redirect("mfa_index")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest) -> HttpResponse:
    """Let somebody choose a password by a link from an administrator."""
    key = request.POST.get("key") or request.GET.get("key", "")
    person = owner(key)
    form = SetPasswordForm(data=request.POST or None, user=person)
    if person is None or (form.is_valid() and not use_link(key, form.cleaned_data["password1"])):
        return render(request, "account/link_ended.html", status=410)
    if form.is_valid():
        messages.success(request, f"Password set for {person.get_username()}. You can sign in now.")
        return redirect("account_login")
    return render(
        request, "account/set_password.html", {"form": form, "person": person, "key": key}
    )
