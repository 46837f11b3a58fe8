"""Playing a case as people do: on a phone, by keyboard alone, without script, two on one case."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_learning import sign_in_as

