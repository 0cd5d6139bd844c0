"""What the head of each answer of the site must be: which pages there are to ask for, and what is
wrong with an answer.

Every route of the site map is here with an address, and so is every status that a reader can meet.
What the trial `headers` asks for over HTTP, its test asks for in one process.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from . import permissions
from .addresses import part
from .publishing import factories, retire
from .server import model

HOST = "kb.example"
SESSION, TOKEN, APPEARANCE = "__Host-sessionid", "__Host-csrftoken", "__Host-appearance"
SECRET = "a" * 32  # a token that a form may bring with its cookie

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
    "'self';"
    " connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
EVERYWHERE = {
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-powered-by": None,
}
PAGE = EVERYWHERE | {"content-security-policy": POLICY, "access-control-allow-origin": None}
DESK = PAGE | {"cache-control": "max-age=0, no-cache, no-store, must-revalidate, private"}
# Made to be framed by other sites, so it says so in both headers.
FRAME = PAGE | {
    "content-security-policy": POLICY.replace("ancestors 'none'", "ancestors *"),
    "x-frame-options": None,
}
SHOWN = PAGE | {
    "cross-origin-resource-policy": "cross-origin"
}  # pictures that other sites may show
# Open data, which scripts of other sites may read; no cookie goes with it, and the reader's never
# changes it.
DATA = SHOWN | {"access-control-allow-origin": "*"}
MOMENT, MOMENT_DATA = PAGE | {"cache-control": "no-store"}, DATA | {"cache-control": "no-store"}
STATIC = EVERYWHERE | {"access-control-allow-origin": None}
SERVERS = (None, "granian")  # the server's name, and never a version


@dataclass(frozen=True)
class Page:
    """A kind of page: what is asked, what it answers, which headers it has, and the least score."""

    name: str
    path: str
    status: int | None = 200  # None where any is right that is no fault of the server
    headers: Mapping[str, str | None] = field(default_factory=lambda: PAGE)
    score: int = 0  # where the observatory, which scores pages, has something to score
    is_signed_in: bool = False
    method: str = "GET"
    form: Mapping[str, str] | None = None
    cookies: tuple[str, ...] | None = ()  # which are set, or None where there may be any

    def body(self) -> bytes:
        """Return the form that is sent, with its token."""
        return (
            urlencode(dict(self.form) | {"csrfmiddlewaretoken": SECRET}).encode()
            if self.form is not None
            else b""
        )

    def head(self, cookie: str) -> dict[str, str]:
        """Return what goes with it, over TLS; `cookie` is that of an editor's session."""
        sent = {
            "Forwarded": "for=127.0.0.1;proto=https",
            "Host": HOST,
            "Cookie": cookie if self.is_signed_in else "",
        }
        if self.form is not None:
            sent |= {
                "Referer": f"https://{HOST}{self.path}",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            sent["Cookie"] = "; ".join(filter(None, [sent["Cookie"], f"{TOKEN}={SECRET}"]))
        return {name: value for name, value in sent.items() if value}


def page(name: str, path: str, status: int = 200, headers: Mapping = PAGE, **facts) -> Page:
    """Return a page that the observatory scores."""
    return Page(name, path, status, headers, **({"score": 135} | facts))


def desk(name: str, path: str, status: int | None = 200, **facts) -> Page:
    """Return a page of editors, which may set their cookies."""
    return Page(name, path, status, DESK, cookies=None, **({"is_signed_in": True} | facts))


PAGES = [
    page("home", "/"),
    page("browse", "/recommendations/?q=skills&theme=skills"),
    page("nothing found", "/recommendations/?q=zzzz"),
    page("entry", "/PARIS-2025-4"),
    page("version", "/PARIS-2025-4/v/1"),
    page("declaration", "/PARIS-2025"),
    page("declarations", "/declarations/"),
    page("themes", "/themes/"),
    page("theme", "/themes/skills"),
    page("overview", "/overview/"),
    page("about", "/about/"),
    page("api", "/api/"),
    page("briefing", "/briefing?codes=PARIS-2025-4"),
    page("check", "/check"),
    page("malformed", "/recommendations/?sort=x", 400),
    page("unknown", "/nothing", 404),
    page("unknown code", "/PARIS-2025-99", 404),
    desk("sign-in", "/accounts/login/", is_signed_in=False, score=135),
    desk("account", "/accounts/", score=135),
    desk("desk", "/admin/", score=135),
    desk("desk list", "/admin/recommendations/recommendation/", score=135),
    desk("desk form", "/admin/recommendations/proposal/add/", score=135),
    desk("desk unknown", "/admin/nothing/", 404, score=135),
    desk("desk refused", "/admin/auth/user/", 403, score=135),
    page("embed", "/PARIS-2025-4/embed", headers=FRAME),
    page("comparison", "/PARIS-2025-6/v/2?compare=1"),
    page("former text", "/SAMPLE-2020/t/1"),
    page("withdrawn", "/PARIS-2025-5", 410),
    page("withdrawn, framed", "/PARIS-2025-5/embed", 410, FRAME),
    Page("retired theme", "/themes/sample-retired", 301),
    page("selection of a retired theme", "/recommendations/?theme=sample-retired", 410),
    desk("link ended", "/accounts/password/new/?key=1", 410, is_signed_in=False, score=135),
    Page("renamed theme", "/themes/sample-renamed", 301),
    Page("another spelling", "/paris-2025-4/", 301),
    Page("data", "/recommendations.json", headers=DATA),
    Page("data refused", "/recommendations.json?x=1", 400, DATA),
    Page("data unknown", "/PARIS-2025-99.json", 404, DATA),
    Page("data withdrawn", "/PARIS-2025-5.json", 410, DATA),
    Page("data of a retired theme", "/recommendations.json?theme=sample-retired", 410, DATA),
    Page("data of a renamed theme", "/themes/sample-renamed.json", 301, DATA),
    Page("data sent to", "/recommendations.json", 405, DATA, method="POST", form={}),
    Page("form sent to a page", "/overview/", 405, method="POST", form={}),
    Page("form without a token", "/overview/", 403, method="POST"),
    Page("frame unknown", "/PARIS-2025-99/embed", 404),
    Page("oembed", f"/oembed?url=https://{HOST}/PARIS-2025-4", headers=DATA),
    Page("oembed refused", "/oembed?url=x", None),
    Page("static unknown", "/static/nothing.css", 404),
    Page("dark", "/appearance", 303, PAGE | {"location": "/about/"}, method="POST", cookies=(APPEARANCE,),
         form={"theme": "dark", "next": "/about/"}),
    Page("as the system", "/appearance", 303, method="POST", form={"theme": ""}, cookies=(APPEARANCE,)),
    Page("led away", "/appearance", 303, PAGE | {"location": "/"}, method="POST", cookies=(APPEARANCE,),
         form={"theme": "dark", "next": "https://evil.example/"}),
]  # fmt: skip
GUESSED = "sample-nobody"  # a name that was guessed too often


def signing_in(name: str, password: str) -> list[Page]:
    """Return the sending of a name and a password: right, wrong, and once too often."""

    def sent(told: str, login: str, typed: str, status: int, cookies: tuple | None) -> Page:
        form = {"login": login, "password": typed}
        return Page(
            told, "/accounts/login/", status, DESK, method="POST", form=form, cookies=cookies
        )

    return [
        sent("wrong password", name, "not-the-password", 200, None),
        sent("signed in", name, password, 302, (TOKEN, SESSION)),
        sent("too many guesses", GUESSED, "not-the-password", 429, None),
    ]


# One or more addresses of each route that readers may ask for, and what kind of answer it is.
READERS = {
    "/": (PAGE, "/"),
    "/.well-known/security.txt": (PAGE, "/.well-known/security.txt"),
    "/<entry:code>": (PAGE, "/PARIS-2025-4"),
    "/<entry:code>.<extension:extension>": (DATA, "/PARIS-2025-4.*"),
    "/<entry:code>.png": (SHOWN, "/PARIS-2025-4.png"),
    "/<entry:code>.qr.png": (SHOWN, "/PARIS-2025-4.qr.png"),
    "/<entry:code>.qr.svg": (SHOWN, "/PARIS-2025-4.qr.svg"),
    "/<entry:code>/embed": (FRAME, "/PARIS-2025-4/embed"),
    "/<entry:code>/v/<number:number>": (PAGE, "/PARIS-2025-4/v/1"),
    "/<source:code>": (PAGE, "/PARIS-2025"),
    "/<source:code>.<extension:extension>": (DATA, "/PARIS-2025.*"),
    "/<source:code>/t/<number:number>": (PAGE, "/SAMPLE-2020/t/1"),
    "/about/": (PAGE, "/about/"),
    "/addressees/": (PAGE, "/addressees/"),
    "/addressees/<slug:slug>": (PAGE, "/addressees/companies"),
    "/addressees/<slug:slug>.<extension:extension>": (DATA, "/addressees/companies.*"),
    "/api/": (PAGE, "/api/"),
    "/api/schema": (DATA, "/api/schema"),
    "/appearance": (PAGE, "/appearance"),
    "/briefing": (PAGE, "/briefing?codes=PARIS-2025-4"),
    "/briefing.<extension:extension>": (DATA, "/briefing.*?codes=PARIS-2025-4"),
    "/check": (PAGE, "/check"),
    "/check.json": (MOMENT_DATA, "/check.json?q=TECH7+calls+on+G7"),
    "/compare": (PAGE, "/compare"),
    "/follow": (PAGE, "/follow"),
    "/declarations/": (PAGE, "/declarations/"),
    "/livez": (MOMENT, "/livez"),
    "/llms.txt": (PAGE, "/llms.txt"),
    "/oembed": (DATA, f"/oembed?url=https://{HOST}/PARIS-2025-4"),
    "/opensearch.xml": (PAGE, "/opensearch.xml"),
    "/overview/": (PAGE, "/overview/"),
    "/readyz": (MOMENT, "/readyz"),
    "/recommendations.<extension:extension>": (DATA, "/recommendations.*"),
    "/recommendations/": (PAGE, "/recommendations/"),
    "/robots.txt": (PAGE, "/robots.txt"),
    "/sitemap-<slug:section>.xml": (PAGE, "/sitemap-themes.xml"),
    "/sitemap.xml": (PAGE, "/sitemap.xml"),
    "/suggest": (PAGE, "/suggest?q=skills"),
    "/themes/": (PAGE, "/themes/"),
    "/themes/<slug:slug>": (PAGE, "/themes/skills"),
    "/themes/<slug:slug>.<extension:extension>": (DATA, "/themes/skills.*"),
}
FORMATS = {"/PARIS-2025-4": "RECOMMENDATION", "/PARIS-2025": "DECLARATION", "/briefing": "BRIEFING"}


def routed() -> Iterator[Page]:
    """Yield every route of the site map, in each of its formats; raises KeyError for a reader's
    route not listed.
    """
    for route in permissions.routes():
        if route.startswith(("/admin/", "/accounts/")):
            yield desk(f"GET {route}", permissions.address(route), None)
            continue
        headers, path = READERS[route]
        stem, star, query = path.partition(".*")
        formats = part(f"formats.{FORMATS.get(stem, 'RECOMMENDATIONS')}") if star else [""]
        for extension in formats:
            found = f"{stem}.{extension}{query}" if star else path
            yield Page(f"GET {found}", found, 405 if route == "/appearance" else 200, headers)


def prepare() -> None:
    """Make what some pages are about: an entry withdrawn, one changed, a former text, themes
    retired and renamed.
    """
    made, entries, themes = factories(), model("Recommendation").objects, model("Theme").objects
    made.withdrawn(entries.get(code="PARIS-2025-5"))
    made.changed(entries.get(code="PARIS-2025-6"), title="Sample title")
    source = made.make_source("SAMPLE-2020", text_number=2)
    made.make_published(source)
    facts = {"sha256": "0" * 64, "replaced_at": datetime.now(UTC), "reason": "Sample reason."}
    model("FormerText").objects.create(source=source, number=1, text="Sample", **facts)
    retire(themes.create(slug="sample-retired", label="Sample one", definition="Sample."))
    renamed = themes.create(slug="sample-renamed", label="Sample two", definition="Sample.")
    made.renamed(renamed, slug="sample-new", label="Sample three")


def faults(asked: Page, status: int, headers: Mapping[str, str]) -> Iterator[str]:
    """Say what of an answer is not as it must be; header names in small letters, cookies joined by
    commas.
    """
    if status != (asked.status or min(status, 499)):
        yield f"{asked.name} answers {status}, not {asked.status or 'less than 500'}"
    for name, value in asked.headers.items():
        if words(name, given := headers.get(name)) != words(name, value):
            yield f"{asked.name}: {name} is {given!r}, not {value!r}"
    if headers.get("server") not in SERVERS:
        yield f"{asked.name}: the server says that it is {headers['server']!r}"
    cookies = list(filter(None, re.split(r", (?=[\w-]+=)", headers.get("set-cookie", ""))))
    names = tuple(sorted(cookie.partition("=")[0] for cookie in cookies))
    if asked.cookies is not None and names != asked.cookies:
        yield f"{asked.name}: the cookies set are {list(names)}, not {list(asked.cookies)}"
    for cookie in cookies:
        yield from (f"{asked.name}: {fault}" for fault in cookie_faults(cookie))


def cookie_faults(cookie: str) -> Iterator[str]:
    """Say what of a Set-Cookie is not as it must be (RFC 6265bis, section 4.1.3); one that is taken
    back has no use.
    """
    name, *attributes = cookie.split(";")
    given = {each.strip().lower() for each in attributes}
    needed = {"secure", "path=/"} | (
        set() if "max-age=0" in given else {"httponly", "samesite=lax"}
    )
    missing = needed - given
    if (
        not name.startswith("__Host-")
        or missing
        or any(each.startswith("domain") for each in given)
    ):
        yield f"the cookie {name.partition('=')[0]} lacks its prefix, or {', '.join(sorted(missing)) or 'nothing'}"


def words(name: str, value: str | None) -> object:
    """Return a header as it is compared: without a nonce, which differs each time; directives in
    any order.
    """
    if name == "cache-control" and value:
        return sorted(value.split(", "))
    return value and re.sub(r" 'nonce-[\w+/=-]+'", "", value)
