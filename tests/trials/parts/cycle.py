"""Cycle: all that editors do with one declaration, step by step, and everything that is different
after each step.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from . import consistency
from .desk import Answer, Desk
from .server import model

ASK = (
    "We call on G7 governments to fund sample {what} training number {cycle} for small "
    "enterprises by 2030."
    " Companies should also publish a sample report about {what} in every region of the seven "
    "countries."
)
SUBJECTS = ("skills", "security", "energy", "data", "quantum", "standards", "research", "chips")
BODY = "\n\n".join(
    f"{ASK.replace('{what}', subject)}\n\nSample industry has come a long way in {subject} since "
    "the last summit."
    for subject in SUBJECTS
)
TEXT = (
    "Sample declaration for the Trial Summit {cycle}\n\nOttawa, 12 May 2025\n\n"
    + BODY
    + "\n\nCookie settings\n"
)
SPLIT_BEFORE = "for small enterprises"
DESK = "/admin/recommendations"

Reader = Callable[[], object]
Facts = dict[str, tuple[Reader, object]]  # what will be read when a step is done, by name


@dataclass(frozen=True)
class Step:
    """One request that writes, and all that is different once it is done."""

    name: str
    send: Callable[[], Answer]
    facts: Facts
    is_public: bool = False  # whether readers see the difference


@dataclass
class Cycle:
    """The way of one declaration from a file to published, corrected, withdrawn and merged
    entries.
    """

    number: int
    editor: Desk
    publisher: Desk
    entries: dict[str, list] = field(default_factory=dict)  # code -> what entry_state() reads
    record: dict[tuple, list] = field(
        default_factory=lambda: defaultdict(list)
    )  # what acts_on() reads, by its values

    def steps(self) -> Iterator[Step]:
        """Yield the steps; each is made from what the ones before it left."""
        yield from self.new_themes()
        yield from self.bringing()
        yield from self.reviewing()
        yield from self.publishing()
        yield from self.succeeding()

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def text(self) -> str:
        """The file."""
        return TEXT.replace("{cycle}", str(self.number))

    @property
    def code(self) -> str:
        """The code of the declaration."""
        return f"TRIAL{letters(self.number)}-2025"

    def slug(self, which: str) -> str:
        """The address of one of the cycle's themes."""
        return f"trial-{self.number}-{which}"

    def noted(self, desk: Desk, act: str, **things: object) -> Facts:
        """Expect an act by somebody on record, after all before it, for things by their kinds."""
        facts = {}
        for thing in things.items():
            self.record[thing].append((act, desk.name))
            facts["record of {} {}".format(*thing)] = (
                partial(acts_on, *thing),
                list(self.record[thing]),
            )
        return facts

    def new_themes(self) -> Iterator[Step]:
        for which in "ab":
            slug = self.slug(which)
            said = {
                "slug": slug,
                "label": f"Trial {self.number} {which}",
                "definition": "Sample theme.",
            }
            send = partial(self.publisher.send, f"{DESK}/theme/add/", "slug", said)
            facts = {f"theme {slug}": (partial(count, "Theme", slug=slug), 1)}
            facts |= self.noted(self.publisher, "add", theme=said["label"])
            yield Step("add a theme", send, facts)

    def bringing(self) -> Iterator[Step]:
        data, key = self.text.encode(), f"intake {self.number}"
        read = partial(intake_state, self.digest)
        self.editor.get(f"{DESK}/intake/add/")
        send = partial(self.editor.upload, f"{DESK}/intake/add/", f"sample-{self.number}.txt", data)
        brought = self.noted(self.editor, "bring in", intake=self.digest)
        yield Step("upload", send, {key: (read, [(1, True, True, "", "", 1)])} | brought)
        intake = model("Intake").objects.defer("original").get(sha256=self.digest)
        page = f"{DESK}/intake/{intake.pk}/change/"
        for act, kept, revision in (("take-off", False, 2), ("keep", True, 3)):
            said = [("mend", f"3 {act}"), ("seen_revision", revision - 1)]
            send = partial(self.editor.post, f"{DESK}/intake/{intake.pk}/mend/", said)
            mended = self.noted(self.editor, f"{act} piece 3", intake=self.digest)
            yield Step(
                "mend a piece",
                send,
                {key: (read, [(revision, True, kept, "", "", revision)])} | mended,
            )
        said = {
            "title": f"Sample declaration {self.number}",
            "issuer": "TECH7",
            "short_title": f"Sample {self.number}",
        }
        said |= {"code": self.code, "issued_on": "2025-05-12", "save": "1"}
        send = partial(self.editor.send, page, "seen_revision", said)
        described = self.noted(self.editor, "describe", intake=self.digest)
        yield Step("describe", send, {key: (read, [(4, True, True, self.code, "", 4)])} | described)
        send = partial(self.editor.send, page, "seen_revision", {"accept": "1"})
        made = partial(made_state, self.code)
        facts = {
            key: (read, [(5, True, True, self.code, self.code, 5)]),
            f"made {self.code}": (made, (1, True, 1)),
        }
        facts |= self.noted(self.editor, "make a declaration", intake=self.digest)
        facts |= self.noted(self.editor, "bring in", source=self.code)
        yield Step("make a declaration", send, facts)

    def reviewing(self) -> Iterator[Step]:
        source = model("Source").objects.get(code=self.code)
        first, second, third, fourth, *rest = source.proposals.all()
        for proposal in (first, third, fourth, *rest[:3]):
            title = f"Fund sample {proposal.pk}"
            said = {"title": title, "tags": f"Trial {self.number}, sample", "summary": "Sample."}
            said |= {"themes": [self.slug("a")], "act": "save"}
            read = partial(proposal_said, proposal.pk)
            expected = (title, "Sample.", [f"Trial {self.number}", "sample"])
            filed = partial(filed_under, proposal.pk)
            facts = {
                f"said of {proposal.pk}": (read, expected),
                f"themes of {proposal.pk}": (filed, [self.slug("a")]),
            }
            yield self.act("edit", source, proposal.pk, said, facts)
        halves = partial(halves_of, source.pk, third.pk)
        whole, key = source.proposals.count(), f"halves of {third.pk}"
        split = {"before": SPLIT_BEFORE, "act": "split"}
        on_record = partial(count, "Change", kind="proposal", act="split off", who=self.editor.name)
        facts = {key: (halves, (whole + 1, True)), "split off": (on_record, on_record() + 1)}
        yield self.act("split", source, third.pk, split, facts)
        gone = source.proposals.get(start__gt=third.start, start__lt=fourth.start)
        self.record["proposal", gone.pk].append(("split off", self.editor.name))
        joined = {key: (halves, (whole, False))}
        joined |= self.noted(self.editor, "join to the one before", proposal=gone.pk)
        yield self.act("join", source, third.pk, {"act": "join"}, joined)
        for proposal in (first, second, third, *rest[:3]):
            act = "reject" if proposal == second else "accept"
            decided = (f"{act}ed", self.editor.name)
            facts = {f"decision on {proposal.pk}": (partial(decision_on, proposal.pk), decided)}
            yield self.act(act, source, proposal.pk, {"act": act}, facts)

    def act(self, name: str, source, pk: int, said: dict, facts: Facts) -> Step:
        """Return a step on one proposal."""
        path = f"{DESK}/source/{source.pk}/review/"
        facts |= self.noted(self.editor, name, proposal=pk)

        def send() -> Answer:
            pairs = self.editor.form(path, f"card-{pk}")
            kept = [(key, value) for key, value in pairs if key not in said]
            listed = [
                (key, each)
                for key, value in said.items()
                for each in (value if isinstance(value, list) else [value])
            ]
            return self.editor.post(f"{path}{pk}/", kept + listed)

        return Step(name, send, facts)

    def publishing(self) -> Iterator[Step]:
        source = model("Source").objects.get(code=self.code)
        accepted = list(source.proposals.filter(decision="accepted"))
        self.entries = {
            f"{self.code}-{place}": ["published", proposal.title, 1, True, None]
            for place, proposal in enumerate(accepted, start=1)
        }
        numbers = {
            f"numbers of {self.code}": (
                partial(numbers_of, self.code),
                list(range(1, len(accepted) + 1)),
            )
        }
        for code in self.entries:
            numbers |= self.noted(self.publisher, "publish", recommendation=code)
        send = partial(
            self.publisher.send,
            f"{DESK}/source/{source.pk}/review/publish/",
            "seen",
            {"reason": "Sample."},
        )
        yield self.public("publish", send, list(self.entries), {}, numbers)
        text = source.text.replace("since the last summit", "since the last sample summit", 1)
        said = [
            ("text", text),
            ("note_signs", "[]"),
            ("reason", "Sample correction."),
            ("seen", "1"),
            ("filled", "{}"),
        ]
        said += [("previewed", hashlib.sha256(text.encode()).hexdigest()), ("confirm", "1")]
        send = partial(self.publisher.post, f"{DESK}/source/{source.pk}/correct/", said)
        facts = {
            f"text of {self.code}": (
                partial(text_of, self.code),
                (2, hashlib.sha256(text.encode()).hexdigest(), 1),
            )
        }
        facts |= self.noted(self.publisher, "correct the text", source=self.code)
        for state in self.entries.values():
            state[2] += 1
        yield self.public("correct", send, list(self.entries), {}, facts)

    def public(
        self, name: str, send: Callable, codes: list[str], changes: dict, facts: Facts | None = None
    ) -> Step:
        """Return a step after which readers see these entries otherwise."""
        for place, value in changes.items():
            for code in codes:
                self.entries[code][place] = value
        seen = {
            f"entry {code}": (partial(entry_state, code), tuple(self.entries[code]))
            for code in codes
        }
        return Step(name, send, seen | (facts or {}), True)

    def succeeding(self) -> Iterator[Step]:
        codes = list(self.entries)
        pks = dict(model("Recommendation").objects.filter(code__in=codes).values_list("code", "pk"))
        one, two, three, *_rest = codes
        page = f"{DESK}/recommendation/{pks[one]}/propose/"
        title = f"Fund sample training {self.number}"
        send = partial(
            self.publisher.send, page, "seen", {"title": title, "reason": "Sample change."}
        )
        noted = self.noted(self.publisher, "publish", recommendation=one)
        yield self.public("change an entry", send, [one], {1: title, 2: 3}, noted)
        send = partial(
            self.publisher.send,
            f"{DESK}/recommendation/{pks[one]}/withdraw/",
            "reason",
            {"reason": "Sample."},
        )
        noted = self.noted(self.publisher, "withdraw", recommendation=one)
        yield self.public("withdraw", send, [one], {0: "withdrawn", 3: False}, noted)
        page = f"{DESK}/recommendation/merge/?entry={pks[two]}&entry={pks[three]}"
        send = partial(
            self.publisher.send, page, "survivor", {"survivor": pks[two], "reason": "Sample merge."}
        )
        self.entries[two][2] += 1
        self.entries[three][0], self.entries[three][3], self.entries[three][4] = (
            "withdrawn",
            False,
            two,
        )
        noted = {}
        for code in (two, three):
            noted |= self.noted(self.publisher, "merge", recommendation=code)
        yield self.public("merge entries", send, [two, three], {}, noted)
        theme, into = (model("Theme").objects.get(slug=self.slug(which)) for which in "ab")
        send = partial(
            self.publisher.send,
            f"{DESK}/theme/{theme.pk}/merge/",
            "into",
            {"into": into.pk, "reason": "Sample."},
        )
        left = [code for code, state in self.entries.items() if state[0] == "published"]
        for code in left:
            self.entries[code][2] += 1
        facts = {
            f"theme {theme.slug}": (partial(count, "Theme", slug=theme.slug), 0),
            f"former {theme.slug}": (
                partial(count, "FormerTheme", slug=theme.slug, successor=into.pk),
                1,
            ),
        }
        waiting = model("Proposal").objects.filter(published_at=None).values_list("pk", "themes")
        for pk in [pk for pk, slugs in waiting if theme.slug in slugs]:
            facts[f"themes of {pk}"] = partial(filed_under, pk), [into.slug]
            facts |= self.noted(self.publisher, "refile", proposal=pk)
        for each in (theme, into):
            facts |= self.noted(self.publisher, "merge", theme=each.label)
        for code in left:
            facts |= self.noted(self.publisher, "refile", recommendation=code)
        yield self.public("merge themes", send, left, {}, facts)


