"""`manage.py draftdeclaration FILE`: reads a declaration from a file, as the editors' pages do."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.forms import model_to_dict
from django.urls import reverse

from recommendations.admin.intake_forms import DescriptionForm
from recommendations.editorial import intake as intake_acts
from recommendations.editorial.audit import COMMAND_LINE
from recommendations.editorial.errors import Refused
from recommendations.ingest.extract import Unreadable
from recommendations.models import Intake

DESCRIBING = {
    "issuer": "issuer",
    "code": "code",
    "title": "title",
    "date": "issued_on",
    "occasion": "occasion",
}
DESCRIBING |= {"short_title": "short_title", "url": "url", "language": "language"}


class Command(BaseCommand):
    help = (
        "Read a declaration from a PDF, Word, HTML or text file, list what was left out as "
        "boilerplate, and keep the rest for review; --accept also creates the declaration and its "
        "proposals. All or nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--code", help="such as PARIS-2025; guessed unless given, like the options below"
        )
        parser.add_argument("--title")
        parser.add_argument("--issuer", help="who issued it, by name; needed with --accept")
        parser.add_argument("--short-title", help="for lists")
        parser.add_argument("--date", type=_day, help="of issue, as 2025-02-07")
        parser.add_argument("--occasion")
        parser.add_argument("--url", help="the address of the original")
        parser.add_argument("--language", help="a BCP 47 tag, such as en or fr")
        parser.add_argument(
            "--accept", action="store_true", help="create the declaration and its proposals"
        )
        parser.add_argument(
            "--again", action="store_true", help="even if the same file was read before"
        )

    def handle(self, *, file, accept, again, verbosity, **options):
        given = {
            field: options[name] for name, field in DESCRIBING.items() if options[name] is not None
        }
        try:
            with transaction.atomic():
                intake = _described(
                    intake_acts.bring_in(COMMAND_LINE, file.read_bytes(), file.name, again), given
                )
                source = (
                    intake_acts.accept(COMMAND_LINE, intake, intake.revision) if accept else None
                )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except intake_acts.BroughtBefore as error:
            raise CommandError(
                f"{file}: {error} See {_page(error.first)}, or give --again."
            ) from error
        except (Unreadable, Refused) as error:
            raise CommandError(f"{file}: {error}") from error
        except ValidationError as error:
            raise CommandError(f"{file}: nothing was saved. {_in_words(error)}") from error
        if verbosity:
            self.report(intake)
            self.stdout.write(
                f"Review {source.code} at {_review(source)}"
                if source
                else f"Continue at {_page(intake)}"
            )

    def report(self, intake: Intake) -> None:
        """Print what was left out, and how much was kept."""
        pieces = intake_acts.pieces_of(intake)
        off = [piece for piece in pieces if not piece.kept]
        for piece in off:
            self.stdout.write(f"- {piece.text} ({piece.reason})")
        self.stdout.write(f"{len(pieces) - len(off)} pieces kept, {len(off)} left out.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"give a day as 2025-02-07, not {text}") from error


def _described(intake: Intake, given: dict) -> Intake:
    """Save the options, checked like the form in the admin; raises ValidationError."""
    if not given:
        return intake
    fields = DescriptionForm.Meta.fields
    form = DescriptionForm(model_to_dict(intake, fields) | given, instance=intake)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return intake_acts.describe(COMMAND_LINE, intake, intake.revision, form.cleaned_data)


def _in_words(error: ValidationError) -> str:
    """Return the errors as one line, each with the name of its field."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(
        f"{field}: {' '.join(messages)}" for field, messages in error.message_dict.items()
    )


def _page(intake: Intake) -> str:
    return settings.SITE_URL + reverse("admin:recommendations_intake_change", args=[intake.pk])


def _review(source) -> str:
    return settings.SITE_URL + reverse("admin:review_source", args=[source.pk])
