"""The editors' account pages, where they differ from allauth's."""

from contextlib import suppress

from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from .forms import spend
from .gate import lacks_required_factor
from .sessions import end_sessions, sessions_of


def desk_sign_in(request: HttpRequest) -> HttpResponse:
    """Stand in for the admin's own sign-in page, which would ask for no second factor."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
    if not admin.site.has_permission(request):
        return render(request, "account/no_rights.html", status=403)
    return redirect("admin:index")


class Account(IndexView):
    """What is set up for signing in, and where else the account is signed in."""

    template_name = "account/index.html"

    def get_context_data(self, **kwargs) -> dict:
        others = set(sessions_of(self.request.user)) - {self.request.session.session_key}
        facts = {"others": len(others), "must_set_up": lacks_required_factor(self.request.user)}
        return super().get_context_data(**kwargs) | facts


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
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign the account out everywhere but here."""
    count = end_sessions(request.user, except_key=request.session.session_key)
    messages.success(request, f"Other places signed out: {count}.")
    return redirect("mfa_index")
