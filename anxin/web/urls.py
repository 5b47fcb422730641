"""The door that everybody with an account goes through, and the bureau's console. Each view declares its policy
(see ``anxin.web.policy``)."""

from __future__ import annotations

from django.urls import path

from anxin.web import signin
from anxin.web.bureau.urls import urlpatterns as console
from anxin.web.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("sign-in", signin.sign_in, name="sign-in"),
    path("sign-in/code", signin.sign_in_code, name="sign-in-code"),
    path("sign-out", signin.sign_out, name="sign-out"),
    path("account", signin.account, name="account"),
    path("account/second-factor", signin.enrol, name="enrol"),
    path("account/second-factor/off", signin.leave_second_factor, name="leave-second-factor"),
    *console,
]
