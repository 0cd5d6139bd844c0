"""Writing the tables that readers' pages are made from. Only `publish` imports this module."""

from collections.abc import Sequence

from django.db.models import Model, Q
from django.utils import timezone
from taggit.models import Tag

from recommendations.models import (
    Citation,
    FormerText,
    FormerTheme,
    NameChange,
    Organisation,
    Recommendation,
    Source,
    Status,
    Tagging,
    Theme,
)
from recommendations.models.citation import Role
from recommendations.search import fulltext
from recommendations.search.indexing import index_again, index_names

from .content import Content
from .errors import Refused
from .plan import Ending, NewText, Values, Withdrawal, Write

NAMES = ("label", "name", "slug")


def add_entries(writes: Sequence[Write]) -> list[Recommendation]:
    """Make new entries of one declaration in a fixed number of queries; each gets its code."""
    source, now = writes[0].source, timezone.now()
    made = []
    for write in writes:
        number = write.number or source.numbers_given + 1
        source.numbers_given = max(source.numbers_given, number)
        made.append(
            Recommendation(
                source=source,
                number=number,
                code=f"{source.code}-{number}",
                title=write.content.title,
                summary=write.content.summary,
                published_at=now,
            )
        )
    Source.objects.filter(pk=source.pk).update(numbers_given=source.numbers_given)
    made = Recommendation.objects.bulk_create(made)
    pairs = [(entry, write.content) for entry, write in zip(made, writes, strict=True)]
    Citation.objects.bulk_create(
        _passage(entry, *place) for entry, content in pairs for place in content.passages
    )
    Citation.objects.bulk_create(_works(pairs))
    _file(Recommendation.themes.through, "theme_id", Theme, pairs, "themes")
    _file(Recommendation.addressees.through, "organisation_id", Organisation, pairs, "addressees")
    _tag(pairs)
    return made


def _passage(entry: Recommendation, start: int, end: int, number: int) -> Citation:
    if number != entry.source.text_number:
        raise Refused(f"The words at {start} to {end} are not of the present text.")
    passage = Citation(recommendation=entry, source=entry.source, role=Role.STATES)
    passage.point(start, end)
    return passage


def _works(pairs: Sequence[tuple[Recommendation, Content]]) -> list[Citation]:
    codes = {code for _entry, content in pairs for _role, code, _note in content.works}
    works = {work.code: work for work in Source.objects.defer("text").filter(code__in=codes)}
    return [
        Citation(recommendation=entry, source=works[code], role=role, note=note)
        for entry, content in pairs
        for role, code, note in content.works
    ]


