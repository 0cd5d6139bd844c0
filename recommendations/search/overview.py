"""What is asked of whom, and when: themes by addressees and by declarations, and a timeline."""

import textwrap
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Exists, OuterRef
from pyroaring import BitMap

from recommendations.models import Citation, Source, Status, Theme

from . import facets

MOST = 20  # declarations, and works, that are shown
# The timeline is drawn in units of the SVG, of which a phone shows 372 across.
TOP = 28
YEAR = 200  # height of a year
LONGEST = 220  # height of the longest gap between two sources; a longer one is drawn broken
LINE = 16  # height of a line of words
COLUMNS = 36  # characters of a name on one line
LABEL_X = 72  # where names and icons begin, right of the line
ICON = 16  # distance of two icons in a row
ICON_ROW = 18
ICONS_A_ROW = 18
SPACE = 22  # least distance between two sources
YEAR_NAME = 16  # least distance between the names of two years


@dataclass(frozen=True)
class Column:
    """A declaration or an addressee: its entries, and the filter of a list of them."""

    label: str
    url: str
    filter: str
    entries: BitMap
    source: Source | None = None


@dataclass(frozen=True)
class Cell:
    """The number of recommendations of one column on one theme; `depth` of color is 0 to 5."""

    column: Column
    count: int

    @property
    def depth(self) -> int:
        return min(self.count, 5)


@dataclass(frozen=True)
class Row:
    """A theme with its cells."""

    theme: Theme
    cells: list[Cell]
    total: int


@dataclass(frozen=True)
class Matrix:
    """Themes by columns; `totals` and `total` count an entry with several themes once.

    Of very many columns only the first are shown; `known` is the number of all.
    """

    columns: list[Column]
    rows: list[Row]
    totals: list[Cell]
    total: int
    known: int

    @property
    def sources(self) -> list[Source]:
        """The declarations among the columns."""
        return [column.source for column in self.columns if column.source]

    @property
    def has_overlap(self) -> bool:
        """Whether entries have several themes, so that columns add up to more than their totals."""
        return sum(row.total for row in self.rows) > self.total


@dataclass(frozen=True)
class Moment:
    """A source on the timeline: its dot at a height, its name in lines, its date below them.

    `count` is the number of its recommendations; `icons` are (theme, x, y) for each theme of each
    of them.
    """

    source: Source
    y: int
    lines: list[tuple[str, int]]
    date_y: int
    count: int
    icons: list[tuple[Theme, int, int]]
    height: int


@dataclass(frozen=True)
class Timeline:
    """Sources from the newest at the top, and `years` as (year, height) of each 1 January.

    `line` and `broken` are path data: where it is broken, years are drawn closer together.
    """

    moments: list[Moment]
    years: list[tuple[int, int]]
    line: str
    broken: str
    height: int

    @property
    def themes(self) -> list[Theme]:
        """The themes whose icons are drawn, in their order."""
        drawn = {theme for moment in self.moments for theme, _x, _y in moment.icons}
        return sorted(drawn, key=lambda theme: (theme.position, theme.slug))


def by_declaration() -> Matrix:
    """Count published recommendations by theme and declaration, newest first."""
    index = facets.current()
    newest = index.newest_sources(MOST)
    entries = index.facets["source"].entries
    sources = Source.objects.filter(pk__in=newest).defer("text")
    columns = [
        Column(
            source.short_title,
            source.get_absolute_url(),
            f"source={source.code}",
            entries[source.code] & index.published,
            source,
        )
        for source in sorted(sources, key=lambda source: newest.index(source.pk))
    ]
    return _matrix(index, columns, len(index.totals["source"]))


def by_addressee() -> Matrix:
    """Count published recommendations by theme and addressee, those asked most first."""
    index = facets.current()
    counts, facet = index.totals["addressee"].all(), index.facets["addressee"]
    order = sorted(counts, key=lambda slug: (-counts[slug], facet.options[slug].label))
    columns = [
        Column(
            facet.options[slug].label,
            f"/addressees/{slug}",
            f"addressee={slug}",
            facet.entries[slug] & index.published,
        )
        for slug in order[:MOST]
    ]
    return _matrix(index, columns, len(order))


