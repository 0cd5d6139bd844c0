"""Drafts: nothing of what only the desk knows reaches a reader, in any way.

A word that stands nowhere else, a canary, is put into every field of proposals of each act,
intakes, withdrawn entries, the record of changes, theme signals and people. Every
address of the site map, every format, search, part, facet, error and answer to an assistant is
asked for before and after, each kind in every way in which a browser may ask: no canary is in it,
and no byte, status or header differs. After acts that readers are told nothing of, no entity tag
differs either. So do people who are signed in, each within what they may see. At the desk canaries
are found, or the trial itself would be blind. In the end entries are published, withdrawn and
renamed: readers see each at once.
"""

import io
import json
import random
import re
import statistics
import sys
import time
import zipfile
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from unittest.mock import patch
from urllib.parse import quote, urlencode

import brotli
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse

from .links import SEEDS
from .parts.addresses import body, emitted, kind, one_of_each, part, stranger
from .parts.cycle import DESK
from .parts.fresh import Fresh
from .parts.hidden import FIELDS, KNOWN, LOUD, MARK, OF_PEOPLE, Drafts, canary, group
from .parts.server import model, site
from .parts.trial import conduct, progress

FULL = {"times": True, "addresses": 0, "pages": 0}
EXTENSIONS = [
    "json",
    "csl.json",
    "bib",
    "ris",
    "atom",
    "jsonfeed",
    "csv",
    "txt",
    "md",
    "docx",
    "png",
    "exe",
]
OWN = ("X-Request-ID",)  # of each answer another one
PLAIN = ""
WAYS = {  # of asking: the method, and what a browser says besides
    PLAIN: ("GET", {}),
    "in place": ("GET", {"HX-Request": "true"}),
    "in the dark": ("GET", {"Cookie": "appearance=dark"}),
    "in Brotli": ("GET", {"Accept-Encoding": "br"}),
    "HEAD": ("HEAD", {}),
    "OPTIONS": ("OPTIONS", {}),
    "POST": ("POST", {}),
    "PUT": ("PUT", {}),
    "DELETE": ("DELETE", {}),
}
OF_READERS = ("in place", "in the dark", "in Brotli", "HEAD", "OPTIONS")
ROLES = {"editor": ("Editors",), "publisher": ("Publishers",), "member": (), "superuser": ()}
SLICE = 4  # entries of a part of the JSON, so that there are several
TIMES = 60  # searches for each word when they are timed
LIKELY = 0.001  # that chance alone would make so large a difference

Question = tuple[str, str]  # an address and a way
Answers = dict[Question, tuple[int, str]]  # status, and all that was said


def read(answer: HttpResponse) -> str:
    """Return what an answer says, head and body, small letters only; what is packed is unpacked."""
    content = body(answer)
    if answer.get("Content-Encoding") == "br" and content:
        content = brotli.decompress(content)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    head = {name: value for name, value in answer.items() if name not in OWN}
    return f"{head}\n{content.decode(errors='replace')}".lower()


