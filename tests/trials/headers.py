"""Headers: each security header of every kind of page has its exact value, as a browser sees it over TLS.

With `--observatory FOLDER` Mozilla's HTTP Observatory scores each page too. It is not part of the repository; install
it into a folder of its own, without its scripts, which would download lists that a made-up host is not on:

    npm install --prefix /tmp/observatory --ignore-scripts @mdn/mdn-http-observatory
    .venv/bin/python -m tests.trials.headers --observatory /tmp/observatory/node_modules

The site is served with SITE_URL=https://kb.example and BEHIND_PROXY=1, as behind a proxy that ends TLS. `headers.mjs`
is that proxy, with a certificate made here and trusted by that one process; the observatory asks it for
https://kb.example, and for http://kb.example to see the redirect. So what it scores is what readers are sent.
"""

import json
import os
import re
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth import get_user_model
from django.test import Client

from .desk import Desk
from .server import EDITORS, ROOT, Site, site
from .trial import conduct

FULL = {}
HOST = "kb.example"
SECURE = {"SITE_URL": f"https://{HOST}", "BEHIND_PROXY": "1", "REQUIRE_SECOND_FACTOR": "0"}
DAY = timedelta(days=1)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EVERYWHERE = {
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
PAGE = EVERYWHERE | {
    "content-security-policy": POLICY,
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "access-control-allow-origin": None,
}
DESK = PAGE | {"cache-control": "max-age=0, no-cache, no-store, must-revalidate, private"}
# Made to be framed by other sites, so it says so in both headers.
FRAME = PAGE | {
    "content-security-policy": POLICY.replace("ancestors 'none'", "ancestors *"),
    "x-frame-options": None,
}
# Open data, which scripts of other sites may read; no cookie goes with it, and the reader's never changes it.
DATA = PAGE | {"cross-origin-resource-policy": "cross-origin", "access-control-allow-origin": "*"}


@dataclass(frozen=True)
class Page:
    """A kind of page: where one is, what it answers, which headers it has, and the least score."""

    name: str
    path: str
    status: int = 200
    headers: Mapping[str, str | None] = None
    score: int = 135  # 0 where the observatory, which scores pages, has nothing to score
    is_signed_in: bool = False

    @property
    def expected(self) -> Mapping[str, str | None]:
        """Each header and its value, or None where it must not be."""
        return PAGE if self.headers is None else self.headers


PAGES = [
    Page("home", "/"),
    Page("browse", "/recommendations/?q=skills&theme=skills"),
    Page("nothing found", "/recommendations/?q=zzzz"),
    Page("entry", "/PARIS-2025-4"),
    Page("version", "/PARIS-2025-4/v/1"),
    Page("declaration", "/PARIS-2025"),
    Page("declarations", "/declarations/"),
    Page("themes", "/themes/"),
    Page("theme", "/themes/skills"),
    Page("overview", "/overview/"),
    Page("about", "/about/"),
    Page("api", "/api/"),
    Page("briefing", "/briefing?codes=PARIS-2025-4"),
    Page("malformed", "/recommendations/?sort=x", 400),
    Page("unknown", "/nothing", 404),
    Page("unknown code", "/PARIS-2025-99", 404),
    Page("sign-in", "/accounts/login/", headers=DESK),
    Page("account", "/accounts/", headers=DESK, is_signed_in=True),
    Page("desk", "/admin/", headers=DESK, is_signed_in=True),
    Page("desk list", "/admin/recommendations/recommendation/", headers=DESK, is_signed_in=True),
    Page("desk form", "/admin/recommendations/recommendation/add/", headers=DESK, is_signed_in=True),
    Page("desk unknown", "/admin/nothing/", 404, headers=DESK, is_signed_in=True),
    Page("desk refused", "/admin/auth/user/", 403, headers=DESK, is_signed_in=True),
    Page("embed", "/PARIS-2025-4/embed", headers=FRAME),
    Page("data", "/recommendations.json", headers=DATA, score=0),
    Page("data refused", "/recommendations.json?x=1", 400, headers=DATA, score=0),
    Page("feed", "/recommendations.atom", headers=DATA, score=0),
    Page("robots", "/robots.txt", score=0),
    Page("alive", "/livez", score=0),
]


def faults(page: Page, status: int, headers: Mapping[str, str]) -> Iterator[str]:
    """Say what of an answer is not as it must be; header names in small letters."""
    if status != page.status:
        yield f"{page.name} answers {status}, not {page.status}"
    for name, value in page.expected.items():
        if (given := without_nonce(headers.get(name))) != value:
            yield f"{page.name}: {name} is {given!r}, not {value!r}"
    for cookie in re.split(r", (?=[\w-]+=)", headers.get("set-cookie", "")):
        yield from (f"{page.name}: {fault}" for fault in cookie_faults(cookie))


def cookie_faults(cookie: str) -> Iterator[str]:
    """Say what of a Set-Cookie is not as it must be (RFC 6265bis, section 4.1.3)."""
    if cookie:
        name, *attributes = cookie.split(";")
        given = {each.strip().lower() for each in attributes}
        missing = {"secure", "httponly", "samesite=lax", "path=/"} - given
        if not name.startswith("__Host-") or missing or any(each.startswith("domain") for each in given):
            yield f"the cookie {name.partition('=')[0]} lacks its prefix, or {', '.join(sorted(missing)) or 'nothing'}"


def without_nonce(value: str | None) -> str | None:
    """Return a policy as every answer has it; the nonce differs each time."""
    return value and re.sub(r" 'nonce-[\w+/=-]+'", "", value)


def signed_in() -> str:
    """Return the cookie of an editor's session."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=EDITORS[0]))
    return f"__Host-sessionid={client.session.session_key}"


def read(made: Site, cookie: str) -> list[str]:
    """Ask for each page, and once without TLS."""
    found = []
    for page in PAGES:
        sent = {"X-Forwarded-Proto": "https", "Host": HOST}
        reader = Desk(made.port)
        if page.is_signed_in:
            reader.cookies = dict([cookie.split("=", 1)])
        answer = reader.get(page.path, **sent)
        found += faults(page, answer.status, answer.headers)
    plain = Desk(made.port).get("/PARIS-2025-4?x=1", **{"X-Forwarded-Proto": "http", "Host": HOST})
    if (plain.status, plain.headers.get("location")) != (301, f"https://{HOST}/PARIS-2025-4?x=1"):
        found.append(f"without TLS it answers {plain.status} and leads to {plain.headers.get('location')}")
    return found


def certificate() -> tuple[str, str]:
    """Make a key and a certificate of its own for the host."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - DAY).not_valid_after(now + DAY)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return secret.decode(), made.sign(key, hashes.SHA256()).public_bytes(pem).decode()


def score(made: Site, modules: str, cookie: str) -> list[dict]:
    """Let the observatory score the pages."""
    key, sealed = certificate()
    trusted = made.folder / "certificate.pem"
    trusted.write_text(sealed)
    pages = [
        {"name": page.name, "path": page.path, "cookie": cookie if page.is_signed_in else ""}
        for page in PAGES
        if page.score
    ]
    asked = {"site": made.port, "host": HOST, "key": key, "certificate": sealed, "pages": pages}
    done = subprocess.run(
        ["node", ROOT / "tests" / "trials" / "headers.mjs", modules],
        input=json.dumps(asked),
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(trusted)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
    )
    return json.loads(done.stdout)


def too_low(scored: list[dict]) -> Iterator[str]:
    """Say which page scored too little, and for what."""
    least = {page.name: page.score for page in PAGES}
    for each in scored:
        if each["score"] < least[each["name"]]:
            yield f"{each['name']} scores {each['score']}, not {least[each['name']]}: {each['tests']}"


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--observatory", metavar="FOLDER", help="node_modules with @mdn/mdn-http-observatory")


def tried(given: Namespace, found: list[str]) -> str:
    """Ask and score, and return in words what was asked for."""
    with site(given.database) as made:
        made.environment |= SECURE
        made.start()
        cookie = signed_in()
        found += read(made, cookie)
        scored = score(made, given.observatory, cookie) if given.observatory else []
    found += too_low(scored)
    for each in scored:
        print(f"{each['name']}: {each['score']} {each['grade']}")
    told = f"{len(scored)} scored by the observatory" if given.observatory else "none scored (no --observatory)"
    return f"{len(PAGES)} kinds of pages, {told}"


if __name__ == "__main__":
    sys.exit(conduct("headers", __doc__, options, FULL, tried))
