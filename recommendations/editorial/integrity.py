"""Checks that texts match their hashes, quotes their texts, and versions their chain."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from recommendations.models import Citation, FormerTheme, Recommendation, Source, Version
from recommendations.text import positions


@dataclass
class Proof:
    """How much was checked, and every failure in words."""

    texts: int = 0
    former_texts: int = 0
    quotes: int = 0
    orphans: int = 0
    versions: int = 0
    failures: list[str] = field(default_factory=list)


def prove() -> Proof:
    """Check everything; the failures name the entry and what is wrong."""
    proof = Proof()
    prove_texts(proof)
    prove_quotes(proof)
    prove_versions(proof)
    return proof


def prove_texts(proof: Proof) -> None:
    """Check each text, present or former, against its hash, and that no number is missing."""
    for source in declarations():
        formers = list(source.former_texts.all())
        proof.texts += 1
        proof.former_texts += len(formers)
        if positions.sha256(source.text) != source.sha256:
            proof.failures.append(f"{source.code}: the text does not match its SHA-256")
        if [former.number for former in formers] != list(range(1, source.text_number)):
            proof.failures.append(
                f"{source.code}: the texts are not numbered from 1 to {source.text_number}"
            )
        wrong = [former for former in formers if positions.sha256(former.text) != former.sha256]
        proof.failures += [f"{former}: the text does not match its SHA-256" for former in wrong]


def prove_quotes(proof: Proof) -> None:
    """Check each quote against its text, one source at a time; an orphan against a former text."""
    for source in declarations():
        texts = {former.number: former.text for former in source.former_texts.all()}
        texts[source.text_number] = source.text
        quoted = (
            Citation.objects.filter(source=source)
            .exclude(quote="")
            .select_related("recommendation")
        )
        for citation in quoted.iterator():
            citation.source = source
            proof.quotes += 1
            proof.orphans += citation.is_orphan
            proof.failures += [
                f"{citation.recommendation.code}: {wrong}"
                for wrong in quote_faults(citation, texts)
            ]
    for entry in Recommendation.objects.exclude(citations__role="states"):
        proof.failures.append(f"{entry.code}: published without a passage")


def declarations() -> Iterator[Source]:
    """Yield each source that has a text, with its former ones; a few at a time to save memory."""
    return Source.objects.declarations().prefetch_related("former_texts").iterator(chunk_size=50)


def quote_faults(citation: Citation, texts: dict[int, str]) -> list[str]:
    """Say what is wrong with a quote, given its source's texts by number."""
    if citation.text_number not in texts:
        return [
            f"the quote names text {citation.text_number} of {citation.source.code}, which was "
            "not kept"
        ]
    return citation.faults_in(texts[citation.text_number])


def prove_versions(proof: Proof) -> None:
    """Check each chain of versions, and that the last one is what readers see."""
    entries = Recommendation.with_withdrawn.for_snapshots().prefetch_related("versions")
    successors = dict(FormerTheme.objects.values_list("slug", "successor__slug"))
    for entry in entries.iterator(chunk_size=500):
        versions = list(entry.versions.all())
        proof.versions += len(versions)
        proof.failures += [f"{entry.code}: {wrong}" for wrong in chain_faults(versions)]
        if versions and entry.is_published:
            shown, kept = (
                nameless(snapshot, successors)
                for snapshot in (entry.snapshot(), versions[-1].snapshot)
            )
            changed = [key for key in shown if shown[key] != kept.get(key)]
            if changed:
                proof.failures.append(
                    f"{entry.code}: {', '.join(changed)} differ from version {versions[-1].number}"
                )


def nameless(snapshot: dict, successors: dict[str, str | None]) -> dict:
    """Return a snapshot with what has a name known by its slug, and themes by the slug of today."""
    slugs = {key: _slugs(snapshot.get(key, [])) for key in ("tags", "addressees")}
    themes = [successors.get(slug) or slug for slug in _slugs(snapshot.get("themes", []))]
    works = [_nameless_source(work) for work in snapshot.get("works", [])]
    source = _nameless_source(snapshot.get("source", {}))
    return snapshot | slugs | {"source": source, "works": works, "themes": sorted(set(themes))}


def _slugs(named: list[list[str]]) -> list[str]:
    return sorted(slug for slug, _name in named)


def _nameless_source(source: dict) -> dict:
    return source | {"issuers": _slugs(source.get("issuers", []))}


def chain_faults(versions: list[Version]) -> list[str]:
    """Say what is wrong with a chain of versions."""
    faults = [] if versions else ["no version was kept"]
    if [version.number for version in versions] != list(range(1, len(versions) + 1)):
        faults.append("the versions are not numbered from 1")
    faults += [
        f"version {v.number} does not match its hash" for v in versions if v.digest() != v.hash
    ]
    faults += [
        f"version {b.number} does not follow version {a.number}"
        for a, b in pairwise(versions)
        if b.previous_hash != a.hash
    ]
    return faults
