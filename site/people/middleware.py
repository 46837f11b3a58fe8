"""What is asked of every signed-in request, before its view."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext as _
from django.views.defaults import bad_request
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

from people.access import wants_json
from people.permissions import standing_of

logger = logging.getLogger(__name__)

#: In the session of a shared computer: when it was last used, in seconds of the epoch.
LAST_USED = "shared_last_used"
#: Activity is noted at most this often, so that reading does not write on every page.
NOTED_EVERY_SECONDS = 60
#: Asked by a page that lies open, whether anybody sits before it or not: Wagtail's editor says
#: every ten seconds that it is open.
BY_THE_CLOCK = frozenset({"wagtailadmin_editing_sessions:ping"})
#: Open to whoever has yet to set up a second factor, beside allauth's own pages.
OPEN_WITHOUT_SECOND_FACTOR = frozenset(
    {"people:second_factor", "set_language", "service_worker", "manifest", "healthz", "readyz"}
)
ACCOUNT_PAGES = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_")
#: Wagtail's pages for accounts: ours do that, with roles and dates.
CLOSED_IN_ADMIN = (
    "/admin/users/",
    "/admin/groups/",
    "/admin/bulk/people/user/",
    "/admin/bulk/auth/group/",
)

#: So many are named of what rests on something that somebody wants to delete.
NAMED = 5

GetResponse = Callable[[HttpRequest], HttpResponse]


def forget_pages(response: HttpResponseBase) -> None:
    """Let the browser throw away the pages it has kept, those of lessons among them: each bears the
    name of whoever read it. What lies sealed on the device is no page, and stays.
    """
    response["Clear-Site-Data"] = '"cache"'


class IdleMiddleware:
    """End the session of a shared computer after half an hour in which nobody did anything.

    Every request counts as use, the editor's own saving included: it saves because somebody has
    typed. What an open page asks by the clock (:data:`BY_THE_CLOCK`) does not.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        last_used = request.session.get(LAST_USED)
        if last_used is not None:
            now = int(time.time())
            if now - last_used >= settings.SIDEMAND_SHARED_IDLE_MINUTES * 60:
                logout(request)
                messages.info(request, _("You were signed out because nobody used this computer."))
                response = self.get_response(request)
                forget_pages(response)
                return response
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Note that somebody uses the computer; only here is it known what was asked for."""
        last_used = request.session.get(LAST_USED)
        name = request.resolver_match.view_name if request.resolver_match else ""
        if last_used is None or name in BY_THE_CLOCK:
            return
        now = int(time.time())
        if now - last_used >= NOTED_EVERY_SECONDS:
            request.session[LAST_USED] = now


class SecondFactorMiddleware:
    """Lead whoever owes a second factor to setting it up, and nowhere else.

    Asking for it at the sign-in is allauth's work; this is for the time before there is one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN_WITHOUT_SECOND_FACTOR or name.startswith(ACCOUNT_PAGES):
            return None
        if not request.user.is_authenticated or not request.user.second_factor_due:
            return None
        if wants_json(request):
            return JsonResponse({"error": "second_factor"}, status=403)
        return redirect("people:second_factor")


class AdminRoleMiddleware:
    """Let into ``/admin/`` only on a role of today, whatever the groups still say.

    Groups follow the roles within a minute of midnight (``people.actions.sync_groups``); this
    closes the gap.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Refuse, or say nothing.

        Raises:
            PermissionDenied: Signed in without such a role; who has not signed in is led to
                the sign-in by Wagtail.
            Http404: For Wagtail's own pages about accounts.
        """
        if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return
        if not standing_of(request.user).may_enter_admin:
            raise PermissionDenied
        if request.path_info.startswith(CLOSED_IN_ADMIN):
            raise Http404


class IncompleteFormMiddleware:
    """Answer 400 where Wagtail fails on a form that came without its fields.

    No browser sends one: it is cut off on the way, or made by hand. Some views of Wagtail's
    admin read such a form as if it were whole; to whoever watches the server that looks like a
    fault of ours. What the database says stays a fault: a button that only confirms sends no
    fields either. Deleting what something else still needs is refused with what needs it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An answer to what is not the server's fault; None for everything else, which is."""
        if request.method != "POST" or not request.path_info.startswith("/admin/"):
            return None
        is_empty = not (request.POST.keys() - {"csrfmiddlewaretoken"} or request.FILES)
        if isinstance(exception, ProtectedError):
            return _still_needed(request, exception)
        if isinstance(exception, MultiValueDictKeyError) or (
            is_empty and not isinstance(exception, DatabaseError)
        ):
            logger.warning("incomplete form", extra={"error": type(exception).__name__})
            return bad_request(request, exception)
        return None


def _still_needed(request: HttpRequest, refused: ProtectedError) -> HttpResponse:
    """Say how many of what rest on the thing, and name those that editors know by name."""
    protected = list(refused.protected_objects)
    kinds = Counter(one._meta.verbose_name for one in protected)
    known = (Page, *get_snippet_models())
    named = sorted({str(one) for one in protected if isinstance(one, known)})
    back = request.path_info.partition("/delete/")[0] + "/"
    logger.warning("still needed", extra={"error": type(refused).__name__})
    return render(
        request,
        "people/cannot_delete.html",
        {
            "resting": [(count, kind) for kind, count in kinds.most_common()],
            "named": named[:NAMED],
            "back": back if back != request.path_info + "/" else "/admin/",
        },
        status=409,
    )
