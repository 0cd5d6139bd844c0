"""The record of changes: who did what to which thing, and what it was before and after."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import singledispatch

from django.contrib.auth.models import Group, User
from django.db import models, transaction
from taggit.models import Tag

from recommendations.models import Change, Intake, Source
from recommendations.models.proposal import Proposal

from .record import record

COMMAND_LINE = "command line"
CORRECT, PUBLISH = (
    "correct the text",
    "publish",
)  # acts on a source or an entry that change proposals too
SIGN_IN, SECOND_STEP_FAILED = (
    "sign in",
    "fail second step",
)  # acts that change nothing of the account


@singledispatch
def describe(thing) -> dict:
    """Describe a thing so that two descriptions differ where the thing has changed."""
    return record(thing)


@describe.register
def _(source: Source) -> dict:
    return record(source) | {"sha256": source.sha256, "text": source.text_number}


@describe.register
def _(intake: Intake) -> dict:
    fields = ("title", "short_title", "code", "issuer", "issued_on", "occasion", "url", "language")
    kept = [number for number, piece in enumerate(intake.pieces) if piece["kept"]]
    described = {field: getattr(intake, field) for field in (*fields, "sha256")}
    return described | {"kept": kept}


@describe.register
def _(proposal: Proposal) -> dict:
    fields = ("act", "spans", "title", "summary", "tags", "themes", "addressees", "works")
    fields += ("details", "note", "decision")
    return {field: getattr(proposal, field) for field in fields}


@describe.register
def _(tag: Tag) -> dict:
    return {"name": tag.name, "slug": tag.slug}


@describe.register
def _(user: User) -> dict:
    fields = (
        "username",
        "first_name",
        "last_name",
        "email",
        "is_active",
        "is_staff",
        "is_superuser",
    )
    groups = [group.name for group in user.groups.order_by("name")]
    permissions = [permission.codename for permission in user.user_permissions.order_by("codename")]
    return {field: getattr(user, field) for field in fields} | {
        "groups": groups,
        "permissions": permissions,
    }


@describe.register
def _(group: Group) -> dict:
    return {
        "name": group.name,
        "permissions": list(group.permissions.values_list("codename", flat=True)),
    }


def state(thing: models.Model) -> dict | None:
    """Describe a thing as the database holds it, or None where it holds none."""
    files = [field.name for field in thing._meta.fields if isinstance(field, models.BinaryField)]
    stored = (
        type(thing)._base_manager.defer(*files).filter(pk=thing.pk).first() if thing.pk else None
    )
    return describe(stored) if stored else None


@contextmanager
def recorded(who: str, act: str, thing: models.Model, reason: str = "") -> Iterator[None]:
    """Record what happens inside, with the object's state before and after, in one transaction."""
    with transaction.atomic():
        before = state(thing)
        yield
        note(who, act, thing, before, state(thing), reason)


def note(
    who: str,
    act: str,
    thing: models.Model,
    before: dict | None,
    after: dict | None,
    reason: str = "",
) -> None:
    """Put one change on record."""
    change(who, act, thing, before, after, reason).save()


def change(
    who: str,
    act: str,
    thing: models.Model,
    before: dict | None,
    after: dict | None,
    reason: str = "",
) -> Change:
    """Return one change, unsaved."""
    return Change(
        who=who,
        act=act,
        kind=thing._meta.model_name,
        object_id=str(thing.pk),
        label=str(thing)[:200],
        reason=reason,
        before=before,
        after=after,
    )
