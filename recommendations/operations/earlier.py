"""Recognizes databases of the first release, before the migrations began anew."""

from collections.abc import Iterable

FIRST = ("recommendations", "0003_search_index")  # a migration that only those databases have
ADVICE = (
    "was made by the first release, which cannot be migrated: write its declarations with that "
    "release (manage.py exportdeclaration), then begin with an empty database and load them "
    "(manage.py loaddeclaration)."
)


def is_earlier(applied: Iterable[tuple[str, str]]) -> bool:
    """Tell whether the migrations that a database has are those of the first release."""
    return FIRST in set(applied)