@dataclass
class Trial:
    """What was asked, how it was answered before, and what differs."""

    chance: random.Random
    faults: list[str] = field(default_factory=list)
    most_of_desk: int | None = None  # pages of the desk that each role asks for
    is_thorough: bool = True  # or each address in one way more than the plain one
    seen: Counter = field(default_factory=Counter)  # at the desk, by canary
    asked: int = 0

    def run(self, most: int = 0, pages: int = 0, is_timed: bool = False) -> None:
        """Ask, let the desk work, ask again as everybody: `most` addresses, `pages` of them in each
        role; 0 for all.
        """
        self.drafts, self.client = Drafts(), stranger()
        with patch(f"{part('search.selection.read_selection').__module__}.SLICE_SIZE", SLICE):
            self.look(most, pages)
        self.indexed()
        self.queries()
        if is_timed:
            self.times()
        ways, nth = (list(WAYS)[:4], 1) if self.is_thorough else ([PLAIN], 4)
        fresh = Fresh(self.drafts, self.faults, ways, nth)
        fresh.try_all()
        self.asked += fresh.asked

    def look(self, most: int, pages: int) -> None:
        """Ask before and after."""
        self.drafts.publish_world()
        listed = one_of_each(self.addresses())
        asked = one_of_each({*listed, *self.grown(listed)}) if not most else listed[:most]
        before = {question: self.ask(self.client, *question) for question in self.questions(asked)}
        told = list(self.assistants())
        self.drafts.do()
        after = self.compare(before, "after the desk's work", is_tagged=False)
        if told != list(self.assistants()):
            self.faults.append("an assistant is told otherwise after the desk's work")
        self.scan("an assistant", "\n".join(told))
        self.in_silence(after)
        first = set(asked[:pages] if pages else asked)
        self.behind_the_desk(before, [each for each in asked if each in first])
        looked = {question: said for question, said in after.items() if question[0] in first}
        self.compare(looked, "after people of the desk have looked")

    def in_silence(self, before: Answers) -> None:
        """Demand that acts which readers are told nothing of leave every byte as it was, in pages
        made anew.
        """
        told = list(self.assistants())
        self.drafts.do_again()
        for cache in ("pages", "cards"):
            caches[cache].clear()
        part("search.facets.forget")()
        self.compare(before, "after silent acts")
        if told != list(self.assistants()):
            self.faults.append("an assistant is told otherwise after silent acts")
        self.faults += [
            f"{act} raised the content version" for act in self.drafts.raised if act not in LOUD
        ]

    # --- What is asked -------------------------------------------------------------------------
    # ----------------------

    def addresses(self) -> set[str]:
        """Return every address of the site map, for entries of every state, and every way of asking
        for a canary.
        """
        return {*SEEDS, *self.mapped(), *self.searches()}

    def mapped(self) -> Iterator[str]:
        codes = [
            self.drafts.published,
            self.drafts.withdrawn,
            *self.drafts.codes,
            *self.drafts.never,
        ]
        sources = ["PARIS-2025", *(code.rpartition("-")[0] for code in codes[4:])]
        values = {"entry": codes, "source": sources, "slug": ["skills", canary("tag"), "zynever"]}
        for pattern in get_resolver("recommendations.urls").url_patterns:
            wanted = pattern.pattern.converters
            for code in values["source"] if "source" in str(pattern.pattern) else codes:
                for slug in values["slug"]:
                    for extension in EXTENSIONS if "extension" in wanted else [""]:
                        for number in (1, 2, 99) if "number" in wanted else [0]:
                            given = {
                                "code": code,
                                "slug": slug,
                                "extension": extension,
                                "number": number,
                            }
                            yield from self.reverse(
                                pattern.name,
                                {key: given.get(key, "recommendations") for key in wanted},
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
            yield from (
                f"/recommendations/?q={code}",
                f"/recommendations.json?source={source}",
                f"/{code.lower()}/",
            )
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

    def questions(self, asked: list[str]) -> Iterator[Question]:
        """Yield every address, one of each kind in every way of readers, and drafts' addresses in
        all ways.
        """
        codes, seen, hidden = (*self.drafts.codes, *self.drafts.never), set(), 0
        for place, address in enumerate(asked):
            yield address, PLAIN
            is_hidden = any(code in address for code in codes)
            hidden += is_hidden
            ways = OF_READERS if not is_hidden else tuple(WAYS)[1:]
            if not self.is_thorough:
                yield address, ways[place % len(ways)]
            elif (is_hidden and hidden <= 20) or (is_hidden, kind(address)) not in seen:
                yield from ((address, way) for way in ways)
            seen.add((is_hidden, kind(address)))

    def ask(self, client: Client, address: str, way: str = PLAIN) -> tuple[int, str]:
        """Ask for an address in a way; an answer with a tag is asked for again with it."""
        self.asked += 1
        progress(f"{self.asked} answers", self.faults)
        method, headers = WAYS[way]
        answer = client.generic(method, address, headers=headers)
        said = read(answer)
        if tag := answer.get("ETag"):
            again = client.generic(method, address, headers=headers | {"If-None-Match": tag})
            if again.status_code != 304:
                self.faults.append(f"{address} {way} has a tag that it does not know")
        if answer.status_code >= 500:
            self.faults.append(f"{address} {way} answers {answer.status_code}")
        return answer.status_code, said

    def assistants(self) -> Iterator[str]:
        """Yield what assistants are told."""
        asks: list[tuple[str, dict]] = [("list_themes", {}), ("search_recommendations", {})]
        asks += [("search_recommendations", {"q": canary(name)}) for name in FIELDS]
        asks += [
            ("search_recommendations", {"tag": [canary("tag")]}),
            ("search_recommendations", {"year": ["2019"]}),
        ]
        for code in (*self.drafts.codes, *self.drafts.never):
            asks += [("get_recommendation", {"code": code}), ("cite", {"code": code})]
        for tool, given in asks:
            try:
                said = json.dumps(part("formats.mcp_tools.ask")(tool, given))
            except part("formats.mcp_tools.Refused") as refused:
                said = str(refused)
            except Exception as error:  # whatever the assistant's answer stumbles over
                said = f"breaks off: {error!r}"
                self.faults.append(
                    f"an assistant who asks {tool} for {given} is told nothing: {error!r}"
                )
            for value in given.values():  # as the question is told again
                said = said.replace(value if isinstance(value, str) else value[0], "?")
            yield said

    # --- What is demanded ----------------------------------------------------------------------
    # ----------------------

    def compare(self, before: Answers, when: str, is_tagged: bool = True) -> Answers:
        """Demand that nothing is answered otherwise than before, and that no canary is in it;
        return the answers.
        """
        found = {}
        for question, known in before.items():
            where = " ".join(filter(None, question))
            found[question] = now = self.ask(self.client, *question)
            self.scan(f"{where} {when}", now[1], question[0])
            one, other = (each[1] if is_tagged else self.untagged(each[1]) for each in (known, now))
            if (known[0], one) != (now[0], other):
                place = next(
                    (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0
                )
                told = f"…{one[place - 30 : place + 60]!r} and {other[place - 30 : place + 60]!r}"
                self.faults.append(
                    f"{where} is answered otherwise {when}: {known[0]} and {now[0]}, {told}"
                )
        return found

    def untagged(self, said: str) -> str:
        """Leave the entity tag out where an act has raised the content version."""
        if not self.drafts.raised:
            return said
        head, _, rest = said.partition("\n")
        return re.sub(r"'etag': '[^']*'(, )?", "", head) + rest

    def scan(self, where: str, said: str, address: str = "") -> None:
        """Demand that no canary and no draft's code is in an answer, but where it was asked for."""
        known = [] if self.drafts.withdrawn.lower() in address.lower() else KNOWN
        said, asked = said.lower(), address.lower()
        codes = [code.lower() for code in (*self.drafts.codes, *self.drafts.later)]
        for word in [canary(name) for name in (*FIELDS, *known)] + codes:
            if word in said and word[:-2] not in asked:
                self.faults.append(f"{where} has {word}")

    def behind_the_desk(self, before: Answers, public: list[str]) -> None:
        """Look as people with and without permissions."""
        desk = one_of_each(self.desk_pages())[: self.most_of_desk]
        for name, groups in ROLES.items():
            user = get_user_model().objects.create(
                username=name, is_staff=True, is_superuser=name == "superuser"
            )
            user.groups.set(map(group, groups))
            client = stranger()
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
            for address in public:
                status, said = self.ask(client, address)
                self.scan(f"{address} to a {name}", said, address)
                if status != before[address, PLAIN][0]:
                    told = before[address, PLAIN][0]
                    self.faults.append(f"{address} answers a {name} {status}, and strangers {told}")
            for address in desk:
                self.at_the_desk(
                    name, client.get(address), address, user.has_perm("auth.view_user")
                )
        for address in desk:
            answer = self.client.get(address)
            self.scan(f"{address} to a stranger", read(answer), address)
            if answer.status_code not in (302, 403, 404):
                self.faults.append(f"{address} answers a stranger {answer.status_code}")
        for word in map(
            canary,
            ("title", "piece", "changetitle", "hiddentext", "formeremail")
            if not self.most_of_desk
            else (),
        ):
            if not self.seen[word]:
                self.faults.append(f"not even the desk shows {word}")

    def at_the_desk(self, name: str, answer: HttpResponse, address: str, sees_people: bool) -> None:
        """Take what the desk shows to those who may see it; no cache keeps it."""
        said, kept = read(answer), answer.get("Cache-Control", "")
        if not sees_people:
            shown = [word for word in map(canary, OF_PEOPLE) if word in said]
            self.faults += [f"{address} shows {word}, of people, to a {name}" for word in shown]
        if answer.status_code >= 500:
            self.faults.append(f"{address} answers a {name} {answer.status_code}")
        if name == "member":
            self.scan(f"{address} to somebody without a permission", said, address)
        self.seen.update(word for word in map(canary, FIELDS) if word in said)
        if "no-cache" not in kept and "no-store" not in kept:
            self.faults.append(f"{address} may be kept by a cache: {kept}")

    def desk_pages(self) -> Iterator[str]:
        """Yield the desk's pages on what was planted."""
        yield from ("/admin/", "/admin/care/", "/admin/taggit/tag/", "/admin/auth/user/")
        listed = ("recommendation", "proposal", "source", "theme", "organisation", "intake")
        for name in (*listed, "change", "namechange"):
            yield f"{DESK}/{name}/"
            yield f"{DESK}/{name}/?q={MARK}"
            for pk in model(name).objects.order_by("-pk").values_list("pk", flat=True)[:4]:
                yield f"{DESK}/{name}/{pk}/change/"
                if name in listed:
                    yield f"{DESK}/{name}/{pk}/history/"
        for pk in model("Change").objects.filter(kind="user").values_list("pk", flat=True):
            yield f"{DESK}/change/{pk}/change/"
        yield from (
            f"/admin/auth/user/{self.drafts.who.pk}/{page}/" for page in ("change", "history")
        )
        for pk in model("Proposal").objects.values_list("pk", flat=True):
            yield from (f"{DESK}/proposal/{pk}/{page}/" for page in ("change", "edit", "preview"))
        for source in (self.drafts.paris.pk, self.drafts.source.pk):
            yield f"{DESK}/source/{source}/review/"
        for name in ("recommendation", "source", "theme", "tag", "organisation"):
            app, field_of = ("taggit", "tag") if name == "tag" else ("recommendations", name)
            yield f"/admin/autocomplete/?term={MARK}&app_label={app}&model_name={field_of}&field_name=source"

    def indexed(self) -> None:
        """Demand that the search holds rows of published entries only."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM recommendations_search")
            self.scan("the index of the search", "\n".join(map(str, cursor.fetchall())))

    def queries(self) -> None:
        """Demand that a search for a canary asks the database as often as one for a word that
        nobody ever wrote.
        """
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
            as_large += (
                abs(statistics.median(pool[:TIMES]) - statistics.median(pool[TIMES:])) >= found
            )
        self.told = f"{found * 1000:.2f} ms between medians of {statistics.median(one) * 1000:.1f} ms, p {as_large / rounds}"
        if as_large / rounds < LIKELY:
            self.faults.append(f"a search tells of a draft by its time: {self.told}")

    told = "times not compared"

    def summary(self) -> str:
        """Say what was tried and found."""
        return (
            f"{len(FIELDS + KNOWN)} canaries, {self.asked} answers to readers; {len(self.seen)} "
            "seen at the desk;"
            f" the content version was raised by: {', '.join(self.drafts.raised) or 'nothing'}; "
            f"{self.told}"
        )


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument(
        "--addresses", type=int, default=0, help="asked for before and after; 0 for all there are"
    )
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
