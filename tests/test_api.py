"""The description of the data formats is true: what it names is there, what is there is named."""

import pytest
from django.http import QueryDict

from recommendations.formats.openapi import describe
from recommendations.formats.openapi.description import GROUPS
from recommendations.search.filterset import SORTS, RecommendationFilter
from recommendations.search.query_errors import BadSelection
from recommendations.search.selection import read_selection

EXAMPLES = {"{source}": "PARIS-2025", "{number}": "4", "{slug}": "skills"}


@pytest.mark.django_db
def test_every_address_described_answers_as_described(client):
    paths = describe()["paths"]
    formats = sum(len(formats) for formats, _about, _failures in GROUPS.values())
    assert len(paths) == formats + 1  # the check of a quote
    for template, item in paths.items():
        EXAMPLES["{slug}"] = "companies" if template.startswith("/addressees/") else "skills"
        path = f"{template}?q=Sample+words+of+nobody" if template == "/check.json" else template
        for name, value in EXAMPLES.items():
            path = path.replace(name, value)
        response = client.get(path)
        (media_type,) = item["get"]["responses"]["200"]["content"]
        assert (response.status_code, response["Content-Type"].split(";")[0]) == (
            200,
            media_type,
        ), template


@pytest.mark.django_db
def test_the_parameters_described_are_those_that_are_read():
    operation = describe()["paths"]["/recommendations.json"]["get"]
    described = {each["name"]: each["schema"] for each in operation["parameters"]}
    filterset = RecommendationFilter(QueryDict())
    assert list(described) == list(filterset.filters)
    for name in filterset.facets:
        for value in described[name]["items"]["enum"]:
            assert read_selection(QueryDict(f"{name}={value}")).count or name == "theme"
    assert set(described["sort"]["enum"]) == set(SORTS) - {"relevance"}
    with pytest.raises(BadSelection):
        read_selection(QueryDict("sort=relevance"))


@pytest.mark.django_db
def test_every_object_described_is_used():
    document = describe()
    used = str(document["paths"]) + str(document["components"])
    assert [
        name
        for name in document["components"]["schemas"]
        if f"'#/components/schemas/{name}'" not in used
    ] == []


@pytest.mark.django_db
def test_the_page_names_every_address_and_filter(client):
    page = client.get("/api/").content.decode()
    document = client.get("/api/schema").json()
    assert document["openapi"] == "3.1.1"
    for path, item in document["paths"].items():
        assert f"<code>{path}</code>" in page
        assert f"{item['get']['summary']}." in page
    for name in RecommendationFilter(QueryDict()).filters:
        assert f"<dt><code>{name}</code></dt>" in page
    for path in ("/", "/about/"):
        assert 'href="/api/"' in client.get(path).content.decode()
