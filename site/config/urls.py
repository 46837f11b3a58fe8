"""Every address of the site, in the order they are tried."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls

from core.data_saver import DataSaverView
from core.views_language import set_language
from devices.kits import KitView
from devices.standing import standing
from devices.views import manifest, service_worker
from mentoring.planning.views import FeedView
from notices.calendar import CalendarView
from pages.travelling.views import PieceView
from pages.views import serve, start

urlpatterns = [
    path("", include("core.urls")),
    path("sprog/", set_language, name="set_language"),
    path("sw.js", service_worker, name="service_worker"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("api/v1/", include("mentoring.api.urls")),
    path("api/v1/", include("devices.records.urls")),
    path("api/v1/device/kit/<slug:name>/", KitView.as_view(), name="device_kit"),
    path("api/v1/device/standing/", standing, name="device_standing"),
    path("api/v1/device/", include("devices.api_urls")),
    path("api/v1/pieces/<slug:sha256>", PieceView.as_view(), name="piece"),
    # Wagtail's own sign-in knows no second factor: nobody may reach it.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    # Nor does its sign-out know of devices: what is not sent is told of on our own page.
    path("admin/logout/", RedirectView.as_view(pattern_name="account_logout")),
    # Wagtail's page that fails on purpose: nobody needs it here, and it looks like a fault.
    path("admin/failwhale/", RedirectView.as_view(pattern_name="wagtailadmin_home")),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("files.urls")),
    # A secret address, for programs: in no language, and in no log (core.logs).
    path("kalender/<slug:token>.ics", FeedView.as_view(), name="calendar"),
]

if settings.DEBUG:
    from core.dev_views import components

    urlpatterns += [path("dev/komponenter/", components, name="dev_components")]

urlpatterns += i18n_patterns(
    path("start/", start, name="start"),
    path("data/", DataSaverView.as_view(), name="data_saver"),
    path("konto/", include("people.account_urls")),
    path("personer/", include("people.urls")),
    path("beskeder/", include("notices.urls")),
    path("kalender/", CalendarView.as_view(), name="my-calendar"),
    path("enhed/", include("mentoring.device.urls")),
    path("enhed/", include("devices.urls")),
    path("enheder/", include("devices.own.urls")),
    path("laering/", include("courses.urls")),
    path("bevis/", include("courses.certificates.urls")),
    path("kompetencer/", include("competences.urls")),
    path("sidemand/", include("mentoring.urls")),
    path("samarbejde/", include("cooperation.urls")),
    path("", serve, {"path": ""}, name="home"),
    path("", include("pages.urls")),
)
