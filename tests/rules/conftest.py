"""Who works with the rules in the admin."""

import pytest
from django.test import Client

from tests.factories.admin import admin_browser


@pytest.fixture
def reviewer(base: None) -> Client:
    return admin_browser("reviewer")
