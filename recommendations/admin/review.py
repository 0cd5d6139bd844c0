"""The review page of a declaration: its text with the proposals marked, and each proposal to decide
on.

Every act is one POST of a proposal's own form. A script sends it in place and gets what changed, as
elements that take the place of those with the same id; without one, the answer leads back to the
page.
"""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from taggit.models import Tag

from recommendations.editorial.conflicts import EditConflict, changes_since
from recommendations.editorial.errors import NotPublished, Refused
from recommendations.editorial.publish import problems_of
from recommendations.editorial.review import decisions
from recommendations.editorial.review.accepted import fingerprint, publish_accepted
from recommendations.editorial.review.page import STATES, Sheet, mark
from recommendations.models import Organisation, Source, Theme
from recommendations.models.proposal import Proposal
from recommendations.text.positions import QuoteError

from .review_forms import AddForm, AllForm, CardForm, PublishForm

VIEW, CHANGE, ADD = (f"recommendations.{verb}_proposal" for verb in ("view", "change", "add"))
PUBLISH = "recommendations.publish_recommendation"
DECIDED = "decided at once"
REFUSED = "recommendations/admin/review_refused.html"
ANSWER = "recommendations/admin/review_answer.html"
SAVED = "recommendations/admin/review_saved.html"
WHOLE = "recommendations/admin/review_whole.html"


def paths(view: Callable) -> list[URLPattern]:
    """Return the URLs of the review, below those of a source; `view` wraps each for the admin."""
    return [
        path("<int:pk>/review/", view(review), name="review_source"),
        path("<int:pk>/review/add/", view(add), name="review_add"),
        path("<int:pk>/review/all/", view(decide_all), name="review_all"),
        path("<int:pk>/review/publish/", view(publish), name="review_publish"),
        path("<int:pk>/review/<int:proposal_pk>/", view(act), name="review_proposal"),
    ]


def address(source: Source, shown: str = "") -> str:
    """Return the review page's path: of all proposals, or of those in one state."""
    page = reverse("admin:review_source", args=[source.pk])
    return f"{page}?show={shown}" if shown else page


def declaration_or_404(pk: int) -> Source:
    """Return a source with text."""
    return get_object_or_404(Source.objects.declarations(), pk=pk)


def shown_state(request: HttpRequest) -> str:
    """Return the state whose proposals are listed, or nothing for all."""
    shown = request.GET.get("show", "")
    return shown if shown in STATES else ""


def is_in_place(request: HttpRequest) -> bool:
    """Tell whether a script sent the form and will put the answer in place."""
    return "X-In-Place" in request.headers


@never_cache
@require_safe
@permission_required(VIEW, raise_exception=True)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the text and the list."""
    return page(request, Sheet(declaration_or_404(pk)))


def page(request: HttpRequest, sheet: Sheet, status: int = 200, **extra) -> HttpResponse:
    """Render the page as it now is."""
    context = parts(sheet, shown_state(request)) | {"undo": undoable(request, sheet)} | extra
    return render(request, "recommendations/admin/review.html", context, status=status)


def parts(sheet: Sheet, shown: str = "", numbers: set[int] | None = None) -> dict:
    """Return the template context of text, list and counts; badges link to their cards."""
    sheet.marking.add_proposals(sheet.proposals, address(sheet.source) if shown else "")
    sheet.marking.add_published()
    context = {
        "sheet": sheet,
        "source": sheet.source,
        "shown": shown,
        "parts": list(sheet.marking.marked(numbers)),
    }
    return context | {"cards": sheet.cards(shown) if numbers is None else []} | vocabulary()


def vocabulary() -> dict:
    """Return what the fields offer."""
    tags = Tag.objects.order_by("name").values_list("name", flat=True)
    return {
        "themes": list(Theme.objects.all()),
        "organisations": list(Organisation.objects.all()),
        "tags_in_use": list(tags),
    }


@never_cache
@permission_required(CHANGE, raise_exception=True)
def act(request: HttpRequest, pk: int, proposal_pk: int) -> HttpResponse:
    """Save what was typed, then do what the button says, even if that is then refused."""
    source, form, who = declaration_or_404(pk), CardForm(request.POST), request.user.get_username()
    if request.method != "POST":  # who had to sign in first comes back without what was sent
        return HttpResponseRedirect(f"{address(source)}#proposal-{proposal_pk}")
    before = Sheet(source)
    proposal = before.find(proposal_pk) or Proposal(pk=proposal_pk, source=source)
    try:
        if not form.is_valid():
            raise Refused(form.fault)
        saved = decisions.edit(who, proposal, form.cleaned_data["revision"], form.details)
        form.do(who, saved, saved.revision)
    except Refused as refusal:
        is_lost = isinstance(refusal, EditConflict) or not form.is_valid()
        return refused(
            request, Sheet(source), proposal_pk, refusal, form.typed() if is_lost else {}
        )
    return done(request, before, Sheet(source), proposal_pk)


def refused(
    request: HttpRequest, sheet: Sheet, pk: int, refusal: Refused, typed: dict
) -> HttpResponse:
    """Say why nothing was done, beside the proposal as it now is and what was typed."""
    proposal = sheet.find(pk)
    if proposal is None and not getattr(refusal, "who", ""):
        raise Http404
    card = sheet.card(proposal, notice=str(refusal), typed=typed) if proposal else None
    numbers = sheet.paragraphs_of(proposal) if proposal else set()
    context = parts(sheet, shown_state(request), numbers) | {
        "card": card,
        "pk": pk,
        "notice": refusal,
        "typed": typed,
    }
    return render(request, ANSWER if is_in_place(request) else REFUSED, context, status=409)


def done(request: HttpRequest, before: Sheet, sheet: Sheet, pk: int) -> HttpResponse:
    """Answer with what changed: state and revision after typing, everything after a new order."""
    shown = shown_state(request)
    if not is_in_place(request):
        return HttpResponseRedirect(f"{address(sheet.source, shown)}#proposal-{pk}")
    if list(before.numbers) != list(sheet.numbers):
        return render(request, WHOLE, parts(sheet))
    proposal = sheet.find(pk)
    numbers = before.paragraphs_of(before.find(pk)) | sheet.paragraphs_of(proposal)
    is_typing = request.POST.get("act", "save") == "save"
    context = parts(sheet, shown, set() if is_typing else numbers)
    return render(request, SAVED if is_typing else ANSWER, context | {"card": sheet.card(proposal)})


@never_cache
@permission_required(CHANGE, raise_exception=True)
def decide_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on all passages that the form names, or none; the session remembers them for undo."""
    source, form = declaration_or_404(pk), AllForm(request.POST)
    if request.method == "POST":
        try:
            decided = form.do(request.user.get_username(), source)
        except Refused as refusal:
            messages.error(request, f"None was decided on. {refusal}")
        else:
            request.session[DECIDED] = {
                "act": form.cleaned_data["act"],
                "each": [mark(each) for each in decided],
            }
    return HttpResponseRedirect(address(source))


