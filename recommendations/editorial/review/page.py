"""A declaration's review as its page shows it: proposals in text order, a card for each."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from recommendations.ingest.detect import Proposed
from recommendations.models import Source
from recommendations.models.proposal import Decision, Proposal
from recommendations.text import positions

from ..proposals import published_passages
from . import suggestions, word_ranges
from .decisions import ProposalDetails, lacks
from .highlights import Marking

STATES = ("open", "accepted", "rejected", "published")


@dataclass(frozen=True)
class Quote:
    """The words of a proposal's passage, its paragraph, and the places where it may be split."""

    pieces: tuple[positions.Fragment, ...]
    paragraph: int
    splits: list[tuple[int, str]]


@dataclass
class Card:
    """A proposal's card; `notice` says what was refused, `typed` holds unsaved input."""

    proposal: Proposal
    number: int
    quotes: list[Quote]
    may_join: bool
    notice: str = ""
    typed: dict[str, str] = field(default_factory=dict)

    @cached_property
    def said(self) -> ProposalDetails:
        """What is said of the proposal."""
        return ProposalDetails.of(self.proposal)

    @property
    def tags(self) -> str:
        """The tags as one field holds them."""
        return ", ".join(self.proposal.tags)

    @property
    def suggested(self) -> list[str]:
        """The themes that only the words around the passage speak of, by slug."""
        return self.proposal.details.get("suggested_themes", [])

    @property
    def state(self) -> str:
        """What became of the proposal, in one word."""
        return state(self.proposal)

    @property
    def lacks(self) -> str:
        """What it needs before it can be published."""
        return " and ".join(lacks(self.proposal)) if self.state in ("open", "accepted") else ""


def state(proposal: Proposal) -> str:
    """Return what became of a proposal, in one word."""
    return "published" if proposal.published_at else str(proposal.decision)


def mark(proposal: Proposal) -> str:
    """Return what tells one state of a proposal from any other: its key and its revision."""
    return f"{proposal.pk}:{proposal.revision}"


class Sheet:
    """A declaration's review, read in a fixed number of queries."""

    def __init__(self, source: Source):
        self.source, self.signs = source, source.signs
        self.paragraphs = positions.paragraphs(source.text)
        self.proposals = list(source.proposals.of_entries().select_related("entry"))
        for proposal in self.proposals:
            proposal.source = source
        self.numbers = {
            proposal.pk: number for number, proposal in enumerate(self.proposals, start=1)
        }

    def find(self, pk: int) -> Proposal | None:
        """Return the proposal with this key, or None."""
        return self.proposals[self.numbers[pk] - 1] if pk in self.numbers else None

    def paragraphs_of(self, proposal: Proposal | None) -> set[int]:
        """Return the numbers of the paragraphs that a proposal's passages touch."""
        spans = proposal.spans if proposal and self.stands(proposal) else []
        return {number for start, end in spans for number in self.marking.numbers_of(start, end)}

    @property
    def open(self) -> list[str]:
        """The proposals to decide on, each as its key and the revision it has."""
        return [mark(each) for each in self.proposals if state(each) == Decision.OPEN]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many proposals are in which state."""
        counted = Counter(map(state, self.proposals))
        return {each: counted[each] for each in STATES}

    @cached_property
    def possibly_also(self) -> list[tuple[Proposed, int, str]]:
        """Sentences that may be recommendations too, each with its paragraph and its words."""
        spans = [span for each in self.proposals if self.stands(each) for span in each.spans]
        published = published_passages(self.source).values_list("start", "end")
        return [
            (each, self.marking.number_at(each.start), self.source.text[each.start : each.end])
            for each in suggestions.possibly_also(self.source, [*spans, *published])
        ]

    @cached_property
    def _last_free(self) -> int:
        """The number of the last proposal that another could be joined to."""
        free = [
            each
            for each in self.proposals
            if not each.published_at and each.decision != Decision.REJECTED
        ]
        return self.numbers[free[-1].pk] if free else 0

    def cards(self, shown: str = "") -> list[Card]:
        """Return the cards of the proposals in one state, or of all."""
        return [self.card(each) for each in self.proposals if not shown or state(each) == shown]

    def card(self, proposal: Proposal, **extra) -> Card:
        """Return the card of one of the proposals."""
        number = self.numbers[proposal.pk]
        return Card(
            proposal, number, list(self._quotes(proposal)), number < self._last_free, **extra
        )

    def _quotes(self, proposal: Proposal) -> Iterator[Quote]:
        if not self.stands(proposal):
            yield from (
                Quote((positions.Fragment(each, False),), 0, []) for each in proposal.quotes
            )
            return
        text = self.source.text
        for place, (start, end) in enumerate(proposal.spans):
            starts = [start] * bool(place) + word_ranges.sentence_starts(text, start, end)
            splits = [(at, text[at : min(end, at + 40)]) for at in starts]
            pieces = positions.fragments(text, start, end, self.signs)
            yield Quote(pieces, self.marking.number_at(start), splits)

    def stands(self, proposal: Proposal) -> bool:
        """Tell whether a proposal's words stand in the present text."""
        return proposal.text_number == self.source.text_number

    @cached_property
    def marking(self) -> Marking:
        """The paragraphs, to be marked."""
        return Marking(self.source, self.paragraphs)
