"""What readers must see at once: an entry published or withdrawn, a text corrected, a name changed.

Every page that shows it must answer otherwise afterwards, in every way of asking, and must not tell
a browser that its copy is still good. A page that stays as it was is the other way in which what
was taken back reaches readers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli
from django.apps import apps
from django.test import Client

from .addresses import body, stranger
from .hidden import Drafts
from .publishing import correct, factories, publish
from .server import model

HEADERS = {
    "": {},
    "in place": {"HX-Request": "true"},
    "in the dark": {"Cookie": "appearance=dark"},
    "in Brotli": {"Accept-Encoding": "br"},
}
LISTS = (
    "/",
    "/recommendations/",
    "/recommendations/?q=call",
    "/recommendations/?sort=newest",
    "/themes/skills",
    "/overview/",
    "/PARIS-2025",
    "/PARIS-2025.json",
    "/sitemap-recommendations.xml",
    *(f"/recommendations.{end}" for end in ("json", "csv", "atom", "jsonfeed", "ris", "bib")),
)
OWN = ("", ".json", ".csl.json", ".bib", ".ris", ".txt", ".png", "/embed", "/v/1")

Change = tuple[
    str, Callable[[], object], list[str]
]  # its name, how it is made, and the addresses that show it


@dataclass
class Fresh:
    """What was changed, and which pages stayed as they were."""

    drafts: Drafts
    faults: list[str]
    ways: list[str]
    nth: int = 1  # of the addresses, so many apart, are asked
    asked: int = 0

    def try_all(self) -> None:
        """Make every change, and ask before and after."""
        self.client: Client = stranger()
        for name, change, addresses in self.changes():
            before = {
                (address, way): self.ask(address, way)
                for address in addresses[:: self.nth]
                for way in self.ways
            }
            try:
                change()
            except Exception as error:  # whatever the site stumbles over
                self.faults.append(f"{name} breaks off: {error!r}")
                continue
            for (address, way), (said, tag) in before.items():
                self.compare(name, address, way, said, tag)

    def changes(self) -> Iterator[Change]:
        """Yield what is changed, in an order in which each is possible."""
        made, code = factories(), self.drafts.codes[0]
        gone = model("Recommendation").objects.get(code=self.drafts.published)
        own, ended = ([f"/{each}{end}" for end in OWN] for each in (code, gone.code))
        yield "a publication", lambda: publish(self.drafts.new), [*LISTS, *own]
        entry, at = model("Recommendation").objects.get(code=code), f"/{code}"
        yield (
            "a new version",
            lambda: made.changed(entry, title="Take a quite different sample action"),
            [at, f"{at}.json", f"{at}/v/2"],
        )
        yield (
            "a theme's name",
            lambda: self.named("Theme", "label", slug="skills"),
            ["/themes/skills", "/themes/", at],
        )
        yield (
            "a tag's name",
            lambda: self.named("taggit.Tag", "name", slug=entry.tags.get().slug),
            [at, f"{at}.json"],
        )
        yield (
            "an organisation's name",
            lambda: self.named("Organisation", "name", slug="tech7"),
            ["/PARIS-2025", at, f"{at}.json"],
        )
        yield (
            "a source's title",
            lambda: self.named("Source", "title", code="PARIS-2025"),
            ["/PARIS-2025", at],
        )
        yield (
            "a correction",
            self.corrected,
            ["/PARIS-2025", "/PARIS-2025.txt", "/PARIS-2025/t/1", at],
        )
        yield "a withdrawal", lambda: made.withdrawn(gone), [*LISTS, *ended[:-1]]

    def named(self, name: str, column: str, **which: str) -> None:
        """Publish another name of something."""
        thing = apps.get_model(name if "." in name else f"recommendations.{name}")
        factories().renamed(thing.objects.get(**which), **{column: "Sample other name"})

    def corrected(self) -> None:
        """Add a line to the text."""
        source = model("Source").objects.get(code="PARIS-2025")
        correct(source, f"{source.text}\nSample line.\n", source.note_signs, source.contents)

    def ask(self, address: str, way: str, tag: str = "") -> tuple[tuple[int, bytes], str]:
        """Return status and body, and the tag."""
        self.asked += 1
        asked = HEADERS[way] | ({"If-None-Match": tag} if tag else {})
        answer = self.client.get(address, headers=asked)
        content = body(answer)
        if answer.get("Content-Encoding") == "br" and content:
            content = brotli.decompress(content)
        return (answer.status_code, content), answer.get("ETag", "")

    def compare(self, name: str, address: str, way: str, said: tuple[int, bytes], tag: str) -> None:
        """Demand another answer than before, also for those who have a copy."""
        where = " ".join(filter(None, (address, way)))
        if self.ask(address, way)[0] == said:
            self.faults.append(f"{where} is as it was before {name}")
        elif tag and self.ask(address, way, tag)[0][0] == 304:
            self.faults.append(f"{where} tells who has a copy from before {name} that it is good")
