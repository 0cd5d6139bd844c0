"""The orders of a selection, walks through one in bounded memory, and the mark that says where a page of one ended."""

import gc
from array import array
from collections.abc import Iterator
from datetime import date, datetime
from functools import reduce
from itertools import batched

from django.core import signing
from django.db.models import Q

from .models import Recommendation

CHUNK = 200  # entries held at a time
ORDERS = {
    "newest": ("-source__issued_on", "source__code", "number"),
    "code": ("source__code", "number"),
    "relevance": ("-rank", "-source__issued_on", "source__code", "number"),
    "updated": ("-latest_at", "source__code", "number"),  # of feeds, which no query asks for by name
}


def walk(entries) -> Iterator[Recommendation]:
    """Yield ordered entries with all that a record shows.

    Their keys are read first, 8 bytes each, then the entries chunk by chunk: however slowly a reader takes the answer,
    no transaction stays open that would keep editors from writing. One withdrawn meanwhile is left out.
    """
    keys = array("q", entries.values_list("pk", flat=True).iterator(chunk_size=5000))
    for chunk in batched(keys, CHUNK):
        found = Recommendation.objects.published().for_records().in_bulk(chunk)
        yield from (found[key] for key in chunk if key in found)
        del found
        gc.collect(1)  # entries and what was fetched with them refer to each other, and would pile up to twice as much


def mark(entry: Recommendation, order: str, selection: str) -> str:
    """Return the place after an entry as a token, signed for one selection so that it fits no other."""
    return _signer(selection).sign_object([_plain(_value(entry, key)) for key in ORDERS[order]])


def after(token: str, order: str, selection: str) -> Q:
    """Return the condition of standing after a mark; raises BadSignature for any that was not made by mark().

    A place is kept as the sort keys themselves, so that it survives the withdrawal of the entry it was made from.
    """
    condition, same = Q(), Q()
    for key, value in zip(ORDERS[order], _signer(selection).unsign_object(token), strict=True):
        field = key.lstrip("-")
        condition |= same & Q(**{f"{field}__{'lt' if key.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    return condition


def _signer(selection: str) -> signing.Signer:
    return signing.Signer(salt=f"{__name__}:{selection}")


def _value(entry: Recommendation, key: str) -> object:
    return reduce(getattr, key.lstrip("-").split("__"), entry)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
