"""Every address of the workers' pages: short, because they stand in QR codes."""

from __future__ import annotations

from django.urls import path

from anxin.web.worker import contracts, days, home, letters, mediation, signin, signing, wages

app_name = "worker"
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", signin.start, name="sign-in"),
    path("sign-in/name", signin.name, name="sign-in-name"),
    path("sign-in/digits", signin.digits, name="sign-in-digits"),
    path("sign-in/code", signin.code, name="sign-in-code"),
    path("s/<str:code>", signin.scanned, name="scanned"),
    path("sign-out", signin.sign_out, name="sign-out"),
    path("days", days.month, name="days"),
    path("days/<str:month>", days.month, name="month"),
    path("day/<str:day>", days.day, name="day"),
    path("wages", wages.listing, name="wages"),
    path("wages/run/<int:pk>", wages.slip, name="slip"),
    path("wages/pay/<int:pk>", wages.promise, name="promise"),
    path("contracts", contracts.listing, name="contracts"),
    path("contracts/<int:pk>", signing.contract, name="contract"),
    path("contracts/<int:pk>/sign", signing.sign, name="contract-sign"),
    path("contracts/<int:pk>/file", signing.file, name="contract-file"),
    path("contracts/<int:pk>/end", signing.certificate, name="contract-certificate"),
    path("mediation", mediation.listing, name="mediation"),
    path("mediation/<int:pk>/file", mediation.file, name="mediation-file"),
    path("mediation/<int:pk>/grade", mediation.grade, name="mediation-grade"),
    path("letters", letters.listing, name="letters"),
    path("letters/<int:pk>/file", letters.file, name="letter-file"),
    path("letters/<int:pk>/proof", letters.proof, name="letter-proof"),
    path("letters/<int:pk>/paper", letters.paper, name="letter-paper"),
    path("c/<str:token>", signing.scanned, name="contract-scanned"),
]
