"""One's own devices, and taking in a file of what was not sent."""

from abc import ABC, abstractmethod
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from core import access_log
from core.guard import form_refuses_identity
from devices import actions
from devices.models import Device
from devices.own.forms import FileForm, NameForm
from devices.own.reasons import said
from devices.permissions import unsent_of_others
from devices.taking_in import take_in
from people.access import PersonRequiredMixin

DEVICES_PER_PAGE = 25


class DevicesView(PersonRequiredMixin, TemplateView):
    """My devices, those heard of last first. For whoever has signed in."""

    template_name = "devices/own/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All of them; nobody has more than a hundred."""
        now = timezone.now()
        mine = Device.objects.filter(owner=self.person).newest_contact_first()
        rows = [(device, device.is_quiet(at=now)) for device in mine]
        return super().get_context_data(
            rows=[row for row in rows if row[0].revoked_at is None],
            shut_out=[row[0] for row in rows if row[0].revoked_at is not None],
            **kwargs,
        )


class DeviceView(PersonRequiredMixin, View):
    """One device of mine: its name, and what I can do about it."""

    form_refuses_identity = True  # in its form, at the field

    @cached_property
    def device(self) -> Device:
        """Mine, or it is not found."""
        mine = Device.objects.filter(owner=self.person).select_related("owner__user")
        return get_object_or_404(mine, pk=self.kwargs["device"])

    def get(self, request: HttpRequest, device: UUID) -> HttpResponse:
        """The device as the server knows it."""
        return self._page(NameForm(initial={"name": self.device.name}))

    def post(self, request: HttpRequest, device: UUID) -> HttpResponse:
        """Give it another name."""
        form = NameForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        actions.rename(self.device, name=form.cleaned_data["name"])
        messages.success(request, _("The device has a new name."))
        return redirect("own_devices:list")

    def _page(self, form: NameForm, *, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "device": self.device,
            "is_quiet": self.device.is_quiet(at=timezone.now()),
        }
        return render(self.request, "devices/own/device.html", context, status=status)


class ButtonView(DeviceView, ABC):
    """One button on a device of mine; pressed twice it did it once."""

    http_method_names = ["post"]
    form_refuses_identity = False  # it has no form

    def post(self, request: HttpRequest, device: UUID) -> HttpResponse:
        """Do it, and say so."""
        try:
            messages.success(request, self.press())
        except actions.DeviceRefused as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("own_devices:list")

    @abstractmethod
    def press(self) -> str:
        """Do it; what to say then."""


class ShutOutView(ButtonView):
    """It was lost, or is not mine any more."""

    def press(self) -> str:
        """Shut it out."""
        actions.shut_out(self.device, at=timezone.now())
        return _("The device is shut out. Sign out there, too, under Where you are signed in.")


class LetInView(ButtonView):
    """It was found."""

    def press(self) -> str:
        """Take it into use again."""
        actions.let_in_again(self.device, at=timezone.now())
        return _("The device is in use again.")


class ForgetView(ButtonView):
    """It will not come back."""

    def press(self) -> str:
        """Forget it."""
        actions.forget(self.device, at=timezone.now())
        return _("The device is forgotten.")


class UnsentView(PersonRequiredMixin, TemplateView):
    """Whose work lies unsent on a device: of the people one looks after."""

    template_name = "devices/own/unsent.html"

    def may_open(self) -> bool:
        """Whether one looks after anybody."""
        return self.standing.manages_people

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of devices, the longest wait first; noted in the access log."""
        now = timezone.now()
        found = Paginator(unsent_of_others(self.standing), DEVICES_PER_PAGE)
        page = found.get_page(self.request.GET.get("page"))
        rows = [(device, device.is_quiet(at=now)) for device in page.object_list]
        access_log.record(self.account, "list", [device for device, _quiet in rows], at=now)
        return super().get_context_data(page=page, rows=rows, **kwargs)


@form_refuses_identity
class TakeInView(PersonRequiredMixin, View):
    """Take in what a device could not send: one's own, or that of somebody whom one looks after.

    For whoever has signed in; whose file may be taken in is asked of each (``devices.taking_in``).
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the file."""
        return self._page(FileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take it in, and say what became of each record; again is harmless."""
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            report = take_in(form.cleaned_data["file"].read(), by=self.standing, at=timezone.now())
        except ValidationError as refusal:
            form.add_error("file", refusal)
            return self._page(form, status=422)
        context = {
            "report": report,
            "owner": report.device.owner,
            "is_own": report.device.owner_id == self.person.pk,
            "lines": [(line, said(line)) for line in report.lines],
        }
        return render(request, "devices/own/report.html", context)

    def _page(self, form: FileForm, *, status: int = 200) -> HttpResponse:
        return render(self.request, "devices/own/take_in.html", {"form": form}, status=status)
