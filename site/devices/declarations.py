"""What is kept about people who work on a device of their own; never what lies on it."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration, Fate, Keep, Records

DECLARATIONS = [
    DataDeclaration(
        title=_("Your devices"),
        purpose=_(
            "So that what you write without net can be opened when the PIN is forgotten, and "
            "nobody waits for work that lies unsent on a device."
        ),
        fields=(
            _("The name you gave the device, and whether others use it, too"),
            _("When it was set up, and when it was last heard of"),
            _("How many of your records are not sent, and since when. Never what they say."),
        ),
        access=_(
            "You. Coordinators of your towns see how much is not sent and since when, and your "
            "name."
        ),
        retention=_("Until you forget the device; at most two years after it was last heard of."),
        models=("devices.Device",),
        position=16,
    ),
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
    Records(
        "devices.Device",
        mine=("owner",),
        fate=Fate.ERASED,
        secret=("fingerprint",),
        keep=(Keep(2 * 365, "last_contact_at"),),
        logged=("devices.device", "pk"),
    ),
    Records("devices.Record", mine=("owner",), fate=Fate.ERASED),
]
