"""Drafts: nothing of what only the desk knows reaches a reader, in any way.

A word that stands nowhere else, a canary, is put into every field of drafts, entries in review, proposals, intakes,
withdrawn entries, the record of changes, theme signals and people. Every address of the site map, every format, search,
part, facet, error and answer to an assistant is asked for before and after: no canary is in it, and no byte, status or
header differs. So do people who are signed in, each within what they may see. At the desk canaries are found, or the
trial itself would be blind.
"""

import io
import json
import random
import statistics
import sys
import time
import zipfile
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from unittest.mock import patch
from urllib.parse import quote, urlencode

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse

from .addresses import body, emitted, one_of_each, part, stranger
from .crash import DESK
from .links import SEEDS
from .server import model, site
from .trial import conduct, progress

FULL = {"times": True, "addresses": 0, "pages": 0}
MARK = "zq"
# fmt: off
FIELDS = [
    "title", "summary", "tag", "addressee", "note", "worktitle", "workshort", "hiddentitle", "hiddenshort",
    "hiddenoccasion", "hiddenheading", "hiddentext", "hiddenissuer", "reviewtitle", "proposaltitle",
    "proposalsummary", "proposaltag", "why", "changetitle", "changesummary", "changetag", "file", "piece",
    "intaketitle", "intakeshort", "intakeoccasion", "intakeurl", "corrected", "signals", "reason", "label",
    "before", "username", "firstname", "lastname", "email", "decided",
]
# fmt: on
KNOWN = ["withdrawntitle", "withdrawnsummary", "withdrawntag", "withdrawnaddressee"]  # to those who ask for the entry
EXTENSIONS = ["json", "csl.json", "bib", "ris", "atom", "jsonfeed", "csv", "txt", "md", "docx", "png", "exe"]
OWN = ("X-Request-ID",)  # of each answer another one
METHODS = ("HEAD", "OPTIONS", "POST", "PUT", "DELETE")
ROLES = {"editor": ("Editors",), "publisher": ("Publishers",), "member": (), "superuser": ()}
SLICE = 4  # entries of a part of the JSON, so that there are several
TIMES = 60  # searches for each word when they are timed
LIKELY = 0.001  # that chance alone would make so large a difference


def canary(name: str) -> str:
    """Return the word of a field."""
    return f"{MARK}{name}x"


def sentence(name: str) -> str:
    """Return a sentence with the word of a field."""
    return f"Sample {canary(name)} words."


def group(name: str):
    """Return a group of people."""
    return apps.get_model("auth", "Group").objects.get(name=name)


def read(answer: HttpResponse) -> str:
    """Return what an answer says, head and body, small letters only; a Word file is unpacked."""
    content = body(answer)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    head = {name: value for name, value in answer.items() if name not in OWN}
    return f"{head}\n{content.decode(errors='replace')}".lower()


