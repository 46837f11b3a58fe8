"""Looking after others' learning: for coordinators by name, for leaders in totals.

What lies outside one's scope answers 404, as if it were not there. Nothing is written on GET but
the access log.
"""

import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView, View

from core import access_log
from core.spreadsheets import csv_response, xlsx_response
from courses.actions import (
    LearningRefused,
    assign_path,
    change_due,
    end_rule,
    make_rule,
    restore_assignment,
    undo_batch,
    withdraw_assignment,
)
from courses.actions.certificates import (
    give_back_certificate,
    may_be_given_back,
    revoke_certificate,
)
from courses.actions.reminders import may_be_reminded, remind
from courses.certificates.completions import heading_of
from courses.coordination import progress
from courses.coordination.exporting import Export
from courses.coordination.forms import (
    AssignForm,
    DueForm,
    NameSearchForm,
    RevokeForm,
    RuleOfPathForm,
)
from courses.coordination.oversight import ALL, SORTS, STATES, WAITING, Report, totals_for
from courses.learning.overview import courses_of
from courses.models import Assignment, Certificate, LearningPath, PathRule
from courses.paths.walking import my_paths
from courses.permissions import overseen_certificates, overseen_people
from people.access import PersonRequiredMixin
from people.models import Person, Role
from people.permissions import TRAINING_CHOICES

PER_PAGE = 25
#: So many people are given a path at once; more than any list shows.
MOST_AT_ONCE = 200


#: The tables of progress: their heading, what a line is, and who reads them.
PROGRESS: dict[str, tuple[Any, Any, Any]] = {
    "by": (gettext_lazy("By town"), gettext_lazy("Town"), progress.by_town),
    "forloeb": (gettext_lazy("By learning path"), gettext_lazy("Learning path"), progress.by_path),
}


class CoordinatorMixin(PersonRequiredMixin):
    """For coordinators."""

    def may_open(self) -> bool:
        """Whether the person coordinates anywhere."""
        return self.standing.has(Role.Key.COORDINATOR)

    def log(self, action: str, records: Iterable[Any]) -> None:
        """Note in the access log whose learning was shown."""
        access_log.record(self.account, action, list(records), at=timezone.now())

    def chosen_people(self) -> list[Person]:
        """The people of the scope whose boxes were ticked, or whom ticked rows are about."""
        keys = _keys(self.request.POST.getlist("person"))
        rows = _keys(self.request.POST.getlist("valgt"))
        wanted = Q(pk__in=keys) | Q(pk__in=Assignment.objects.filter(pk__in=rows).values("person"))
        return list(overseen_people(self.standing).filter(wanted).order_by("name", "pk"))


def _keys(texts: Iterable[str]) -> list[uuid.UUID]:
    keys = []
    for text in list(texts)[:MOST_AT_ONCE]:
        try:
            keys.append(uuid.UUID(text))
        except ValueError:
            continue
    return keys


