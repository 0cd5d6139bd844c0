"""What tags and organisations are called now, for snapshots that are made from older ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from taggit.models import Tag

from recommendations.models import Organisation, Theme


@dataclass(frozen=True)
class Names:
    """Names by slug."""

    tags: Mapping[str, str]
    organisations: Mapping[str, str]

    @classmethod
    def now(cls) -> "Names":
        """Return the names as of now."""
        tags, organisations = (
            dict(model.objects.values_list("slug", "name")) for model in (Tag, Organisation)
        )
        return cls(tags, organisations)

    def renewed(self, snapshot: dict, themes: Sequence[Theme]) -> dict:
        """Return what an entry says now that it is filed under these themes."""
        return snapshot | {
            "themes": [[theme.slug, theme.label] for theme in themes],
            "tags": [[slug, self.tags.get(slug, name)] for slug, name in snapshot["tags"]],
            "addressees": self._organisations(snapshot["addressees"]),
            "source": self._source(snapshot["source"]),
            "works": [self._source(work) for work in snapshot["works"]],
        }

    def _source(self, source: dict) -> dict:
        return source | {"issuers": self._organisations(source["issuers"])}

    def _organisations(self, named: list[list[str]]) -> list[list[str]]:
        return [[slug, self.organisations.get(slug, name)] for slug, name in named]
