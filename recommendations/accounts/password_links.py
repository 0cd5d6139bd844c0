"""One-time links by which people choose their password; an administrator makes and sends them.

Nothing is stored: a link is signed over the password it replaces and the time it was made. It ends
when it is used, when another is made, or after `PASSWORD_RESET_TIMEOUT` (OWASP ASVS 5.0, 6.4.1).
"""

import re

from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from recommendations.editorial.audit import note

from .sessions import end_sessions

KEY = re.compile(r"([1-9][0-9]{0,17})-([0-9a-z]{1,13}-[0-9a-f]{32})", re.ASCII)


class PasswordLinkTokens(PasswordResetTokenGenerator):
    """Django's tokens, which a new email address or a sign-in ends too."""

    key_salt = "recommendations.password_links"


tokens = PasswordLinkTokens()


@transaction.atomic
def make_link(who: str, person: User) -> str:
    """Remove somebody's password, sessions and earlier link, and return the path of a new link."""
    end_sessions(person)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    note(who, "make password link", person, None, None)
    query = urlencode({"key": f"{person.pk}-{tokens.make_token(person)}"})
    return f"{reverse('set_password')}?{query}"


def owner(key: str, people: QuerySet[User] | None = None) -> User | None:
    """Return whose password a link sets, or None if it has been used, replaced or is too old."""
    parts = KEY.fullmatch(key)
    if not parts:
        return None
    people = User.objects.all() if people is None else people
    person = people.filter(pk=int(parts[1]), is_active=True).first()
    return person if tokens.check_token(person, parts[2]) else None


@transaction.atomic
def use_link(key: str, password: str) -> bool:
    """Set a password by a link; of two simultaneous requests only one succeeds."""
    person = owner(key, User.objects.select_for_update())
    if person is None:
        return False
    person.set_password(password)
    person.save(update_fields=["password"])
    note(person.get_username(), "set password by link", person, None, None)
    return True
