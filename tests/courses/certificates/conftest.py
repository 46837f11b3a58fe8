"""A learner with a certificate."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from courses.models import Certificate
from tests.courses.certificates.world import DAY, World


@pytest.fixture
def world(settings):
    settings.SIDEMAND_SECOND_FACTOR = False
    cache.clear()
    return World()


@pytest.fixture
def certificate(world):
    world.complete()
    return world.issue()


@pytest.fixture
def valid(certificate):
    """A certificate that is valid on the present day."""
    today = timezone.localdate()
    ends = today + 700 * DAY
    Certificate.objects.filter(pk=certificate.pk).update(
        issued_at=timezone.now() - DAY, issued_on=today, ends_on=ends, expires_on=ends
    )
    return Certificate.objects.get(pk=certificate.pk)
