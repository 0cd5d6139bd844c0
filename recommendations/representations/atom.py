"""Atom (RFC 4287): a selection to subscribe to."""

import re
from datetime import UTC, datetime

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, format_html

from ..links import permalink
from .records import address, entries, latest

SITE = "TECH7 Recommendations"
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2, Char
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(Atom1Feed):
    """Django's Atom, with every institution an author of its own, and no moment of writing passed off as news."""

    def latest_post_date(self) -> datetime:
        """Return when the newest version appeared; an empty feed has never changed."""
        return super().latest_post_date() if self.items else NEVER

    def add_item_elements(self, handler, item) -> None:
        """Write the authors before all else that an entry has."""
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        super().add_item_elements(handler, item)


def feed(selection) -> str:
    """Render a selection as a feed. Ids are permanent addresses; `updated` is when the newest version appeared."""
    own = permalink(selection.url("/recommendations.atom"))
    rendered = Feed(
        title=clean(f"{SITE}: {selection.description}"),
        link=permalink(selection.url()),
        description=None,
        language="en",
        author_name=SITE,
        feed_url=own,
        feed_guid=own,
    )
    for entry in entries(selection):
        _add(rendered, entry)
    return rendered.writeString("utf-8")


def clean(text: str) -> str:
    """Leave out the signs that no XML may hold."""
    return NO_XML.sub("", text)


def _add(rendered: Feed, entry) -> None:
    version = latest(entry)
    quotes = "".join(
        format_html('<blockquote lang="{}"><p>{}</p></blockquote>', entry.source.language, clean(passage.words))
        for passage in entry.passages
    )
    summary = f"<p>{escape(clean(entry.summary))}</p>" if entry.summary else ""
    rendered.add_item(
        title=clean(f"{entry.code}: {entry.title}"),
        link=address(entry),
        description=quotes + summary,
        unique_id=address(entry),
        authors=[clean(actor.name) for actor in entry.source.issuers.all()],
        categories=[clean(theme.label) for theme in entry.themes.all()]
        + sorted(clean(tag.name) for tag in entry.tags.all()),
        pubdate=entry.published_at,
        updateddate=version.published_at if version else entry.published_at,
    )
