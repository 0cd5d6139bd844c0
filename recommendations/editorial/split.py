"""Splitting an entry: part of its words become an entry of their own, and both are published."""

from collections.abc import Iterable
from dataclasses import replace

from recommendations.models import Citation, Recommendation, Version
from recommendations.models.proposal import Act, Proposal
from recommendations.text import positions

from . import conflicts
from .content import Content
from .errors import Refused
from .merge import check_published
from .plan import Plan, Write

MAX_REASON = Version._meta.get_field("reason").max_length
Span = tuple[int, int]


def propose(entry: Recommendation, leaving: Iterable[int], title: str) -> Proposal:
    """Return an unsaved proposal by which passages (their keys) leave for a new entry."""
    check_published(entry)
    keys = set(leaving)
    gone = [(each.start, each.end) for each in entry.passages if each.pk in keys]
    stay = [(each.start, each.end) for each in entry.passages if each.pk not in keys]
    if not gone or not stay:
        raise Refused("Choose which passages leave: at least one, and not all.")
    return _proposal(entry, stay, gone, title)


def propose_by_words(entry: Recommendation, staying: str, leaving: str, title: str) -> Proposal:
    """Return an unsaved proposal that parts the only passage of an entry into two quotes inside it.

    Raises Refused and QuoteError.
    """
    check_published(entry)
    if len(entry.passages) != 1:
        raise Refused(f"{entry.code} has several passages: choose which of them leave.")
    passage = entry.passages[0]
    stays, goes = (_place(passage, words) for words in (staying, leaving))
    if stays[0] < goes[1] and goes[0] < stays[1]:
        raise Refused("The two quotes overlap: each word can stay or leave, not both.")
    return _proposal(entry, [stays], [goes], title)


def _proposal(entry: Recommendation, stay: list[Span], gone: list[Span], title: str) -> Proposal:
    proposal = Proposal(act=Act.SPLIT, source=entry.source, entry=entry, spans=gone)
    proposal.title = f"Split {entry.code}"
    proposal.details = {"stay": stay, "title": title}
    return conflicts.base_on(proposal, entry)


def _place(passage: Citation, words: str) -> Span:
    """Find words in a passage, exactly and once; raises QuoteError."""
    start, end = positions.locate(passage.quote, words)
    return passage.start + start, passage.start + end


def plan(proposal: Proposal, reason: str) -> Plan:
    """Write both entries; each reason names the other."""
    entry, source = proposal.entry, proposal.source
    check_published(entry)
    if source.text_number != proposal.text_number:
        raise Refused("The text was corrected since: split the entry as it now is.")
    whole, code = Content.of(entry), f"{source.code}-{source.numbers_given + 1}"
    stay, gone = (
        [(start, end, source.text_number) for start, end in spans]
        for spans in (proposal.details["stay"], proposal.spans)
    )
    rest = replace(whole, passages=stay)
    part = replace(whole, title=proposal.details["title"], summary="", passages=gone, works=[])
    return Plan(
        writes=[
            Write(None, source, part, "split", _said(reason, f"split from {entry.code}")),
            Write(entry, source, rest, "split", _said(reason, f"the rest is now {code}")),
        ]
    )


def _said(reason: str, remark: str) -> str:
    """Add a remark to a reason; raises Refused where a version has no room for both."""
    said = f"{reason.rstrip('.')}; {remark}."
    if len(said) > MAX_REASON:
        raise Refused(f"Shorten the reason by {len(said) - MAX_REASON} characters.")
    return said
