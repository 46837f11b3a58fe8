"""What there is to look through, by the name in its address."""

from collections.abc import Mapping

from mentoring.oversight.listing import Listing
from mentoring.oversight.lists.items import ItemListing
from mentoring.oversight.lists.needs import NeedListing
from mentoring.oversight.lists.pairings import PairingListing
from mentoring.oversight.lists.people import PersonListing
from mentoring.oversight.lists.sessions import SessionListing
from mentoring.oversight.lists.stays import StayListing

LISTINGS: Mapping[str, Listing] = {
    listing.key: listing
    for listing in (
        PairingListing(),
        SessionListing(),
        PersonListing(),
        NeedListing(),
        StayListing(),
        ItemListing(),
    )
}

__all__ = ["LISTINGS"]
