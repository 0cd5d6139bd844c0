"""The site's typefaces: small, the same each time, under a name of their own, and in their place."""

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from tech7kb import fonts

CSS = " ".join((settings.BASE_DIR / "static" / "css" / "tokens.css").read_text().split())
FILES = [f"fonts/{name}{suffix}.woff2" for name in fonts.FACES for suffix in fonts.RANGES]


def test_a_first_visit_brings_at_most_28_kb_and_all_faces_together_60():
    sizes = {path: (fonts.folder() / path).stat().st_size for path in FILES if finders.find(path)}
    assert list(sizes) == FILES
    assert sizes["fonts/serif.woff2"] < 14_000
    assert sizes["fonts/sans.woff2"] < 14_000
    assert sum(sizes.values()) < 60_000


def test_a_face_is_made_the_same_byte_for_byte(tmp_path):
    made = tmp_path / "serif.woff2"
    fonts.make(fonts.FACES["serif"], fonts.characters(fonts.RANGES[""]), made)
    with open(finders.find("fonts/serif.woff2"), "rb") as served:
        assert made.read_bytes() == served.read()


@pytest.mark.parametrize("path", FILES)
def test_a_subset_has_a_name_of_its_own_and_keeps_copyright_and_licence(path):
    names = TTFont(finders.find(path))["name"]
    spoken = [names.getDebugName(number) for number in (1, 4, 6)]
    assert not [name for name in spoken if "Source" in name]
    assert "with Reserved Font Name ‘Source’" in names.getDebugName(0)
    assert "SIL Open Font License, Version 1.1" in names.getDebugName(13)


@pytest.mark.parametrize("suffix", fonts.RANGES)
def test_the_style_sheet_asks_for_a_face_where_it_has_characters(suffix):
    assert CSS.count(f"unicode-range: {fonts.RANGES[suffix]};") == 2
    points = fonts.characters(fonts.RANGES[suffix])
    assert len(points) == len(set(points))
    for name in fonts.FACES:
        had = TTFont(finders.find(f"fonts/{name}{suffix}.woff2")).getBestCmap().keys()
        assert had <= set(points)


def test_together_the_faces_have_latin_1_and_latin_extended_a_but_for_what_their_source_lacks():
    for name in fonts.FACES:
        had = set()
        for suffix in fonts.RANGES:
            had |= TTFont(finders.find(f"fonts/{name}{suffix}.woff2")).getBestCmap().keys()
        assert {chr(point) for point in {*range(0xA0, 0x180)} - had} <= set("\xadĬĭĲĳŉŦŧ")


SHIFTS = """async () => {
  await document.fonts.ready;
  const seen = new PerformanceObserver(() => {});
  seen.observe({type: "layout-shift", buffered: true});
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  return seen.takeRecords().map((shift) => shift.value);
}"""
PAINTED = """() => new Promise((resolve) => {
  new PerformanceObserver(resolve).observe({type: "paint", buffered: true});
})"""


@pytest.mark.parametrize("path", ["/", "/recommendations/", "/PARIS-2025-4", "/PARIS-2025"])
def test_nothing_moves_when_the_faces_come_after_the_words(site, page, path):
    late = []
    page.route("**/*.woff2", lambda route: late.append(route))
    page.goto(path, wait_until="domcontentloaded")
    page.evaluate(PAINTED)
    assert {route.request.url.removeprefix(f"{site}/static/") for route in late} == set(FILES[::2])
    for route in late:
        route.continue_()
    assert page.evaluate(SHIFTS) == []
