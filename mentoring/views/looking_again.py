"""Pointing out in forms that keep a text: shown once, then kept as its author wants it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import FormView

from mentoring.actions import LookAgain
from mentoring.actions.pointing_out import point_out
from mentoring.forms.common import LookAgainForm
from mentoring.views.refusals import passages_of


def passages_to_look_at(
    form: LookAgainForm,
    sent: Mapping[str, Any],
    *,
    at: datetime,
    known_names: Collection[str] = (),
) -> list[dict[str, Any]]:
    """What the author of a valid form has not looked at again, of the texts they wrote or changed.

    It is counted, never what it says.
    """
    texts = {
        name: form.cleaned_data.get(name, "")
        for name in form.text_fields
        if name in form.changed_data
    }
    try:
        point_out(texts, known_names, at=at, looked_again=form.has_looked_again(sent))
    except LookAgain as refusal:
        return passages_of(form, refusal)
    return []


class LookAgainView(FormView[Any]):
    """A form of the kind :class:`LookAgainForm`; its template takes ``passages``."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Point out first; what its author stands by goes on as any other form."""
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        passages = passages_to_look_at(form, request.POST, at=timezone.now())
        if passages:
            context = self.get_context_data(form=form, passages=passages)
            return self.render_to_response(context, status=422)
        return self.form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Nothing to look at, unless something was pointed out."""
        return super().get_context_data(**{"passages": [], **kwargs})
