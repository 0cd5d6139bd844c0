"""Atom (RFC 4287): a selection to subscribe to, written entry by entry."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, format_html
from django.utils.xmlutils import SimplerXMLGenerator

from .absolute_url import permalink
from .records import address, latest

SITE = "TECH7 Recommendations"
# XML 1.0, section 2.2, Char
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
PART = 16_384  # bytes gathered before they are sent


class Feed(Atom1Feed):
    """Django's Atom feed, with several authors and the date of the last change."""

    def latest_post_date(self) -> datetime:
        """Return when the newest version appeared; an empty feed has never changed."""
        return self.feed["updated"] or NEVER

    def add_item_elements(self, handler, item) -> None:
        """Write the authors before all else that an entry has."""
        for name in item["authors"]:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", name)
            handler.endElement("author")
        super().add_item_elements(handler, item)

    def parts(self, entries) -> Iterator[bytes]:
        """Write the feed in parts, so that it is never in memory as a whole."""
        out = BytesIO()
        handler = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
        handler.startDocument()
        handler.startElement("feed", AttributesImpl(self.root_attributes()))
        self.add_root_elements(handler)
        for entry in entries:
            self.add_item(**described(entry))
            self.items, (item,) = [], self.items
            handler.startElement("entry", AttributesImpl(self.item_attributes(item)))
            self.add_item_elements(handler, item)
            handler.endElement("entry")
            if out.tell() > PART:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
        handler.endElement("feed")
        yield out.getvalue()


def feed(selection) -> Iterator[bytes]:
    """Render a selection; ids are permanent addresses, `updated` dates the newest version."""
    own = permalink(selection.url("/recommendations.atom"))
    rendered = Feed(
        title=clean(title(selection)),
        link=permalink(selection.url()),
        description=None,
        language="en",
        author_name=SITE,
        feed_url=own,
        feed_guid=own,
        updated=selection.updated,
    )
    return rendered.parts(selection.news())


def title(selection) -> str:
    """Name a feed."""
    return f"{SITE}: {selection.description}"


def markup(entry) -> str:
    """Return the quotes of an entry and the editors' summary as HTML."""
    block = '<blockquote lang="{}"><p>{}</p></blockquote>'
    quotes = "".join(
        format_html(block, entry.source.language, passage.words) for passage in entry.passages
    )
    return quotes + (f"<p>{escape(entry.summary)}</p>" if entry.summary else "")


def subjects(entry) -> list[str]:
    """Return themes and tags by name."""
    return [theme.label for theme in entry.themes.all()] + sorted(
        tag.name for tag in entry.tags.all()
    )


def clean(text: str) -> str:
    """Leave out characters that XML cannot hold."""
    return NO_XML.sub("", text)


def described(entry) -> dict:
    """Return the fields of an item."""
    version = latest(entry)
    return {
        "title": clean(f"{entry.code}: {entry.title}"),
        "link": address(entry),
        "description": clean(markup(entry)),
        "unique_id": address(entry),
        "authors": [clean(issuer.name) for issuer in entry.source.issuers.all()],
        "categories": [clean(subject) for subject in subjects(entry)],
        "pubdate": entry.published_at,
        "updateddate": version.published_at if version else entry.published_at,
    }
