"""What the trial of the API asks by hand, within this process: it finds nothing, and it finds what
is planted.
"""

import pytest
from django.http import HttpResponse

from recommendations.formats.openapi import describe
from recommendations.views import api, browse, record, responses
from tests.trials.api import Answer, broken, fuzz
from tests.trials.parts.addresses import body, stranger
from tests.trials.parts.holdings import furnish

pytestmark = pytest.mark.django_db


def asked(path: str, **headers: str) -> Answer:
    """Ask the site within this process."""
    answer = stranger().get(
        path, **{f"HTTP_{name.upper()}": value for name, value in headers.items()}
    )
    return Answer(
        answer.status_code,
        {name.lower(): value for name, value in answer.headers.items()},
        body(answer),
    )


def found(*templates: str) -> list[str]:
    """Hold some addresses of the document to its word, or all of them."""
    furnish(6)
    document = describe()
    paths = {
        each: item for each, item in document["paths"].items() if not templates or each in templates
    }
    return list(broken(asked, document | {"paths": paths}))


def test_every_address_does_as_the_document_says():
    assert found() == []


def test_a_withdrawn_entry_that_programs_hear_of_as_a_page_is_found(monkeypatch):
    monkeypatch.setattr(record, "gone", lambda *_given: HttpResponse("<h1>Gone</h1>", status=410))
    assert found("/{source}-{number}.bib") == [
        f"/TRIAL-2024-{number}.bib: {fault}"
        for number in (3, 2)
        for fault in (
            "410 comes as text/html, not ['application/problem+json']",
            "410 may not be read by other pages",
        )
    ]


def test_not_modified_without_its_tag_is_found(monkeypatch):
    def unmarked(*given, **more):
        response = answer(*given, **more)
        if response.status_code == 304:
            del response["ETag"]
        return response

    answer = responses.answer
    monkeypatch.setattr(browse, "answer", unmarked)
    assert "304 has etag None" in found("/recommendations.csv")[0]


def test_one_tag_for_all_queries_of_an_address_is_found(monkeypatch):
    monkeypatch.setattr(responses, "tag", lambda request: f'W/"{request.path}"')
    assert "has the entity tag of /recommendations.csv" in found("/recommendations.csv")[0]


def test_an_answer_that_the_document_does_not_have_is_found():
    item = {"get": {"responses": {"200": {"description": "Sample."}}}}
    faults = list(broken(asked, {"paths": {"/{source}.txt": item}}))
    assert faults == [
        "/paris-2025.txt: 301 is not described",
        "/SAMPLE-1999.txt: 404 is not described",
    ]


def test_a_fuzzer_finds_an_answer_that_is_not_described(site, monkeypatch):
    monkeypatch.setattr(api, "describe", described_without_400)
    is_well, said = fuzz(site, 7, "--phases", "coverage", "--include-operation-id=export_json")
    assert not is_well
    assert "1 unique failure" in said


def described_without_400() -> dict:
    """The document, as if a selection were never refused."""
    document = describe()
    del document["paths"]["/recommendations.json"]["get"]["responses"]["400"]
    return document
