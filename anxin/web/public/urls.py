"""Every address that needs nobody signed in: short, because they stand in QR codes and are read out on the phone."""

from __future__ import annotations

from django.urls import path

from anxin.web.public import asking, circuit, guides, letters, listening, records, roster, scanned, telling

app_name = "public"
urlpatterns = [
    path("bl/<str:token>", records.record, name="record"),
    path("xh/", circuit.listing, name="circuit"),
    path("jf/", roster.listing, name="roster"),
    path("f", telling.form, name="form-open"),
    path("f/files", telling.add_file, name="form-files"),
    path("f/<str:token>", telling.form, name="form"),
    path("l/<str:token>", letters.letter, name="letter"),
    path("r", asking.receipt, name="receipt"),
    path("r/say", asking.say, name="receipt-say"),
    path("r/word", asking.word, name="receipt-word"),
    path("r/satisfied", asking.satisfied, name="receipt-satisfied"),
    path("s/", scanned.choose, name="choose"),
    path("s/<str:token>", scanned.landing, name="scanned"),
    path("s/<str:token>/place", scanned.place, name="scanned-place"),
    path("y/<int:pk>", listening.sound, name="sound"),
    path("z/", guides.first, name="guides"),
    path("z/<slug:key>", guides.guide, name="guide"),
    path("z/<slug:key>/<int:number>", guides.version, name="guide-version"),
]
