"""An office that has mail and a chat group, and its people."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.accounts.models import User
from anxin.notices import services
from anxin.notices.models import Delivery
from tests.support.chat_sink import chat_gateway
from tests.support.smtp_sink import mail_server


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """A proxy of this machine is none of the tests' business."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def mail(settings):
    """A real mail server that the office has set."""
    with mail_server() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.DEFAULT_FROM_EMAIL = "anxin@rsj.example"
        settings.ANXIN_URL = "https://anxin.rsj.example"
        yield sink


@pytest.fixture
def chat(settings):
    """A real chat gateway that the office has set."""
    with chat_gateway() as gateway:
        settings.ANXIN_WEBHOOK_URL = gateway.url
        settings.ANXIN_WEBHOOK_SECRET = "tide-lantern"
        settings.ANXIN_URL = "https://anxin.rsj.example"
        yield gateway


@pytest.fixture
def lin(db) -> User:
    return User.objects.create_user(
        "lin.inspector", display_name="林监察", office="东台区人社局", email="lin@rsj.example"
    )


@pytest.fixture
def zhou(db) -> User:
    return User.objects.create_user("zhou.leader", display_name="周局长", email="zhou@rsj.example")


@pytest.fixture
def tell(now):
    """``tell(user, …)`` sends an overdue task, a new occasion each time."""
    told = []

    def sent(to: User, **changes):
        told.append(to)
        message = {
            "kind": "task_overdue",
            "title": "监察案件的调查期限已过1个工作日",
            "link": "/matters/12",
            "about": ("matter", len(told)),
            "once_key": f"deadline:{len(told)}",
            "now": now,
        }
        return services.send(to=to, **message | changes)

    return sent


@pytest.fixture
def delivery():
    """``delivery(notice, "email")`` as it stands now."""

    def found(notice, channel: str) -> Delivery:
        return Delivery.objects.get(notice=notice, channel=channel)

    return found


@pytest.fixture
def later(now):
    """``later(minutes=5)`` → that moment."""

    def moment(**length) -> dt.datetime:
        return now + dt.timedelta(**length)

    return moment