def _file(through, column: str, things, pairs, name: str) -> None:
    """File entries under things that are given by their slugs."""
    slugs = {slug for _entry, content in pairs for slug in getattr(content, name)}
    keys = dict(things.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    through.objects.bulk_create(
        through(**{"recommendation_id": entry.pk, column: keys[slug]})
        for entry, content in pairs
        for slug in dict.fromkeys(getattr(content, name))
    )


def _tag(pairs: Sequence[tuple[Recommendation, Content]]) -> None:
    """Tag entries with names, in any letter case, making the tags that there are not."""
    known = {tag.name.casefold(): tag for tag in Tag.objects.only("name").order_by("-pk")}
    for _entry, content in pairs:
        for name in content.tags:
            if name.casefold() not in known:
                known[name.casefold()] = Tag.objects.create(name=name)
    Tagging.objects.bulk_create(
        Tagging(content_object_id=entry.pk, tag=known[name])
        for entry, content in pairs
        for name in dict.fromkeys(tag.casefold() for tag in content.tags)
    )


def change_entry(write: Write) -> None:
    """Make a published entry say something else."""
    entry, content = write.entry, write.content
    entry.title, entry.summary = content.title, content.summary
    entry.save(update_fields=["title", "summary"])
    entry.themes.set(Theme.objects.filter(slug__in=content.themes))
    entry.addressees.set(Organisation.objects.filter(slug__in=content.addressees))
    entry.tags.set(content.tags)
    _restate(entry, content)
    cited = {(work.role, work.source.code): work for work in entry.works}
    wanted = {(role, code): note for role, code, note in content.works}
    for key, work in cited.items():
        if key not in wanted:
            work.delete()
        elif work.note != wanted[key]:
            Citation.objects.filter(pk=work.pk).update(note=wanted[key])
    new = Content("", works=[(*key, note) for key, note in wanted.items() if key not in cited])
    Citation.objects.bulk_create(_works([(entry, new)]))


def _restate(entry: Recommendation, content: Content) -> None:
    """Give an entry its words, in the citations that it has: it is never without a passage."""
    places = {(number, start): (start, end) for start, end, number in content.passages}
    stated = list(entry.citations.filter(role=Role.STATES))
    kept = {
        (each.text_number, each.start): each
        for each in stated
        if (each.text_number, each.start) in places
    }
    spare = [each for each in stated if (each.text_number, each.start) not in kept]
    for (number, start), (_, end) in places.items():
        passage = kept.get((number, start))
        if passage and passage.end == end:
            continue
        if number != entry.source.text_number:
            raise Refused(f"{entry.code}: the words at {start} stand in a former text only.")
        if passage is None:
            passage = spare.pop() if spare else Citation(recommendation=entry, role=Role.STATES)
        passage.source = entry.source
        passage.point(start, end)
        passage.save()
    for passage in spare:
        passage.delete()


def withdraw(withdrawal: Withdrawal, reason: str) -> None:
    """Take an entry back; its address says why from now on, and what replaces it."""
    entry = withdrawal.entry
    entry.status, entry.withdrawn_at = Status.WITHDRAWN, timezone.now()
    entry.withdrawal_reason, entry.replaced_by = reason, withdrawal.replaced_by
    entry.save()
    fulltext.remove([entry.pk])


def write_values(values: Values, who: str, reason: str) -> None:
    """Change fields of a source, theme, tag or organisation, and keep the history of names."""
    thing, plain = values.thing, dict(values.values)
    issuers, alternatives = plain.pop("issuers", None), plain.pop("alternatives", None)
    before = {name: getattr(thing, name) for name in NAMES if name in plain}
    if isinstance(thing, Theme) and plain.get("slug", thing.slug) != thing.slug:
        thing.former.filter(slug=plain["slug"]).delete()  # it takes an address of its own back
        end_address(thing, thing, reason)
    for name, value in plain.items():
        setattr(thing, name, value)
    thing.full_clean()
    thing.save()
    if issuers is not None:
        thing.issuers.set(Organisation.objects.filter(slug__in=issuers))
    if alternatives is not None and alternatives != thing.names[1:]:
        thing.alternatives.all().delete()
        for label in alternatives:
            thing.alternatives.create(label=label)
    _remember(thing, before, who, reason)
    if isinstance(thing, Theme):
        index_names(Recommendation.objects.in_theme(thing))
    elif isinstance(thing, Tag):
        index_names(Recommendation.objects.filter(tags=thing))
    elif isinstance(thing, Organisation):
        named = Q(addressees=thing) | Q(source__issuers=thing)
        index_again(Recommendation.objects.filter(named).distinct())


def _remember(thing: Model, before: dict, who: str, reason: str) -> None:
    NameChange.objects.bulk_create(
        NameChange(
            kind=thing._meta.model_name,
            slug=thing.slug,
            field=name,
            before=value,
            after=getattr(thing, name),
            reason=reason,
            who=who,
        )
        for name, value in before.items()
        if value != getattr(thing, name)
    )


def replace_text(source: Source, new: NewText, reason: str) -> None:
    """Keep the present text as a former one, and point quotes and proposals at the new one."""
    FormerText.objects.create(
        source=source,
        number=source.text_number,
        text=source.text,
        sha256=source.sha256,
        note_signs=source.note_signs,
        contents=source.contents,
        replaced_at=timezone.now(),
        reason=reason,
    )
    source.text, source.note_signs, source.contents = new.text, new.note_signs, new.contents
    source.text_number += 1
    source.save(update_fields=["text", "text_number", "note_signs", "contents"])
    for citation, (start, end) in new.anchored:
        citation.source = source
        citation.point(start, end)
        citation.save()


def end_theme(ending: Ending, reason: str) -> None:
    """Move the entries of a theme, lead its addresses on, and delete it."""
    theme, into = ending.theme, ending.into
    filed = Recommendation.themes.through.objects
    if into:
        twice = filed.filter(theme=into).values("recommendation_id")
        filed.filter(theme=theme).exclude(recommendation_id__in=twice).update(theme=into)
        if ending.keep_names:
            known = {name.casefold() for name in into.names}
            for name in theme.names:
                if name.casefold() not in known:
                    known.add(name.casefold())
                    into.alternatives.create(label=name)
    filed.filter(theme=theme).delete()
    end_address(theme, ending.successor, reason)
    theme.delete()


def end_address(theme: Theme, successor: Theme | None, reason: str) -> None:
    """Let a theme's present address, and every former one, lead to its successor in one step."""
    today = timezone.localdate()
    led_here = FormerTheme.objects.filter(successor=theme)
    if successor is None:
        led_here.update(successor=None, ended_on=today, reason=reason)
    else:
        led_here.update(successor=successor)
    FormerTheme.objects.create(
        slug=theme.slug, label=theme.label, successor=successor, ended_on=today, reason=reason
    )
