"""What needs an editor's care: work that waits, and what readers would stumble over."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from recommendations.models import Citation, Intake, Recommendation, Source, Status
from recommendations.models.proposal import Act, Decision, Proposal

MOST = 20  # things listed of each matter


@dataclass(frozen=True)
class WorkItem:
    """Objects of one kind that need attention: what to do, the first of them, and their number."""

    name: str
    title: str
    advice: str
    things: list
    count: int


def pending_changes() -> QuerySet:
    """Return the proposals that wait outside the review of a declaration, the oldest first."""
    waiting = Proposal.objects.waiting().exclude(act=Act.ENTRY, entry=None)
    return waiting.select_related("source", "entry").order_by("written_at", "pk")


def waiting_proposals() -> QuerySet:
    """Return the declarations with proposals to decide on or to publish, and how many of each."""
    waiting = Q(proposals__published_at=None, proposals__act=Act.ENTRY)
    to_decide = Count("proposals", filter=waiting & Q(proposals__decision=Decision.OPEN))
    to_publish = Count("proposals", filter=waiting & Q(proposals__decision=Decision.ACCEPTED))
    counted = Source.objects.defer("text").annotate(to_decide=to_decide, to_publish=to_publish)
    return counted.filter(Q(to_decide__gt=0) | Q(to_publish__gt=0))


def unfinished_intakes() -> QuerySet:
    """Return what was read from a file and is no declaration yet."""
    return Intake.objects.filter(source=None).defer("original", "pieces")


def entries_without_theme() -> QuerySet:
    """Return the entries that are filed nowhere."""
    return Recommendation.objects.filter(themes=None)


def orphaned_quotes() -> QuerySet:
    """Return the quotes that a correction of the text left behind, with their entries."""
    alive = Citation.objects.orphans().exclude(recommendation__status=Status.WITHDRAWN)
    return alive.select_related("recommendation").order_by("recommendation__code", "start")


def works_without_address() -> QuerySet:
    """Return the cited works that readers cannot follow a link to."""
    cited = Citation.objects.order_by().values("source")
    return Source.objects.filter(text="", url="", pk__in=cited)


def replaced_in_turn() -> QuerySet:
    """Return the withdrawn entries whose replacement was withdrawn too."""
    chained = Recommendation.with_withdrawn.filter(replaced_by__status=Status.WITHDRAWN)
    return chained.select_related("replaced_by").order_by("source__code", "number")


MATTERS = [
    (
        "changes",
        "Changes waiting",
        "Readers see none of these yet. Look through each, then publish or reject it.",
        pending_changes,
    ),
    (
        "proposals",
        "Proposals waiting",
        "Decide on what is proposed in each declaration, then publish what is accepted.",
        waiting_proposals,
    ),
    (
        "intakes",
        "Files not yet made declarations",
        "Check what was taken off each text, then make it a declaration.",
        unfinished_intakes,
    ),
    (
        "themeless",
        "Entries without a theme",
        "Readers who browse by theme miss these. File each under at least one.",
        entries_without_theme,
    ),
    (
        "orphans",
        "Quotes left behind by a correction",
        "The corrected text no longer holds these words. Paste the words that now state the ask.",
        orphaned_quotes,
    ),
    (
        "works",
        "Cited works without a link",
        "Add the address of each original, so that readers can follow it.",
        works_without_address,
    ),
    (
        "chains",
        "Replacements that were withdrawn in turn",
        "Readers are led to the end of each chain. Check that it still takes up what the first "
        "entry asked.",
        replaced_in_turn,
    ),
]


def work_items() -> list[WorkItem]:
    """Return everything that needs care, in two queries for each matter."""
    found = [(name, title, advice, rows()) for name, title, advice, rows in MATTERS]
    return [
        WorkItem(name, title, advice, list(rows[:MOST]), rows.count())
        for name, title, advice, rows in found
    ]


def total() -> int:
    """Count everything that needs care, in one query for each matter."""
    return sum(rows().count() for _name, _title, _advice, rows in MATTERS)
