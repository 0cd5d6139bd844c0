"""Watches pages in a real browser: what ran, what was asked for, what the console says."""

import os
import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Route

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--no-sandbox",
)
TYPED = (
    "textarea:visible, input[type=text]:visible, input[type=url]:visible, input:not([type]):visible"
)
# what a script may answer
PRESSED = "form:not(#all, #undo) button:visible, #content input[type=submit]:visible"
FIELDS = 6  # that are typed into
MOMENT, LATER = 3000, 400  # milliseconds for what is pressed, and for what it sets going
RAN = """() => {
  const unsafe = /^\\s*(javascript|vbscript|data):/i, found = [];
  if (window.ran !== undefined) found.push(`ran=${window.ran}`);
  for (const each of document.querySelectorAll("[planted], meta[http-equiv=refresh i], base"))
    found.push(each.outerHTML.slice(0, 120));
  for (const each of document.querySelectorAll("*"))
    for (const {name, value} of each.attributes)
      if (/^on/i.test(name) || (/^(href|action|formaction|xlink:href)$/i.test(name) && unsafe.test(value)))
        found.push(`${each.tagName} ${name}=${value.slice(0, 80)}`);
  return found;
}"""


@dataclass
class Watch:
    """A browser's tab that is watched: what ran, what was asked for, what the console says."""

    context: BrowserContext
    url: str
    is_bare: bool  # without the Content-Security-Policy
    faults: list[str] = field(default_factory=list)
    opened: int = 0
    pressed: int = 0  # buttons

    def __post_init__(self):
        self.tab = self.context.new_page()
        self.tab.on("dialog", self.dialog)
        self.tab.on("console", lambda said: self.console(said.text))
        self.tab.on("pageerror", lambda error: self.fault(f"a script fails: {error}"))
        self.tab.on("request", lambda asked: self.request(asked.url))
        if self.is_bare:
            self.context.route("**/*", self.strip)

    def strip(self, route: Route) -> None:
        """Let a page through without its policy."""
        if route.request.resource_type != "document" or not route.request.url.startswith(self.url):
            route.continue_()
            return
        response = route.fetch(max_redirects=0)
        kept = {
            name: value
            for name, value in response.headers.items()
            if name != "content-security-policy"
        }
        route.fulfill(response=response, headers=kept)

    def dialog(self, dialog) -> None:
        if (
            dialog.type == "beforeunload"
        ):  # a page with something unsaved, which is left all the same
            dialog.accept()
            return
        self.fault(f"a dialog says {dialog.message}")
        dialog.dismiss()

    def console(self, said: str) -> None:
        if "Content Security Policy" in said and not self.is_bare:
            self.fault(f"the console says {said[:200]}")

    def request(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "about:", "blob:")):
            self.fault(f"{urlsplit(url).netloc} was asked for something")

    def fault(self, what: str) -> None:
        self.faults.append(
            f"{self.tab.url.removeprefix(self.url)}{' without policy' if self.is_bare else ''}: "
            f"{what}"
        )

    def open(self, path: str) -> None:
        """Open a page, and look for what ran or became an element."""
        self.opened += 1
        try:
            response = self.tab.goto(self.url + path, wait_until="load")
            if response is None or response.status >= 500:
                self.fault(f"{path} answers {response and response.status}")
            self.look()
        except Error as error:
            self.fault(f"{path}: {error}")

    def look(self) -> None:
        """Look for what ran or became an element."""
        for found in self.tab.evaluate(RAN):
            self.fault(found)

    def press(self, path: str, words: str, most: int) -> None:
        """Press so many buttons of a page at most, with words in each field; every other one gets
        no answer.
        """
        self.open(path)
        for place in range(min(self.tab.locator(PRESSED).count(), most)):
            if place:
                self.open(path)
            if is_cut := place % 2:
                self.context.route("**/*", cut)
            try:
                for typed in self.tab.locator(TYPED).all()[:FIELDS]:
                    typed.fill(words, timeout=MOMENT)
                self.tab.locator(PRESSED).nth(place).click(timeout=MOMENT, no_wait_after=True)
                self.tab.wait_for_timeout(LATER)
                self.tab.wait_for_load_state("load", timeout=MOMENT)
                self.look()
                self.pressed += 1
            # a button that is covered, or a page that leads on meanwhile: the trial says how many
            # it was
            except Error:
                continue
            finally:
                if is_cut:
                    self.context.unroute("**/*", cut)


def cut(route: Route) -> None:
    """Let nothing through that was sent."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.fallback()


def chromium() -> str:
    """Return this machine's Chromium, as the tests find it."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        raise FileNotFoundError("no Chromium: run ./kb test once, or set CHROMIUM to its path")
    return found
