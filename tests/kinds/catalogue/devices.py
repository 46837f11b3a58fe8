"""What lies on the device: pages that are the same for everybody until their script fills them."""

from tests.kinds.catalogue.kind import Kind

DEVICES = [
    Kind("without net", "enhed/offline/", requests=4),
    Kind("saving data", "data/"),
    Kind("saving data, chosen", "data/", send={"choice": ["spar"]}),
    Kind("saving data, unknown choice", "data/", send={"choice": ["måske"]}),
]
