"""What the page of a recommendation, of a version or of a preview says, made from a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from recommendations.formats import citations
from recommendations.formats.absolute_url import permalink
from recommendations.formats.citations import Record
from recommendations.formats.share import Sharing, sharing
from recommendations.models import Source
from recommendations.models.source import Kind
from recommendations.text import positions

from .annotated_text import excerpt, portrait

LONG = 220  # characters; a longer quote is set smaller


class Listed(list):
    """A list that templates and formats read as they read a related manager."""

    def all(self) -> "Listed":
        """Return everything."""
        return self


@dataclass(frozen=True)
class Name:
    """A tag, an addressee or an issuer, as it was called."""

    slug: str
    name: str


@dataclass(frozen=True)
class ThemeName:
    """A theme as it was called; `sign` is its icon, which has no history."""

    slug: str
    label: str
    sign: str = ""

    def get_absolute_url(self) -> str:
        """Return the theme's page."""
        return f"/themes/{self.slug}"


@dataclass(frozen=True)
class SourceData:
    """The data of a source as they were published."""

    code: str
    title: str
    short_title: str
    kind: str
    issued_on: date
    occasion: str
    url: str
    language: str
    issuers: Listed

    @classmethod
    def of(cls, kept: Mapping) -> "SourceData":
        """Read a source, or a work, of a snapshot."""
        names = ("code", "title", "short_title", "kind", "occasion", "url", "language")
        return cls(
            **{name: kept[name] for name in names},
            issued_on=date.fromisoformat(kept["issued_on"]),
            issuers=Listed(Name(*issuer) for issuer in kept["issuers"]),
        )

    def get_absolute_url(self) -> str:
        """Return the page of the full text."""
        return f"/{self.code}"

    def get_kind_display(self) -> str:
        """Return the kind in words."""
        return Kind(self.kind).label


@dataclass(frozen=True)
class PassageWords:
    """A passage, with its footnote signs by their places in it, and the address of its text."""

    quote: str
    start: int
    end: int
    prefix: str
    suffix: str
    paragraph: int
    text_number: int
    signs: list[list[int]]
    text_address: str
    is_orphan: bool

    @property
    def pieces(self) -> tuple[positions.Fragment, ...]:
        """The words of the quote, and the footnote signs among them."""
        signs = [(start, end) for start, end in self.signs]
        return positions.fragments(self.quote, 0, len(self.quote), signs)

    @property
    def words(self) -> str:
        """The quote without footnote signs."""
        return "".join(piece.text for piece in self.pieces if not piece.is_note_marker)


@dataclass(frozen=True)
class Work:
    """A work that the passage refers to, and the editors' word on it."""

    source: SourceData
    note: str


@dataclass(frozen=True)
class Entry:
    """An entry as a snapshot says it."""

    code: str
    title: str
    summary: str
    source: SourceData
    passages: list[PassageWords]
    themes: Listed
    tags: Listed
    addressees: Listed
    works: list[Work]

    def get_absolute_url(self) -> str:
        """Return the permanent path."""
        return f"/{self.code}"

    @property
    def number(self) -> int:
        """The number in the declaration."""
        return int(self.code.rpartition("-")[2])

    @property
    def quote(self) -> str:
        """The exact words; a line break stands between passages."""
        return "\n".join(passage.quote for passage in self.passages)


@dataclass(frozen=True)
class RecommendationPage:
    """A page: the entry that it shows, and the source whose texts hold the words."""

    entry: Entry
    source: Source
    version: int | None = None

    @classmethod
    def from_snapshot(
        cls,
        snapshot: Mapping,
        source: Source,
        version: int | None = None,
        icons: Mapping[str, str] | None = None,
    ) -> "RecommendationPage":
        """Make the page of a snapshot; `icons` are those of its themes by slug."""
        present = snapshot["source"]["text"]
        fields = ("quote", "start", "end", "prefix", "suffix", "paragraph", "signs")
        entry = Entry(
            code=snapshot["code"],
            title=snapshot["title"],
            summary=snapshot["summary"],
            source=SourceData.of(snapshot["source"]),
            passages=[
                PassageWords(
                    **{name: kept[name] for name in fields},
                    text_number=kept["text"],
                    text_address=source.text_address(kept["text"]),
                    is_orphan=kept["text"] != present,
                )
                for kept in snapshot["passages"]
            ],
            themes=Listed(
                ThemeName(slug, label, (icons or {}).get(slug, ""))
                for slug, label in snapshot["themes"]
            ),
            tags=Listed(Name(*tag) for tag in snapshot["tags"]),
            addressees=Listed(Name(*each) for each in snapshot["addressees"]),
            works=[Work(SourceData.of(work), work["note"]) for work in snapshot["works"]],
        )
        return cls(entry, source, version)

    @cached_property
    def record(self) -> Record:
        """The citation, pinned to the version."""
        address = permalink(self.entry.get_absolute_url())
        return citations.csl(self.entry, address, self.version)

    @cached_property
    def sharing(self) -> Sharing:
        """What the page offers for passing it on."""
        return sharing(self.entry, self.record)

    @property
    def context(self) -> dict:
        """What the readers' template needs of the page itself."""
        passages = self.entry.passages
        return {
            "entry": self.entry,
            "record": self.record,
            "sharing": self.sharing,
            "passages": passages,
            "places": list(
                dict.fromkeys((passage.paragraph, passage.text_address) for passage in passages)
            ),
            "is_long": sum(len(passage.quote) for passage in passages) > LONG,
            "description": " ".join(passage.words for passage in passages),
            "excerpt": excerpt(self.source, self.entry),
            "picture": portrait(self.source, self.entry),
            "citation": citations.forms(self.record),
        }
