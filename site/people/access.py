"""Who may open a view: answered before anything else happens in it.

Anonymous: a page leads to the sign-in, everything else answers 401. Signed in without the
asked role: 403. The record of somebody else is a matter of the view's query: 404.
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers
from django.views.generic import View

from people.models import Person, User
from people.permissions import Standing, standing_of

_P = ParamSpec("_P")
_R = TypeVar("_R", bound=HttpResponseBase)


class AuthenticatedRequest(HttpRequest):
    """A request whose user has signed in and is a person."""

    user: User


#: A device says in it whose record it sends, so that nothing is taken for the work of whoever else
#: has signed in on it meanwhile.
OWNER_HEADER = "X-Sidemand-Owner"


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which can do nothing with a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in and back to a page that was asked for; a script gets a plain 401."""
    if wants_json(request):
        return JsonResponse({"error": "sign_in"}, status=401)
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else resolve_url("start")
    return redirect_to_login(back)


def refusal_of(request: HttpRequest) -> HttpResponse | None:
    """What to answer instead when nobody, or no person, is signed in.

    Raises:
        PermissionDenied: For an account that is no person's.
    """
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    if getattr(request.user, "person", None) is None:
        raise PermissionDenied
    meant_for = request.headers.get(OWNER_HEADER)
    if meant_for is not None and meant_for != str(request.user.person.pk):
        return JsonResponse({"error": "other_owner"}, status=403)
    return None


def _kept_by_nobody(response: _R) -> _R:
    """Tell every cache to keep nothing of a page for one person, unless the view said more."""
    if not response.has_header("Cache-Control"):
        add_never_cache_headers(response)
    return response


class PersonRequiredMixin(View):
    """A view for whoever has signed in."""

    @property
    def account(self) -> User:
        """The account that asks."""
        return cast("User", self.request.user)

    @property
    def person(self) -> Person:
        """The person who asks."""
        return self.account.person

    @property
    def standing(self) -> Standing:
        """What the person may do today."""
        return standing_of(self.request.user)

    def may_open(self) -> bool:
        """Whether this standing opens the view; asked once somebody is known to ask."""
        return True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse, or answer.

        Raises:
            PermissionDenied: Without the standing that the view asks for.
        """
        response: HttpResponseBase | None = refusal_of(request)
        if response is None:
            if not self.may_open():
                raise PermissionDenied
            response = super().dispatch(request, *args, **kwargs)
        return _kept_by_nobody(response)


class RoleRequiredMixin(PersonRequiredMixin):
    """A view for whoever holds one of ``required_roles`` today, in any place."""

    required_roles: ClassVar[Collection[str]]

    def may_open(self) -> bool:
        """Whether one of the roles is held."""
        return self.standing.has(*self.required_roles)


def person_required(
    view: Callable[Concatenate[AuthenticatedRequest, _P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, _P], HttpResponse]:
    """A function view for whoever has signed in."""
    return role_required()(view)


def role_required(
    *keys: str,
) -> Callable[
    [Callable[Concatenate[AuthenticatedRequest, _P], HttpResponse]],
    Callable[Concatenate[HttpRequest, _P], HttpResponse],
]:
    """A function view for whoever holds one of the roles ``keys`` today, in any place.

    Raises:
        PermissionDenied: When called, without such a role.
    """

    def decorate(
        view: Callable[Concatenate[AuthenticatedRequest, _P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, _P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
            response = refusal_of(request)
            if response is None:
                if keys and not standing_of(request.user).has(*keys):
                    raise PermissionDenied
                response = view(cast("AuthenticatedRequest", request), *args, **kwargs)
            return _kept_by_nobody(response)

        return guarded

    return decorate
