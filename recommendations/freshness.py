"""Entity tags (RFC 9110, section 8.8.3): whether a reader's copy is still what the site would answer, unrendered."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.db.models import CharField, F, IntegerField, Max, Value
from django.db.models.functions import Cast
from taggit.models import Tag

from .models import Actor, Recommendation, Source, Theme, Version

# Another release may render the same data otherwise; its code stands for it, the same in every process.
MODULES = sorted(Path(__file__).parent.rglob("*.py"))
RELEASE = hashlib.sha256(b"".join(path.read_bytes() for path in MODULES)).hexdigest()


def tag(address: str) -> str:
    """Return the weak entity tag of what a data format at an address, with its query, answers now.

    It stands for the whole site: any publication or withdrawal changes it, and any new name of a theme, tag, actor or
    source, which leave no version behind. That is why there is a tag and no Last-Modified: nothing keeps those moments.
    """
    state = (RELEASE, settings.SITE_URL, address, *_publications(), *_names(), *_sources())
    return f'W/"{hashlib.sha256(repr(state).encode()).hexdigest()[:32]}"'


def _publications() -> tuple:
    """Return what changes with every publication, and with every withdrawal."""
    newest = Version.objects.aggregate(newest=Max("pk"))["newest"]
    return newest, Recommendation.objects.published().count()


def _names() -> list:
    """Return what readers see of themes, tags and actors, in one query."""
    rows = [
        _rows(Theme, "label", F("position")),
        _rows(Tag, "name", Value(0)),
        _rows(Actor, "name", Value(0)),
    ]
    return sorted(rows[0].union(*rows[1:], all=True).order_by())


def _rows(model, name: str, position):
    kind = Cast(Value(model.__name__), CharField())
    columns = {"kind": kind, "shown": Cast(F(name), CharField()), "place": Cast(position, IntegerField())}
    return model.objects.order_by().annotate(**columns).values_list("kind", "slug", "shown", "place")


def _sources() -> list:
    """Return what readers see of every source and who issued it; a text is as its SHA-256."""
    fields = [field.name for field in Source._meta.concrete_fields if field.name != "text"]
    return list(Source.objects.order_by("pk", "issuers__slug").values_list(*fields, "issuers__slug"))
