"""Every address that needs nobody signed in: short, because they stand in QR codes and are read out on the phone."""

from __future__ import annotations

from django.urls import path

from anxin.web.public import scanned

app_name = "public"
urlpatterns = [
    path("s/", scanned.choose, name="choose"),
    path("s/<str:token>", scanned.landing, name="scanned"),
    path("s/<str:token>/place", scanned.place, name="scanned-place"),
]
