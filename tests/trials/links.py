"""Links: every address that the site ever emitted still answers.

The site is read from end to end in one state after another, and each address on its pages, in its files, in its heads
and in what assistants are told is remembered. Editors meanwhile publish, withdraw, merge, split, correct, retitle and
end themes, at random and through the desk's own pages. Each address must then answer 200, or lead in one permanent step
to what does, or say 410: never 404, never an error, no chain, no loop. A page has the places its own links lead to.

A selection that names what no published entry has any more may answer 400 where the page has a way on that works, as
CONTRACT.md says of a value that nobody has. These are counted apart, and `--strict` takes them for faults.
"""

import hashlib
import random
import re
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from unittest.mock import patch
from urllib.parse import unquote, urlsplit

from django.http import HttpResponse
from django.test import Client

from .addresses import body, emitted, in_json, kind, local, one_of_each, part, stranger
from .crash import DESK, letters
from .desk import changed, form
from .editors import Person
from .server import PUBLISHERS, model, site
from .trial import conduct, progress

FULL = {"acts": 10_000}
# fmt: off
SEEDS = [
    "/", "/recommendations/", "/declarations/", "/themes/", "/overview/", "/about/", "/api/", "/api/schema",
    "/llms.txt", "/robots.txt", "/briefing", "/sitemap.xml", "/opensearch.xml", "/.well-known/security.txt",
    "/recommendations/?q=sample", "/recommendations.json", "/recommendations.csv", "/recommendations.bib",
    "/recommendations.ris", "/recommendations.atom", "/recommendations.jsonfeed",
]
# fmt: on
ENDINGS = (".json", ".bib", ".ris", ".csl.json", ".txt", ".png", ".qr.svg", ".qr.png", "/embed")
ASKS = ("search_recommendations", "list_themes")
ENTRIES, TAGS = 8, 12  # of a new declaration; that entries are given
FEW = 30  # published entries, below which a declaration is added
SLICE = 7  # entries of a part of the JSON, so that a small site has several
LINE = "We call for sample action {n} of {code} on lifelong training, and we ask companies to report on step {n}."
CORRECTED = "Sample industry has come a long way"


