"""What publishing a proposal will write: acts make plans, and only `publish` carries them out."""

from dataclasses import dataclass, field

from django.db.models import Model

from recommendations.models import Citation, Recommendation, Source, Theme
from recommendations.models.proposal import Proposal
from recommendations.text.anchoring import Span

from .content import Content


@dataclass(frozen=True)
class Write:
    """What an entry says from now on; without an entry it becomes a new one.

    `number` is that of an imported entry: others get the next one of their declaration.
    """

    entry: Recommendation | None
    source: Source
    content: Content
    act: str
    reason: str
    number: int = 0


@dataclass(frozen=True)
class Withdrawal:
    """An entry that readers no longer see, and the published one that replaces it."""

    entry: Recommendation
    replaced_by: Recommendation | None
    act: str


@dataclass(frozen=True)
class Values:
    """Fields of a source, theme, tag or organisation; issuers by slug, alternatives by label."""

    thing: Model
    values: dict


@dataclass(frozen=True)
class NewText:
    """A corrected text, where its quotes and proposals stand in it, and what is left behind."""

    text: str
    note_signs: list[list[int]]
    contents: list[str]
    anchored: list[tuple[Citation, Span]]
    kept: list[tuple[Proposal, list[Span]]]
    rejected: list[Proposal]


@dataclass(frozen=True)
class Ending:
    """A theme that ends: entries move to `into` or leave it, its address leads to `successor`."""

    theme: Theme
    into: Theme | None
    successor: Theme | None
    keep_names: bool = False


@dataclass(frozen=True)
class Plan:
    """All that one proposal writes; `again` are entries that get their next version as they are."""

    writes: list[Write] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    values: Values | None = None
    text: NewText | None = None
    ending: Ending | None = None
    again: list[int] = field(default_factory=list)
    again_reason: str = ""
