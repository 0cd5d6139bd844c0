"""What must be true of the database at any moment, whatever was killed: nothing is half there."""

from collections import Counter
from itertools import pairwise

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F

from .server import model


def faults() -> list[str]:
    """Return everything that is half there, in words."""
    checks = (
        database,
        references,
        intakes,
        declarations,
        publications,
        searchable,
        numbering,
        merges,
        themes,
        quotes,
    )
    return [f"{check.__name__}: {fault}" for check in checks for fault in check()]


def rows(statement: str) -> list[tuple]:
    """Ask the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def database() -> list[str]:
    """Let the database check its own pages and indexes."""
    if connection.vendor == "sqlite":
        return [each for (each,) in rows("PRAGMA integrity_check") if each != "ok"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
    indexes = (
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_am a ON a.oid = c.relam JOIN "
        "pg_namespace n"
        " ON n.oid = c.relnamespace WHERE a.amname = 'btree' AND n.nspname = 'public' AND "
        "c.relkind = 'i'"
    )
    for (name,) in rows(indexes):
        rows(
            f"SELECT bt_index_parent_check('{name}', true)"
        )  # raises where an entry of the table is not in it
    return []


def references() -> list[str]:
    """Find rows that point at nothing."""
    if connection.vendor == "sqlite":
        return [str(each) for each in rows("PRAGMA foreign_key_check")]
    found = []
    for each in apps.get_models(include_auto_created=True):
        for field in each._meta.concrete_fields:
            if field.many_to_one or field.one_to_one:
                known = field.related_model._base_manager.values("pk")
                lost = each._base_manager.exclude(**{field.attname: None}).exclude(
                    **{f"{field.attname}__in": known}
                )
                found += [f"{each._meta.label}.{field.name}"] if lost.exists() else []
    return found


def intakes() -> list[str]:
    """Find intakes without pieces, without a record, or with a declaration that has no
    proposals.
    """
    found, brought = (
        [],
        Counter(model("Change").objects.filter(kind="intake").values_list("object_id", flat=True)),
    )
    for intake in model("Intake").objects.defer("original"):
        if not intake.pieces:
            found.append(f"intake {intake.pk} has no pieces")
        if brought[str(intake.pk)] != intake.revision:
            found.append(
                f"intake {intake.pk}: revision {intake.revision}, {brought[str(intake.pk)]} on "
                "record"
            )
        if (
            intake.source_id
            and not model("Proposal").objects.filter(source=intake.source_id).exists()
        ):
            found.append(f"intake {intake.pk} became a declaration without proposals")
    return found


def declarations() -> list[str]:
    """Find declarations that came from nowhere, or have no issuer."""
    brought = model("Source").objects.exclude(text="").exclude(code="PARIS-2025")
    found = [f"{each.code} came from no intake" for each in brought.filter(intake=None)]
    return found + [f"{each.code} has no issuer" for each in brought.filter(issuers=None)]


def publications() -> list[str]:
    """Find entries and proposals that are published in part."""
    entry, new = model("Recommendation"), new_entries()
    known = entry.with_withdrawn.annotate(count=Count("versions"))
    found = [f"{each.code} is published without a version" for each in known.filter(count=0)]
    settled = new.exclude(published_at=None)
    found += [f"proposal {each.pk} is published as nothing" for each in settled.filter(entry=None)]
    unsettled = new.filter(entry__isnull=False, published_at=None)
    found += [f"{each.entry.code} is published, its proposal is not" for each in unsettled]
    twice = new.exclude(entry=None).order_by().values("entry").annotate(count=Count("pk"))
    found += [
        f"entry {each['entry']} was published from {each['count']} proposals"
        for each in twice.filter(count__gt=1)
    ]
    bare = known.exclude(citations__role="states")
    return [*found, *(f"{each.code} has no passage" for each in bare)]


def new_entries():
    """Return the proposals of new entries: those of changes were written on a version."""
    return model("Proposal").objects.filter(act="entry", base_versions={})


def searchable() -> list[str]:
    """Compare the search with what is published."""
    indexed = {pk for (pk,) in rows("SELECT rowid FROM recommendations_search")}
    published = set(model("Recommendation").objects.values_list("pk", flat=True))
    found = [f"entry {pk} is published and cannot be found" for pk in published - indexed]
    return found + [f"entry {pk} is found and not published" for pk in indexed - published]


def numbering() -> list[str]:
    """Find gaps, and codes of one publication that are not in the order of the text."""
    found = []
    for source in model("Source").objects.exclude(text=""):
        entries = source.recommendations(manager="with_withdrawn").order_by("number")
        if [entry.number for entry in entries] != list(range(1, source.numbers_given + 1)):
            found.append(f"{source.code}: the numbers are not 1 to {source.numbers_given}")
        made = list(
            new_entries()
            .filter(source=source)
            .exclude(entry=None)
            .order_by("entry__number")
            .values_list("start", flat=True)
        )
        if any(later < sooner for sooner, later in pairwise(made)):
            found.append(f"{source.code}: the codes are not in the order of the text")
    return found


def merges() -> list[str]:
    """Find entries that were withdrawn for another that did not take over their words."""
    found = []
    for entry in (
        model("Recommendation")
        .with_withdrawn.exclude(replaced_by=None)
        .select_related("replaced_by")
    ):
        last = entry.replaced_by.versions.order_by("-number").first()
        told = model("Change").objects.filter(
            kind="recommendation", object_id=str(entry.pk), act="merge"
        )
        if not told.exists():
            found.append(f"{entry.code} was merged, and nobody did it")
        words = {passage["quote"] for passage in last.snapshot["passages"]}
        gone = set(entry.citations.filter(role="states").values_list("quote", flat=True))
        if entry.replaced_by.is_published and not gone <= words:
            found.append(f"{entry.replaced_by.code} has not the words of {entry.code}")
    return found


def themes() -> list[str]:
    """Find addresses that two themes answer for, and entries whose last version names another theme
    than they have.
    """
    former = model("FormerTheme").objects.values("slug")
    found = [
        f"{each.slug} is a theme and a former one"
        for each in model("Theme").objects.filter(slug__in=former)
    ]
    found += [
        f"{each.slug} leads to itself"
        for each in model("FormerTheme").objects.filter(slug=F("successor__slug"))
    ]
    for entry in model("Recommendation").objects.prefetch_related("themes", "versions"):
        said = {
            slug
            for slug, _label in max(entry.versions.all(), key=lambda each: each.number).snapshot[
                "themes"
            ]
        }
        renamed = set(
            model("FormerTheme")
            .objects.filter(slug__in=said)
            .values_list("successor__slug", flat=True)
        )
        if {theme.slug for theme in entry.themes.all()} - said - renamed:
            found.append(f"{entry.code} has a theme that its last version does not name")
    return found


def quotes() -> list[str]:
    """Prove every text, quote and version."""
    try:
        call_command("verifyquotes", verbosity=0)
    except (CommandError, SystemExit):
        return ["manage.py verifyquotes fails"]
    return []
