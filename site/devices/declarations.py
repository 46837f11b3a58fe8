"""What is kept about people who work on a device of their own."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration, Fate, Records

DECLARATIONS = [
    DataDeclaration(
        title=_("What has arrived from your devices"),
        purpose=_("So that what you did without net is taken in once, and you get a receipt."),
        fields=(
            _("what kind it was, and a check sum; what it says is kept where it belongs"),
            _("when it was made by the clock of the device, and when it arrived"),
        ),
        access=_("You alone."),
        retention=_("Until the municipality no longer needs it."),
        models=("devices.Record",),
        position=60,
    ),
]

RECORDS = [
    Records("devices.Record", mine=("owner",), fate=Fate.ERASED),
]
