"""What an address must answer and hold, as the database implies: worked out here, and not with the
code that answers.

A published entry is 200 in each of its forms and a withdrawn one 410; versions, texts and
declarations stay. The address of a theme that was renamed, merged or retired leads to its one heir,
in the same format with the same query; without an heir its page leads to the list and its formats
are 410. A selection is 200, or 410 beyond its last page.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import html

from .server import model

CODE = r"[A-Z][A-Z0-9]*(?:-[A-Z][A-Z0-9]*)*-[0-9]{4}"
ENTRY = rf"({CODE}-[1-9][0-9]*)"
FIXED = r"/|/themes/|/addressees/|/check|/compare|/suggest|/overview/|/about/|/api/|/api/schema|/(llms|robots)\.txt|/apple-touch-icon\.png|/opensearch\.xml|/sitemap(-[a-z]+)?\.xml"
FIXED += r"|/\.well-known/security\.txt"
A_PAGE = {"/recommendations/": 10, "/declarations/": 50}  # things
BELONGS = {  # to an entry: where the values of each facet are found, and as what they are told
    "theme": ("themes", "Theme"),
    "tag": ("tags", ""),
    "addressee": ("addressees", "Organisation"),
    "issuer": ("source__issuers", "Organisation"),
}
ADDED = {"footnotes", "para-number", "number", "notes"}  # classes of what a page adds to a text

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Implied:
    """The status of an answer, and the address that it leads to."""

    status: int
    place: str = ""


GOOD, GONE, UNKNOWN = Implied(200), Implied(410), Implied(404)


@dataclass
class State:
    """What the trial knows beside the database: whose the addresses of themes, tags and organisations are,
    and were.
    """

    themes: dict[str, int] = field(
        default_factory=dict
    )  # the key of the theme that has, or had, each slug
    heirs: dict[int, int | None] = field(default_factory=dict)  # of each theme that ended
    keys: dict[tuple[str, str], int] = field(
        default_factory=dict
    )  # of each value of a facet, when it was emitted
    kept: dict[str, object] = field(
        default_factory=dict
    )  # what each permanent address showed at first sight

    # --- What becomes of things
    # --------------------------------------------------------------------------------------

    def see_themes(self) -> None:
        """Remember whose each address of a theme is; before every act on themes."""
        self.themes |= dict(model("Theme").objects.values_list("slug", "pk"))

    def theme(self, slug: str) -> str:
        """Return the slug of the theme that a slug now stands for, or "" of one retired for none;
        raises KeyError.
        """
        if slug not in self.themes:
            self.see_themes()
        key = self.themes[slug]
        while key in self.heirs:
            key = self.heirs[key]
        return model("Theme").objects.get(pk=key).slug if key else ""

    def learn(self, address: str) -> None:
        """Remember which things the values in an address are, which has just been emitted."""
        for name, value in asked(address):
            if name in BELONGS and name != "theme" and (name, value) not in self.keys:
                for key in things(name).filter(slug=value).values_list("pk", flat=True):
                    self.keys[name, value] = key

    # --- What an address answers
    # -------------------------------------------------------------------------------------

    def implied(self, address: str, matches: Callable[[Pairs], int]) -> Implied | None:
        """Return what an address must answer, or None of a kind that the site should not have.

        `matches` says how many entries a search finds, which this knows nothing of.
        """
        parts = urlsplit(address)
        query = parse_qsl(parts.query, keep_blank_values=True)
        for pattern, rule in RULES:
            if found := re.fullmatch(pattern, parts.path):
                return rule(self, *found.groups(), query=query, path=parts.path, matches=matches)
        return None

    def entry(self, code: str, **_asked) -> Implied:
        """Every form of an entry."""
        entry = model("Recommendation").with_withdrawn.filter(code=code).first()
        return UNKNOWN if entry is None else GOOD if entry.status == "published" else GONE

    def version(self, code: str, number: str, query: Pairs, **_asked) -> Implied:
        """A version, alone or beside another one."""
        numbers = {number, *dict(query).values()}
        versions = model("Version").objects.filter(recommendation__code=code, number__in=numbers)
        return GOOD if versions.count() == len(numbers) else UNKNOWN

    def declaration(self, code: str, **_asked) -> Implied:
        """A declaration's text as it is now."""
        known = model("Recommendation").with_withdrawn.filter(source__code=code)
        return GOOD if known.exists() else UNKNOWN

    def former_text(self, code: str, number: str, **_asked) -> Implied:
        """A text that a correction replaced."""
        return (
            GOOD
            if model("FormerText").objects.filter(source__code=code, number=number).exists()
            else UNKNOWN
        )

    def oembed(self, query: Pairs, **_asked) -> Implied:
        """What other sites are told of an entry."""
        return self.entry(urlsplit(dict(query)["url"]).path.removeprefix("/"))

    def theme_page(self, slug: str, extension: str | None, query: Pairs, **asked) -> Implied:
        """A theme, and its selection in every format."""
        now, rest = self.theme(slug), f"?{urlencode(query)}" if query else ""
        if now == slug:
            return GOOD
        if extension and not now:
            return GONE
        return Implied(301, f"/themes/{now}{extension or ''}{rest}" if now else f"/themes/{rest}")

    def addressee_page(self, slug: str, **_asked) -> Implied:
        """What one addressee is asked, and its selection in every format."""
        return GOOD if model("Organisation").objects.filter(slug=slug).exists() else UNKNOWN

    def selection(self, query: Pairs, path: str, matches: Callable, **_asked) -> Implied:
        """A selection: of former themes that of their heirs, from its beginning."""
        now = {slug: self.theme(slug) for name, slug in query if name == "theme"}
        if not all(now.values()):
            return GONE
        if any(slug != theme for slug, theme in now.items()):
            pairs = [
                (name, now[value] if name == "theme" else value)
                for name, value in query
                if name != "after"
            ]
            return Implied(301, f"{path}?{urlencode(list(dict.fromkeys(pairs)))}")
        rest = [(name, value) for name, value in query if name not in ("page", "after")]
        return on_page(
            path, query, lambda: matches(rest) if "q" in dict(query) else self.count(rest)
        )

    def declarations(self, query: Pairs, path: str, **_asked) -> Implied:
        """The list of declarations, to which readers may come and which none leaves."""
        known = model("Source").objects.exclude(recommendations=None).distinct()
        return on_page(path, query, known.count)

    def briefing(self, query: Pairs, path: str, **_asked) -> Implied:
        """A briefing, whatever became of what is in it; what is added goes to its end."""
        added = [value for name, value in query if name == "add"]
        return Implied(301, path) if added else GOOD

    def fixed(self, *_groups, **_asked) -> Implied:
        """What is always there."""
        return GOOD

    def count(self, query: Pairs) -> int:
        """Return how many published entries have what a selection asks for."""
        entries = model("Recommendation").objects.all()
        for name in {name for name, _value in query} - {"sort"}:
            values = [value for each, value in query if each == name]
            entries = entries.filter(
                pk__in=model("Recommendation").objects.filter(**self.having(name, values))
            )
        return entries.count()

    def having(self, name: str, values: list[str]) -> dict:
        """Return what an entry must have: of a tag or an organisation the thing, whatever it is called
        now.
        """
        if name in ("source", "year"):
            return {
                "source__code__in" if name == "source" else "source__issued_on__year__in": values
            }
        if name == "theme":
            return {"themes__slug__in": values}
        return {
            f"{BELONGS[name][0]}__in": [
                self.keys[name, value] for value in values if (name, value) in self.keys
            ]
        }

    # --- What an address holds
    # ---------------------------------------------------------------------------------------

    def wrong(self, address: str, content: bytes) -> str:
        """Say what is wrong with what a permanent address holds, or ""."""
        path = urlsplit(address).path
        if "?" not in address and (found := re.fullmatch(rf"/{ENTRY}/v/([0-9]+)", path)):
            return self._as_before(
                path, *self._version(*found.groups(), html.document_fromstring(content))
            )
        if found := re.fullmatch(rf"/({CODE})/t/([0-9]+)", path):
            former = model("FormerText").objects.get(source__code=found[1], number=found[2])
            return self._as_before(path, shown_text(content), former.text)
        if found := re.fullmatch(rf"/({CODE})(\.txt)?", path):
            is_right = (content.decode() if found[2] else shown_text(content)) == text_of(found[1])
            return "" if is_right else "does not hold its text"
        return ""

    def _version(
        self, code: str, number: str, page: html.HtmlElement
    ) -> tuple[list[str], list[str]]:
        """Return title and quotes of a version as its page shows them, and as they were kept."""
        shown = [each.text_content() for each in page.iter("h1", "blockquote")]
        said = model("Version").objects.get(recommendation__code=code, number=number).snapshot
        return shown, [said["title"], *(passage["quote"] for passage in said["passages"])]

    def _as_before(self, path: str, shown: object, kept: object) -> str:
        """Say whether a permanent page shows what it showed at first sight, which is what the
        database keeps.
        """
        first = self.kept.setdefault(path, shown)
        if shown == first == kept:
            return ""
        return (
            "does not hold any more what it first held"
            if first == kept
            else "does not hold what is kept of it"
        )


