"""Who should act: the list of addressees, and what each of them is asked."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_addressees_are_listed_with_their_counts_the_most_asked_first(client):
    page = client.get("/addressees/").content.decode()
    assert page.index("G7 governments") < page.index("Companies") < page.index("AI developers")
    assert '<a href="/addressees/companies">Companies</a>' in page


def test_a_page_shows_what_an_addressee_is_asked_and_its_formats(client):
    page = client.get("/addressees/like-minded-nations").content.decode()
    assert "What is asked of: Like-minded nations" in page
    assert "Protect and support each other in large-scale attacks" in page
    items = client.get("/addressees/like-minded-nations.json").json()["items"]
    assert [each["code"] for each in items] == ["PARIS-2025-9"]
    narrowed = client.get("/addressees/companies.json?theme=standards").json()["items"]
    assert [each["code"] for each in narrowed] == ["PARIS-2025-8"]


@pytest.mark.parametrize(
    ("address", "status", "place"),
    [
        ("/addressees/COMPANIES?x=1", 302, "/addressees/COMPANIES"),
        ("/addressees/COMPANIES", 301, "/addressees/companies"),
        ("/addressees/COMPANIES.json", 301, "/addressees/companies.json"),
        ("/addressees/oecd", 404, ""),  # an organisation that nothing addresses
        ("/addressees/nobody", 404, ""),
        ("/addressees/companies.json?addressee=companies", 400, ""),
    ],
)
def test_other_spellings_lead_on_and_what_is_none_is_refused(client, address, status, place):
    answer = client.get(address)
    assert (answer.status_code, answer.get("Location", "")) == (status, place)


def test_lists_and_briefings_say_to_whom(client):
    listed = client.get("/recommendations/?q=PARIS").content.decode()
    assert 'To: <a href="/addressees/like-minded-nations">Like-minded nations</a>' in listed
    assert "To: Like-minded nations" in client.get("/briefing?codes=PARIS-2025-9").content.decode()
    text = client.get("/briefing.md?codes=PARIS-2025-9").content.decode()
    assert "To: Like-minded nations" in text
