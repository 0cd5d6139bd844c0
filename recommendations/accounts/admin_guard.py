"""Stands before the desk: ends old sessions, and asks for a second factor where the site requires
one.
"""

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

DESK = "/admin/"
ACCOUNT = "/accounts/"
LEAVE = "/admin/logout/"
ENDED = (
    "You were signed out: a session ends after 12 hours, or after 2 hours without use. Please "
    "sign in again."
)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def desk_gate(get_response: Callable) -> Callable:
    """Guard the editors' addresses, and leave readers' alone: there nobody's session is
    even read.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith((DESK, ACCOUNT)):
            return get_response(request)
        if request.user.is_authenticated and has_ended(request):
            logout(request)
            messages.info(request, ENDED)
        response = redirect("mfa_index") if must_set_up(request) else get_response(request)
        add_never_cache_headers(response)
        return response

    return middleware


def must_set_up(request: HttpRequest) -> bool:
    """Tell whether a request to the desk has to wait for a second factor to be set up."""
    at_desk = request.path_info.startswith(DESK) and request.path_info != LEAVE
    return at_desk and request.user.is_staff and lacks_required_factor(request.user)


def lacks_required_factor(user: User) -> bool:
    """Tell whether the site requires a second factor that this account does not have."""
    return (
        settings.REQUIRE_SECOND_FACTOR
        and not Authenticator.objects.filter(user=user, type__in=FACTORS).exists()
    )
