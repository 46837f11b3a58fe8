"""What lies on the device: pages that are the same for everybody until their script fills them."""

from tests.kinds.catalogue.kind import Kind

DEVICES = [
    Kind("without net", "enhed/offline/", requests=4),
]
