"""Middleware for the editors' pages: ends old sessions and enforces the second factor."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from .sessions import has_ended

ADMIN = "/admin/"
ACCOUNT = "/accounts/"
SIGN_OUT = "/admin/logout/"
ENDED = (
    "You were signed out, because a session ends after 12 hours, or after 2 hours without use. "
    "Please sign in again."
)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def admin_guard(get_response: Callable) -> Callable:
    """Guard the admin and account pages; readers' pages do not even read a session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith((ADMIN, ACCOUNT)):
            return get_response(request)
        if request.user.is_authenticated and has_ended(request):
            logout(request)
            messages.info(request, ENDED)
        response = redirect("mfa_index") if must_set_up(request) else get_response(request)
        add_never_cache_headers(response)
        return response

    return middleware


def must_set_up(request: HttpRequest) -> bool:
    """Tell whether a request to the admin has to wait until a second factor is set up."""
    in_admin = request.path_info.startswith(ADMIN) and request.path_info != SIGN_OUT
    return in_admin and request.user.is_staff and lacks_required_factor(request.user)


def lacks_required_factor(user: User) -> bool:
    """Tell whether the site requires a second factor that this account does not have."""
    return (
        settings.REQUIRE_SECOND_FACTOR
        and not Authenticator.objects.filter(user=user, type__in=FACTORS).exists()
    )