@dataclass
class Editors:
    """The people at the desk, and what they do at random."""

    chance: random.Random
    few: int = FEW
    made: int = 0
    done: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @cached_property
    def desk(self) -> Person:
        """The publisher, who is answered 500 where the desk breaks off, so that the trial goes on."""
        person = Person(PUBLISHERS[0])
        person.client.raise_request_exception = False
        return person

    @cached_property
    def acts(self) -> list:
        """Everything that is done, the frequent more than once."""
        often = [self.publish, self.withdraw, self.merge, self.split] * 3 + [self.draft] * 6
        return [*often, self.change, self.retitle, self.correct, self.add_theme, self.rename, self.merge_themes] + [
            self.retire,
            self.name_tag,
        ]

    def act(self) -> None:
        """Do one thing, or add a declaration where little is left to read; what the desk refuses is no fault."""
        if self.published().count() < self.few:
            self.add_declaration()
        act = self.chance.choice(self.acts)
        self.count(act.__name__, act())

    def count(self, name: str, answer: HttpResponse | None) -> None:
        """Count what was done, what was refused, and what there was nothing to do with."""
        status = answer.status_code if answer else 0
        self.done[f"{name}{'' if status == 302 else ' refused' if status else ' none'}"] += 1
        if status >= 400:
            self.faults.append(f"the desk answers {status} to {name}")

    def published(self):
        return model("Recommendation").objects.published()

    def any(self, found):
        """Return one of the rows, or None."""
        keys = list(found.order_by("pk").values_list("pk", flat=True))
        return found.model.objects.get(pk=self.chance.choice(keys)) if keys else None

    def post(self, path: str, **values) -> HttpResponse:
        """Send a form of the desk."""
        return self.desk.client.post(f"{DESK}/{path}", {"reason": "Sample reason.", **values})

    def add_declaration(self) -> None:
        """Make a sample declaration with a work that it cites, and publish its entries."""
        code = f"LINKS{letters(self.made)}-{2000 + self.made % 25}"
        self.made += 1
        lines = [f"{LINE.format(n=n, code=code)}\n\n{CORRECTED} in field {n} of {code}." for n in range(ENTRIES)]
        made = {"short_title": f"Sample {code}", "issued_on": date(2000 + self.made % 25, 5, 1)}
        source = model("Source").objects.create(code=code, title=f"Sample {code}", text="\n\n".join(lines), **made)
        source.issuers.add(self.any(model("Actor").objects))
        work = model("Source").objects.create(code=f"WORK{code}", title=f"Sample work {code}", kind="report", **made)
        work.issuers.add(self.any(model("Actor").objects))
        drafts = [self.make_draft(source, LINE.format(n=n, code=code)) for n in range(ENTRIES)]
        drafts[0].citations.create(source=work, role="refers to", note="Sample note.")
        self.publish_all(drafts)

    def make_draft(self, source, quote: str):
        """Make a draft of words of a declaration."""
        entry = model("Recommendation").objects.create(source=source, title=f"Take sample action {self.made}")
        passage = model("Citation")(recommendation=entry, source=source, role="states")
        passage.anchor(quote)
        passage.save()
        entry.themes.add(self.any(model("Theme").objects))
        entry.tags.add(f"Links tag {self.chance.randrange(TAGS)} of {self.made}")
        entry.addressees.add(self.any(model("Actor").objects))
        return entry

    def draft(self) -> HttpResponse | None:
        """Write a draft of words that nobody has, and publish it or leave it."""
        source = self.any(model("Source").objects.filter(code__startswith="LINKS"))
        free = re.findall(rf"{CORRECTED} in field \d+ of [A-Z0-9-]+\.", source.text) if source else []
        if not free:
            return None
        entry = self.make_draft(source, self.chance.choice(free))
        return self.publish_all([entry]) if self.chance.random() < 0.7 else None

    def publish(self) -> HttpResponse | None:
        """Publish what waits."""
        draft = self.any(model("Recommendation").objects.filter(published_at=None))
        return self.publish_all([draft]) if draft else None

    def publish_all(self, drafts: list) -> HttpResponse:
        chosen = "&".join(f"entry={draft.pk}" for draft in drafts)
        return self.post(f"recommendation/publish/?{chosen}")

    def withdraw(self) -> HttpResponse | None:
        """Withdraw an entry, now and then for another one."""
        entry = self.any(self.published())
        other = self.any(self.published().filter(source=entry.source_id).exclude(pk=entry.pk))
        instead = {"replaced_by": other.code} if other and self.chance.random() < 0.5 else {}
        return self.post(f"recommendation/{entry.pk}/withdraw/", **instead)

    def merge(self) -> HttpResponse | None:
        """Merge two entries of a declaration."""
        one = self.any(self.published())
        other = self.any(self.published().filter(source=one.source_id).exclude(pk=one.pk))
        if other is None:
            return None
        return self.post(f"recommendation/merge/?entry={one.pk}&entry={other.pk}", survivor=one.pk, unite="on")

    def split(self) -> HttpResponse | None:
        """Split an entry by its words, or by its passages."""
        entry = self.any(self.published())
        quotes = [passage.quote for passage in entry.passages]
        if len(quotes) > 1:
            return self.post(f"recommendation/{entry.pk}/split/", leaving=[entry.passages[0].pk], title="Report sample")
        words = quotes[0].partition(", and ")
        values = {"staying": words[0], "leaving": words[2], "title": "Report sample steps"}
        return self.post(f"recommendation/{entry.pk}/split/", **values) if words[2] else None

    def change(self) -> HttpResponse | None:
        """File an entry under other themes, tags and addressees."""
        entry = self.any(self.published())
        path = f"{DESK}/recommendation/{entry.pk}/change/"
        page = form(self.desk.get(path), "seen_revision")
        tag = model("Tagging").tag.field.related_model.objects.order_by("?").first()
        words = {"reason": "Sample reason.", "themes": str(self.any(model("Theme").objects).pk)}
        words |= {"addressees": str(self.any(model("Actor").objects).pk), "taggings-0-tag": str(tag.pk)}
        return self.desk.post(path, changed(page, words))

    def retitle(self) -> HttpResponse | None:
        """Give an entry another title."""
        entry = self.any(self.published())
        path = f"{DESK}/recommendation/{entry.pk}/change/"
        words = {"title": f"Take other sample action {self.done.total()}", "reason": "Sample reason."}
        return self.desk.post(path, changed(form(self.desk.get(path), "seen_revision"), words))

    def correct(self) -> HttpResponse | None:
        """Correct a text: a word in every paragraph, a quote left behind, or a paragraph less."""
        source = self.any(model("Source").objects.filter(code__startswith="LINKS"))
        if source is None:
            return None
        number = self.chance.randrange(ENTRIES)
        old, new = self.chance.choice(
            ((CORRECTED, f"{CORRECTED} since {self.done.total()}"), (f"action {number} of", f"action {number}b of"))
            + (("\n\n", "\n"), (f"\n\n{CORRECTED} in field {number} of {source.code}.", ""))
        )
        text = source.text.replace(old, new, 1)
        said = {"text": text, "note_signs": "[]", "contents": "", "filled": "{}", "seen": source.text_number}
        said |= {"previewed": hashlib.sha256(text.encode()).hexdigest(), "confirm": "1"}
        return self.post(f"source/{source.pk}/correct/", **said)

    def add_theme(self) -> HttpResponse:
        """Add a theme."""
        slug = f"links-{self.done.total()}"
        management = {"alternatives-TOTAL_FORMS": 0, "alternatives-INITIAL_FORMS": 0}
        said = {
            "label": f"Sample theme {slug}",
            "definition": "Sample.",
            "signals": "",
            "position": 9,
            "sign": "circle",
        }
        return self.post("theme/add/", slug=slug, **said, **management)

    def rename(self) -> HttpResponse:
        """Give a theme another address, or one back that it had."""
        theme = self.any(model("Theme").objects)
        former = theme.former.first() if self.chance.random() < 0.3 else None
        slug = former.slug if former else f"renamed-{self.done.total()}"
        return self.post(f"theme/{theme.pk}/rename/", slug=slug, label=f"Sample theme {slug}")

    def merge_themes(self) -> HttpResponse | None:
        """Merge a theme into another, while some are left."""
        theme = self.any(model("Theme").objects)
        other = self.any(model("Theme").objects.exclude(pk=theme.pk))
        if model("Theme").objects.count() < 4:
            return None
        return self.post(f"theme/{theme.pk}/merge/", into=other.pk, keep_names="on")

    def retire(self) -> HttpResponse | None:
        """Retire a theme, for another or for none."""
        alone, themes = part("succession.only_in"), model("Theme").objects
        theme = next((each for each in themes.order_by("-pk") if not alone(each)), None)
        if theme is None or themes.count() < 4:
            return None
        other = self.any(themes.exclude(pk=theme.pk))
        return self.post(f"theme/{theme.pk}/retire/", **({"successor": other.pk} if self.chance.random() < 0.5 else {}))

    def name_tag(self) -> HttpResponse | None:
        """Give a tag another name; its address stays."""
        tag = model("Tagging").tag.field.related_model.objects.order_by("?").first()
        path = f"/admin/taggit/tag/{tag.pk}/change/"
        return self.desk.post(path, changed(form(self.desk.get(path), "name"), {"name": f"Tag {self.done.total()}"}))


