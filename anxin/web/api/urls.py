"""Every address of the interface, below ``/api/v1/``."""

from __future__ import annotations

from django.urls import path

from anxin.web.api import about, accounts, gates, guarantees, hotline, orders
from anxin.web.api.base import api

api.add_router("", about.router)
api.add_router("", accounts.router)
api.add_router("", orders.router)
api.add_router("", guarantees.router)
api.add_router("", gates.router)
api.add_router("", hotline.router)

urlpatterns = [path("", api.urls)]
