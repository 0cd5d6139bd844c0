"""What an entry says: proposals of new entries, and of changes to published ones."""

from recommendations.models import Recommendation, Source
from recommendations.models.proposal import Act, Proposal

from . import audit, conflicts
from .content import Content, Vocabulary
from .errors import Refused
from .plan import Plan, Write


def propose(source: Source, content: Content, number: int = 0, why: str = "") -> Proposal:
    """Return an unsaved proposal of a new entry; `number` is that of an imported one."""
    proposal = Proposal(act=Act.ENTRY, source=source, why=why)
    if number:
        proposal.details = {"number": number}
    return content.put(conflicts.base_on(proposal), source.text_number)


def waiting_change(entry: Recommendation) -> Proposal | None:
    """Return the saved proposal that changes a published entry, if one waits."""
    return entry.proposals.waiting().of_entries().select_related("source", "entry").first()


def change_of(entry: Recommendation) -> Proposal:
    """Return an unsaved proposal that says the same as a published entry; raises Refused."""
    if not entry.is_published:
        raise Refused(f"{entry.code} was withdrawn: it cannot be changed.")
    proposal = Proposal(source=entry.source, entry=entry, why=f"A change of {entry.code}.")
    conflicts.base_on(proposal, entry)
    return Content.of(entry).put(proposal, entry.source.text_number)


def plan(proposal: Proposal, reason: str) -> Plan:
    """Write what the proposal says."""
    content, number = Content.proposed(proposal), proposal.details.get("number", 0)
    act = proposal.details.get("act", audit.PUBLISH)
    return Plan(writes=[Write(proposal.entry, proposal.source, content, act, reason, number)])


def lacks(proposal: Proposal) -> list[str]:
    """Return what a proposal of an entry needs before it can be published, in words."""
    return Content.proposed(proposal).lacks() if proposal.act == Act.ENTRY else []


def faults(proposal: Proposal, known: Vocabulary) -> list[str]:
    """Return what is wrong with a proposal as things are now, in words."""
    found = []
    if proposal.entry and not proposal.entry.is_published:
        found.append(f"{proposal.entry.code} was withdrawn")
    if proposal.act != Act.ENTRY:
        return found
    content, source = Content.proposed(proposal), proposal.source
    if proposal.spans and proposal.text_number != source.text_number:
        found.append(
            "the text was corrected and no longer holds its words: quote the text as it now is"
        )
    elif any(not 0 <= start < end <= len(source.text) for start, end in proposal.spans):
        found.append("it points outside the text")
    starts = [(start, number) for start, _end, number in content.passages]
    if len(set(starts)) < len(starts):
        found.append("two of its passages begin at the same place")
    return found + content.unknown(known)