# --- What is read ----------------------------------------------------------


def letters(number: int) -> str:
    """Write a number in capitals: a code has no digits but the year's where it ends."""
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


def count(name: str, **lookup) -> int:
    return model(name).objects.filter(**lookup).count()


def acts_on(kind: str, value: object) -> list[tuple]:
    """Return what is on record of a thing, in order: each act and who did it."""
    changes = model("Change").objects.filter(kind=kind).order_by("pk")
    if kind == "theme":  # by its label, as the record outlives it
        changes = changes.filter(label=value)
    else:
        named = {"intake": "sha256", "proposal": "pk", "recommendation": "code", "source": "code"}[
            kind
        ]
        keys = (
            [value]
            if named == "pk"
            else model(kind)._base_manager.filter(**{named: value}).values_list("pk", flat=True)
        )
        changes = changes.filter(object_id__in=map(str, keys))
    return list(changes.values_list("act", "who"))


def intake_state(digest: str) -> list[tuple]:
    found = model("Intake").objects.filter(sha256=digest).defer("original").select_related("source")
    return [
        (
            each.revision,
            bool(each.pieces),
            each.pieces[2]["kept"],
            each.code if each.revision > 3 else "",
            each.source.code if each.source else "",
            count("Change", kind="intake", object_id=str(each.pk)),
        )
        for each in found
    ]


