"""JSON Feed 1.1 (jsonfeed.org), with the content of the Atom feed."""

import json
from collections.abc import Iterator
from itertools import batched, chain

from .absolute_url import permalink
from .atom import SITE, markup, subjects, title
from .records import address, latest, plain

VERSION = "https://jsonfeed.org/version/1.1"
ITEMS = 20  # to a part of the answer


def feed(selection) -> Iterator[str]:
    """Render a selection as a feed, item by item; ids and moments are those of the Atom feed."""
    head = {
        "version": VERSION,
        "title": title(selection),
        "home_page_url": permalink(selection.url()),
        "feed_url": permalink(selection.url("/recommendations.jsonfeed")),
        "language": "en",
        "authors": [{"name": SITE, "url": permalink("/")}],
    }
    opening = _dumps(head).removesuffix("}") + ', "items": ['
    items = (
        f"{',' if place else ''}\n{_dumps(item(entry))}"
        for place, entry in enumerate(selection.news())
    )
    return map("".join, batched(chain([opening], items, ["\n]}\n"]), ITEMS))


def item(entry) -> dict:
    """Describe an entry as an item."""
    version = latest(entry)
    return {
        "id": address(entry),
        "url": address(entry),
        "title": f"{entry.code}: {entry.title}",
        "content_html": markup(entry),
        "date_published": plain(entry.published_at),
        "date_modified": plain(version.published_at if version else entry.published_at),
        "authors": [{"name": issuer.name} for issuer in entry.source.issuers.all()],
        "tags": subjects(entry),
        "language": entry.source.language,
    }


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
