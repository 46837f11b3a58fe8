"""A page whose vault is open, before a server that answers as a test wants it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.device import posting
from tests.browser.device.conftest import ANNA, Device
from tests.browser.device.posting import Post
from tests.browser.device.queueing import PIN, run


@pytest.fixture
def post(key_file: Path, tmp_path: Path, settings: Any) -> Iterator[Post]:
    own = tmp_path / "device-key.pem"
    shutil.copyfile(key_file, own)
    settings.SIDEMAND_DEVICE_KEY_FILE = str(own)
    with posting.running() as running:
        yield running


@pytest.fixture
def device(post: Post, browser: Browser) -> Iterator[Device]:
    context = browser.new_context()
    yield Device(context, post)
    context.close()


@pytest.fixture
def page(device: Device) -> Page:
    device.sign_in(ANNA)
    page = device.page()
    run(page, "await v.setUp({ pin: g[0], shared: false, name: 'Chrome' })", PIN)
    return page
