"""The about page: who TECH7 is, with sources, and who runs the site, where that is set."""

import re

import pytest

pytestmark = pytest.mark.django_db


def test_what_is_said_of_tech7_links_to_where_its_text_says_so(client):
    page = client.get("/about/").text
    said = page.partition('id="tech7"')[2].partition("</section>")[0]
    assert re.findall('href="(/PARIS-2025#p[0-9])"', said) == ["/PARIS-2025#p1", "/PARIS-2025#p3"]
    declaration = client.get("/PARIS-2025").text
    for place, words in (("p1", "the leading technology trade associations"), ("p3", "TECHNATION")):
        paragraph = declaration.partition(f'id="{place}"')[2].partition('class="para"')[0]
        assert words in paragraph


def test_nobody_is_said_to_run_the_site_where_nothing_is_set(client):
    page = client.get("/about/").text
    assert "This site is run by" not in page
    assert "Write to" not in page
    assert "tell us" not in page


def test_who_runs_the_site_is_said_where_it_is_set(client, settings):
    settings.OPERATOR, settings.CONTACT = "Sample Association", "mail@kb.example"
    page = client.get("/about/").text
    assert "This site is run by Sample Association." in page
    assert '<a href="mailto:mail@kb.example">mail@kb.example</a>' in page
