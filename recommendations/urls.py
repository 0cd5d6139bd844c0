"""The site map. Paths here are canonical; `middleware.canonical_address` leads other spellings to
them.
"""

from django.contrib.sitemaps.views import sitemap
from django.urls import path, register_converter
from django.urls.converters import IntConverter
from django.views.decorators.http import require_safe

from recommendations.formats.sitemaps import SITEMAPS, sitemap_index
from recommendations.models.source import CODE
from recommendations.views.api import api, schema
from recommendations.views.briefings import briefing, briefing_as
from recommendations.views.browse import browse, export
from recommendations.views.declarations import (
    declaration,
    declaration_as,
    declarations,
    former_text,
)
from recommendations.views.embeds import embed, oembed_answer, picture, qr_code
from recommendations.views.home import home
from recommendations.views.record import recommendation, recommendation_as, version
from recommendations.views.responses import reading
from recommendations.views.site import (
    about,
    appearance,
    livez,
    llms,
    opensearch,
    readyz,
    robots,
    security,
)
from recommendations.views.themes import overview, theme, theme_as, themes


class Converter:
    """What all converters share: the value in the address is the value in the view."""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


class SourceCode(Converter):
    """PARIS-2025"""

    regex = CODE


class EntryCode(Converter):
    """PARIS-2025-4"""

    regex = CODE + "-[1-9][0-9]{0,5}"


class Extension(Converter):
    """json, csl.json"""

    regex = "[a-z]+(?:\\.[a-z]+)?"


class Number(IntConverter):
    """The number of a version or a text; longer ones than any database takes are no
    address at all.
    """

    regex = "[1-9][0-9]{0,5}"


register_converter(SourceCode, "source")
register_converter(EntryCode, "entry")
register_converter(Extension, "extension")
register_converter(Number, "number")

urlpatterns = [
    path("", require_safe(home), name="home"),
    path("recommendations/", require_safe(browse), name="browse"),
    path("recommendations.<extension:extension>", reading(export), name="export"),
    path("<entry:code>", require_safe(recommendation), name="recommendation"),
    path("<entry:code>.png", require_safe(picture), name="picture"),
    path("<entry:code>.qr.png", require_safe(qr_code), {"kind": "png"}, name="qr_png"),
    path("<entry:code>.qr.svg", require_safe(qr_code), {"kind": "svg"}, name="qr_svg"),
    path("<entry:code>/embed", require_safe(embed), name="embed"),
    path("oembed", require_safe(oembed_answer), name="oembed"),
    path(
        "<entry:code>.<extension:extension>", reading(recommendation_as), name="recommendation_as"
    ),
    path("<entry:code>/v/<number:number>", require_safe(version), name="version"),
    path("<source:code>", require_safe(declaration), name="declaration"),
    path("<source:code>.<extension:extension>", reading(declaration_as), name="declaration_as"),
    path("<source:code>/t/<number:number>", require_safe(former_text), name="former_text"),
    path("declarations/", require_safe(declarations), name="declarations"),
    path("themes/", require_safe(themes), name="themes"),
    path("themes/<slug:slug>", require_safe(theme), name="theme"),
    path("themes/<slug:slug>.<extension:extension>", reading(theme_as), name="theme_as"),
    path("api/", require_safe(api), name="api"),
    path("api/schema", reading(schema), name="schema"),
    path("overview/", require_safe(overview), name="overview"),
    path("briefing", require_safe(briefing), name="briefing"),
    path("briefing.<extension:extension>", reading(briefing_as), name="briefing_as"),
    path("about/", about, name="about"),
    path("appearance", appearance, name="appearance"),
    path("robots.txt", robots, name="robots"),
    path("llms.txt", llms, name="llms"),
    path("sitemap.xml", require_safe(sitemap_index), name="sitemap_index"),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path(".well-known/security.txt", security, name="security"),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]
