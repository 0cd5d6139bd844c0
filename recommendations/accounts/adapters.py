"""How allauth works on this site: nobody signs up, and secrets are stored encrypted."""

import secrets
from base64 import b32encode, urlsafe_b64encode
from io import BytesIO

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
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
from .throttle import attempt_succeeded

NAME = "TECH7 Recommendations"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by username and password; administrators make the accounts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": "Wrong password. Try again.",
        "enter_current_password": "Wrong current password. Try again.",
        "username_password_mismatch": "Wrong username or password. Check capitals in both.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer every request with a page, never with JSON."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Redirect to this host only, not to every allowed host."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str | None:
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials) -> User | None:
        user = super().authenticate(request, **credentials)
        if user:
            attempt_succeeded(request)
        return user

    def set_password(self, user: User, password: str) -> None:
        """Record that somebody changed their password."""
        with transaction.atomic():
            super().set_password(user, password)
            note(user.get_username(), "change own password", user, None, None)

    def pre_login(self, request: HttpRequest, user: User, **hooks) -> HttpResponse | None:
        """Give the session a new key once the password is right, against session fixation."""
        request.session.cycle_key()
        return super().pre_login(request, user, **hooks)

    def login(self, request: HttpRequest, user: User) -> None:
        """Note when the session began, and delete expired ones."""
        super().login(request, user)
        begin(request)
        request.session.clear_expired()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names this site to authenticator apps and browsers, and encrypts their secrets."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Wrong or used code. Wait for the next one and try again. If codes never "
        "work, set your phone’s clock automatically.",
    }

    def get_totp_issuer(self) -> str:
        return NAME

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code black on white, which cameras can read in dark mode too."""
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
        """Return the secret, or an unknown one if SECRET_KEY was lost: then no code matches."""
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return b32encode(secrets.token_bytes(20)).decode()


def cipher() -> MultiFernet:
    """Return a cipher that encrypts with SECRET_KEY, and decrypts with former keys too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        salted_hmac("tech7kb second factors", "", key, algorithm="sha256").digest() for key in keys
    ]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
