"""Headers: each security header of every kind of answer has its exact value, as a browser sees it
over TLS.

Every route of the site map is asked for, each format, and each status that a reader can meet; what
may be kept is asked for again, in Brotli and by whoever has a copy; and everything without TLS,
which leads to the same over TLS.

With `--observatory FOLDER` Mozilla's HTTP Observatory scores the pages too. It is not part of the
repository; install it into a folder of its own, without its scripts, which would download lists
that a made-up host is not on:

    npm install --prefix /tmp/observatory --ignore-scripts @mdn/mdn-http-observatory
    ./kb trials headers --observatory /tmp/observatory/node_modules

The site is served with SITE_URL=https://kb.example and TRUSTED_PROXIES=1, as behind a proxy that ends
TLS. `headers.mjs` is that proxy, with a certificate made here and trusted by that one process; the
observatory asks it for https://kb.example, and for http://kb.example to see the redirect. So what
it scores is what readers are sent.
"""

import json
import os
import re
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client

from .parts import heads
from .parts.heads import HOST, PAGES, Page
from .parts.outages import on_postgresql, on_sqlite
from .parts.server import EDITORS, PASSWORD, ROOT, Site, site
from .parts.trial import conduct

FULL = {}
SECURE = {"SITE_URL": f"https://{HOST}", "TRUSTED_PROXIES": "1", "REQUIRE_SECOND_FACTOR": "0"}
DAY = timedelta(days=1)
AGAIN = 4  # a page is asked for so often, as each process keeps copies of its own
PROBES = ("/livez", "/readyz")  # are asked for by who watches the process, not through the proxy
STATIC = re.compile(r'"(/static/[^"]+)"')
AWAY = [
    Page("page while the database is away", "/recommendations/?q=away", 503, heads.MOMENT),
    Page("data while the database is away", "/recommendations.json?q=away", 503, heads.MOMENT_DATA),
    Page("file while the database is away", "/sitemap.xml", 503, heads.MOMENT),
    Page("not ready", "/readyz", 503, heads.MOMENT),
]

# Asks over TLS, with some headers more and a cookie of an editor; returns status and headers, their
# names small.
Ask = Callable[..., tuple[int, Mapping[str, str]]]


def signed_in() -> str:
    """Return the cookie of an editor's session."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=EDITORS[0]))
    return f"{heads.SESSION}={client.session.session_key}"


def over_http(port: int, cookie: str) -> Ask:
    """Return what asks the site at a port."""

    def ask(page: Page, **more: str) -> tuple[int, Mapping[str, str]]:
        with closing(HTTPConnection("127.0.0.1", port, timeout=300)) as connection:
            connection.request(
                page.method, page.path, page.body() or None, page.head(cookie) | more
            )
            answer = connection.getresponse()
            body = answer.read()
        joined = {name.lower(): ", ".join(answer.headers.get_all(name)) for name in answer.headers}
        return answer.status, joined | {"body": body.decode(errors="replace")}

    return ask


def read(ask: Ask, pages: Iterable[Page]) -> Iterator[str]:
    """Ask for each page, and again for what may be kept."""
    for page in pages:
        status, headers = ask(page)
        yield from heads.faults(page, status, headers)
        if page.method == "GET" and not page.is_signed_in and status == 200:
            yield from asked_again(ask, page, headers.get("etag"))


def asked_again(ask: Ask, page: Page, etag: str | None) -> Iterator[str]:
    """Ask for a page as other browsers do, and once for its head alone."""
    for told, more in (("again", {}), ("in Brotli", {"Accept-Encoding": "br"})):
        for _time in range(AGAIN):
            yield from heads.faults(replace(page, name=f"{page.name}, {told}"), *ask(page, **more))
    yield from heads.faults(
        replace(page, name=f"{page.name}, head"), *ask(replace(page, method="HEAD"))
    )
    if etag:
        held = replace(page, name=f"{page.name}, held", status=304)
        yield from heads.faults(held, *ask(page, **{"If-None-Match": etag}))


def without_tls(ask: Ask, pages: Iterable[Page]) -> Iterator[str]:
    """Ask for each page without TLS."""
    for page in pages:
        status, headers = ask(page, Forwarded="for=127.0.0.1;proto=http")
        led = (200, None) if page.path in PROBES else (301, f"https://{HOST}{page.path}")
        if (status, headers.get("location")) != led:
            yield f"{page.name} without TLS answers {status} and leads to {headers.get('location')}"


def static(ask: Ask) -> list[Page]:
    """Return the files that the home page and the sign-in page load."""
    paths = {
        path
        for page in PAGES
        if page.path in ("/", "/accounts/login/")
        for path in STATIC.findall(ask(page)[1]["body"])
    }
    return [Page(f"GET {path}", path, headers=heads.STATIC) for path in sorted(paths)]


def guessed() -> None:
    """Write down that a name was guessed too often at this address."""
    failures = apps.get_model("axes", "AccessFailureLog")
    facts = {
        "username": heads.GUESSED,
        "ip_address": "127.0.0.1",
        "path_info": "/",
        "http_accept": "",
        "user_agent": "",
    }
    failures.objects.bulk_create([failures(**facts) for _ in range(5)])


def while_away(made: Site, ask: Ask) -> Iterator[str]:
    """Ask while nobody can read the database: a server is dead, or another holds the file."""
    is_server = made.database.is_killable
    outages = on_postgresql(made.database) if is_server else on_sqlite(made)
    [away] = [each for each in outages if each.name == ("killed" if is_server else "locked")]
    away.begin()
    try:
        yield from read(ask, AWAY)
    finally:
        away.end()


def certificate() -> tuple[str, str]:
    """Make a key and a certificate of its own for the host."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    )
    made = (
        made.serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
    )
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
    parser.add_argument(
        "--observatory", metavar="FOLDER", help="node_modules with @mdn/mdn-http-observatory"
    )


def tried(given: Namespace, found: list[str]) -> str:
    """Ask and score, and return in words what was asked for."""
    with site(given.database) as made:
        made.environment |= SECURE
        heads.prepare()
        guessed()
        made.start()
        cookie = signed_in()
        ask = over_http(made.port, cookie)
        pages = [*PAGES, *heads.routed(), *heads.signing_in(EDITORS[1], PASSWORD), *static(ask)]
        found += [*read(ask, pages), *without_tls(ask, pages), *while_away(made, ask)]
        scored = score(made, given.observatory, cookie) if given.observatory else []
    found += too_low(scored)
    for each in scored:
        print(f"{each['name']}: {each['score']} {each['grade']}")
    told = (
        f"{len(scored)} scored by the observatory"
        if given.observatory
        else "none scored (no --observatory)"
    )
    return f"{len(pages) + len(AWAY)} kinds of answers, {told}"


if __name__ == "__main__":
    sys.exit(conduct("headers", __doc__, options, FULL, tried))
