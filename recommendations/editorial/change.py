"""Changing what pages and citations say that is no entry's own: the data of a source, and names.

A change of a source gives each entry that is taken from it, or cites it, its next version. Names of
themes, tags and organisations get none: old versions go on saying the old name.
"""

from datetime import date

from django.db.models import Model, Q
from taggit.models import Tag

from recommendations.models import Organisation, Recommendation, Source, Theme, Version
from recommendations.models.proposal import Act, Proposal

from . import themes
from .errors import Refused
from .plan import Plan, Values

KINDS = {"source": Source, "theme": Theme, "tag": Tag, "organisation": Organisation}


def is_public(thing: Model) -> bool:
    """Tell whether readers see a thing, so that only publishing may change it."""
    if isinstance(thing, Theme):
        return True
    if isinstance(thing, Source):
        return Source.objects.public().filter(pk=thing.pk).exists()
    named = Recommendation.with_withdrawn.filter(tags=thing) if isinstance(thing, Tag) else None
    if isinstance(thing, Organisation):
        of_source = Q(pk__in=Source.objects.public().filter(issuers=thing).values("pk"))
        named = Recommendation.with_withdrawn.filter(addressees=thing)
        if Source.objects.filter(of_source).exists():
            return True
    return named.exists() or Version.naming(thing.slug).exists()


def values_of(thing: Model, fields) -> dict:
    """Return fields of a thing as a proposal keeps them."""
    found = {name: getattr(thing, name) for name in fields}
    if "issuers" in found:
        found["issuers"] = [each.slug for each in thing.issuers.all()]
    if "alternatives" in found:
        found["alternatives"] = thing.names[1:]
    return plain(found)


def plain(values: dict) -> dict:
    """Return values as a proposal keeps them, with dates as text."""
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


def propose(thing: Model, values: dict) -> Proposal:
    """Return an unsaved proposal to change fields of a thing; raises Refused where none differs."""
    before = values_of(thing, values)
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed:
        raise Refused("Nothing is different: there is nothing to publish.")
    if isinstance(thing, Theme) and "slug" in changed:
        themes.check_free(changed["slug"], thing)
    kind = thing._meta.model_name
    proposal = Proposal(act=Act.CHANGE, title=f"Change {thing}"[:120])
    proposal.source = thing if kind == "source" else None
    proposal.details = {
        "kind": kind,
        "key": thing.pk,
        "values": changed,
        "before": {name: before[name] for name in changed},
    }
    return proposal


def stale(proposal: Proposal) -> list[tuple[str, object, object]]:
    """Return the fields changed since the proposal was written: name, then and now; may refuse."""
    before = proposal.details["before"]
    now = values_of(_thing(proposal), before)
    return [(name, before[name], now[name]) for name in before if before[name] != now[name]]


def plan(proposal: Proposal, reason: str) -> Plan:
    """Write the fields; what is taken from a source gets its next version."""
    thing, values = _thing(proposal, lock=True), dict(proposal.details["values"])
    for name, value in values.items():
        if value and thing._meta.get_field(name).get_internal_type() == "DateField":
            values[name] = date.fromisoformat(value)
    if isinstance(thing, Theme) and "slug" in values:
        themes.check_free(values["slug"], thing)
    again = []
    if isinstance(thing, Source):
        told = Recommendation.objects.filter(Q(source=thing) | Q(citations__source=thing))
        again = list(told.order_by("pk").values_list("pk", flat=True).distinct())
    return Plan(values=Values(thing, values), again=again)


def follow(who: str, values: Values, reason: str) -> None:
    """Let waiting proposals name a theme by its new address."""
    if isinstance(values.thing, Theme) and "slug" in values.values:
        themes.follow(who, values.thing.slug, values.values["slug"], reason)


def _thing(proposal: Proposal, *, lock: bool = False) -> Model:
    things = KINDS[proposal.details["kind"]].objects.filter(pk=proposal.details["key"])
    found = (things.select_for_update() if lock else things).first()
    if found is None:
        raise Refused("What this would change has ended meanwhile.")
    return found
