"""Every address of the employer portal."""

from __future__ import annotations

from django.urls import path

from anxin.web.employer import home

app_name = "employer"
urlpatterns = [path("", home.home, name="home")]
