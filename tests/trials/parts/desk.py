"""A browser without a screen: cookies, tokens, and forms that are sent as they stand on their page,
with changes.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

from lxml import html

from .server import PASSWORD

LOST = (OSError, HTTPException)  # what a client sees of a server that dies
SECONDS = 300  # the longest wait for an answer

TYPED = ("hidden", "text", "url", "date")  # fields that a browser also sends empty

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")

    @property
    def is_done(self) -> bool:
        """Whether a form was taken, which the site says by leading on."""
        return self.status == 302

    @property
    def location(self) -> str:
        """The path that it leads to."""
        return urlsplit(self.headers["location"]).path


class Desk:
    """Somebody at the site."""

    def __init__(self, port: int, name: str = ""):
        self.port, self.name, self.cookies = port, name, {}
        if name:
            self.get("/accounts/login/")
            signed = self.post("/accounts/login/", [("login", name), ("password", PASSWORD)])
            if not signed.is_done:
                raise RuntimeError(f"{name} could not sign in: {signed.status}")

    def request(
        self, method: str, path: str, body: bytes = b"", kind: str = "", **headers: str
    ) -> Answer:
        """Send one request on a connection of its own, with the cookies; raises what LOST lists."""
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if kind:
            headers |= {"Content-Type": kind, "Referer": f"http://127.0.0.1:{self.port}{path}"}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)) as connection:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            answer = Answer(
                response.status,
                {key.lower(): each for key, each in response.getheaders()},
                response.read(),
            )
            for cookie in response.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        """Read a page."""
        return self.request("GET", path, **headers)

    def post(self, path: str, pairs: Iterable[tuple[str, str]], **headers: str) -> Answer:
        """Send values with the token, line ends as a browser sends them (HTML standard,
        4.10.21.4).
        """
        pairs = [*pairs, ("csrfmiddlewaretoken", self.cookies.get("csrftoken", ""))]
        body = urlencode([(name, str(value).replace("\n", "\r\n")) for name, value in pairs])
        return self.request(
            "POST", path, body.encode(), "application/x-www-form-urlencoded", **headers
        )

    def upload(self, path: str, name: str, data: bytes) -> Answer:
        """Send a file in a field called `file` (RFC 7578)."""
        edge, token = secrets.token_hex(16), self.cookies.get("csrftoken", "")
        quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = (
            f"--{edge}\r\nContent-Disposition: form-data; "
            f'name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode(errors="replace") + data + f"\r\n--{edge}--\r\n".encode()
        return self.request("POST", path, body, f"multipart/form-data; boundary={edge}")

    def form(self, path: str, holding: str) -> Pairs:
        """Return what a browser would send of the form on a page that has a field of this name or
        this id itself.
        """
        page = self.get(path)
        if page.status != 200:
            raise RuntimeError(f"{path} answers {page.status}")
        return form(page.text, holding)

    def send(self, path: str, holding: str, changes: dict) -> Answer:
        """Send the form of a page with changes; a value that is a list stands for as many
        fields.
        """
        return self.post(path, changed(self.form(path, holding), changes))


def form(page: str, holding: str) -> Pairs:
    """Return the values of the form that has a field of a name, or has it as its id."""
    for name, pairs in forms(page):
        if holding in (name, *dict(pairs)):
            return pairs
    raise RuntimeError(f"no form with {holding}")


def forms(page: str) -> Iterator[tuple[str, Pairs]]:
    """Yield the id of each form and what a browser would send of it, besides the token and a
    pressed button.
    """
    for found in html.document_fromstring(page).forms:
        pairs = [(name, value.removeprefix("\n")) for name, value in found.form_values()]
        pairs += [
            (each.name, "")
            for each in found.inputs
            if each.get("type") in TYPED and each.get("value") is None
        ]
        yield found.get("id", ""), [pair for pair in pairs if pair[0] != "csrfmiddlewaretoken"]


def changed(pairs: Pairs, changes: dict) -> Pairs:
    """Return the values of a form with other values for some fields."""
    kept = [(name, value) for name, value in pairs if name not in changes]
    listed = {
        name: value if isinstance(value, list) else [value] for name, value in changes.items()
    }
    return kept + [(name, value) for name, values in listed.items() for value in values]
