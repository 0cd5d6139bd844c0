"""Metadata of a page for reference managers and search engines.

What can be taken from the CSL-JSON record is taken from it, so that what is saved from a page is
what it prints.
"""

from typing import Any
from urllib.parse import urlencode

from .citations import Record, sentence

Tags = list[tuple[str, str]]


def tags(record: Record) -> Tags:
    """Return the <meta> tags that make Zotero save a report whose author is the institution.

    `citation_technical_report_institution` decides the type, over Open Graph (zotero/translators,
    Embedded Metadata.js, `hwType`). Authors are in Dublin Core and not in `citation_author`,
    where Zotero takes a name in capitals for a person's. In both, a name of several words is split
    into first and last unless it holds a comma, and a comma at the end is dropped without splitting
    (`cleanAuthor`).
    """
    year, month, day = record["issued"]["date-parts"][0]
    names = [author["literal"] for author in record.get("author", [])]
    found = [("citation_title", record["title"])]
    found += [("citation_technical_report_institution", name) for name in names]
    found += [("DC.creator", _whole(name)) for name in names]
    found += [
        ("citation_technical_report_number", record["number"]),
        ("citation_publication_date", f"{year:04}/{month:02}/{day:02}"),
        ("citation_language", record.get("language", "")),
        ("citation_abstract", record.get("abstract", "")),
        ("citation_public_url", record["URL"]),
    ]
    found += [("citation_keywords", word) for word in record.get("keyword", "").split("; ")]
    return [(name, content) for name, content in found if content]


def coins(record: Record) -> str:
    """Return the title of a COinS span: a report as Z39.88-2004 key/encoded values of a book."""
    year, month, day = record["issued"]["date-parts"][0]
    names = [author["literal"] for author in record.get("author", [])]
    fields = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
        ("rft.genre", "report"),
        ("rft.btitle", record["title"]),
        *(("rft.aucorp", name) for name in names),
        *(("rft.pub", name) for name in names[:1]),
        ("rft.date", f"{year:04}-{month:02}-{day:02}"),
        ("rft.series", f"{record['genre']} {record['number']}"),
        ("rft_id", record["URL"]),
    ]
    return urlencode(fields)


def quotation(entry, record: Record, links) -> dict[str, Any]:
    """Describe an entry in the terms of schema.org: a Quotation, which is part of a Report.

    `links` makes absolute addresses of paths. `Recommendation` is no term for this: at schema.org
    it is a review.
    """
    page = links(entry.get_absolute_url())
    described = {
        "@context": "https://schema.org",
        "@type": "Quotation",
        "@id": page,
        "url": page,
        "identifier": entry.code,
        "name": entry.title,
        "text": "\n".join(passage.words for passage in entry.passages),
        "abstract": entry.summary,
        "inLanguage": entry.source.language,
        "datePublished": entry.source.issued_on.isoformat(),
        "version": record.get("version", ""),
        "creditText": sentence(record),
        "creator": _organizations(entry.source),
        "isPartOf": _work(entry.source, "Report") | {"url": links(entry.source.get_absolute_url())},
        "about": [_term(theme, links) for theme in entry.themes.all()],
        "keywords": sorted(tag.name for tag in entry.tags.all()),
        "audience": [{"@type": "Audience", "name": each.name} for each in entry.addressees.all()],
        "citation": [_work(cited.source, "CreativeWork") for cited in entry.works],
    }
    return {name: value for name, value in described.items() if value}


def _term(theme, links) -> dict[str, Any]:
    every = links("/themes/")
    return {
        "@type": "DefinedTerm",
        "name": theme.label,
        "termCode": theme.slug,
        "url": links(theme.get_absolute_url()),
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "@id": every,
            "url": every,
            "name": "Themes",
        },
    }


def _work(source, kind: str) -> dict[str, Any]:
    described = {
        "@type": kind,
        "name": source.title,
        "identifier": source.code,
        "author": _organizations(source),
        "datePublished": source.issued_on.isoformat(),
        "inLanguage": source.language,
        "sameAs": source.url,
    }
    return {name: value for name, value in described.items() if value}


def _organizations(source) -> list[dict[str, str]]:
    return [{"@type": "Organization", "name": issuer.name} for issuer in source.issuers.all()]


def _whole(name: str) -> str:
    """Write an institution's name so that its last word is not taken for a family name."""
    return f"{name.replace(',', '')}," if " " in name else name