@dataclass
class Drafts:
    """What the desk knows and readers do not; `raised` names the acts after which copies of pages count as old."""

    raised: list[str] = field(default_factory=list)

    def publish_world(self) -> None:
        """Make what readers know before: an entry to change, and one that was withdrawn."""
        self.paris = model("Source").objects.get(code="PARIS-2025")
        tagged = self.entry(self.paris, "We call for", canary("withdrawntitle"), canary("withdrawnsummary"))
        tagged.tags.add(canary("withdrawntag"))
        tagged.addressees.add(self.actor("withdrawnaddressee"))
        tagged.publish("Sample publication.")
        tagged.withdraw("Sample withdrawal.")
        self.withdrawn, self.published = tagged.code, "PARIS-2025-4"
        given = model("Source").objects.get(pk=self.paris.pk).numbers_given
        self.codes = [f"PARIS-2025-{given + 1}", f"PARIS-2025-{given + 2}", f"{canary('hidden').upper()}-2019-1"]
        self.never = [f"PARIS-2025-{given + 3}", "ZYNEVER-2019-1"]

    def actor(self, name: str):
        return model("Actor").objects.create(slug=canary(name), name=f"Sample {canary(name)}")

    def entry(self, source, words: str, title: str, summary: str, **fields):
        """Make a draft of the paragraph in which some words stand first."""
        entry = model("Recommendation")(source=source, title=title, summary=summary, **fields)
        entry.save()
        passage = model("Citation")(recommendation=entry, source=source, role="states")
        start = source.text.index(words)
        passage.point(start, source.text.index("\n", start))
        passage.save()
        entry.themes.add(model("Theme").objects.get(slug="skills"))
        return entry

    def acts(self) -> dict[str, Callable[[], object]]:
        """Return what the desk does, by name, in order."""
        return {
            "people": self.people,
            "signals": self.signals,
            "a hidden declaration": self.hidden,
            "a work": self.work,
            "a draft": self.draft,
            "an entry in review": self.in_review,
            "a hidden draft": self.hidden_draft,
            "a proposal": self.proposal,
            "a change of a published entry": self.change,
            "an intake": self.intake,
            "a correction that is looked at": self.correction,
            "the record": self.record,
        }

    def do(self) -> None:
        """Do all of it, and remember which acts raised the content version."""
        for name, act in self.acts().items():
            before = part("models.ContentVersion").now()
            act()
            self.raised += [name] if part("models.ContentVersion").now() != before else []

    def people(self) -> None:
        """Make an editor whose every name is a canary."""
        names = {each: canary(each) for each in ("username",)}
        more = {"first_name": canary("firstname"), "last_name": canary("lastname")}
        self.who = get_user_model().objects.create(
            **names, **more, email=f"{canary('email')}@sample.invalid", is_staff=True
        )
        self.who.groups.add(group("Publishers"))

    def signals(self) -> None:
        theme = model("Theme").objects.get(slug="skills")
        theme.signals += f"\n{canary('signals')}"
        theme.save()

    def hidden(self) -> None:
        """Make a declaration of which nothing is published."""
        named = {each: f"Sample {canary(f'hidden{each}')}" for each in ("title", "occasion")}
        text = f"{sentence('hiddentext')}\n\nWe call for hidden sample action on {canary('hiddentext')}.\n"
        code = self.codes[2].removesuffix("-1")
        self.source = model("Source").objects.create(
            code=code,
            text=text,
            short_title=f"Sample {canary('hiddenshort')}",
            issued_on=date(2019, 5, 1),
            contents=[canary("hiddenheading")],
            **named,
        )
        self.source.issuers.add(self.actor("hiddenissuer"))

    def work(self) -> None:
        titles = {"title": f"Sample {canary('worktitle')}", "short_title": f"Sample {canary('workshort')}"}
        self.cited = model("Source").objects.create(
            code=f"{canary('work').upper()}-2019", kind="report", issued_on=date(2019, 6, 1), **titles
        )
        self.addressee = self.actor("addressee")

    def draft(self) -> None:
        entry = self.entry(self.paris, "We call for", canary("title"), sentence("summary"))
        entry.tags.add(canary("tag"))
        entry.addressees.add(self.addressee)
        entry.citations.create(source=self.cited, role="refers to", note=sentence("note"))

    def in_review(self) -> None:
        self.entry(self.paris, "We call for", canary("reviewtitle"), "", status="in review")

    def hidden_draft(self) -> None:
        self.entry(self.source, "We call for", "Take hidden sample action", "")

    def proposal(self) -> None:
        """Accept a proposal."""
        made = model("Proposal")(source=self.paris, spans=[[0, 20]], why=sentence("why"), tags=[canary("proposaltag")])
        made.title, made.summary = canary("proposaltitle"), sentence("proposalsummary")
        made.decision, made.decided_by = "accepted", canary("decided")
        made.save()

    def change(self) -> None:
        """Prepare a change of a published entry."""
        entry = model("Recommendation").objects.select_related("source").get(code=self.published)
        proposal = part("four_eyes.propose_change")(canary("username"), entry)
        said = {"title": canary("changetitle"), "summary": sentence("changesummary"), "tags": [canary("changetag")]}
        model("Proposal").objects.filter(pk=proposal.pk).update(**said)

    def intake(self) -> None:
        """Bring a file in."""
        self.desk = Client(SERVER_NAME="127.0.0.1")
        self.desk.force_login(self.who, "django.contrib.auth.backends.ModelBackend")
        text = f"Sample declaration\n\nOttawa, 12 May 2025\n\nWe call for {canary('piece')} action.\n"
        file = SimpleUploadedFile(f"{canary('file')}.txt", text.encode())
        self.desk.post(f"{DESK}/intake/add/", {"file": file, "text": ""})
        said = {each: f"Sample {canary(f'intake{each}')}" for each in ("title", "occasion")}
        said |= {"short_title": canary("intakeshort"), "url": f"https://{canary('intakeurl')}.invalid/"}
        model("Intake").objects.filter(name__contains=MARK).update(**said)

    def correction(self) -> None:
        """Look at what a correction would do, and leave it."""
        text = f"{self.paris.text}\n{sentence('corrected')}\n"
        said = {"text": text, "note_signs": "[]", "reason": "Sample.", "seen": "1", "filled": "{}"}
        self.desk.post(f"{DESK}/source/{self.paris.pk}/correct/", said)

    def record(self) -> None:
        """Put something on record about a published entry that readers are not told."""
        entry = model("Recommendation").objects.get(code=self.published)
        part("recording.note")(
            canary("username"), "edit", entry, {"title": canary("before")}, {"title": canary("label")}, canary("reason")
        )


