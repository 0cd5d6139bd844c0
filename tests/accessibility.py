"""Checks of a page in the browser: axe finds no violation, and the page does not scroll sideways."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LOOKS = [(1360, "light"), (1360, "dark"), (375, "light"), (375, "dark")]  # width, color scheme
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # it would fetch style sheets a second time
}
RUN = """options => {
    document.getAnimations().forEach(each => each.finish());  // Django's admin fades between colors
    return axe.run(document, options).then(
        found => found.violations.map(each => [each.id, each.nodes.map(node => node.html)])
    );
}"""


def check_accessible(page: Page, looks: list[tuple[int, str]] = LOOKS) -> None:
    """Assert that the page, as it stands, is accessible and fits at each width and color scheme."""
    page.evaluate(Axe().axe_script)
    for width, mode in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=mode)
        look = f"{page.url} at {width} pixels, {mode}"
        assert {look: page.evaluate(RUN, OPTIONS)} == {look: []}
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), look
