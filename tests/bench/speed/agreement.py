"""The proof that all sites answer the same questions: they find as many entries, and count the
facets alike.
"""

from urllib.parse import parse_qs, urlsplit

from subjects import Subject

BROWSE = "/recommendations/"


def differences(asked: list[Subject], questions: dict[str, str]) -> list[str]:
    """Ask every site for the counts of every question, and say where they differ from the first
    one's.
    """
    sites = [subject for subject in asked if not subject.path]
    found = []
    for question, path in questions.items():
        parts = urlsplit(path)
        if parts.path == BROWSE:
            first, *others = [(site.name, site.ask("facts", query=parts.query)) for site in sites]
            for name, facts in others:
                found += [
                    f"{question}: {name}: {what}"
                    for what in compared(first[1], facts, parse_qs(parts.query))
                ]
    return found


def compared(ours: dict, theirs: dict, asked: dict[str, list[str]]) -> list[str]:
    """Say how the counts of one site differ from ours.

    Datasette has no page but by following links, gives up facets that take too long, shows the
    commonest values of a facet only, and counts a facet under itself too.
    """
    if theirs["count"] is None:
        return ["gives no answer"]
    found = [f"gave up counting: {', '.join(theirs['missing'])}"] if theirs["missing"] else []
    if theirs["count"] != ours["count"]:
        found.append(f"finds {theirs['count']} entries in place of {ours['count']}")
    otherwise = []
    for name, counts in theirs["facets"].items():
        if theirs["partial"] and name in asked:
            continue
        mine = ours["facets"][name]
        expected = {value: mine.get(value) for value in counts} if theirs["partial"] else mine
        if counts != expected:
            otherwise.append(name)
    return found + ([f"counts otherwise: {', '.join(otherwise)}"] if otherwise else [])
