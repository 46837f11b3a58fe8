"""Small helps for the pages about accounts."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The first that a browser's name for itself contains; most name several for compatibility.
BROWSERS = ("Edg", "OPR", "Firefox", "Chrom", "Safari")
BROWSER_NAMES = {"Edg": "Edge", "OPR": "Opera", "Chrom": "Chrome"}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


@register.filter
def device_name(user_agent: str) -> str:
    """The browser and system in words, from what the browser says it is."""
    browser = next((name for name in BROWSERS if name in user_agent), None)
    system = next((name for name in SYSTEMS if name in user_agent), None)
    if browser is None or system is None:
        return _("Another program")
    return _("%(browser)s on %(system)s") % {
        "browser": BROWSER_NAMES.get(browser, browser),
        "system": system,
    }
