"""Recovery codes: shown once, and from then on kept as slow, salted hashes alone (OWASP ASVS 5.0,
6.5.2).

allauth makes codes from a seed. Here they replace it as soon as they are shown, in its own field
for codes that it did not make, which is left empty: so it takes none itself.
"""

import hashlib
import re
import secrets

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import pbkdf2

ROUNDS = 600_000  # of PBKDF2, as OWASP asks of SHA-256
CODE = re.compile(r"[0-9]{8}")
KIND = Authenticator.Type.RECOVERY_CODES


def seal(held: Authenticator) -> None:
    """Keep the hashes of the unused codes in place of what they are made from, if that was not done
    before.
    """
    if "hashes" in held.data:
        return
    salt = secrets.token_hex(16)
    hashes = [hashed(code, salt, ROUNDS) for code in held.wrap().get_unused_codes()]
    seen = {"viewed_at": held.data["viewed_at"]} if "viewed_at" in held.data else {}
    held.data = {"migrated_codes": [], "salt": salt, "rounds": ROUNDS, "hashes": hashes} | seen
    held.save(update_fields=["data"])


def hashed(code: str, salt: str, rounds: int) -> str:
    """Return what is kept of a code."""
    return pbkdf2(code, salt, rounds, digest=hashlib.sha256).hex()


def left(held: Authenticator) -> int:
    """Return how many codes are unused."""
    return (
        len(held.data["hashes"]) if "hashes" in held.data else len(held.wrap().get_unused_codes())
    )


def codes_of(user: User) -> Authenticator | None:
    """Return what is kept of somebody's codes."""
    return Authenticator.objects.filter(user=user, type=KIND).first()


@transaction.atomic
def spend_recovery_code(user: User, typed: str) -> Authenticator | None:
    """Use up a code, and return what it was one of; None where it is no code, or not theirs, or
    used.
    """
    code = normalize_user_code(typed)
    held = Authenticator.objects.select_for_update().filter(user=user, type=KIND).first()
    if held is None or not CODE.fullmatch(code):
        return None
    seal(held)
    found = hashed(code, held.data["salt"], held.data["rounds"])
    if found not in held.data["hashes"]:
        return None
    use_up(held, found)
    return held


def use_up(held: Authenticator, found: str) -> None:
    """Let a code work no more."""
    held.data["hashes"].remove(found)
    held.save(update_fields=["data"])