class OversightView(CoordinatorMixin, View):
    """Who is late, who is stuck, who has no path; searched by POST. A leader reads totals."""

    form_refuses_identity = True  # in its form, at the field

    def may_open(self) -> bool:
        """Coordinators by name, leaders in totals."""
        return self.standing.has(Role.Key.COORDINATOR, Role.Key.LEADER)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        return self._list(NameSearchForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """The list, searched: the text stands in no address and no log."""
        return self._list(NameSearchForm(request.POST))

    def _list(self, search: NameSearchForm) -> HttpResponse:
        now = timezone.now()
        leads = self.standing.has(Role.Key.LEADER)
        context: dict[str, Any] = {
            "totals": totals_for(self.standing, at=now) if leads else None,
            "leads": leads,
            "coordinates": self.standing.has(Role.Key.COORDINATOR),
            "form": search,  # for the page title of an error
            "search": search,
        }
        if context["coordinates"]:
            context |= self._report(search, now)
        status = 422 if search.errors else 200
        return render(self.request, "courses/coordination/oversight.html", context, status=status)

    def _report(self, search: NameSearchForm, now: Any) -> dict[str, Any]:
        query = search.cleaned_data["q"] if search.is_bound and search.is_valid() else ""
        report = Report.asked(self.standing, self.request.GET, at=now, query=query)
        counts = report.counts()
        # A search shows its first page alone: the next one would put the text into an address.
        page = Paginator(range(0 if search.errors else counts[report.state]), PER_PAGE).get_page(
            1 if query else self.request.GET.get("page")
        )
        begin, end = page.start_index() - 1 if page.object_list else 0, page.end_index()
        rows: list[Any] = []
        if report.state == WAITING:
            waiting = report.waiting.prefetch_related(report.with_roles("roles"))
            rows = list(waiting.order_by("name", "pk")[begin:end])
        elif page.object_list:
            rows = list(report.on_page(begin, end, counts))
        people = [row if report.state == WAITING else row.person for row in rows]
        self.log("list", people)
        if report.state != WAITING:
            for row in rows:
                row.shown_state = report.state_of(row)
        return {
            "report": report,
            "page": page,
            "rows": rows,
            "query": query,
            "is_waiting": report.state == WAITING,
            "states": [
                {
                    "title": f"{label} ({counts[key]})",
                    "url": f"?{report.address(tilstand=key if key != ALL else '')}".rstrip("&"),
                    "is_current": key == report.state,
                }
                for key, label in STATES.items()
            ],
            "kept": report.address(),
            "places": report.places,
            "paths": list(LearningPath.objects.order_by("position", "key")),
            "roles": TRAINING_CHOICES,
            "sorts": SORTS.items(),
            "batch": self._undoable(),
        }

    def _undoable(self) -> str:
        """The batch just given, from the address, so that it can be undone with one press."""
        keys = _keys([self.request.GET.get("tildelt", "")])
        own = Assignment.objects.active().filter(batch__in=keys, assigned_by=self.person)
        return str(keys[0]) if keys and own.exists() else ""


class ProgressView(CoordinatorMixin, TemplateView):
    """How far everybody is, by town and by path."""

    template_name = "courses/coordination/progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One table for each."""
        tables = [
            {
                "key": key,
                "title": title,
                "first": first,
                "lines": lines,
                "has_waiting": bool(lines) and lines[0].waiting is not None,
            }
            for key, (title, first, read) in PROGRESS.items()
            for lines in [read(self.standing, at=timezone.now())]
        ]
        return super().get_context_data(**(kwargs | {"tables": tables}))


class ProgressTableView(CoordinatorMixin, View):
    """One of these tables to take along."""

    def get(self, request: HttpRequest, table: str, kind: str) -> HttpResponseBase:
        """The table as CSV or as a workbook.

        Raises:
            Http404: For a table that there is not.
        """
        if table not in PROGRESS:
            raise Http404
        _title, first, read = PROGRESS[table]
        lines = read(self.standing, at=timezone.now())
        answer = csv_response if kind == "csv" else xlsx_response
        name = f"laering-{table}-{self.standing.day.isoformat()}"
        return answer(name, progress.header(str(first), lines), progress.rows(lines))


class AssignView(CoordinatorMixin, View):
    """Give chosen people a path: who, which, until when; then one press."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """The form with the chosen people; or, sent from there, the assignment."""
        people = self.chosen_people()
        if not people:
            messages.error(request, _("Choose at least one person."))
            return redirect("courses:oversight")
        is_sent = "batch" in request.POST
        form = AssignForm(
            request.POST if is_sent else None,
            day=self.standing.day,
            initial={"path": request.POST.get("forloeb", "")},
        )
        batch = next(iter(_keys([request.POST.get("batch", "")])), uuid.uuid4())
        if is_sent and form.is_valid():
            try:
                return self._assign(form, people, batch)
            except LearningRefused as refusal:
                form.add_error("due_on" if refusal.code == "due" else None, refusal)
        self.log("list", people)
        context = {"form": form, "people": people, "batch": batch}
        status = 422 if form.errors else 200
        return render(request, "courses/coordination/assign.html", context, status=status)

    def _assign(self, form: AssignForm, people: list[Person], batch: uuid.UUID) -> HttpResponse:
        made = assign_path(
            form.cleaned_data["path"],
            people,
            by=self.standing,
            due_on=form.cleaned_data["due_on"],
            batch=batch,
            at=timezone.now(),
        )
        said = ngettext(
            "%(count)d person has got the path.", "%(count)d people have got the path.", len(made)
        ) % {"count": len(made)}
        if had := len(people) - len(made):
            said += " " + ngettext(
                "%(count)d person had it already.", "%(count)d people had it already.", had
            ) % {"count": had}
        messages.success(self.request, said)
        response = redirect("courses:oversight")
        if made:
            response["Location"] += f"?{urlencode({'tildelt': batch})}"
        return response


class UndoBatchView(CoordinatorMixin, View):
    """Take back what was assigned a moment ago."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
        """Undo, or say why not."""
        try:
            count = undo_batch(batch, by=self.standing, at=timezone.now())
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            said = ngettext(
                "The path is taken back from %(count)d person.",
                "The path is taken back from %(count)d people.",
                count,
            )
            messages.success(request, said % {"count": count})
        return redirect("courses:oversight")


class ExportView(CoordinatorMixin, View):
    """The list as it is narrowed, as a table to take along: CSV or a workbook."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The table. That it was taken stands in the access log, a line per person."""
        report = Report.asked(self.standing, request.GET, at=timezone.now())
        export = Export(report, lambda keys: self.log("export", (Person(pk=key) for key in keys)))
        name = f"laering-{report.day.isoformat()}"
        if kind == "xlsx":
            return xlsx_response(name, export.header(), export.rows())
        return csv_response(name, export.header(), export.rows())


class RemindView(CoordinatorMixin, View):
    """Remind chosen people: who, who not and why; then one press."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """The question; or, sent from there, the reminder."""
        rows = Assignment.objects.active().filter(
            pk__in=_keys(request.POST.getlist("valgt")),
            person__in=overseen_people(self.standing).values("pk"),
        )
        chosen = list(rows.select_related("path", "person").order_by("person__name", "pk"))
        if not chosen:
            messages.error(request, _("Choose at least one person."))
            return redirect("courses:oversight")
        now = timezone.now()
        if "send" in request.POST:
            count = len(remind(chosen, by=self.standing, at=now).told)
            said = ngettext(
                "%(count)d person is reminded.", "%(count)d people are reminded.", count
            )
            messages.success(request, said % {"count": count})
            return redirect("courses:oversight")
        free = may_be_reminded(chosen, at=now)
        self.log("list", {one.person for one in chosen})
        context = {
            "told": [one for one in chosen if one.pk in free],
            "left_out": [one for one in chosen if one.pk not in free],
        }
        return render(request, "courses/coordination/remind.html", context)


class LearnerView(CoordinatorMixin, TemplateView):
    """What one person has to learn, until when, and what is done. No answer, no score."""

    template_name = "courses/coordination/learner.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The person's paths with their steps, and the courses they take."""
        subject = get_object_or_404(overseen_people(self.standing), pk=self.kwargs["pk"])
        self.log("view", [subject])
        withdrawn = next(iter(_keys([self.request.GET.get("fjernet", "")])), None)
        gone = Assignment.objects.filter(person=subject, withdrawn_at__isnull=False)
        rounds = Assignment.objects.filter(person=subject, retaken_at__isnull=False)
        return super().get_context_data(
            subject=subject,
            paths=my_paths(subject, day=self.standing.day),
            earlier=list(rounds.select_related("path").order_by("-retaken_at", "pk")[:PER_PAGE]),
            courses=courses_of(subject),
            certificates=self._certificates(subject),
            gone=gone.filter(pk=withdrawn).select_related("path").first() if withdrawn else None,
            **kwargs,
        )

    def _certificates(self, subject: Person) -> list[dict[str, Any]]:
        """The person's certificates, the newest first, each with what it is worth."""
        found = overseen_certificates(self.standing).filter(person=subject)
        return [
            {"certificate": one, "state": one.state_on(self.standing.day)}
            for one in found.order_by("-issued_at", "pk")[:PER_PAGE]
        ]


class OverseenCertificateView(CoordinatorMixin, FormView[RevokeForm]):
    """A certificate of somebody in the scope: what it is worth; to revoke it, or give it back."""

    form_class = RevokeForm
    template_name = "courses/coordination/certificate.html"

    @cached_property
    def certificate(self) -> Certificate:
        """It, if its holder is in the scope; nobody revokes one's own."""
        found = overseen_certificates(self.standing).select_related("person", "revoked_by")
        return get_object_or_404(found, pk=self.kwargs["certificate"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it says of the holder; not its code, which would open the check page."""
        one = self.certificate
        self.log("view", [one.person])
        return super().get_context_data(
            certificate=one,
            heading=heading_of(one.completed),
            subject=one.person,
            state=one.state_on(self.standing.day),
            may_be_given_back=may_be_given_back(one, at=timezone.now()),
            **kwargs,
        )

    def form_valid(self, form: RevokeForm) -> HttpResponse:
        """Revoke it; a second press says that it is revoked."""
        try:
            revoke_certificate(
                self.certificate, **form.cleaned_data, by=self.standing, at=timezone.now()
            )
        except LearningRefused as refusal:
            messages.error(self.request, refusal.messages[0])
        else:
            messages.success(
                self.request, _("The certificate is revoked, and its holder has been told.")
            )
        return redirect("courses:overseen-certificate", certificate=self.certificate.pk)

    def form_invalid(self, form: RevokeForm) -> HttpResponse:
        """The form again, with what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class GiveBackView(CoordinatorMixin, View):
    """Let a certificate that was revoked hold again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, certificate: uuid.UUID) -> HttpResponse:
        """Do it, or say why not."""
        found = get_object_or_404(overseen_certificates(self.standing), pk=certificate)
        try:
            give_back_certificate(found, by=self.standing, at=timezone.now())
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("The certificate holds again, and its holder is told."))
        return redirect("courses:overseen-certificate", certificate=found.pk)


class AssignmentMixin(CoordinatorMixin):
    """One assignment of somebody in the scope."""

    @cached_property
    def assignment(self) -> Assignment:
        """It, with its path and person; 404 outside one's scope."""
        found = Assignment.objects.select_related("path", "person").filter(
            person__in=overseen_people(self.standing).values("pk"), retaken_at=None
        )
        return get_object_or_404(found, pk=self.kwargs["assignment"])

    def back(self, **query: Any) -> HttpResponse:
        """To the person's page."""
        response = redirect("courses:learner", pk=self.assignment.person_id)
        if query:
            response["Location"] += f"?{urlencode(query)}"
        return response


class DueView(AssignmentMixin, View):
    """Another day for a path of somebody."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, assignment: uuid.UUID) -> HttpResponse:
        """The day as it is."""
        if not self.assignment.is_active:
            raise Http404
        return self._page(DueForm(initial={"due_on": self.assignment.due_on}))

    def post(self, request: HttpRequest, assignment: uuid.UUID) -> HttpResponse:
        """Keep the new one."""
        form = DueForm(request.POST)
        if form.is_valid():
            try:
                change_due(
                    self.assignment,
                    form.cleaned_data["due_on"],
                    by=self.standing,
                    at=timezone.now(),
                )
            except LearningRefused as refusal:
                form.add_error("due_on", refusal)
            else:
                messages.success(request, _("The day is changed."))
                return self.back()
        return self._page(form, status=422)

    def _page(self, form: DueForm, *, status: int = 200) -> HttpResponse:
        self.log("view", [self.assignment.person])
        context = {"form": form, "assignment": self.assignment, "subject": self.assignment.person}
        return render(self.request, "courses/coordination/due.html", context, status=status)


class TakeOffView(AssignmentMixin, View):
    """Take a path off somebody's list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, assignment: uuid.UUID) -> HttpResponse:
        """Do it; the person's page offers to undo it."""
        withdraw_assignment(self.assignment, by=self.standing, at=timezone.now())
        return self.back(fjernet=self.assignment.pk)


class PutBackView(AssignmentMixin, View):
    """Put a path back on somebody's list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, assignment: uuid.UUID) -> HttpResponse:
        """Do it, or say why not."""
        try:
            restore_assignment(self.assignment, by=self.standing, at=timezone.now())
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("The path is back on the list."))
        return self.back()


class RulesView(CoordinatorMixin, View):
    """Which roles get which path, in the coordinator's scope; and a new rule."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The rules that hold, and an empty form."""
        return self._page(RuleOfPathForm(standing=self.standing))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a rule, and give the path to whoever it speaks of now."""
        form = RuleOfPathForm(request.POST, standing=self.standing)
        if form.is_valid():
            try:
                _rule, count = make_rule(form.rule(), by=self.standing, at=timezone.now())
            except LearningRefused as refusal:
                form.add_error(None, refusal)
            else:
                said = ngettext(
                    "The rule holds from now. %(count)d person has got the path by it.",
                    "The rule holds from now. %(count)d people have got the path by it.",
                    count,
                )
                messages.success(request, said % {"count": count})
                return redirect("courses:rules")
        return self._page(form, status=422)

    def _page(self, form: RuleOfPathForm, *, status: int = 200) -> HttpResponse:
        rules = [rule for rule in _rules() if _may_keep(self.standing, rule)]
        context = {"form": form, "rules": rules}
        return render(self.request, "courses/coordination/rules.html", context, status=status)


class EndRuleView(CoordinatorMixin, View):
    """Let a rule give its path to nobody more."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """End it; whoever has got the path keeps it."""
        rule = next((one for one in _rules() if one.pk == pk), None)
        if rule is None or not _may_keep(self.standing, rule):
            raise Http404
        end_rule(rule, by=self.standing, at=timezone.now())
        messages.success(request, _("The rule has ended. Whoever has got the path keeps it."))
        return redirect("courses:rules")


def _rules() -> Any:
    found = PathRule.objects.filter(ended_at=None)
    return found.select_related("path", "place", "municipality").order_by("made_at", "pk")


def _may_keep(standing: Any, rule: PathRule) -> bool:
    return bool(
        standing.may_give(
            rule.role_key, rule.scope, municipality=rule.municipality, place=rule.place
        )
    )