def _matrix(index: facets.FacetIndex, columns: list[Column], known: int) -> Matrix:
    """Count the entries of each column on each theme."""
    of_theme, rows = index.facets["theme"].entries, []
    for theme in Theme.objects.all():
        entries = of_theme.get(theme.slug, BitMap())
        cells = [
            Cell(column, entries.intersection_cardinality(column.entries)) for column in columns
        ]
        rows.append(Row(theme, cells, index.totals["theme"][theme.slug]))
    totals = [Cell(column, len(column.entries)) for column in columns]
    return Matrix(columns, rows, totals, len(index.published), known)


def cited_works() -> list[Source]:
    """Return the newest works that published recommendations cite."""
    citing = Citation.objects.filter(source=OuterRef("pk"), recommendation__status=Status.PUBLISHED)
    return list(Source.objects.filter(Exists(citing), text="").defer("text")[:MOST])


def timeline(matrix: Matrix, works: list[Source]) -> Timeline:
    """Place declarations and cited works by date, pushed apart where they would collide."""
    themes: dict[Source, list[Theme]] = {source: [] for source in matrix.sources}
    for row in matrix.rows:
        for cell in row.cells:
            if cell.column.source:
                themes[cell.column.source] += [row.theme] * cell.count
    counts = {cell.column.source: cell.count for cell in matrix.totals}
    sources = sorted([*matrix.sources, *works], key=lambda source: source.issued_on, reverse=True)
    moments: list[Moment] = []
    for source in sources:
        y = _below(moments[-1], source.issued_on) if moments else TOP
        moments.append(_moment(source, y, counts.get(source, 0), themes.get(source, [])))
    return _with_axis(moments)


def _moment(source: Source, y: int, count: int, themes: list[Theme]) -> Moment:
    """Lay out name, date and icons of one source."""
    lines = [
        (words, y + 4 + LINE * n)
        for n, words in enumerate(textwrap.wrap(source.short_title, COLUMNS))
    ]
    date_y = y + 4 + LINE * len(lines)
    icons = [
        (theme, LABEL_X + ICON * (n % ICONS_A_ROW), date_y + 10 + ICON_ROW * (n // ICONS_A_ROW))
        for n, theme in enumerate(themes)
    ]
    rows = -(-len(icons) // ICONS_A_ROW)
    return Moment(source, y, lines, date_y, count, icons, date_y - y + ICON_ROW * rows + SPACE)


def _units(newer: date, older: date) -> int:
    """Return how far two days are apart on the timeline, unless something is in the way."""
    return round((newer - older).days / 365.25 * YEAR)


def _below(moment: Moment, day: date) -> int:
    """Return the height of a day below a source: to scale, unless that is too near or too far."""
    return moment.y + max(moment.height, min(LONGEST, _units(moment.source.issued_on, day)))


def _with_axis(moments: list[Moment]) -> Timeline:
    """Draw the line through the sources, down to the first day of the oldest one's year."""
    if not moments:
        return Timeline([], [], "", "", 0)
    end = date(moments[-1].source.issued_on.year, 1, 1)
    stops = [(moment.source.issued_on, moment.y) for moment in moments]
    stops.append((end, _below(moments[-1], end)))
    line, broken = f"M56 {TOP - 20}V{TOP}", ""
    for (newer, top), (older, bottom) in pairwise(stops):
        if _units(newer, older) > LONGEST:
            broken += f"M56 {top}V{bottom}"
        else:
            line += f"M56 {top}V{bottom}"
    return Timeline(moments, _years(stops), line, broken, stops[-1][1] + 12)


def _years(stops: list[tuple[date, int]]) -> list[tuple[int, int]]:
    """Place each 1 January, without those whose labels would overlap."""
    years: list[tuple[int, int]] = []
    for (newer, top), (older, bottom) in pairwise(stops):
        for year in range(newer.year, older.year, -1):
            y = top + round((newer - date(year, 1, 1)) / (newer - older) * (bottom - top))
            if not years or y - years[-1][1] >= YEAR_NAME:
                years.append((year, y))
    end, bottom = stops[-1]
    return [*years, (end.year, bottom)]
