"""What is meant for one sheet of paper fits on one."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_the_differences_print_on_one_sheet(site, visitors):
    page = visitors("mentor").page
    page.goto(site.address("danmark-og-groenland/"), wait_until="load")

    printed = page.pdf(format="A4", prefer_css_page_size=True)

    assert page.locator(".contrast").count() == 12
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
