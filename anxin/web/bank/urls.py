"""Every address of the bank portal."""

from __future__ import annotations

from django.urls import path

from anxin.web.bank import home

app_name = "bank"
urlpatterns = [path("", home.home, name="home")]
