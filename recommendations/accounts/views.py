"""The editors' account pages, where they differ from allauth's."""

from contextlib import suppress

from allauth.account.decorators import reauthentication_required
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from .admin_guard import lacks_required_factor
from .forms import SetPasswordForm, spend
from .password_links import owner, use_link
from .recovery import codes_of, left, seal
from .sessions import end_sessions, places


def desk_sign_in(request: HttpRequest) -> HttpResponse:
    """Stand in for the admin's own sign-in page, which would ask for no second factor."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
    if not admin.site.has_permission(request):
        return render(request, "account/no_rights.html", status=403)
    return redirect("admin:index")


class Account(IndexView):
    """What is set up for signing in, and where the account is signed in."""

    template_name = "account/index.html"

    def get_context_data(self, **kwargs) -> dict:
        user, here = self.request.user, self.request.session.session_key
        facts = {"places": places(user, here), "must_set_up": lacks_required_factor(user)}
        codes = codes_of(user)
        facts["codes_left"] = left(codes) if codes else 0
        return super().get_context_data(**kwargs) | facts


class RecoveryCodes(ViewRecoveryCodesView):
    """The codes, the one time they are shown; then only their hashes are kept."""

    def get_context_data(self, **kwargs) -> dict:
        shown = super().get_context_data(**kwargs)
        held = codes_of(self.request.user)
        seal(held)
        can_view = shown["can_view_codes"] and bool(shown["unused_codes"])
        return shown | {"can_view_codes": can_view, "codes_left": left(held)}


class NewRecoveryCodes(GenerateRecoveryCodesView):
    """New codes, which end the old ones."""

    def get_context_data(self, **kwargs) -> dict:
        held = codes_of(self.request.user)
        return super().get_context_data(**kwargs) | {"unused_code_count": left(held) if held else 0}


class AddApp(ActivateTOTPView):
    """Set up an authenticator app; the code that proves it works is used up by that."""

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        with suppress(ValidationError):  # it ran out just now, so it is no good to anybody
            spend(app, form.cleaned_data["code"])
        return response


@require_POST
@login_required
@reauthentication_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign the account out at one other place, or everywhere but here."""
    here = request.session.session_key
    count = end_sessions(request.user, except_key=here, marked=request.POST.get("place", ""))
    messages.success(request, f"Other places signed out: {count}.")
    return redirect("mfa_index")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest) -> HttpResponse:
    """Let somebody choose a password by the link that an administrator made; its key goes on in the
    form alone.
    """
    key = request.POST.get("key") or request.GET.get("key", "")
    person = owner(key)
    form = SetPasswordForm(data=request.POST or None, user=person)
    if person is None or (form.is_valid() and not use_link(key, form.cleaned_data["password1"])):
        return render(request, "account/link_ended.html", status=410)
    if form.is_valid():
        messages.success(
            request, f"The password of {person.get_username()} is set. Sign in with it."
        )
        return redirect("account_login")
    return render(
        request, "account/set_password.html", {"form": form, "person": person, "key": key}
    )