def asked(address: str) -> Pairs:
    """Return the query of an address."""
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)


def things(name: str):
    """Return what the values of a facet are."""
    kind = BELONGS[name][1]
    return (model(kind) if kind else model("Tagging").tag.field.related_model).objects


def on_page(path: str, query: Pairs, count: Callable[[], int]) -> Implied:
    """Say of a page whether a list of so many things has it."""
    number = int(dict(query).get("page", 1))
    return GOOD if number == 1 or (number - 1) * A_PAGE[path] < count() else GONE


def text_of(code: str) -> str:
    """Return the text of a declaration."""
    return model("Source").objects.get(code=code).text


def shown_text(content: bytes) -> str:
    """Return the text of a declaration as its page shows it, without what the page adds."""
    (text,) = (
        each for each in html.document_fromstring(content).iter("article") if "text" in each.classes
    )
    for added in [each for each in text.iter("section", "a", "ul") if ADDED & set(each.classes)]:
        added.drop_tree()
    return text.text_content()


def heir(code: str) -> str:
    """Return the path of the published entry at the end of the chain of replacements of an entry,
    or "".
    """
    entry = model("Recommendation").with_withdrawn.get(code=code)
    seen = {entry.pk}
    while entry.replaced_by_id and entry.replaced_by_id not in seen:
        entry = entry.replaced_by
        seen.add(entry.pk)
    return f"/{entry.code}" if entry.status == "published" else ""


RULES: list[tuple[str, Callable[..., Implied]]] = [
    (FIXED, State.fixed),
    (
        rf"/{ENTRY}(?:\.json|\.bib|\.ris|\.csl\.json|\.txt|\.png|\.qr\.png|\.qr\.svg|/embed)?",
        State.entry,
    ),
    (rf"/{ENTRY}/v/([0-9]+)", State.version),
    (rf"/({CODE})(?:\.txt|\.json)?", State.declaration),
    (rf"/({CODE})/t/([0-9]+)", State.former_text),
    (r"/oembed", State.oembed),
    (r"/themes/([a-z0-9-]+)(\.[a-z]+)?", State.theme_page),
    (r"/addressees/([a-z0-9-]+)(?:\.[a-z]+)?", State.addressee_page),
    (r"/recommendations(?:/|\.[a-z]+)|/follow", State.selection),
    (r"/declarations/", State.declarations),
    (r"/briefing(?:\.[a-z]+)?", State.briefing),
]
