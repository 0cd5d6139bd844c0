"""The site map, of canonical paths; `canonical_address` redirects other spellings."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter
from django.views.decorators.http import require_safe

from recommendations.formats.sitemaps import SITEMAPS, sitemap_index
from recommendations.models.source import CODE
from recommendations.views import (
    addressees,
    api,
    briefings,
    browse,
    checks,
    comparing,
    declarations,
    embeds,
    home,
    record,
    site,
    themes,
)
from recommendations.views.responses import read_only


class SourceCode(StringConverter):
    """PARIS-2025"""

    regex = CODE


class EntryCode(StringConverter):
    """PARIS-2025-4"""

    regex = CODE + "-[1-9][0-9]{0,5}"


class Extension(StringConverter):
    """json, csl.json"""

    regex = "[a-z]+(?:\\.[a-z]+)?"


class Number(IntConverter):
    """The number of a version or a text, within every database's limits."""

    regex = "[1-9][0-9]{0,5}"


register_converter(SourceCode, "source")
register_converter(EntryCode, "entry")
register_converter(Extension, "extension")
register_converter(Number, "number")

urlpatterns = [
    path("", require_safe(home.home), name="home"),
    path("recommendations/", require_safe(browse.browse), name="browse"),
    path("recommendations.<extension:extension>", read_only(browse.export), name="export"),
    path("<entry:code>", require_safe(record.recommendation), name="recommendation"),
    path("<entry:code>.png", require_safe(embeds.picture), name="picture"),
    path("<entry:code>.qr.png", require_safe(embeds.qr_code), {"kind": "png"}, name="qr_png"),
    path("<entry:code>.qr.svg", require_safe(embeds.qr_code), {"kind": "svg"}, name="qr_svg"),
    path("<entry:code>/embed", require_safe(embeds.embed), name="embed"),
    path("oembed", require_safe(embeds.oembed_answer), name="oembed"),
    path(
        "<entry:code>.<extension:extension>",
        read_only(record.recommendation_as),
        name="recommendation_as",
    ),
    path("<entry:code>/v/<number:number>", require_safe(record.version), name="version"),
    path("<source:code>", require_safe(declarations.declaration), name="declaration"),
    path(
        "<source:code>.<extension:extension>",
        read_only(declarations.declaration_as),
        name="declaration_as",
    ),
    path(
        "<source:code>/t/<number:number>",
        require_safe(declarations.former_text),
        name="former_text",
    ),
    path("declarations/", require_safe(declarations.declarations), name="declarations"),
    path("themes/", require_safe(themes.themes), name="themes"),
    path("themes/<slug:slug>", require_safe(themes.theme), name="theme"),
    path("themes/<slug:slug>.<extension:extension>", read_only(themes.theme_as), name="theme_as"),
    path("addressees/", require_safe(addressees.addressees), name="addressees"),
    path("addressees/<slug:slug>", require_safe(addressees.addressee), name="addressee"),
    path(
        "addressees/<slug:slug>.<extension:extension>",
        read_only(addressees.addressee_as),
        name="addressee_as",
    ),
    path("overview/", require_safe(themes.overview), name="overview"),
    path("follow", require_safe(browse.follow), name="follow"),
    path("briefing", require_safe(briefings.briefing), name="briefing"),
    path("briefing.<extension:extension>", read_only(briefings.briefing_as), name="briefing_as"),
    path("compare", comparing.compare, name="compare"),
    path("suggest", require_safe(browse.suggest), name="suggest"),
    path("check", require_safe(checks.check), name="check"),
    path("check.json", read_only(checks.check_as_json), name="check_as"),
    path("api/", require_safe(api.api), name="api"),
    path("api/schema", read_only(api.schema), name="schema"),
    path("about/", require_safe(site.about), name="about"),
    path("appearance", site.appearance, name="appearance"),
    path("robots.txt", require_safe(site.robots), name="robots"),
    path("llms.txt", require_safe(site.llms), name="llms"),
    path("sitemap.xml", require_safe(sitemap_index), name="sitemap_index"),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("opensearch.xml", require_safe(site.opensearch), name="opensearch"),
    path(".well-known/security.txt", require_safe(site.security), name="security"),
    path("livez", require_safe(site.livez), name="livez"),
    path("readyz", require_safe(site.readyz), name="readyz"),
]
