"""The pages as a Django app: their templates, words and static files."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """`web`: no model of its own."""

    name = "wicketgate.web"
    label = "web"
