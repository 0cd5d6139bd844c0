"""What allauth asks this site: who may sign up (nobody), where to go next, and how secrets are
stored.
"""

from base64 import urlsafe_b64encode
from io import BytesIO

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from recommendations.editorial.audit import note

from .client_ip import client_address
from .sessions import begin
from .throttle import proved_right

NAME = "TECH7 Recommendations"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made at the desk; here they only sign in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your current password.",
        "username_password_mismatch": "The username or the password is wrong. Capitals count in "
        "both.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer every request with a page; no script of ours asks for anything else."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Lead only to this host, not to every host that the site may be reached by."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str | None:
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials) -> User | None:
        user = super().authenticate(request, **credentials)
        if user:
            proved_right(request)
        return user

    def set_password(self, user: User, password: str) -> None:
        """Put on record that somebody changed their own password, and never the password."""
        with transaction.atomic():
            super().set_password(user, password)
            note(user.get_username(), "change own password", user, None, None)

    def pre_login(self, request: HttpRequest, user: User, **hooks) -> HttpResponse | None:
        """Give the session a new key once the password is right, so that a planted one learns
        nothing from it.
        """
        request.session.cycle_key()
        return super().pre_login(request, user, **hooks)

    def login(self, request: HttpRequest, user: User) -> None:
        """Start the clock of the session, and clear away those whose time is over."""
        super().login(request, user)
        begin(request)
        request.session.clear_expired()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names this site to authenticator apps and browsers, and encrypts what an app's codes are made
    from.
    """

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This did not work. A code of an app is good until the app shows the "
        "next, and works once. "
        "If none ever works, let your phone set its clock by itself.",
    }

    def get_totp_issuer(self) -> str:
        return NAME

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code black on white, which cameras read whatever colours the page has."""
        drawing = BytesIO()
        segno.make(url).save(drawing, kind="svg", light="#fff", scale=4)
        return drawing.getvalue().decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": NAME}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret, or one that nobody knows where the site's key no longer opens it: no
        code will match.
        """
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return generate_totp_secret()


def cipher() -> MultiFernet:
    """Return a cipher that writes with the site's key and also reads with those it replaced."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        salted_hmac(__name__, "second factor", key, algorithm="sha256").digest() for key in keys
    ]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
