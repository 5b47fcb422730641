"""An outside judge makes calls up from our own description and sends them to the real server.

Each operation gets calls that fit the description and calls that do not, to addresses made up and to rows that
are there. No answer may be a 5xx, each must look as described, and what does not fit must be refused.
"""

from __future__ import annotations

import itertools
import json
import time
from urllib.parse import unquote

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from anxin.clues.hotline import deliver
from anxin.connections.models import ApiCall
from anxin.connections.scopes import HOTLINE_SCOPES, INSTITUTION_SCOPES, VENDOR_SCOPES
from anxin.connections.services import issue_key
from anxin.registry.models import Organisation
from anxin.web.api.urls import api
from anxin.workforce.devices import register_device
from tests.support.api import signed
from tests.web.api.world import held_by
from tests.workforce.gates import vendor

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = 7


@pytest.fixture(scope="module")
def description():
    """As served, without the four headers of the signature: every call here is signed, and only then sent."""
    schema = json.loads(json.dumps(api.get_openapi_schema()))
    del schema["components"]["securitySchemes"]
    for methods in schema["paths"].values():
        for operation in methods.values():
            del operation["security"]
    return schemathesis.openapi.from_dict(schema)


class Signing(requests.auth.AuthBase):
    """Signs what is really sent, as late as possible."""

    def __init__(self, key_id: str, secret: str) -> None:
        self.key_id, self.secret = key_id, secret

    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        path, _, query = request.path_url.partition("?")
        request.headers.update(
            signed(
                self.key_id,
                self.secret,
                request.method,
                unquote(path),
                query,
                body,
                timestamp=int(time.time()),
            )
        )
        return request


@pytest.mark.django_db(transaction=True)
def test_no_made_up_call_breaks_the_server_or_its_promises(
    transactional_db, console_processes, description, actor, now
):
    bank = Organisation.objects.create(code="BANK", name="虚构银行", kind="bank")
    held = held_by(bank, 1, actor, now)
    gate = register_device(held.account.project, vendor=vendor(), serial="GZ-0001", actor=actor, now=now)
    given = {"title": "核对用", "calls_per_minute": 6000, "actor": actor, "now": now}
    of_bank = _signing(organisation=bank, scopes=list(INSTITUTION_SCOPES), **given)
    of_maker = _signing(vendor=gate.vendor.name, scopes=list(VENDOR_SCOPES), **given)
    centre = Organisation.objects.create(
        code="RX", name="虚构热线", kind="hotline", region=held.account.project.region
    )
    of_hotline = _signing(organisation=centre, scopes=list(HOTLINE_SCOPES), **given)
    told = {"number": "YZ-1", "received_at": "2026-11-19 09:30", "text": "欠我们工资"}
    (fate,) = deliver(centre, [told], actor=actor, now=now)
    session = requests.Session()
    there = {
        "account": held.account.line_id,
        "guarantee": held.letter.line_id,
        "reference": held.order.reference,
        "serial": gate.serial,
        "ticket_no": fate.ticket_no,
    }
    operations = [found.ok() for found in description.get_all_operations()]
    for operation, mode, real in itertools.product(operations, GenerationMode, (False, True)):
        fixed = {name: value for name, value in there.items() if f"{{{name}}}" in operation.path}
        if (real and not fixed) or (mode.is_negative and not _can_be_broken(operation, real)):
            continue
        signing = next(
            (
                one
                for part, one in (("/gates/", of_maker), ("/hotline/", of_hotline))
                if part in operation.path
            ),
            of_bank,
        )
        strategy = operation.as_strategy(mode, path_parameters=fixed if real else None)
        _send(strategy, console_processes.url, session, signing)
    statuses = set(ApiCall.objects.values_list("status", flat=True))
    assert {200, 400, 404, 422} <= statuses and not {401, 403, 429} & statuses


def _signing(**key) -> Signing:
    made, secret = issue_key(**key)
    return Signing(made.key_id, secret)


def _can_be_broken(operation, real: bool) -> bool:
    """Whether a call may fail to fit: one that has nothing but an address that is there cannot."""
    parts = (operation.query, operation.headers, operation.body, () if real else operation.path_parameters)
    return any(len(list(part)) for part in parts)


def _send(strategy, url, session, signing) -> None:
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=strategy)
    def send(case) -> None:
        answer = case.call(base_url=url, session=session, auth=signing)
        case.validate_response(answer, checks=CHECKS)

    send()
