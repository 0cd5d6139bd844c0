"""Links by which people set their own password: an administrator makes one, passes it on, and never
knows a password.

Nothing is stored: a link is signed with the site's key over what it replaces and the moment it was
made, so it ends when it is used, when another is made, and after `PASSWORD_RESET_TIMEOUT` seconds
(OWASP ASVS 5.0, 6.4.1).
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


class Tokens(PasswordResetTokenGenerator):
    """Django's tokens for this one purpose; a changed e-mail address or a sign-in in between does
    not end one.
    """

    key_salt = __name__

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.pk} {user.password} {timestamp}"


tokens = Tokens()


@transaction.atomic
def make_link(who: str, person: User) -> str:
    """End somebody's password, sessions and earlier link, put that on record, and return the path
    to a new password.
    """
    end_sessions(person)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    note(who, "make password link", person, None, None)
    query = urlencode({"key": f"{person.pk}-{tokens.make_token(person)}"})
    return f"{reverse('set_password')}?{query}"


def owner(key: str, people: QuerySet[User] | None = None) -> User | None:
    """Return whose password a link's key sets, or None where it is used, replaced, too old or made
    up.
    """
    parts = KEY.fullmatch(key)
    if not parts:
        return None
    people = User.objects.all() if people is None else people
    person = people.filter(pk=int(parts[1]), is_active=True).first()
    return person if tokens.check_token(person, parts[2]) else None


@transaction.atomic
def use_link(key: str, password: str) -> bool:
    """Set a password by a link, once though two send it at the same moment, and put on record that
    it was set.
    """
    person = owner(key, User.objects.select_for_update())
    if person is None:
        return False
    person.set_password(password)
    person.save(update_fields=["password"])
    note(person.get_username(), "set password by link", person, None, None)
    return True
