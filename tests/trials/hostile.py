"""Hostile: markup in every field, and every page of it in a real browser.

In each round editors put another of the words of `markup` into each field: files and their names,
descriptions, titles, tags, themes, organisations, works, reasons, corrections, their own names. Every
answer to whatever was asked or sent is looked through as a parser reads it, and every format is
read by a reader of its kind. Then so many of the pages are opened in Chromium twice, as they are
and without their Content-Security-Policy, and buttons pressed: nothing may run, load from elsewhere
or become an element.
"""

import hashlib
import os
import random
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from playwright.sync_api import Browser, sync_playwright

from tests.extraction_samples import page as web_page
from tests.extraction_samples import pdf, word, wrapped

from .parts import readers
from .parts.addresses import part
from .parts.cycle import DESK, letters
from .parts.desk import Answer, changed
from .parts.looking import Looking, became, columns, formulas
from .parts.markup import LONGEST, PAYLOADS, marked, plain
from .parts.server import PASSWORD, PUBLISHERS, Site, model, site
from .parts.trial import conduct, progress
from .parts.watching import FLAGS, Watch, chromium

ASK = (
    "We call on G7 governments to fund sample training {n}: {words} for small enterprises by 2030."
)
FULL = {"rounds": len(PAYLOADS), "pages": 40}
KINDS = ("txt", "html", "docx", "pdf")
IN_PLACE = {"HX-Request": "true", "X-In-Place": "1"}  # what the scripts of the desk send
HANDED_OUT = {
    "content-type": "application/octet-stream",
    "content-disposition": "attachment",
    "x-content-type-options": "nosniff",
}
APART, BUTTONS = 10, 8  # pages opened for each button pressed, and buttons where all are opened
SCRIPT = "</textarea><img planted src=x onerror=ran=51>"