@dataclass
class Trial:
    """The addresses, where each was seen first, and how they answer."""

    chance: random.Random
    few: int = FEW
    known: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    ends: Counter = field(default_factory=Counter)
    lapsed: Counter = field(default_factory=Counter)  # by kind
    places: Counter = field(default_factory=Counter)  # that are gone from their page, by kind
    live: set[str] = field(default_factory=set)  # what pages hold once nothing changes any more
    old: set[str] = field(default_factory=set)  # what answers 400
    is_over: bool = False  # whether the editors have gone
    asked: int = 0

    def run(self, acts: int, every: int, pages: int, most: int = 0) -> None:
        """Do the acts; read `pages` addresses after each `every` of them, and in the end `most` or all."""
        self.client: Client = stranger()
        self.editors = Editors(self.chance, self.few, faults=self.faults)
        with patch(f"{part('selection.selection').__module__}.SLICE_SIZE", SLICE):
            self.act(acts, every, pages)
            self.is_over = True
            order = one_of_each(self.chance.sample(sorted(self.known), len(self.known)))
            for address in order[:most] if most else order:
                self.check(address)
        for address in self.live & self.old:
            self.fault(address, "is linked by a page of now, and answers 400")

    def act(self, acts: int, every: int, pages: int) -> None:
        """Do the acts, and read the site between them."""
        self.editors.add_declaration()
        self.read(pages)
        for number in range(1, acts + 1):
            self.editors.act()
            if number % every == 0:
                self.read(pages)
                progress(f"{number}/{acts} acts, {len(self.known)} addresses", self.faults)

    def read(self, pages: int) -> None:
        """Read the site: what is always there, what is new, and some of all that is known, each kind as often."""
        entries = list(model("Recommendation").objects.exclude(published_at=None).order_by("-pk"))[:3]
        seeds = [*SEEDS, *(f"/{entry.code}{ending}" for entry in entries[:1] for ending in ENDINGS)]
        codes = ",".join(entry.code for entry in entries)
        seeds += [f"/briefing?codes={codes}", f"/briefing.md?codes={codes}", f"/briefing.docx?codes={codes}"]
        for address in seeds:
            self.check(address, "the trial")
        for entry in entries:
            self.note(set(self.told("get_recommendation", code=entry.code)), "assistants")
        for name in ASKS:
            self.note(set(self.told(name)), "assistants")
        new = self.chance.sample(sorted(self.known), len(self.known))
        for address in one_of_each(new)[: max(0, pages - len(seeds))]:
            self.check(address)

    def told(self, tool: str, **arguments) -> set[str]:
        """Return the addresses in an assistant's answer."""
        answer = part("assistants.ask")(tool, arguments)
        return {local(each) for each in in_json(self.as_json(answer))} - {""}

    @staticmethod
    def as_json(answer: dict) -> bytes:
        return part("assistants.json").dumps(answer).encode()

    def note(self, addresses: set[str], where: str) -> None:
        """Remember addresses."""
        for address in sorted(addresses):
            self.known.setdefault(address, where)

    def check(self, address: str, where: str = "") -> None:
        """Ask for an address, and judge what answers; its links are remembered, and its own places must be there."""
        self.known.setdefault(address, where)
        self.asked += 1
        answer, content = self.get(address)
        self.note(found := emitted(address.partition("#")[0], answer, content), address)
        self.live |= found if self.is_over and answer.status_code in (200, 410) else set()
        status = answer.status_code
        self.ends[str(status)] += 1
        if status in (301, 308):
            self.follow(address, answer)
        elif status == 400:
            self.refused(address, answer, content)
        elif status == 200:
            self.anchored(address, answer, content)
        elif status != 410:
            self.fault(address, f"answers {status} {answer.get('Location', '')}".strip())

    def get(self, address: str) -> tuple[HttpResponse, bytes]:
        answer = self.client.get(address.partition("#")[0])
        return answer, body(answer)

    def follow(self, address: str, answer: HttpResponse) -> None:
        """Demand that one step leads to the end."""
        place = local(answer["Location"], address)
        after, content = self.get(place)
        if after.status_code == 400:
            self.refused(address, after, content)
        elif not place or after.status_code not in (200, 410):
            self.fault(address, f"leads to {answer['Location']}, which answers {after.status_code}")

    def refused(self, address: str, answer: HttpResponse, content: bytes) -> None:
        """Take a selection that cannot be answered any more, where it has a way on that can."""
        ways = [each for each in emitted(address, answer, content) if each.startswith("/recommendations")]
        works = any(self.get(each)[0].status_code in (200, 301, 410) for each in ways if "?" in each or len(ways) == 1)
        if not urlsplit(address).query or not (works or (self.get("/recommendations/")[0].status_code == 200 and ways)):
            self.fault(address, "answers 400 without a way on")
        self.lapsed[kind(address)] += 1
        self.old.add(address)

    def anchored(self, address: str, answer: HttpResponse, content: bytes) -> None:
        """Demand of a page the places that its own links lead to, and count the places of earlier links it lacks."""
        if "text/html" not in answer.get("Content-Type", ""):
            return
        path, _, fragment = address.partition("#")
        here = set(re.findall(rb'\sid="?([^"\s>]+)', content))
        for wanted in set(re.findall(rb'href="#([^"]+)"', content)) - here:
            self.fault(path, f"has no place {unquote(wanted.decode())}")
        if fragment and unquote(fragment).encode() not in here:
            self.places[kind(address)] += 1

    def fault(self, address: str, what: str) -> None:
        """Put a fault down."""
        self.faults.append(f"{address} (seen on {self.known.get(address, '?')}) {what}")

    def summary(self) -> str:
        """Say what was tried and found."""
        acts = ", ".join(f"{name} {count}" for name, count in sorted(self.editors.done.items()))
        ends = ", ".join(f"{status}: {count}" for status, count in sorted(self.ends.items()))
        told = [
            f"{sum(counted.values())} {what}{': ' if counted else ''}"
            + ", ".join(f"{name} {count}" for name, count in counted.most_common(8))
            for what, counted in (("selections lapsed", self.lapsed), ("places gone", self.places))
        ]
        kinds = len({kind(each) for each in self.known})
        return (
            f"{self.editors.done.total()} acts ({acts}); {len(self.known)} addresses of {kinds} kinds; {self.asked}"
            f" asked for ({ends}); {'; '.join(told)}"
        )


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--acts", type=int, default=100)
    parser.add_argument("--every", type=int, default=50, help="acts between two readings of the site")
    parser.add_argument("--pages", type=int, default=300, help="addresses of each reading")
    parser.add_argument("--most", type=int, default=0, help="addresses asked for in the end; 0 for all")
    parser.add_argument("--strict", action="store_true", help="take what lapsed, and places gone, for faults")


def tried(given: Namespace, faults: list[str]) -> str:
    """Act and read, and return in words what was done."""
    with site(given.database):
        trial = Trial(random.Random(given.seed), faults=faults)
        trial.run(given.acts, given.every, given.pages, given.most)
    if given.strict:
        faults += [f"{count} lapsed: {each}" for each, count in (trial.lapsed + trial.places).items()]
    return trial.summary()


if __name__ == "__main__":
    sys.exit(conduct("links", __doc__, options, FULL, tried))
