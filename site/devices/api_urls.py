"""The addresses below ``/api/v1/device/`` where a device asks about itself."""

from django.urls import path

from devices.api import ContactView, MineView, OpenView

app_name = "device"
urlpatterns = [
    path("", MineView.as_view(), name="mine"),
    path("contact/", ContactView.as_view(), name="contact"),
    path("open/", OpenView.as_view(), name="open"),
]