@dataclass
class Trial:
    """What was asked, how it was answered before, and what differs."""

    chance: random.Random
    faults: list[str] = field(default_factory=list)
    most_of_desk: int | None = None  # pages of the desk that each role asks for
    seen: Counter = field(default_factory=Counter)  # at the desk, by canary
    asked: int = 0

    def run(self, most: int = 0, pages: int = 0, is_timed: bool = False) -> None:
        """Ask, let the desk work, ask again as everybody: `most` addresses, `pages` of them in each role; 0 for all."""
        self.drafts, self.client = Drafts(), stranger()
        with patch(f"{part('selection.selection').__module__}.SLICE_SIZE", SLICE):
            self.look(most, pages)
        self.indexed()
        self.queries()
        if is_timed:
            self.times()

    def look(self, most: int, pages: int) -> None:
        """Ask before and after."""
        self.drafts.publish_world()
        listed = one_of_each(self.addresses())
        asked = one_of_each({*listed, *self.grown(listed)}) if not most else listed[:most]
        before = {address: self.ask(self.client, address) for address in asked}
        heads = {each: self.head(*each) for each in self.other_ways(asked)}
        told = list(self.assistants())
        self.drafts.do()
        self.compare(before, "after the desk's work")
        for each, known in heads.items():
            if self.head(*each) != known:
                self.faults.append(f"{each} is answered otherwise: {known} and {self.head(*each)}")
        if told != list(self.assistants()):
            self.faults.append("an assistant is told otherwise after the desk's work")
        self.scan("an assistant", "\n".join(told))
        self.behind_the_desk(before, asked[:pages] if pages else asked)
        self.compare({each: before[each] for each in asked[: pages or None]}, "after people of the desk have looked")

    # --- What is asked -----------------------------------------------------------------------------------------------

    def addresses(self) -> set[str]:
        """Return every address of the site map, for entries of every state, and every way of asking for a canary."""
        return {*SEEDS, *self.mapped(), *self.searches()}

    def mapped(self) -> Iterator[str]:
        codes = [self.drafts.published, self.drafts.withdrawn, *self.drafts.codes, *self.drafts.never]
        sources = ["PARIS-2025", *(code.rpartition("-")[0] for code in codes[4:])]
        values = {"entry": codes, "source": sources, "slug": ["skills", canary("tag"), "zynever"]}
        for pattern in get_resolver("recommendations.urls").url_patterns:
            wanted = pattern.pattern.converters
            for code in values["source"] if "source" in str(pattern.pattern) else codes:
                for slug in values["slug"]:
                    for extension in EXTENSIONS if "extension" in wanted else [""]:
                        for number in (1, 2, 99) if "number" in wanted else [0]:
                            given = {"code": code, "slug": slug, "extension": extension, "number": number}
                            yield from self.reverse(
                                pattern.name, {key: given.get(key, "recommendations") for key in wanted}
                            )

    def reverse(self, name: str, given: dict) -> Iterator[str]:
        try:
            yield reverse(name, kwargs=given)
        except NoReverseMatch:
            return

    def searches(self) -> Iterator[str]:
        """Yield the searches for each canary, facets of what is not public, and parts."""
        for name in FIELDS + KNOWN:
            word = canary(name)
            yield f"/recommendations/?q={word}"
            yield f"/recommendations.json?q={word[:-2]}*"
            yield f"/briefing?find={word}"
            yield f"/{word}"
            for facet in ("tag", "addressee", "issuer", "theme"):
                yield f"/recommendations/?{facet}={word}"
                yield f"/recommendations.csv?{facet}={word}"
        for code in (*self.drafts.codes, *self.drafts.never):
            source = code.rpartition("-")[0]
            yield from (f"/recommendations/?q={code}", f"/recommendations.json?source={source}", f"/{code.lower()}/")
            yield f"/recommendations/?source={source[:-1]}8"
            for end in ("", ".md", ".docx"):
                yield f"/briefing{end}?codes={self.drafts.published},{code}"
            for end in ("", "/v/1", "/embed"):
                yield f"/oembed?url={quote(settings.SITE_URL + '/' + code + end, safe='')}"
            yield f"/{code}/v/1?compare=2"
        yield from (f"/recommendations.json?year={year}" for year in (2018, 2019, 2025))
        yield from (f"/recommendations.{end}?theme=skills" for end in EXTENSIONS)
        yield f"/recommendations/?{urlencode({'q': 'We call for', 'sort': 'code'})}"

    def grown(self, listed: list[str]) -> set[str]:
        """Return the addresses that the answers hold."""
        found = set()
        for address in listed:
            answer = self.client.get(address)
            found |= {each.partition("#")[0] for each in emitted(address, answer, body(answer))}
        return found

    def other_ways(self, asked: list[str]) -> list[tuple[str, str]]:
        """Return addresses of drafts with every other method."""
        hidden = [each for each in asked if any(code in each for code in (*self.drafts.codes, *self.drafts.never))]
        return [(method, address) for address in hidden[:20] for method in METHODS]

    def ask(self, client: Client, address: str) -> tuple[int, str]:
        """Ask for an address; an answer with a tag is asked for again with it."""
        self.asked += 1
        progress(f"{self.asked} answers", self.faults)
        answer = client.get(address)
        said = read(answer)
        if (tag := answer.get("ETag")) and client.get(address, headers={"If-None-Match": tag}).status_code != 304:
            self.faults.append(f"{address} has a tag that it does not know")
        if answer.status_code >= 500:
            self.faults.append(f"{address} answers {answer.status_code}")
        return answer.status_code, said

    def head(self, method: str, address: str) -> tuple:
        """Ask in another way."""
        answer = self.client.generic(method, address)
        return answer.status_code, tuple(sorted(each for each in answer.items() if each[0] not in ("ETag", *OWN)))

    def assistants(self) -> Iterator[str]:
        """Yield what assistants are told."""
        asks: list[tuple[str, dict]] = [("list_themes", {}), ("search_recommendations", {})]
        asks += [("search_recommendations", {"q": canary(name)}) for name in FIELDS]
        asks += [("search_recommendations", {"tag": [canary("tag")]}), ("search_recommendations", {"year": ["2019"]})]
        for code in (*self.drafts.codes, *self.drafts.never):
            asks += [("get_recommendation", {"code": code}), ("cite", {"code": code})]
        for tool, given in asks:
            try:
                said = json.dumps(part("assistants.ask")(tool, given))
            except part("assistants.Refused") as refused:
                said = str(refused)
            except Exception as error:  # whatever the assistant's answer stumbles over
                said = f"breaks off: {error!r}"
                self.faults.append(f"an assistant who asks {tool} for {given} is told nothing: {error!r}")
            for value in given.values():  # as the question is told again
                said = said.replace(value if isinstance(value, str) else value[0], "?")
            yield said

    # --- What is demanded --------------------------------------------------------------------------------------------

    def compare(self, before: dict[str, tuple[int, str]], when: str) -> None:
        """Demand that nothing is answered otherwise than before, and that no canary is in it."""
        for address, known in before.items():
            now = self.ask(self.client, address)
            self.scan(f"{address} {when}", now[1], address)
            if self.untagged(now[1]) != self.untagged(known[1]) or now[0] != known[0]:
                place = next((n for n, (a, b) in enumerate(zip(known[1], now[1], strict=False)) if a != b), 0)
                told = f"…{known[1][place - 30 : place + 60]!r} and {now[1][place - 30 : place + 60]!r}"
                self.faults.append(f"{address} is answered otherwise {when}: {known[0]} and {now[0]}, {told}")

    def untagged(self, said: str) -> str:
        """Leave the entity tag out where an act has raised the content version."""
        head, _, rest = said.partition("\n")
        told = [each for each in head.split("', '") if not (self.drafts.raised and each.startswith("etag"))]
        return "', '".join(told) + rest

    def scan(self, where: str, said: str, address: str = "") -> None:
        """Demand that no canary and no draft's code is in an answer, but where it was asked for."""
        known = [] if self.drafts.withdrawn.lower() in address.lower() else KNOWN
        said, asked = said.lower(), address.lower()
        for word in [canary(name) for name in (*FIELDS, *known)] + [code.lower() for code in self.drafts.codes]:
            if word in said and word[:-2] not in asked:
                self.faults.append(f"{where} has {word}")

    def behind_the_desk(self, before: dict, public: list[str]) -> None:
        """Look as people with and without permissions."""
        desk = one_of_each(self.desk_pages())[: self.most_of_desk]
        for name, groups in ROLES.items():
            user = get_user_model().objects.create(username=name, is_staff=True, is_superuser=name == "superuser")
            user.groups.set(map(group, groups))
            client = stranger()
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
            for address in public:
                status, said = self.ask(client, address)
                self.scan(f"{address} to a {name}", said, address)
                if status != before[address][0]:
                    self.faults.append(f"{address} answers a {name} {status}, and strangers {before[address][0]}")
            for address in desk:
                self.at_the_desk(name, client.get(address), address)
        for address in desk:
            answer = self.client.get(address)
            self.scan(f"{address} to a stranger", read(answer), address)
            if answer.status_code not in (302, 403, 404):
                self.faults.append(f"{address} answers a stranger {answer.status_code}")
        for word in map(canary, ("title", "piece", "proposaltitle", "hiddentext") if not self.most_of_desk else ()):
            if not self.seen[word]:
                self.faults.append(f"not even the desk shows {word}")

    def at_the_desk(self, name: str, answer: HttpResponse, address: str) -> None:
        """Take what the desk shows to those who may see it; no cache keeps it."""
        said, kept = read(answer), answer.get("Cache-Control", "")
        if name == "member":
            self.scan(f"{address} to somebody without a permission", said, address)
        self.seen.update(word for word in map(canary, FIELDS) if word in said)
        if "no-cache" not in kept and "no-store" not in kept:
            self.faults.append(f"{address} may be kept by a cache: {kept}")

    def desk_pages(self) -> Iterator[str]:
        """Yield the desk's pages on what was planted."""
        yield from ("/admin/", "/admin/care/", "/admin/taggit/tag/", "/admin/auth/user/")
        for name in ("recommendation", "source", "theme", "actor", "intake", "change"):
            yield f"{DESK}/{name}/"
            yield f"{DESK}/{name}/?q={MARK}"
            for pk in model(name).objects.order_by("-pk").values_list("pk", flat=True)[:4]:
                yield f"{DESK}/{name}/{pk}/change/"
                if name != "change":
                    yield f"{DESK}/{name}/{pk}/history/"
        for pk in model("Recommendation").objects.filter(published_at=None).values_list("pk", flat=True):
            yield f"{DESK}/recommendation/{pk}/preview/"
        for source in (self.drafts.paris.pk, self.drafts.source.pk):
            yield f"{DESK}/source/{source}/review/"
        for kind in ("recommendation", "source", "theme", "tag", "actor"):
            app, field_of = ("taggit", "tag") if kind == "tag" else ("recommendations", kind)
            yield f"/admin/autocomplete/?term={MARK}&app_label={app}&model_name={field_of}&field_name=source"

    def indexed(self) -> None:
        """Demand that the search holds rows of published entries only."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM recommendations_search")
            self.scan("the index of the search", "\n".join(map(str, cursor.fetchall())))

    def queries(self) -> None:
        """Demand that a search for a canary asks the database as often as one for a word that nobody ever wrote."""
        counts = {}
        for word in (canary("title"), canary("hiddentext"), f"{MARK}nobodyx"):
            self.client.get(f"/recommendations/?q={word}&sort=newest")
            with CaptureQueriesContext(
                connection,
            ) as caught:
                self.client.get(f"/recommendations/?q={word}&sort=code")
            counts[word] = len(caught)
        if len(set(counts.values())) > 1:
            self.faults.append(f"searches ask the database differently often: {counts}")

    def times(self) -> None:
        """Demand that a search for a canary takes no other time, by a test of permutations."""
        words = {canary("title"): [], f"{MARK}nobodyx": []}
        for turn in range(TIMES):
            for word in self.chance.sample(sorted(words), 2):
                began = time.process_time()
                self.client.get(f"/recommendations.json?q={word}+{turn}")
                words[word].append(time.process_time() - began)
        one, other = words.values()
        found = abs(statistics.median(one) - statistics.median(other))
        pool, as_large, rounds = one + other, 0, 2000
        for _turn in range(rounds):
            self.chance.shuffle(pool)
            as_large += abs(statistics.median(pool[:TIMES]) - statistics.median(pool[TIMES:])) >= found
        self.told = (
            f"{found * 1000:.2f} ms between medians of {statistics.median(one) * 1000:.1f} ms, p {as_large / rounds}"
        )
        if as_large / rounds < LIKELY:
            self.faults.append(f"a search tells of a draft by its time: {self.told}")

    told = "times not compared"

    def summary(self) -> str:
        """Say what was tried and found."""
        return (
            f"{len(FIELDS + KNOWN)} canaries, {self.asked} answers to readers; {len(self.seen)} seen at the desk;"
            f" the content version was raised by: {', '.join(self.drafts.raised) or 'nothing'}; {self.told}"
        )


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--addresses", type=int, default=0, help="asked for before and after; 0 for all there are")
    parser.add_argument("--pages", type=int, default=150, help="of them by each role; 0 for all")
    parser.add_argument("--times", action="store_true", help="compare the times of searches too")


def tried(given: Namespace, faults: list[str]) -> str:
    """Plant and ask, and return in words what was done."""
    with site(given.database):
        trial = Trial(random.Random(given.seed), faults)
        trial.run(given.addresses, given.pages, given.times)
    return trial.summary()


if __name__ == "__main__":
    sys.exit(conduct("drafts", __doc__, options, FULL, tried))
