"""Which words a proposal has: its ends moved, set anew, split and joined, and proposals added. Ends
stand at words.

`who` is a user name. Every act raises EditConflict where somebody else was faster, and Refused
where it cannot be done.
"""

from collections.abc import Sequence

from django.db import transaction

from recommendations.models.proposal import Decision, Proposal
from recommendations.text import positions

from .. import conflicts
from ..audit import recorded
from ..errors import Refused
from ..proposals import changing, share_words
from . import suggestions, word_ranges
from .decisions import ProposalDetails

BY_HAND = "added by an editor"


def move(
    who: str,
    proposal: Proposal,
    seen_revision: int,
    place: int,
    edge: word_ranges.Edge,
    way: word_ranges.Way,
) -> Proposal:
    """Move an end of a proposal's passage (numbered from 0) by a word or to its sentence's end."""
    with changing(who, f"move the {edge}", proposal, seen_revision) as held:
        _check_present(held)
        if not 0 <= place < len(held.spans):
            raise Refused("There is no such passage.")
        before = tuple(held.spans[place])
        after = word_ranges.moved(held.source.text, before, edge, way)
        if after == before:
            raise Refused(
                f"The {edge} cannot go further: a passage keeps one word, and stays in its "
                "paragraph."
            )
        others = [span for number, span in enumerate(held.spans) if number != place]
        if share_words([after], others):
            raise Refused("The two passages of this recommendation would meet.")
        held.spans = sorted([*others, list(after)])
    return held


def set_words(who: str, proposal: Proposal, seen_revision: int, start: int, end: int) -> Proposal:
    """Give a proposal the words between two offsets, to the ends of the words that they cut."""
    with changing(who, "choose words", proposal, seen_revision) as held:
        held.spans = _spans(held.source.text, start, end)
        held.text_number = held.source.text_number
    return held


def split(who: str, proposal: Proposal, seen_revision: int, at: int) -> list[Proposal]:
    """Split a proposal before the word at an offset; both halves become undecided."""
    with changing(who, "split", proposal, seen_revision) as held:
        _check_present(held)
        before, after = word_ranges.divided(held.source.text, held.spans, at)
        if not before or not after:
            raise Refused("Split it after its first word and before its last.")
        held.spans, held.decision = _listed(before), Decision.OPEN
        second = Proposal(source=held.source, spans=_listed(after), why=held.why, tags=held.tags)
        second.themes, second.addressees = held.themes, held.addressees
        conflicts.base_on(second).title = suggestions.labels(second).title[:120]
        with recorded(who, "split off", second):
            second.written_by = who
            second.save()
    return [held, second]


def place_of(proposal: Proposal, quote: str) -> int:
    """Return the offset of words that stand once in a proposal's passages; raises Refused."""
    text, places = proposal.source.text, []
    for start, end in proposal.spans:
        at = text.find(quote, start, end) if quote else -1
        while at >= 0:
            places.append(at)
            at = text.find(quote, at + 1, end)
    if len(places) != 1:
        raise Refused(
            f"“{quote[:80]}” stands {len(places)} times in the passage. Give words that stand "
            "there once."
        )
    return places[0]


def join(who: str, proposal: Proposal, seen_revision: int) -> Proposal:
    """Join this and the next proposal that is not rejected; touching passages become one."""
    with changing(who, "join", proposal, seen_revision) as held:
        _check_present(held)
        other = following(held)
        if other is None:
            raise Refused("There is no passage after this one to join it with.")
        if held.entry_id and other.entry_id and held.entry_id != other.entry_id:
            raise Refused(f"They change two entries, {held.entry.code} and {other.entry.code}.")
        held.spans = _listed(word_ranges.merged(held.source.text, [*held.spans, *other.spans]))
        held.entry_id = held.entry_id or other.entry_id
        held.base_versions |= other.base_versions
        held.works = [*held.works, *(each for each in other.works if each not in held.works)]
        _both(ProposalDetails.of(held), ProposalDetails.of(other)).put(held)
        if Decision.OPEN in (held.decision, other.decision):
            held.decision = Decision.OPEN
        with recorded(who, "join to the one before", other):
            Proposal.objects.filter(pk=other.pk).delete()
    return held


def following(proposal: Proposal) -> Proposal | None:
    """Return the next proposal in the text that could be joined to one, or None."""
    rest = (
        Proposal.objects.waiting()
        .of_entries()
        .filter(source=proposal.source_id, text_number=proposal.source.text_number)
    )
    later = [each for each in rest if (each.start, each.pk) > (proposal.start, proposal.pk)]
    return later[0] if later else None


def _both(first: ProposalDetails, second: ProposalDetails) -> ProposalDetails:
    """Return what is said of two passages as said of one."""
    return ProposalDetails(
        first.title or second.title,
        first.summary or second.summary,
        list(dict.fromkeys([*first.tags, *second.tags])),
        list(dict.fromkeys([*first.themes, *second.themes])),
        list(dict.fromkeys([*first.addressees, *second.addressees])),
    )


def add(who: str, source_pk: int, start: int, end: int) -> Proposal:
    """Propose the words between two offsets, extended to whole words, with suggested fields."""
    with transaction.atomic():
        source = conflicts.lock_source(source_pk)
        proposal = Proposal(source=source, spans=_spans(source.text, start, end), why=BY_HAND)
        conflicts.base_on(proposal)
        for other in Proposal.objects.of_entries().filter(source=source, published_at=None):
            if other.spans == proposal.spans:
                raise Refused("These words are on the list already.")
        with recorded(who, "add", proposal):
            suggestions.fill(proposal)
            proposal.written_by = who
            proposal.save()
    return proposal


def add_quote(who: str, source_pk: int, quote: str) -> Proposal:
    """Propose words that occur exactly once in the text; raises QuoteError with their places."""
    with transaction.atomic():
        return add(who, source_pk, *positions.locate(conflicts.lock_source(source_pk).text, quote))


def add_paragraph(who: str, source_pk: int, number: int) -> Proposal:
    """Propose a whole paragraph, by its number from 1."""
    with transaction.atomic():
        paragraphs = positions.paragraphs(conflicts.lock_source(source_pk).text)
        if not 1 <= number <= len(paragraphs):
            raise Refused(f"There is no paragraph {number}: the text has {len(paragraphs)}.")
        paragraph = paragraphs[number - 1]
        return add(who, source_pk, paragraph.start, paragraph.end)


def _check_present(proposal: Proposal) -> None:
    """Raise Refused where a correction left a proposal's words behind."""
    if proposal.text_number != proposal.source.text_number:
        raise Refused("Its words stand in a former text only: choose words of the present text.")


def _spans(text: str, start: int, end: int) -> list[list[int]]:
    found = word_ranges.spans_of(text, start, end) if 0 <= start < end <= len(text) else []
    if not found:
        raise Refused("There are no words of the text in this selection.")
    return _listed(found)


def _listed(spans: Sequence[word_ranges.Span]) -> list[list[int]]:
    return [list(span) for span in spans]
