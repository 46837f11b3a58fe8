"""Looking something up: by any part of a word, in the list of rules, in the list of words.

Open to everybody, as lessons are. What is looked for is sent by POST, so that it stands in no
address and no log, and is kept nowhere.
"""

from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like
from core.languages import sort_key
from courses.models import Bookmark
from pages import finding
from pages.models import GlossaryTerm
from pages.models.learning import reader_of
from rules.models import Rule


class FindForm(GuardedFormMixin, forms.Form):
    """Some words, and which page of what they find."""

    use_required_attribute = False

    q = forms.CharField(
        label=_("Search in lessons, cases, rules and words"),
        max_length=100,
        required=False,
        validators=[refuse_cpr_like],
        error_messages={"max_length": _("Write fewer words: at most 100 characters.")},
    )
    side = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)


@method_decorator(
    csrf_exempt, name="dispatch"
)  # changes nothing; pages that readers keep lead here
class FindView(TemplateView):
    """Search everything that can be read. Open to everybody."""

    template_name = "pages/find.html"
    form_refuses_identity = True  # in its form, at the field

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The empty box."""
        return self.render_to_response(self.get_context_data(form=FindForm()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What was found; or what is wrong with the words, which stay in the box."""
        form = FindForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        query = form.cleaned_data["q"]
        hits = finding.find(query, get_language() or "da", page=form.cleaned_data["side"] or 1)
        context = self.get_context_data(form=form, query=query, hits=hits)
        return self.render_to_response(context)


@method_decorator(cache_control(private=True, no_cache=True), name="dispatch")
class RulesView(TemplateView):
    """Every rule that may be shown, by act. Open to everybody; who has signed in may save one."""

    template_name = "pages/rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The acts with their rules, in the order of the paragraphs; one query.

        One more for whoever has signed in: what of it they have saved.
        """
        rules = Rule.objects.publishable().select_related("act")
        ordered = sorted(
            rules, key=lambda rule: (_act_of(rule), _numbers(rule.paragraph), rule.key)
        )
        acts = [
            {"name": name, "rules": list(group)}
            for (_last, name), group in groupby(ordered, key=_act_of)
        ]
        person = reader_of(self.request)
        saved = Bookmark.objects.filter(person=person, rule__isnull=False) if person else None
        return super().get_context_data(
            acts=acts,
            person=person,
            saved=set(saved.values_list("rule", flat=True)) if saved is not None else set(),
            **kwargs,
        )


def _act_of(rule: Rule) -> tuple[bool, str]:
    """The act that names a rule; rules without one come last."""
    return (rule.act is None, str(rule.act or ""))


def _numbers(paragraph: str) -> tuple[bool, list[int]]:
    """Section 3 before section 15, and what stands nowhere last."""
    found = [int(part) for part in "".join(c if c.isdigit() else " " for c in paragraph).split()]
    return (not found, found)


@method_decorator(cache_control(private=True, no_cache=True), name="dispatch")
class GlossaryView(TemplateView):
    """The words of the field in both languages. Open to everybody."""

    template_name = "pages/glossary.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words in the order of the reader's language; one query."""
        language = get_language() or "da"
        terms = sorted(GlossaryTerm.objects.shown(), key=lambda word: sort_key(word.term, language))
        return super().get_context_data(terms=terms, **kwargs)
