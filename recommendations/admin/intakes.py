"""Intake: a file or pasted text, what was read from it, and the button to create a declaration."""

import logging

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh, reswap, retarget

from recommendations.editorial import audit, issuers
from recommendations.editorial import intake as intake_acts
from recommendations.editorial.errors import Refused
from recommendations.editorial.piece_edits import JOINS, KINDS, WIDE
from recommendations.ingest.extract import Unreadable
from recommendations.models import Intake, Organisation, Source
from recommendations.operations.load_shedding import LARGEST_BODY, announced
from recommendations.views.text_form import TOO_BIG

from .delete_protection import ProtectUsed
from .intake_forms import BringForm, DescriptionForm
from .intake_lines import blocks, counts, line
from .intake_requests import number

log = logging.getLogger("security")

ADD = "recommendations/admin/intake_add.html"
PAGE = "recommendations/admin/intake.html"
PIECE = "recommendations/admin/intake_piece.html"
PIECES = "recommendations/admin/intake_pieces.html"
SAID = "recommendations/admin/intake_said.html"
IN_PLACE = (
    "outerHTML settle:0ms"  # a button pressed while htmx waits to settle would load the page anew
)


@admin.register(Intake)
class IntakeAdmin(ProtectUsed):
    """What was brought in, and what became of it."""

    list_display = ["name_shown", "status", "created_by", "created_at"]
    list_display_links = ["name_shown"]
    search_fields = ["title", "name", "code"]

    def is_used(self, thing) -> bool:
        return thing.source_id is not None

    def get_queryset(self, request):
        """Lists and pages have no need of the file itself."""
        return (
            super().get_queryset(request).select_related("source").defer("original", "source__text")
        )

    def changelist_view(self, request, extra_context=None):
        """Say what is listed."""
        return super().changelist_view(
            request, {"title": "Declarations brought in", **(extra_context or {})}
        )

    @admin.display(description="declaration", ordering="title")
    def name_shown(self, intake) -> str:
        return str(intake)

    @admin.display(description="status", ordering="source__code")
    def status(self, intake) -> str:
        return f"made into {intake.source.code}" if intake.source_id else "being read"

    def get_urls(self):
        """Add the acts on an intake to the admin's addresses."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/mend/", view(self.mend_view), name="mend_intake"),
            path("<int:pk>/original/", view(self.original_view), name="original_of_intake"),
            *super().get_urls(),
        ]

    def delete_model(self, request, obj):
        """Put on record who threw an intake away."""
        with transaction.atomic():
            audit.note(request.user.get_username(), "delete", obj, audit.state(obj), None)
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        """Put on record each intake that is thrown away."""
        with transaction.atomic():
            for intake in queryset:
                self.delete_model(request, intake)

    # --- Bringing in ---

    @method_decorator(csrf_exempt)  # `_brought` asks for the token, once the size is known
    def add_view(self, request, form_url="", extra_context=None):
        """Take a file or pasted text; what is too big is answered before it is read."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            if announced(request.META) > LARGEST_BODY:
                raise RequestDataTooBig
            return self._brought(request)
        except RequestDataTooBig:
            log.warning("An upload was refused: it is too big.", extra={"event": "upload"})
            form = BringForm({})
            form.errors["__all__"] = form.error_class([TOO_BIG])
            return self._add_page(request, form, status=413)

    @method_decorator(csrf_protect)
    def _brought(self, request: HttpRequest) -> HttpResponse:
        """Show the form, or bring in what it holds."""
        who = request.user.get_username()
        form = BringForm(request.POST or None, request.FILES or None)
        try:
            if "again" in request.POST:
                first = get_object_or_404(Intake, pk=number(request.POST["again"]))
                return self._opened(
                    intake_acts.bring_in(who, bytes(first.original), first.name, again=True)
                )
            if request.method == "POST" and form.is_valid():
                return self._opened(intake_acts.bring_in(who, *form.brought()))
        except Unreadable as error:
            form.add_error(None, str(error))
        except intake_acts.BroughtBefore as before:
            return self._add_page(request, form, before=before)
        return self._add_page(request, form)

    def _add_page(
        self, request: HttpRequest, form: BringForm, status: int = 200, **context
    ) -> HttpResponse:
        context |= {
            "form": form,
            "title": "Bring in a declaration",
            **self.admin_site.each_context(request),
        }
        return render(request, ADD, context, status=status)

    def _opened(self, intake: Intake) -> HttpResponse:
        return HttpResponseRedirect(_page_of(intake))

    # --- What was read ---

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show what was read, and save what the editor says of it."""
        intake = self.get_object(request, unquote(object_id))
        if intake is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, intake):
            raise PermissionDenied
        if request.method == "POST":
            return self._described(request, intake)
        return self._page(request, intake, DescriptionForm(instance=intake), intake.revision)

    def _page(
        self, request: HttpRequest, intake: Intake, form: DescriptionForm, seen: int
    ) -> HttpResponse:
        """Show all that was read; to htmx one piece alone, if it asks for one."""
        mended, alone = (number(request.GET.get(name, "")) for name in ("mend", "piece"))
        pieces, place = intake_acts.pieces_of(intake), max(mended, alone)
        may_mend = self.has_change_permission(request, intake) and not intake.source_id
        context = {"intake": intake, "may_mend": may_mend}
        if request.htmx and 1 <= place <= len(pieces):
            return render(request, PIECE, context | {"line": line(pieces, place, mended)})
        context |= {
            "form": form,
            "seen": seen,
            "guess": None if intake.issuer else issuers.guess(pieces, intake.language),
            "organisations": Organisation.objects.values_list("name", flat=True),
            "counts": counts(pieces),
            "blocks": blocks(pieces, mended),
        }
        context |= {"title": str(intake), **self.admin_site.each_context(request)}
        return render(request, PAGE, context)

    def _described(self, request: HttpRequest, intake: Intake) -> HttpResponse:
        """Save the title, code and so on, and make the declaration if that was asked for."""
        if not self.has_change_permission(request, intake):
            raise PermissionDenied
        sent = request.POST.copy()
        if guessed := sent.getlist("issuer_guess"):
            sent.setlist("issuer", guessed)
        form = DescriptionForm(sent, instance=intake)
        who, seen = request.user.get_username(), number(request.POST.get("seen_revision", ""))
        is_saved = False
        try:
            if form.is_valid():
                if form.has_changed():
                    intake = intake_acts.describe(who, intake, seen, form.cleaned_data)
                    seen = intake.revision
                is_saved = True
                if "accept" in request.POST:
                    return self._accepted(request, intake_acts.accept(who, intake, seen))
        except Refused as error:
            form.add_error(None, _with_link(error, intake))
        except ValidationError as error:
            form.take_over(error)
        return self._said(request, intake, form, seen, is_saved)

    def _accepted(self, request: HttpRequest, source: Source) -> HttpResponse:
        """Lead on to the review."""
        messages.success(
            request,
            f"{source.code} is a declaration now: {source.proposals.count()} passages to review.",
        )
        address = reverse("admin:review_source", args=[source.pk])
        return (
            HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
        )

    def _said(
        self, request: HttpRequest, intake: Intake, form: DescriptionForm, seen: int, is_saved: bool
    ) -> HttpResponse:
        """Answer in place, or with the page: errors as they are, a success after a redirect."""
        if request.htmx:
            found = counts(intake_acts.pieces_of(intake))
            context = {
                "form": form,
                "intake": intake,
                "is_saved": is_saved and seen == intake.revision,
                "counts": found,
            }
            return render(request, SAID, context)
        if form.errors:
            return self._page(request, intake, form, seen)
        messages.success(request, "Saved.")
        return HttpResponseRedirect(_page_of(intake))

    @method_decorator(require_POST)
    def mend_view(self, request, pk):
        """Do one act on one piece, and come back to it."""
        intake = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, intake):
            raise PermissionDenied
        text, _, act = request.POST.get("mend", "").partition(" ")
        place, seen = number(text), number(request.POST.get("seen_revision", ""))
        mended = place if act in (*KINDS, *JOINS) else 0
        try:
            intake = intake_acts.mend(request.user.get_username(), intake, seen, place, act)
        except Refused as error:
            messages.error(request, f"{error} Here it is as it is now.")
            return (
                HttpResponseClientRefresh()
                if request.htmx
                else HttpResponseRedirect(_page_of(intake))
            )
        if request.htmx:
            return self._mended(request, intake, place, act, mended)
        return HttpResponseRedirect(
            f"{_page_of(intake)}{f'?mend={mended}' if mended else ''}#piece-{place}"
        )

    def _mended(
        self, request: HttpRequest, intake: Intake, place: int, act: str, mended: int
    ) -> HttpResponse:
        """Answer with the piece; with all of them where their numbers changed."""
        pieces = intake_acts.pieces_of(intake)
        context = {"intake": intake, "may_mend": True, "in_place": True, "counts": counts(pieces)}
        if act in WIDE:
            response = render(request, PIECES, context | {"blocks": blocks(pieces, mended)})
            return reswap(retarget(response, "#pieces"), IN_PLACE)
        response = render(request, PIECE, context | {"line": line(pieces, place, mended)})
        return reswap(retarget(response, f"#piece-{place}"), IN_PLACE)

    def original_view(self, request, pk):
        """Hand out the file as it came; never as something that a browser would run."""
        intake = get_object_or_404(Intake, pk=pk)
        if not self.has_view_permission(request, intake):
            raise PermissionDenied
        response = HttpResponse(bytes(intake.original), content_type="application/octet-stream")
        response.headers["Content-Disposition"] = "attachment"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _page_of(intake: Intake) -> str:
    return reverse("admin:recommendations_intake_change", args=[intake.pk])


def _with_link(error: Refused, intake: Intake) -> str:
    """Say what an editor can do whose form is older than what is stored."""
    return format_html(
        '{} What you typed is still below: <a href="{}" target="_blank" rel="noopener">open the '
        "intake as it is now</a>"
        " and bring your changes there.",
        error,
        _page_of(intake),
    )
