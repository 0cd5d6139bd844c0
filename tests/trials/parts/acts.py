"""What editors do at random, through the desk's own pages: all that changes what the addresses of
the site lead to.
"""

import hashlib
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client

from .addresses import part
from .cycle import DESK, letters
from .desk import changed, form
from .implied import State
from .publishing import factories, publish
from .server import PUBLISHERS, model

ENTRIES, TAGS = 8, 12  # of a new declaration; that entries are given
FEW = 30  # published entries, below which a declaration is added
LINE = (
    "We call for sample action {n} of {code} on lifelong training, and we ask companies to "
    "report on step {n}."
)
CORRECTED = "Sample industry has come a long way"


@dataclass
class Editors:
    """The people at the desk, and what they do at random."""

    chance: random.Random
    few: int = FEW
    made: int = 0
    done: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    state: State = field(default_factory=State)

    @cached_property
    def desk(self) -> Client:
        """A publisher's browser, answered 500 where the desk breaks off, so that the trial
        goes on.
        """
        client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
        client.force_login(
            get_user_model().objects.get(username=PUBLISHERS[0]),
            "django.contrib.auth.backends.ModelBackend",
        )
        return client

    @cached_property
    def acts(self) -> list:
        """Everything that is done, the frequent more than once."""
        often = [self.publish, self.withdraw, self.merge, self.split] * 3 + [self.propose] * 6
        of_themes = [self.add_theme, self.rename, self.merge_themes, self.retire]
        of_names = [self.name_tag, self.name_organisation]
        of_names += [self.delete_tag, self.delete_organisation]
        rest = [self.change, self.retitle, self.correct, self.describe]
        return [*often, *of_themes, *of_names, *rest]

    def act(self) -> None:
        """Do one thing, or add a declaration where little is left to read; what the desk refuses is
        no fault.
        """
        if self.published().count() < self.few:
            self.add_declaration()
        act = self.chance.choice(self.acts)
        self.count(act.__name__, act())

    def count(self, name: str, answer: HttpResponse | None) -> None:
        """Count what was done, what was refused, and what there was nothing to do with."""
        status = answer.status_code if answer else 0
        self.done[f"{name}{'' if status == 302 else ' refused' if status else ' none'}"] += 1
        if status >= 400 and not (status == 403 and name.startswith("delete")):
            self.faults.append(f"the desk answers {status} to {name}")

    def published(self):
        return model("Recommendation").objects.all()

    def any(self, found):
        """Return one of the rows, or None."""
        keys = list(found.order_by("pk").values_list("pk", flat=True))
        return found.model.objects.get(pk=self.chance.choice(keys)) if keys else None

    def post(self, path: str, **values) -> HttpResponse:
        """Send a form of the desk."""
        self.state.see_themes()
        return self.desk.post(f"{DESK}/{path}", {"reason": "Sample reason.", **values})

    def add_declaration(self) -> None:
        """Make a sample declaration with a work that it cites, and publish its entries."""
        code = f"LINKS{letters(self.made)}-{2000 + self.made % 25}"
        self.made += 1
        lines = [
            f"{LINE.format(n=n, code=code)}\n\n{CORRECTED} in field {n} of {code}."
            for n in range(ENTRIES)
        ]
        make = factories().make_source
        day = date(2000 + self.made % 25, 5, 1)
        source = make(code, "\n\n".join(lines), issued_on=day)
        work = make(f"WORK{code}", "", kind="report", issued_on=day)
        for each in (source, work):
            each.issuers.add(self.any(model("Organisation").objects))
        works = [("refers to", work.code, "Sample note.")]
        quotes = [LINE.format(n=n, code=code) for n in range(ENTRIES)]
        publish(
            *(self.proposal(source, quote, works if quote == quotes[0] else []) for quote in quotes)
        )

    def proposal(self, source, quote: str, works: list = ()):
        """Propose an entry of words of a declaration."""
        return factories().make_proposal(
            source,
            quote,
            title=f"Take sample action {self.made}",
            themes=[self.any(model("Theme").objects).slug],
            tags=[f"Links tag {self.chance.randrange(TAGS)} of {self.made}"],
            addressees=[self.any(model("Organisation").objects).slug],
            works=[*works],
        )

    def propose(self) -> HttpResponse | None:
        """Propose words that nobody has, and publish them or leave them."""
        source = self.any(model("Source").objects.filter(code__startswith="LINKS"))
        free = (
            re.findall(rf"{CORRECTED} in field \d+ of [A-Z0-9-]+\.", source.text) if source else []
        )
        if not free:
            return None
        self.proposal(source, self.chance.choice(free))
        return self.publish() if self.chance.random() < 0.7 else None

    def publish(self) -> HttpResponse | None:
        """Publish the proposal that came last of those that wait."""
        proposal = model("Proposal").objects.waiting().order_by("-pk").first()
        if proposal is None:
            return None
        sent = {"revision": proposal.revision, "confirmed": "on"}
        return self.post(f"proposal/{proposal.pk}/publish/", **sent)

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
        return self.post(
            f"recommendation/merge/?entry={one.pk}&entry={other.pk}", survivor=one.pk, unite="on"
        )

    def split(self) -> HttpResponse | None:
        """Split an entry by its words, or by its passages."""
        entry = self.any(self.published())
        quotes = [passage.quote for passage in entry.passages]
        if len(quotes) > 1:
            return self.post(
                f"recommendation/{entry.pk}/split/",
                leaving=[entry.passages[0].pk],
                title="Report sample",
            )
        words = quotes[0].partition(", and ")
        values = {"staying": words[0], "leaving": words[2], "title": "Report sample steps"}
        return self.post(f"recommendation/{entry.pk}/split/", **values) if words[2] else None

    def change(self) -> HttpResponse | None:
        """File an entry under other themes, tags and addressees."""
        entry = self.any(self.published())
        return self.put(
            f"{DESK}/recommendation/{entry.pk}/propose/",
            "seen",
            themes=self.any(model("Theme").objects).slug,
            addressees=self.any(model("Organisation").objects).slug,
            tags=self.any(self.tags).name,
        )

    def retitle(self) -> HttpResponse | None:
        """Give an entry another title."""
        return self.put(
            f"{DESK}/recommendation/{self.any(self.published()).pk}/propose/",
            "seen",
            title=f"Take other sample action {self.done.total()}",
        )

    def correct(self) -> HttpResponse | None:
        """Correct a text: a word in every paragraph, a quote left behind, or a paragraph less."""
        source = self.any(model("Source").objects.filter(code__startswith="LINKS"))
        if source is None:
            return None
        number = self.chance.randrange(ENTRIES)
        old, new = self.chance.choice(
            (
                (CORRECTED, f"{CORRECTED} since {self.done.total()}"),
                (f"action {number} of", f"action {number}b of"),
            )
            + (("\n\n", "\n"), (f"\n\n{CORRECTED} in field {number} of {source.code}.", ""))
        )
        text = source.text.replace(old, new, 1)
        said = {
            "text": text,
            "note_signs": "[]",
            "contents": "",
            "filled": "{}",
            "seen": source.text_number,
        }
        said |= {"previewed": hashlib.sha256(text.encode()).hexdigest(), "confirm": "1"}
        return self.post(f"source/{source.pk}/correct/", **said)

    def add_theme(self) -> HttpResponse:
        """Add a theme."""
        slug = f"links-{self.done.total()}"
        said = {
            "label": f"Sample theme {slug}",
            "definition": "Sample.",
            "signals": "",
            "position": 9,
            "sign": "circle",
        }
        return self.post("theme/add/", slug=slug, **said)

    def rename(self) -> HttpResponse:
        """Give a theme another address, or one back that it had."""
        theme = self.any(model("Theme").objects)
        former = theme.former.first() if self.chance.random() < 0.3 else None
        slug = former.slug if former else f"renamed-{self.done.total()}"
        return self.put(
            f"{DESK}/theme/{theme.pk}/change/", "seen", slug=slug, label=f"Theme {slug}"
        )

    def merge_themes(self) -> HttpResponse | None:
        """Merge a theme into another, while some are left."""
        theme = self.any(model("Theme").objects)
        other = self.any(model("Theme").objects.exclude(pk=theme.pk))
        if model("Theme").objects.count() < 4:
            return None
        answer = self.post(f"theme/{theme.pk}/merge/", into=other.pk, keep_names="on")
        self.state.heirs |= {theme.pk: other.pk} if answer.status_code == 302 else {}
        return answer

    def retire(self) -> HttpResponse | None:
        """Retire a theme, for another or for none."""
        alone, themes = part("editorial.themes.only_in"), model("Theme").objects
        theme = next((each for each in themes.order_by("-pk") if not alone(each)), None)
        if theme is None or themes.count() < 4:
            return None
        other = self.any(themes.exclude(pk=theme.pk)) if self.chance.random() < 0.5 else None
        answer = self.post(
            f"theme/{theme.pk}/retire/", **({"successor": other.pk} if other else {})
        )
        self.state.heirs |= {theme.pk: other and other.pk} if answer.status_code == 302 else {}
        return answer

    def describe(self) -> HttpResponse:
        """Correct what is known of a declaration: its date, and who issued it."""
        source = self.any(model("Source").objects.filter(code__startswith="LINKS"))
        issuer, day = (
            self.any(model("Organisation").objects),
            f"{1990 + self.done.total() % 7}-03-01",
        )
        return self.put(
            f"{DESK}/source/{source.pk}/change/", "issued_on", issued_on=day, issuers=str(issuer.pk)
        )

    @property
    def tags(self):
        return model("Tagging").tag.field.related_model.objects

    def name_tag(self) -> HttpResponse:
        """Give a tag another name; its address stays."""
        tag = self.any(self.tags)
        return self.put(
            f"/admin/taggit/tag/{tag.pk}/change/", "name", name=f"Tag {self.done.total()}"
        )

    def name_organisation(self) -> HttpResponse:
        """Give an organisation another name; its address stays."""
        organisation = self.any(model("Organisation").objects)
        return self.put(
            f"{DESK}/organisation/{organisation.pk}/change/",
            "name",
            name=f"Organisation {self.done.total()}",
        )

    def delete_tag(self) -> HttpResponse | None:
        """Delete a tag that no entry has; one that readers may have links to must stay."""
        tag = self.any(self.tags.filter(recommendations_tagging_items=None))
        return (
            self.desk.post(f"/admin/taggit/tag/{tag.pk}/delete/", {"post": "yes"}) if tag else None
        )

    def delete_organisation(self) -> HttpResponse | None:
        """Delete an organisation that is named nowhere; one that readers may have links to must stay."""
        organisation = self.any(
            model("Organisation").objects.filter(issued=None, addressed_by=None)
        )
        return (
            self.desk.post(f"{DESK}/organisation/{organisation.pk}/delete/", {"post": "yes"})
            if organisation
            else None
        )

    def put(self, path: str, holding: str, **said) -> HttpResponse:
        """Send a form as its page has it, with changes and a reason."""
        self.state.see_themes()
        said.setdefault("reason", "Sample reason.")
        sent: dict[str, list[str]] = {}
        for name, value in changed(form(self.desk.get(path).content.decode(), holding), said):
            sent.setdefault(name, []).append(value)
        return self.desk.post(path, sent)
