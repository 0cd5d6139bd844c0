"""Which recommendations a text repeats: words aligned, the strongest first, nothing kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from factories import make_proposal, make_published, make_source, withdrawn

from recommendations.formats.mcp_tools import Refused, ask
from recommendations.search.echoes import find_echoes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TAKEN_UP = (
    "We met in Sampletown. We will prioritise digital fluency and comprehensive workforce "
    "development through reskilling initiatives and specialised AI education. The harvest was good."
)


def test_a_passage_that_takes_up_an_ask_is_found_with_its_shared_words():
    (echo,) = find_echoes(TAKEN_UP)
    assert echo.entry.code == "PARIS-2025-4"
    shared = [piece.text for piece in echo.passage if piece.is_shared]
    assert "and specialised AI education" in shared
    assert "".join(piece.text for piece in echo.ask) == echo.entry.quote
    assert "harvest" not in "".join(piece.text for piece in echo.passage)
    assert 65 <= echo.percent < 100


def test_a_quote_echoes_itself_whole_and_unrelated_words_echo_nothing():
    source = make_source()
    entry = make_published(source, "We call for sample action 1 on alpha1.")
    (echo,) = find_echoes("We call for sample action 1 on alpha1.")
    assert (echo.entry.pk, echo.percent) == (entry.pk, 100)
    assert find_echoes("The weather over the northern sea was calm and rather mild today.") == []
    assert find_echoes("") == []


def test_neither_proposals_nor_withdrawn_entries_are_compared():
    source = make_source()
    make_proposal(source, "It closes sample text 1.")
    entry = make_published(source, "We call for sample action 1 on alpha1.")
    withdrawn(entry)
    assert find_echoes("We call for sample action 1 on alpha1. It closes sample text 1.") == []


def test_the_page_shows_both_sides_and_keeps_nothing(client):
    answer = client.post("/compare", {"text": TAKEN_UP})
    page = answer.content.decode()
    assert "1 recommendation repeated" in page
    assert "<mark>and specialised AI education</mark>" in page
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
    assert answer.cookies == {}


def test_a_file_is_read_as_at_the_desk(client):
    file = SimpleUploadedFile("sample.txt", TAKEN_UP.encode())
    assert "PARIS-2025-4" in client.post("/compare", {"file": file}).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "one of the two"),
        ({"text": "x" * 400_001}, "The text has 400,001 characters"),
        ({"file": SimpleUploadedFile("x.pdf", b"no pdf")}, 'role="alert"'),
        ({"file": SimpleUploadedFile("x.txt", b"two words " * 40_001)}, "Give a part of it."),
    ],
)
def test_what_cannot_be_compared_is_said(client, sent, said):
    answer = client.post("/compare", sent)
    assert answer.status_code == 400
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_a_form_of_another_site_is_refused(client, headers):
    assert client.post("/compare", {"text": TAKEN_UP}, headers=headers).status_code == 403
    assert client.put("/compare").status_code == 405


def test_assistants_find_echoes_too():
    (echo,) = ask("find_echoes", {"text": TAKEN_UP})["echoes"]
    assert (echo["code"], echo["quote"][:11]) == ("PARIS-2025-4", "We call for")
    with pytest.raises(Refused, match="text must be words"):
        ask("find_echoes", {"text": " "})
