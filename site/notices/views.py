"""The inbox, how often one wants mail, and stopping it from a mail."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView, View

from notices import stopping
from notices.actions import archive_notices, choose_mail, read_all, read_notice
from notices.models import MailChoice, Notice
from notices.saying import say
from people.access import PersonRequiredMixin

PER_PAGE = 25


class InboxView(PersonRequiredMixin, TemplateView):
    """What one was told: the new, or what was put away; one page at a time."""

    template_name = "notices/inbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The messages in words."""
        archived = self.request.GET.get("vis") == "arkiv"
        own = Notice.objects.filter(person=self.person, archived_at__isnull=not archived)
        page = Paginator(own.newest_first(), PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page,
            notices=[say(notice) for notice in page.object_list],
            archived=archived,
            unread=Notice.objects.unread().filter(person=self.person).count(),
            query="vis=arkiv&" if archived else "",
            **kwargs,
        )


class OpenView(PersonRequiredMixin, View):
    """Mark a message as read, and go where it leads."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, notice: UUID) -> HttpResponse:
        """Read it; a message of somebody else is not there."""
        found = read_notice(self.person, notice, at=timezone.now())
        if found is None:
            raise Http404
        return redirect(say(found).url or "notices:inbox")


class ArchiveView(PersonRequiredMixin, View):
    """Put a message away, or bring it back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, notice: UUID) -> HttpResponse:
        """Do it; twice is once."""
        back = "tilbage" in request.POST
        if not archive_notices(self.person, [notice], at=timezone.now(), back=back):
            raise Http404
        return redirect("notices:inbox")


class ReadAllView(PersonRequiredMixin, View):
    """Mark everything as read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it."""
        read_all(self.person, at=timezone.now())
        return redirect("notices:inbox")


class ChooseMailView(PersonRequiredMixin, View):
    """How often one wants mail; the form stands on one's own page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep a choice that is offered; anything else changes nothing."""
        often = request.POST.get("mail", "")
        if often in MailChoice.Often.values:
            choose_mail(self.person, often, at=timezone.now())
            messages.success(request, _("Your choice of mail is saved."))
        else:
            messages.error(request, _("Choose how often you want mail."))
        return redirect("people:me")


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class StopView(View):
    """Stop a sort of mail with the address from the mail: no sign-in, no cookie.

    A mail program sends the POST by itself when its reader presses "Unsubscribe"; whoever
    follows the link sees what will stop, and presses once.
    """

    http_method_names = ["get", "head", "post"]

    @cached_property
    def found(self) -> Any:
        """Whose mail of which sort; 404 for an address that we did not make."""
        found = stopping.find(self.kwargs["key"], self.kwargs["token"])
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What will stop. A program that looks at links stops nothing."""
        _person, stoppable = self.found
        return render(request, "notices/stop.html", {"about": stoppable.about, "is_done": False})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Stop it; twice is once."""
        person, stoppable = self.found
        stoppable.stop(person)
        return render(request, "notices/stop.html", {"about": stoppable.about, "is_done": True})
