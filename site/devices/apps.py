from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """What a telephone or computer of somebody keeps, and how the site starts on it without net."""

    name = "devices"