def undoable(request: HttpRequest, sheet: Sheet) -> dict:
    """Return the last decision on several passages, if none of them has changed since."""
    decided = request.session.get(DECIDED, {})
    stands = set(decided.get("each", [])) <= {
        mark(each) for each in sheet.proposals if not each.published_at
    }
    return decided if stands and decided.get("act") != "reopen" else {}


@never_cache
@permission_required(ADD, raise_exception=True)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a passage that an editor pasted, numbered or selected."""
    source, form = declaration_or_404(pk), AddForm(request.POST)
    if request.method != "POST":
        return HttpResponseRedirect(f"{address(source)}#add")
    try:
        if not form.is_valid():
            raise Refused(form.fault)
        proposal = form.do(request.user.get_username(), source)
    except (Refused, QuoteError) as refusal:
        if is_in_place(request):
            return render(
                request,
                "recommendations/admin/review_not_added.html",
                {"notice": refusal},
                status=409,
            )
        return page(
            request, Sheet(source), 409, add_notice=refusal, quote=request.POST.get("quote", "")
        )
    if not is_in_place(request):
        return HttpResponseRedirect(f"{address(source)}#proposal-{proposal.pk}")
    response = render(request, WHOLE, parts(Sheet(source)))
    response["X-Focus"] = f"title-{proposal.pk}"
    return response


@never_cache
@permission_required(PUBLISH, raise_exception=True)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """List what is accepted, ask for the reason, and publish all of it or nothing."""
    source, who = declaration_or_404(pk), request.user.get_username()
    form, faults = PublishForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            versions = publish_accepted(who, source, **form.cleaned_data)
        except NotPublished as refusal:
            faults = refusal.problems
        except Refused as refusal:
            faults = [str(refusal)]
        else:
            codes = ", ".join(version.snapshot["code"] for version in versions)
            messages.success(request, f"Published: {codes}.")
            return HttpResponseRedirect(address(source, "published"))
    return publication(request, source, form, faults)


def publication(
    request: HttpRequest, source: Source, form: PublishForm, faults: list[str]
) -> HttpResponse:
    """Show what would be published, and what stands in the way."""
    sheet = Sheet(source)
    cards = sheet.cards("accepted")
    waiting = [card.proposal for card in cards]
    if waiting and not faults:
        faults = problems_of(request.user.get_username(), waiting)
    context = {"source": source, "cards": cards, "form": form, "faults": faults}
    context["changed"] = [line for each in waiting for line in changes_since(each)]
    context |= {"seen": fingerprint(waiting)} | vocabulary()
    return render(
        request,
        "recommendations/admin/review_publish.html",
        context,
        status=409 if form.is_bound else 200,
    )
