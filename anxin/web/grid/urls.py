"""Every address of the grid workers' portal; the service worker reaches no further than these."""

from __future__ import annotations

from django.urls import path

from anxin.web.grid import offline, reporting

app_name = "grid"
urlpatterns = [
    path("", reporting.home, name="home"),
    path("state.json", reporting.state, name="state"),
    path("mine", reporting.mine, name="mine"),
    path("sw.js", offline.service_worker, name="service-worker"),
]
