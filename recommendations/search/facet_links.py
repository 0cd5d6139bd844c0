"""What a page of a selection offers: each a link to another selection."""

from dataclasses import dataclass

from .facets import Option


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet as a link: choosing it, or taking it back."""

    option: Option
    count: int
    selected: bool
    url: str


@dataclass(frozen=True)
class FacetGroup:
    """A facet with its values: some shown at once, others behind "All 14 tags"; of very many only
    the first.
    """

    name: str
    title: str
    shown: list[FacetValue]
    hidden: list[FacetValue]
    total: int


@dataclass(frozen=True)
class Chip:
    """A filter in use, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Relaxation:
    """A filter that may be dropped from an empty result, and how many entries that gives."""

    label: str
    count: int
    url: str