def made_state(code: str) -> tuple:
    source = model("Source").objects.filter(code=code).first()
    if source is None:
        return (0, False, 0)
    return (1, source.proposals.count() >= len(SUBJECTS), source.issuers.count())


def proposal_said(pk: int) -> tuple:
    return model("Proposal").objects.values_list("title", "summary", "tags").get(pk=pk)


def filed_under(pk: int) -> list[str]:
    return model("Proposal").objects.get(pk=pk).themes


def halves_of(source: int, pk: int) -> tuple:
    """Return how many proposals there are, and whether one ends before the place of the split."""
    text = model("Source").objects.get(pk=source).text
    [[start, end], *_rest] = model("Proposal").objects.get(pk=pk).spans
    return count("Proposal", source=source), SPLIT_BEFORE not in text[start:end]


def decision_on(pk: int) -> tuple:
    return model("Proposal").objects.values_list("decision", "written_by").get(pk=pk)


def numbers_of(code: str) -> list[int]:
    entries = model("Recommendation").with_withdrawn.filter(source__code=code).order_by("number")
    return list(entries.values_list("number", flat=True))


def text_of(code: str) -> tuple:
    source = model("Source").objects.get(code=code)
    return source.text_number, source.sha256, source.former_texts.count()


def entry_state(code: str) -> tuple | None:
    entries = model("Recommendation").with_withdrawn.select_related("replaced_by")
    entry = entries.filter(code=code).first()
    if entry is None:
        return None
    indexed = consistency.rows(f"SELECT rowid FROM recommendations_search WHERE rowid = {entry.pk}")
    replaced_by = entry.replaced_by.code if entry.replaced_by else None
    return entry.status, entry.title, entry.versions.count(), bool(indexed), replaced_by


def content_version() -> int:
    return model("ContentVersion").objects.get().number
