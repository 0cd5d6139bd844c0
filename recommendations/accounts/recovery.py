"""Recovery codes, stored as salted, slow hashes once they were shown (OWASP ASVS 5.0, 6.5.2).

allauth derives the codes from a seed. The hashes replace that seed, beside an empty list of
`migrated_codes`, its documented field for codes made elsewhere: so allauth itself accepts none.
"""

import hashlib
import re
import secrets

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import pbkdf2

ROUNDS = 600_000  # of PBKDF2, as OWASP recommends for SHA-256
CODE = re.compile(r"[0-9]{8}")
STORED = Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES)


def replace_by_hashes(stored: Authenticator) -> None:
    """Store the hashes of unused codes in place of their seed, unless that was done before."""
    if "hashes" in stored.data:
        return
    salt = secrets.token_hex(16)
    hashes = [hash_of(code, salt, ROUNDS) for code in stored.wrap().get_unused_codes()]
    kept = {key: value for key, value in stored.data.items() if key == "viewed_at"}
    stored.data = kept | {"migrated_codes": [], "salt": salt, "rounds": ROUNDS, "hashes": hashes}
    stored.save(update_fields=["data"])


def hash_of(code: str, salt: str, rounds: int) -> str:
    """Return what is stored of a code."""
    return pbkdf2(code, salt, rounds, digest=hashlib.sha256).hex()


@transaction.atomic
def use_recovery_code(user: User, typed: str) -> Authenticator | None:
    """Use up a code and return what stores it, or None if the code is wrong or used."""
    code = re.sub(r"[\s-]", "", typed)
    stored = STORED.select_for_update().filter(user=user).first()
    if stored is None or not CODE.fullmatch(code):
        return None
    replace_by_hashes(stored)
    found = hash_of(code, stored.data["salt"], stored.data["rounds"])
    if found not in stored.data["hashes"]:
        return None
    stored.data["hashes"].remove(found)
    stored.save(update_fields=["data"])
    return stored


def codes_left(user: User) -> int:
    """Return how many recovery codes are unused."""
    stored = STORED.filter(user=user).first()
    if stored is None:
        return 0
    return len(stored.data.get("hashes") or stored.wrap().get_unused_codes())
