"""What an entry says, apart from its tables: read from an entry or a proposal."""

from dataclasses import dataclass, field

from recommendations.models import Organisation, Recommendation, Theme
from recommendations.models.proposal import Proposal

Passage = tuple[int, int, int]  # start, end and the number of the text that they count in
Work = tuple[str, str, str]  # role, code of the source, note


@dataclass(frozen=True)
class Content:
    """The words of an entry by their places, and what it is filed under by slug; tags by name."""

    title: str
    summary: str = ""
    passages: list[Passage] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    addressees: list[str] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)

    @classmethod
    def of(cls, entry: Recommendation) -> "Content":
        """Return what a published entry says."""
        works = entry.works
        return cls(
            title=entry.title,
            summary=entry.summary,
            passages=[(each.start, each.end, each.text_number) for each in entry.passages],
            themes=[theme.slug for theme in entry.themes.all()],
            tags=sorted(tag.name for tag in entry.tags.all()),
            addressees=[each.slug for each in entry.addressees.all()],
            works=[(each.role, each.source.code, each.note) for each in works],
        )

    @classmethod
    def proposed(cls, proposal: Proposal) -> "Content":
        """Return what a proposal says, with the passages that a correction left behind."""
        here = [(start, end, proposal.text_number) for start, end in proposal.spans]
        left = [tuple(each) for each in proposal.details.get("left", [])]
        return cls(
            title=proposal.title,
            summary=proposal.summary,
            passages=sorted([*here, *left], key=lambda each: (each[0], each[2])),
            themes=proposal.themes,
            tags=proposal.tags,
            addressees=proposal.addressees,
            works=[tuple(each) for each in proposal.works],
        )

    def put(self, proposal: Proposal, text_number: int) -> Proposal:
        """Say it in a proposal; passages of another text than this one are kept as left behind."""
        proposal.title, proposal.summary, proposal.tags = self.title, self.summary, self.tags
        proposal.themes, proposal.addressees = self.themes, self.addressees
        proposal.works = [list(work) for work in self.works]
        proposal.text_number = text_number
        proposal.spans = [[s, e] for s, e, number in self.passages if number == text_number]
        left = [list(each) for each in self.passages if each[2] != text_number]
        kept = {key: value for key, value in proposal.details.items() if key != "left"}
        proposal.details = kept | ({"left": left} if left else {})
        return proposal

    def lacks(self) -> list[str]:
        """Return what is missing before readers may see it, in words."""
        found = [] if self.title else ["a title"]
        found += [] if self.passages else ["a passage"]
        return found

    def unknown(self, known: "Vocabulary") -> list[str]:
        """Return the themes and addressees that there are no longer, in words."""
        themes = [
            f"the theme “{slug}” has ended" for slug in self.themes if slug not in known.themes
        ]
        return themes + [
            f"the addressee “{slug}” has ended"
            for slug in self.addressees
            if slug not in known.organisations
        ]


@dataclass(frozen=True)
class Vocabulary:
    """The slugs of the themes and organisations that there are."""

    themes: set[str]
    organisations: set[str]

    @classmethod
    def now(cls) -> "Vocabulary":
        """Return them as of now."""
        themes, organisations = (
            set(model.objects.values_list("slug", flat=True)) for model in (Theme, Organisation)
        )
        return cls(themes, organisations)


def united(first: Content, second: Content) -> Content:
    """Return what two entries say as one: the first's words for itself, and the labels of both."""
    both = {
        name: list(dict.fromkeys([*getattr(first, name), *getattr(second, name)]))
        for name in ("themes", "tags", "addressees")
    }
    return Content(
        title=first.title or second.title,
        summary=first.summary or second.summary,
        passages=first.passages,
        works=[*first.works, *missing_works(first, second)],
        **both,
    )


def missing_works(first: Content, second: Content) -> list[Work]:
    """Return the works of a second entry that the first does not cite."""
    cited = {(role, code) for role, code, _note in first.works}
    return [work for work in second.works if work[:2] not in cited]