@dataclass
class Round:
    """One declaration, whose every field holds one of the payloads."""

    number: int
    desk: Looking
    used: int = 0
    faults: list[str] = field(default_factory=list)

    def words(self, most: int = LONGEST) -> str:
        """Return the next payload, each field its own; over all rounds each field gets each."""
        self.used += 1
        return marked(PAYLOADS[(self.number + self.used * 7) % len(PAYLOADS)], most)

    @property
    def code(self) -> str:
        return f"HOSTILE{letters(self.number)}-2025"

    def put(self, path: str, holding: str, **changes) -> Answer:
        """Send a form; where its words are refused, without the signs that a field may refuse."""
        answer = self.desk.send(path, holding, changes)
        if answer.status == 200:
            tame = {
                name: plain(value) if isinstance(value, str) and value else value
                for name, value in changes.items()
            }
            answer = self.desk.send(path, holding, tame)
        if not answer.is_done:
            said = re.findall(
                r'class="errorlist[^>]*>.*?</ul>|class="[^"]*bad[^"]*".{200}',
                answer.text,
                re.DOTALL,
            )
            raise RuntimeError(f"{path} answers {answer.status}: {said[:3]} to {changes}")
        return answer

    def fill(self) -> None:
        """Put the payloads into everything."""
        self.name_people()
        self.name_things()
        self.bring_in()
        self.review()
        self.look_early()
        self.publish()
        self.succeed()
        self.be_refused()

    def name_people(self) -> None:
        """Give the publisher a name that no form would take: the record shows names as they are
        stored.
        """
        names = {
            "username": plain(self.words()) + str(self.number),
            "first_name": plain(self.words()),
        }
        get_user_model().objects.filter(is_staff=True).exclude(
            username__startswith="editor-"
        ).exclude(username=PUBLISHERS[1]).update(**names, last_name=plain(self.words()))

    def name_things(self) -> None:
        for which in "abc":
            slug, label = f"hostile-{self.number}-{which}", f"{self.words(70)} {which}{self.number}"
            said = {
                "slug": slug,
                "label": label,
                "definition": self.words(),
                "signals": self.words(),
            }
            self.put(f"{DESK}/theme/add/", "slug", **said, **{"alternatives-0-label": self.words()})
        self.put(
            f"{DESK}/organisation/add/",
            "slug",
            slug=f"hostile-{self.number}",
            name=f"{self.words()} {self.number}",
        )
        said = {
            "code": f"WORK{letters(self.number)}-2025",
            "title": self.words(),
            "short_title": self.words(),
        }
        said |= {
            "issued_on": "2025-05-12",
            "kind": "report",
            "occasion": self.words(),
            "language": "en",
            "text": "",
        }
        said |= {
            "issuers": str(model("Organisation").objects.get(slug=f"hostile-{self.number}").pk),
            "contents": "[]",
        }
        refused = self.desk.send(
            f"{DESK}/source/add/", "short_title", said | {"url": "javascript:ran=99"}
        )
        if refused.is_done:
            self.faults.append("a source took a javascript: address")
        self.put(
            f"{DESK}/source/add/",
            "short_title",
            **said,
            url=f"https://sample.invalid/?{quote(self.words())}",
        )

    def bring_in(self) -> None:
        lines = [
            f"Sample {plain(self.words())}",
            *(ASK.format(n=n, words=plain(self.words())) for n in range(9)),
        ]
        files = {
            "txt": "\n\n".join(lines).encode(),
            "html": web_page(
                "".join(
                    f"<p>{line.replace('&', '&amp;').replace('<', '&lt;')}</p>" for line in lines
                )
            ),
            "docx": word(lambda document: [document.add_paragraph(line) for line in lines]),
            "pdf": pdf(
                [
                    [
                        each
                        for n, line in enumerate(lines)
                        for each in wrapped(latin(line), 72, 760 - n * 60)
                    ]
                ]
            ),
        }
        intakes = {}
        for kind in KINDS:
            answer = self.desk.upload(f"{DESK}/intake/add/", f"{self.words()}.{kind}", files[kind])
            if answer.status >= 500 or not answer.is_done:
                raise RuntimeError(f"a file of the kind {kind} is answered {answer.status}")
            intakes[kind] = answer.location
        pasted = self.desk.send(
            f"{DESK}/intake/add/", "text", {"text": f"{lines[0]}\n\n{self.words()}\n\n{lines[1]}"}
        )
        if pasted.status >= 500:
            self.faults.append(f"pasted text is answered {pasted.status}")
        path = intakes[KINDS[self.number % len(KINDS)]]
        self.desk.send(
            path, "seen_revision", {"url": "javascript:ran=98", "code": self.words(), "save": "1"}
        )
        said = {
            "title": self.words(),
            "short_title": self.words(),
            "code": self.code,
            "issued_on": "2025-05-12",
        }
        said |= {
            "occasion": self.words(),
            "url": f"https://sample.invalid/?{quote(self.words())}",
            "language": "en",
        }
        self.put(path, "seen_revision", **said, save="1")
        self.desk.upload(
            f"{DESK}/intake/add/", f"{self.words()}.txt", files["txt"]
        )  # it was brought in before
        self.desk.get(f"{path}?mend=2")
        self.desk.get(f"{path}?piece=2", **IN_PLACE)
        self.desk.send(
            path,
            "seen_revision",
            {**said, "seen_revision": "0", "title": self.words(), "save": "1"},
        )
        self.put(path, "seen_revision", issuer="TECH7", accept="1")
        self.source = model("Source").objects.get(code=self.code)

    def review(self) -> None:
        path = f"{DESK}/source/{self.source.pk}/review/"
        self.desk.post(f"{path}add/", [("quote", self.words()), ("text", "1")])
        proposals = list(self.source.proposals.all())
        if len(proposals) < 6:
            raise RuntimeError(f"{self.code} has {len(proposals)} proposals")
        for place, proposal in enumerate(proposals[:6]):
            themes = [f"hostile-{self.number}-{which}" for which in ("ab" if place else "b")]
            said = {
                "title": self.words(),
                "summary": self.words() * 3,
                "tags": f"{self.words()}, {self.words()}",
            }
            said |= {
                "themes": themes,
                "addressees": [f"hostile-{self.number}"],
                "act": "accept" if place < 5 else "save",
            }
            self.card(f"{path}{proposal.pk}/", path, proposal.pk, said)

    def card(self, action: str, path: str, pk: int, said: dict) -> None:
        """Send a proposal's form."""
        for tame in (False, True):
            values = {
                name: plain(value) if tame and isinstance(value, str) else value
                for name, value in said.items()
            }
            pairs = [pair for pair in self.desk.form(path, f"card-{pk}") if pair[0] not in values]
            pairs += [
                (name, one)
                for name, each in values.items()
                for one in (each if isinstance(each, list) else [each])
            ]
            if (answer := self.desk.post(action, pairs)).is_done:
                return
        raise RuntimeError(f"{action} answers {answer.status} to {said}")

    def look_early(self) -> None:
        """Look through what only is there before something is published."""
        path = f"{DESK}/source/{self.source.pk}/review/"
        for each in (path, f"{path}?show=accepted", f"{path}publish/"):
            self.desk.get(each)
        self.desk.post(f"{path}publish/", [("reason", ""), ("seen", self.words())])
        stale = {
            "revision": "0",
            "title": self.words(),
            "summary": self.words(),
            "tags": self.words(),
            "act": "save",
        }
        pk = self.source.proposals.first().pk
        for headers in ({}, IN_PLACE):
            self.desk.post(f"{path}add/", [("quote", self.words()), ("text", "1")], **headers)
            self.desk.post(
                f"{path}{pk}/", changed(self.desk.form(path, f"card-{pk}"), stale), **headers
            )

    def publish(self) -> None:
        self.put(f"{DESK}/source/{self.source.pk}/review/publish/", "seen", reason=self.words())
        said = {"title": self.words(), "summary": self.words(), "reason": self.words()}
        said |= {"works-0-source": f"WORK{letters(self.number)}-2025"}
        said |= {"works-0-note": self.words(), "note": self.words()}
        self.put(f"{DESK}/recommendation/{self.entries[0].pk}/propose/", "seen", **said)
        text = f"{self.source.text.rstrip()}\n\n{plain(self.words())}\n"
        said = {
            "text": text,
            "note_signs": "[]",
            "contents": plain(self.words()),
            "reason": self.words(),
            "filled": "{}",
        }
        said |= {
            "seen": "1",
            "previewed": hashlib.sha256(text.encode()).hexdigest(),
            "confirm": "1",
        }
        path = f"{DESK}/source/{self.source.pk}/correct/"
        shown = said | {
            "text": text.replace("governments", plain(self.words()), 1),
            "previewed": "",
            "confirm": "",
        }
        self.desk.post(
            path, [pair for pair in shown.items() if pair[1]]
        )  # only shown: it moves words of a quote
        if not self.desk.post(path, said.items()).is_done:
            said["reason"] = plain(said["reason"])
            if not (answer := self.desk.post(path, said.items())).is_done:
                raise RuntimeError(f"the correction is answered {answer.status}")

    @property
    def entries(self) -> list:
        known = model("Recommendation").with_withdrawn.filter(source=self.source)
        return list(known.order_by("number"))

    def succeed(self) -> None:
        _first, second, third, fourth, *_rest = self.entries
        self.put(f"{DESK}/recommendation/{second.pk}/withdraw/", "reason", reason=self.words())
        path = f"{DESK}/recommendation/merge/?entry={third.pk}&entry={fourth.pk}"
        self.put(path, "survivor", survivor=str(third.pk), reason=self.words())
        one, _two, three = (
            model("Theme")
            .objects.filter(slug__startswith=f"hostile-{self.number}-")
            .order_by("slug")
        )
        said = {
            "label": f"renamed {self.number} {self.words(60)}",
            "slug": f"{one.slug}-new",
            "reason": self.words(),
        }
        self.put(f"{DESK}/theme/{one.pk}/change/", "seen", **said)
        self.put(f"{DESK}/theme/{three.pk}/retire/", "reason", reason=self.words())
        self.propose()

    def propose(self) -> None:
        """Leave a change of an entry to somebody else, write it anew, and fail to publish it."""
        said = {"title": self.words(), "summary": self.words(), "reason": self.words()}
        said |= {"tags": f"{self.words(60)}, {self.words(60)}", "note": self.words()}
        path = f"{DESK}/recommendation/{self.entries[0].pk}/propose/"
        self.put(path, "seen", **said, propose="1")
        self.proposal = self.source.proposals.latest("pk")
        path = f"{DESK}/proposal/{self.proposal.pk}/"
        self.put(f"{path}edit/", "seen", title=self.words(), note=self.words(), propose="1")
        self.desk.post(f"{path}edit/", [("title", self.words()), ("seen", self.words())])
        self.desk.post(f"{path}decide/", [("note", self.words()), ("revision", "2")])
        for revision in ("0", self.words()):
            sent = [("reason", self.words()), ("revision", revision)]
            self.desk.post(f"{path}publish/", sent)
            self.desk.post(f"{path}decide/", [("reject", "1"), ("revision", revision)])
            self.desk.get(f"{path}change/")  # says that it has changed

    def be_refused(self) -> None:
        """Save over what was saved meanwhile, send what cannot be taken, ask for what is
        not there.
        """
        entry, theme = self.entries[0], model("Theme").objects.get(slug=f"hostile-{self.number}-b")
        organisation = model("Organisation").objects.get(slug=f"hostile-{self.number}")
        for kind, thing, page in (
            ("theme", theme, "change"),
            ("organisation", organisation, "change"),
            ("source", self.source, "change"),
            ("recommendation", entry, "propose"),
        ):
            stale = {"seen": "0", "reason": self.words()}
            self.desk.send(f"{DESK}/{kind}/{thing.pk}/{page}/", "seen", stale)
            self.desk.post(
                f"{DESK}/{kind}/",
                [("action", "delete_selected"), ("_selected_action", str(thing.pk))],
            )
            self.desk.get(f"{DESK}/{kind}/{quote(self.words(), safe='')}/change/")
            self.desk.get("/admin/")  # says that there is none
        for path in (
            f"recommendation/{entry.pk}/withdraw",
            f"theme/{theme.pk}/change",
            f"theme/{theme.pk}/merge",
        ):
            self.desk.post(
                f"{DESK}/{path}/",
                [(name, self.words()) for name in ("replaced_by", "label", "slug", "reason")],
            )
        popup = {
            "slug": f"hostile-popup-{self.number}",
            "name": f"{self.words()} popup {self.number}",
            "_popup": "1",
        }
        self.desk.send(f"{DESK}/organisation/add/", "slug", popup)
        self.desk.post("/appearance", [("appearance", "dark"), ("next", self.words())])
        stranger = Looking(self.desk.port, faults=self.faults)
        stranger.get(f"/accounts/login/?next={quote(self.words())}")
        stranger.post(
            "/accounts/login/", [("login", self.words()), ("password", "x"), ("next", self.words())]
        )
        self.desk.get(f"/accounts/confirm/?next={quote(self.words())}")
        self.name_passkey()
        self.be_unavailable()

    def name_passkey(self) -> None:
        """Give a passkey a name, and look where it stands."""
        keys = apps.get_model("mfa", "Authenticator").objects
        person = (
            get_user_model()
            .objects.filter(is_staff=True)
            .exclude(username__startswith="editor-")
            .earliest("pk")
        )
        self.desk.post("/accounts/confirm/", [("password", PASSWORD)])
        made = keys.create(
            user=person, type="webauthn", data={"name": self.words(), "credential": {}}
        )
        for path in (
            "/accounts/",
            f"/accounts/passkeys/{made.pk}/rename/",
            f"/accounts/passkeys/{made.pk}/remove/",
        ):
            self.desk.get(path)
        made.delete()

    def be_unavailable(self) -> None:
        """Look through the page that gives a form back while nothing can be stored."""
        sent = RequestFactory().post(f"/admin/?{self.words()}", {self.words(): self.words()})
        page = part("views.errors.unavailable")(sent).content.decode()
        self.faults += [f"503: {fault}" for fault in became(page)]

    # --- Where it shows ------------------------------------------------------------------------
    # ----------------------

    def pages(self) -> Iterator[str]:
        """Yield the address of every page on which something of the round stands."""
        codes = [entry.code for entry in self.entries]
        asked = quote(self.words())
        yield from (
            "/",
            "/recommendations/",
            "/declarations/",
            "/themes/",
            "/overview/",
            "/api/",
            "/about/",
        )
        yield from (
            f"/recommendations/?q={asked}",
            f"/recommendations/?theme={asked}",
            f"/{asked}",
            f"/{self.code}-99",
        )
        yield from (f"/{self.code}", f"/{self.code}/t/1", f"/themes/hostile-{self.number}-b")
        yield from (f"/themes/hostile-{self.number}-a-new", f"/themes/hostile-{self.number}-c")
        yield f"/briefing?codes={','.join(codes)}"
        for code in codes:
            yield from (f"/{code}", f"/{code}/v/1", f"/{code}/embed")
        yield from (
            f"/{codes[0]}/v/2",
            f"/{codes[0]}/v/2?compare=1",
            f"/{codes[0]}/v/1?compare={asked}",
        )
        yield from self.desk_pages(asked)

    def desk_pages(self, asked: str) -> Iterator[str]:
        """Yield the editors' pages."""
        yield from ("/admin/", "/admin/care/", "/accounts/")
        things = {
            "recommendation": self.entries,
            "source": list(model("Source").objects.filter(code__contains=letters(self.number))),
        }
        things["theme"] = list(
            model("Theme").objects.filter(slug__startswith=f"hostile-{self.number}-")
        )
        things["organisation"] = list(
            model("Organisation").objects.filter(slug=f"hostile-{self.number}")
        )
        things["intake"] = list(model("Intake").objects.defer("original").order_by("-pk")[:5])
        things["formertheme"] = list(
            model("FormerTheme").objects.filter(slug__startswith=f"hostile-{self.number}-")
        )
        things["change"] = list(model("Change").objects.all()[:25])
        things["proposal"] = list(self.source.proposals.waiting())
        for kind, found in things.items():
            yield from (f"{DESK}/{kind}/", f"{DESK}/{kind}/?q={asked}")
            for each in found:
                yield f"{DESK}/{kind}/{each.pk}/change/"
                if kind not in ("change", "formertheme"):
                    yield f"{DESK}/{kind}/{each.pk}/history/"
        yield "/admin/taggit/tag/"
        entry, theme = self.entries[0].pk, things["theme"][0].pk
        yield from (
            f"{DESK}/recommendation/{entry}/{act}/" for act in ("withdraw", "split", "propose")
        )
        yield from (f"{DESK}/theme/{theme}/{act}/" for act in ("merge", "retire", "delete"))
        yield from (f"{DESK}/proposal/{self.proposal.pk}/{act}/" for act in ("edit", "preview"))
        yield f"{DESK}/recommendation/merge/?entry={entry}&entry={self.entries[2].pk}"
        yield f"{DESK}/proposal/add/?source={self.source.code}"
        yield f"{DESK}/proposal/add/?source={asked}"
        review = f"{DESK}/source/{self.source.pk}/review/"
        yield from (
            review,
            f"{review}?show=published",
            f"{review}publish/",
            f"{DESK}/source/{self.source.pk}/correct/",
        )
        yield f"{DESK}/intake/{things['intake'][0].pk}/delete/"

    def scripted(self) -> Iterator[str]:
        """Yield the pages that put answers in place: an intake that is read, and a review that is
        not over.
        """
        waiting = model("Intake").objects.filter(source=None).latest("pk").pk
        yield from (
            f"{DESK}/source/{self.source.pk}/review/",
            f"{DESK}/intake/{waiting}/change/?mend=1",
        )

    def formats(self) -> Iterator[str]:
        """Yield the address of everything that is no page."""
        for code in (entry.code for entry in self.entries):
            yield from (
                f"/{code}.{end}"
                for end in ("json", "bib", "ris", "csl.json", "txt", "png", "qr.svg", "qr.png")
            )
            asked = f"/oembed?url={quote(f'http://127.0.0.1:{self.desk.port}/{code}', safe='')}"
            yield from (asked, f"{asked}&type=rich", f"{asked}&type=rich&format=xml")
        yield from (
            f"/recommendations.{end}" for end in ("json", "csv", "bib", "ris", "atom", "jsonfeed")
        )
        yield from (
            f"/themes/hostile-{self.number}-b.{end}"
            for end in ("json", "csv", "bib", "ris", "atom", "jsonfeed")
        )
        yield from (f"/{self.code}.{end}" for end in ("txt", "json"))
        codes = ",".join(entry.code for entry in self.entries)
        yield from (f"/briefing.{end}?codes={codes}" for end in ("md", "docx"))
        yield from ("/sitemap.xml", "/opensearch.xml", "/api/schema", "/llms.txt", "/robots.txt")


