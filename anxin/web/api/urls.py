"""Every address of the interface, below ``/api/v1/``."""

from __future__ import annotations

from django.urls import path

from anxin.web.api import about
from anxin.web.api.base import api

api.add_router("", about.router)

urlpatterns = [path("", api.urls)]
