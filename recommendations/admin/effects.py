"""What publishing a proposal would change, as its page shows it."""

from dataclasses import dataclass

from recommendations.editorial import corrections
from recommendations.editorial.errors import Refused
from recommendations.editorial.publish import rehearsal
from recommendations.models import Version
from recommendations.models.proposal import Act, Proposal
from recommendations.text.diff import Comparison, compare, compare_snapshots, shorten

REHEARSED = (Act.ENTRY, Act.WITHDRAW, Act.MERGE, Act.SPLIT)
SHOWN = 20  # entries whose changes a page shows


@dataclass(frozen=True)
class Difference:
    """What an entry says now, and what it would say."""

    code: str
    version: Version
    comparison: Comparison | None  # none for a new entry


def values_of(proposal: Proposal) -> list[tuple[str, object, object]]:
    """Return the fields that a change of a source or a name sets: name, before and after."""
    if proposal.act != Act.CHANGE:
        return []
    said = proposal.details
    return [
        (name.replace("_", " "), said["before"][name], value)
        for name, value in said["values"].items()
    ]


def effects(proposal: Proposal) -> dict:
    """Return what publishing would change, or why it cannot be told."""
    if proposal.published_at:
        return {}
    try:
        if proposal.act == Act.CORRECT:
            correction = corrections.correction_of(proposal)
            difference = compare(proposal.source.text, correction.text)
            outcome = corrections.outcome_of(proposal.source, correction)
            return {"outcome": outcome, "difference": shorten(difference)}
        if proposal.act in REHEARSED:
            with rehearsal([proposal]) as versions:
                return {"differences": differences(versions)[:SHOWN]}
    except Refused as error:
        return {"refusal": str(error)}
    return {}


def differences(versions: list[Version]) -> list[Difference]:
    """Return what each rehearsed version changes of the one before it."""
    found = []
    for version in versions:
        code = version.snapshot["code"]
        before = Version.objects.filter(
            recommendation__code=code, number=version.number - 1
        ).first()
        comparison = compare_snapshots(before.snapshot, version.snapshot) if before else None
        found.append(Difference(code if before else "A new entry", version, comparison))
    return found