def latin(words: str) -> str:
    """Return words in the signs that the sample PDF's font has."""
    return words.encode("cp1252", errors="replace").decode("cp1252")


@dataclass
class Trial:
    """Rounds of payloads."""

    site: Site
    chance: random.Random
    faults: list[str] = field(default_factory=list)
    looked: int = 0
    opened: int = 0
    pressed: int = 0
    read: int = 0

    def run(self, rounds: int, pages: int) -> None:
        """Fill, look, open and read, round after round."""
        self.site.start()
        self.faults += columns()
        reader = Looking(self.site.port, faults=self.faults)
        desk = Looking(self.site.port, PUBLISHERS[0], self.faults)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            for number in range(rounds):
                each = Round(number, desk, faults=self.faults)
                each.fill()
                self.read_all(each)
                listed = list(each.pages())
                for path in listed:
                    (desk if path.startswith(("/admin/", "/accounts/")) else reader).get(path)
                self.hand_out(each)
                opened = self.chance.sample(listed, pages) if pages else listed
                self.open_all(browser, each, opened, pages // APART if pages else BUTTONS)
                self.looked = reader.looked + desk.looked
                progress(f"{number + 1}/{rounds} rounds", self.faults)
            browser.close()

    def read_all(self, each: Round) -> None:
        """Let a reader of each format read it."""
        stranger = Looking(each.desk.port, faults=self.faults)
        for path in each.formats():
            answer, reader = (
                stranger.get(path),
                readers.of(".xml" if path.endswith("format=xml") else path),
            )
            self.read += 1
            try:
                if answer.status not in (200, 404 if path.startswith("/oembed") else 410, 410):
                    raise ValueError(f"answered {answer.status}")
                found = reader(answer.body) if answer.status == 200 else []
                found += formulas(answer.body) if path.endswith(".csv") else []
                self.faults += [f"{path}: {fault}" for fault in found]
            except Exception as error:  # whatever a reader stumbles over is what is looked for
                self.faults.append(f"{path} cannot be read: {error!r}")

    def hand_out(self, each: Round) -> None:
        """Ask for the files as they came: a browser must keep them, and run none."""
        for pk in (
            model("Intake").objects.order_by("-pk").values_list("pk", flat=True)[: len(KINDS)]
        ):
            path = f"{DESK}/intake/{pk}/original/"
            held = each.desk.get(path).headers
            for name, said in HANDED_OUT.items():
                if not held.get(name, "").startswith(said):
                    self.faults.append(f"{path}: {name} is {held.get(name)}, not {said}")

    def open_all(self, browser: Browser, each: Round, paths: list[str], buttons: int) -> None:
        """Open pages with and without their policy, and press buttons of those that have a script
        of their own.
        """
        for is_bare in (False, True):
            context = browser.new_context()
            cookies = [
                {"name": name, "value": kept, "url": self.site.url}
                for name, kept in each.desk.cookies.items()
            ]
            context.add_cookies(cookies)
            watch = Watch(context, self.site.url, is_bare, self.faults)
            for path in paths:
                watch.open(path)
            if is_bare and buttons:
                for path in each.scripted():
                    watch.press(path, SCRIPT, buttons)
            self.opened, self.pressed = self.opened + watch.opened, self.pressed + watch.pressed
            context.close()


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument(
        "--rounds", type=int, default=1, help=f"{len(PAYLOADS)} put each payload into each field"
    )
    parser.add_argument(
        "--pages", type=int, default=2, help="pages opened in each round; 0 for all"
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Plant and look, and return in words what was done."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "true"  # Playwright keeps an event loop in this thread
    )
    with site(given.database) as made:
        trial = Trial(made, random.Random(given.seed), faults=faults)
        trial.run(given.rounds, given.pages)
    looked = (
        f"{trial.looked} answers looked through, {trial.opened} pages opened, {trial.read} "
        "formats read"
    )
    return f"{given.rounds} rounds; {looked}, {trial.pressed} buttons pressed"


if __name__ == "__main__":
    sys.exit(conduct("hostile", __doc__, options, FULL, tried))
