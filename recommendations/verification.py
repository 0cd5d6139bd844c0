"""The proof that the site keeps its word: texts match their hashes, quotes their texts, versions their chain."""

from dataclasses import dataclass, field
from itertools import pairwise

from . import declaration
from .models import Citation, Recommendation, Source, Version

FOLLOWED = ("code", "title", "summary", "source", "passages", "tags")  # what must equal the last version


@dataclass
class Proof:
    """How much was checked, and every failure in words."""

    texts: int = 0
    quotes: int = 0
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
    """Check each stored text against its hash."""
    for source in Source.objects.declarations().iterator():
        proof.texts += 1
        if declaration.sha256(source.text) != source.sha256:
            proof.failures.append(f"{source.code}: the text does not match its SHA-256")


def prove_quotes(proof: Proof) -> None:
    """Check each quote against its source's text, one source at a time."""
    for source in Source.objects.declarations().iterator():
        quoted = Citation.objects.filter(source=source).exclude(quote="").select_related("recommendation")
        for citation in quoted.iterator():
            citation.source = source
            proof.quotes += 1
            proof.failures += [f"{citation.recommendation.code}: {wrong}" for wrong in citation.verify()]
    for entry in Recommendation.objects.published().exclude(citations__role="states"):
        proof.failures.append(f"{entry.code}: published without a passage")


def prove_versions(proof: Proof) -> None:
    """Check each chain of versions, and that the last one is what readers see."""
    entries = Recommendation.objects.exclude(published_at=None).with_parts()
    for entry in entries.prefetch_related("versions", "addressees").iterator(chunk_size=500):
        versions = list(entry.versions.all())
        proof.versions += len(versions)
        proof.failures += [f"{entry.code}: {wrong}" for wrong in chain_faults(versions)]
        if versions and entry.is_published:
            shown, kept = entry.snapshot(), versions[-1].snapshot
            changed = [key for key in FOLLOWED if shown[key] != kept[key]]
            if changed:
                proof.failures.append(f"{entry.code}: {', '.join(changed)} differ from version {versions[-1].number}")


def chain_faults(versions: list[Version]) -> list[str]:
    """Say what is wrong with a chain of versions."""
    faults = [] if versions else ["no version was kept"]
    if [version.number for version in versions] != list(range(1, len(versions) + 1)):
        faults.append("the versions are not numbered from 1")
    faults += [f"version {v.number} does not match its hash" for v in versions if v.digest() != v.hash]
    faults += [
        f"version {b.number} does not follow version {a.number}"
        for a, b in pairwise(versions)
        if b.previous_hash != a.hash
    ]
    return faults
