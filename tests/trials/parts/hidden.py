"""What only the desk knows: a canary in every field of proposals, intakes and people.

A canary is a word that stands nowhere else, so that it tells where an answer has it from.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from .addresses import part
from .cycle import DESK
from .publishing import factories
from .server import model

MARK = "zq"
# fmt: off
FIELDS = [
    "title", "summary", "tag", "addressee", "note", "discussion", "why", "writer", "worktitle", "workshort",
    "hiddentitle", "hiddenshort", "hiddenoccasion", "hiddenheading", "hiddentext", "hiddenissuer", "changetitle",
    "changesummary", "changetag", "splittitle", "whywithdraw", "newtext", "sourcetitle", "themelabel", "tagname",
    "issuername", "file", "piece", "intaketitle", "intakeshort", "intakeoccasion", "intakeurl", "corrected",
    "signals", "reason", "label", "before", "username", "firstname", "lastname", "email", "formeremail", "personreason",
]
# fmt: on
OF_PEOPLE = ["email", "formeremail", "personreason"]  # for those who may see people
KNOWN = [
    "withdrawntitle",
    "withdrawnsummary",
    "withdrawntag",
    "withdrawnaddressee",
]  # to those who ask for the entry
LOUD = ("signals", "a hidden declaration", "a work")  # acts that may raise the content version


def canary(name: str) -> str:
    """Return the word of a field."""
    return f"{MARK}{name}x"


def sentence(name: str) -> str:
    """Return a sentence with the word of a field."""
    return f"Sample {canary(name)} words."


def group(name: str):
    """Return a group of people."""
    return apps.get_model("auth", "Group").objects.get(name=name)


@dataclass
class Drafts:
    """What the desk knows and readers do not; `raised` names the acts after which copies of pages
    count as old.
    """

    raised: list[str] = field(default_factory=list)

    def publish_world(self) -> None:
        """Make what readers know before: an entry to change, and one that was withdrawn."""
        self.paris = model("Source").objects.get(code="PARIS-2025")
        gone = factories().make_published(
            self.paris,
            self.words(self.paris),
            title=canary("withdrawntitle"),
            summary=canary("withdrawnsummary"),
            tags=[canary("withdrawntag")],
            addressees=[self.organisation("withdrawnaddressee").slug],
        )
        factories().withdrawn(gone)
        self.withdrawn, self.published = gone.code, "PARIS-2025-4"
        given = model("Source").objects.get(pk=self.paris.pk).numbers_given
        self.codes = [
            f"PARIS-2025-{given + 1}",
            f"PARIS-2025-{given + 2}",
            f"{canary('hidden').upper()}-2019-1",
        ]
        self.later = [f"PARIS-2025-{given + 3}", f"PARIS-2025-{given + 4}"]
        self.never = [f"PARIS-2025-{given + 9}", "ZYNEVER-2019-1"]

    def organisation(self, name: str):
        return model("Organisation").objects.create(
            slug=canary(name), name=f"Sample {canary(name)}"
        )

    def words(self, source) -> str:
        """Return the paragraph of a text in which an ask stands first."""
        start = source.text.index("We call for")
        return source.text[start : source.text.index("\n", start)]

    def acts(self) -> dict[str, Callable[[], object]]:
        """Return what the desk does, by name, in order."""
        return {
            "people": self.people,
            "signals": self.signals,
            "a hidden declaration": self.hidden,
            "a work": self.work,
            "a new entry": self.proposal,
            "a new entry of a hidden declaration": self.of_hidden,
            "a proposal of each other act": self.proposals,
            "an intake": self.intake,
            "a correction that is looked at": self.correction,
            "the record": self.record,
            "the record of people": self.record_of_people,
        }

    def do(self) -> None:
        """Do all of it, and remember which acts raised the content version."""
        for name, act in self.acts().items():
            self.act(name, act)

    def do_again(self) -> None:
        """Do once more what readers must be told nothing of, not even that something was done."""
        once = (*LOUD, "people")
        for name, act in self.acts().items():
            if name not in once:
                self.act(name, act)

    def act(self, name: str, act: Callable[[], object]) -> None:
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
        factories().renamed(theme, signals=f"{theme.signals}\n{canary('signals')}")

    def hidden(self) -> None:
        """Make a declaration of which nothing is published."""
        named = {each: f"Sample {canary(f'hidden{each}')}" for each in ("title", "occasion")}
        text = (
            f"{sentence('hiddentext')}\n\nWe call for hidden sample action on "
            f"{canary('hiddentext')}.\n"
        )
        code = self.codes[2].removesuffix("-1")
        self.source = model("Source").objects.create(
            code=code,
            text=text,
            short_title=f"Sample {canary('hiddenshort')}",
            issued_on=date(2019, 5, 1),
            contents=[canary("hiddenheading")],
            **named,
        )
        self.source.issuers.add(self.organisation("hiddenissuer"))

    def work(self) -> None:
        titles = {
            "title": f"Sample {canary('worktitle')}",
            "short_title": f"Sample {canary('workshort')}",
        }
        self.cited = model("Source").objects.create(
            code=f"{canary('work').upper()}-2019",
            kind="report",
            issued_on=date(2019, 6, 1),
            **titles,
        )
        self.addressee = self.organisation("addressee")

    def proposal(self) -> None:
        """Accept a proposal that says all that an entry can say."""
        made = factories().make_proposal(
            self.paris,
            self.words(self.paris),
            who=canary("writer"),
            decision="accepted",
            title=canary("title"),
            summary=sentence("summary"),
            tags=[canary("tag")],
            addressees=[self.addressee.slug],
            works=[("refers to", self.cited.code, sentence("note"))],
        )
        made.why, made.note = sentence("why"), sentence("discussion")
        made.save()
        self.new = made

    def of_hidden(self) -> None:
        factories().make_proposal(self.source, self.words(self.source))

    def proposals(self) -> None:
        """Propose each other act on what readers know."""
        entry = model("Recommendation").objects.select_related("source").get(code=self.published)
        other = model("Recommendation").objects.get(code="PARIS-2025-5")
        changed = part("editorial.entries.change_of")(entry)
        changed.title, changed.summary = canary("changetitle"), sentence("changesummary")
        changed.tags = [canary("changetag")]
        themes, change = model("Theme").objects, part("editorial.change.propose")
        quote = entry.quote.rpartition(" ")
        text = f"{self.paris.text}\n{sentence('newtext')}\n"
        corrected = part("editorial.corrections.Correction")(text, self.paris.note_signs, [])
        organisation = model("Organisation").objects.get(slug="tech7")
        for proposal, reason in (
            (changed, ""),
            (part("editorial.withdraw.propose")(entry), sentence("whywithdraw")),
            (part("editorial.merge.propose")(other, [entry]), ""),
            (
                part("editorial.split.propose_by_words")(
                    entry, quote[0], quote[2], canary("splittitle")
                ),
                "",
            ),
            (part("editorial.corrections.propose")(self.paris, corrected), ""),
            (change(self.paris, {"title": canary("sourcetitle")}), ""),
            (change(themes.get(slug="skills"), {"label": canary("themelabel")}), ""),
            (change(entry.tags.first(), {"name": canary("tagname")}), ""),
            (change(organisation, {"name": canary("issuername")}), ""),
        ):
            proposal.reason = reason
            part("editorial.proposals.keep")(canary("username"), proposal)

    def intake(self) -> None:
        """Bring a file in."""
        self.desk = Client(SERVER_NAME="127.0.0.1")
        self.desk.force_login(self.who, "django.contrib.auth.backends.ModelBackend")
        text = (
            f"Sample declaration\n\nOttawa, 12 May 2025\n\nWe call for {canary('piece')} action.\n"
        )
        file = SimpleUploadedFile(f"{canary('file')}.txt", text.encode())
        self.desk.post(f"{DESK}/intake/add/", {"file": file, "text": ""})
        said = {each: f"Sample {canary(f'intake{each}')}" for each in ("title", "occasion")}
        said |= {
            "short_title": canary("intakeshort"),
            "url": f"https://{canary('intakeurl')}.invalid/",
        }
        model("Intake").objects.filter(name__contains=MARK).update(**said)

    def correction(self) -> None:
        """Look at what a correction would do, and leave it."""
        text = f"{self.paris.text}\n{sentence('corrected')}\n"
        said = {"text": text, "note_signs": "[]", "reason": "Sample.", "seen": "1", "filled": "{}"}
        self.desk.post(f"{DESK}/source/{self.paris.pk}/correct/", said)

    def record(self) -> None:
        """Put something on record about a published entry that readers are not told."""
        entry = model("Recommendation").objects.get(code=self.published)
        part("editorial.audit.note")(
            canary("username"),
            "edit",
            entry,
            {"title": canary("before")},
            {"title": canary("label")},
            canary("reason"),
        )

    def record_of_people(self) -> None:
        """Put on record that a person has another address, which only those who see people may
        read.
        """
        self.who.email = f"{canary('formeremail')}@sample.invalid"
        self.who.save()
        with part("editorial.audit.recorded")(
            canary("username"), "change", self.who, canary("personreason")
        ):
            self.who.email = f"{canary('email')}@sample.invalid"
            self.who.save()
