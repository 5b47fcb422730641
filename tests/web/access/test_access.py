"""Who may open what: every route for every role, and one's own scope for every object."""

from __future__ import annotations

import pytest
from django.test import Client

from anxin.accounts.access import (
    ARBITRATE,
    AUDIT,
    DECIDE,
    EMPLOYER,
    HANDLE,
    IMPORT,
    ISSUE,
    LAW,
    MANAGE,
    MAY,
    MEDIATE,
    UNMASK,
    VIEW,
)
from anxin.accounts.models import Role
from tests.web.access.conftest import routes

#: any signed-in person
ANYBODY = frozenset().union(*MAY.values(), {""})
READS = {
    "home": ANYBODY,
    "account": ANYBODY,
    "enrol": ANYBODY,
    "notices": ANYBODY,
    "notices-export": ANYBODY,
    "notice-settings": ANYBODY,
    "tasks": {HANDLE, DECIDE},
    "tasks-export": {HANDLE, DECIDE},
    "clues": {VIEW},
    "clues-export": {VIEW},
    "clue": {VIEW},
    "claimants": {VIEW},
    "claimants-export": {VIEW},
    "claimants-paid": {VIEW},
    "claimants-paid-export": {VIEW},
    "claimants-divide": {HANDLE, DECIDE},
    "claimants-photo": {HANDLE, IMPORT},
    "claimants-typing": {HANDLE, IMPORT},
    "openings": {UNMASK},
    "openings-export": {UNMASK},
    "given-back": {HANDLE},
    "given-back-export": {HANDLE},
    "given-back-fetch": {HANDLE},
    "reviews": {VIEW},
    "reviews-export": {VIEW},
    "clue-work": {VIEW},
    "grid-overview": {VIEW},
    "grid-export": {VIEW},
    "grid-reports": {VIEW},
    "grid-reports-export": {VIEW},
    "grid-workers": {VIEW},
    "grid-workers-export": {VIEW},
    "grid-report": {VIEW},
    "arbitration": {VIEW},
    "arbitration-export": {VIEW},
    "arbitration-new": {HANDLE, DECIDE},
    "arbitration-case": {VIEW, ARBITRATE},
    "arbitration-claims-export": {VIEW, ARBITRATE},
    "arbitration-proposals": {HANDLE, DECIDE, ARBITRATE},
    "mediation": {VIEW},
    "mediation-export": {VIEW},
    "mediation-mine": {MEDIATE},
    "mediation-mine-export": {MEDIATE},
    "mediation-new": {HANDLE},
    "mediation-cases": {VIEW},
    "mediation-cases-export": {VIEW},
    "mediation-register": {VIEW},
    "mediation-register-export": {VIEW},
    "mediation-case": {VIEW, MEDIATE},
    "mediation-plan-export": {VIEW, MEDIATE},
    "mediation-signing": {HANDLE, DECIDE, MEDIATE},
    "mediation-bodies": {VIEW},
    "mediation-bodies-export": {VIEW},
    "mediation-mediators": {VIEW},
    "mediation-mediators-export": {VIEW},
    "arbitration-calendar": {VIEW, ARBITRATE},
    "arbitration-calendar-export": {VIEW, ARBITRATE},
    "arbitration-mine": {ARBITRATE},
    "arbitration-mine-export": {ARBITRATE},
    "arbitration-arbitrators": {VIEW},
    "arbitration-arbitrators-export": {VIEW},
    "arbitration-places": {VIEW},
    "arbitration-circuit-export": {VIEW},
    "arbitration-rooms-export": {VIEW},
    "arbitration-hearings": {VIEW, ARBITRATE},
    "arbitration-record": {HANDLE, DECIDE, ARBITRATE},
    "legal-aid": {VIEW},
    "aid-duties-export": {VIEW},
    "aid-requests-export": {VIEW},
    "aid-new": {HANDLE},
    "statistics": {VIEW},
    "statistics-rows": {VIEW},
    "statistics-export": {VIEW},
    "ledger": {VIEW},
    "ledger-export": {VIEW},
    "trend": {VIEW},
    "trend-export": {VIEW},
    "statistics-rows-export": {VIEW},
    "referral-table": {VIEW, LAW},
    "referral-export": {VIEW, LAW},
    "referral-version": {VIEW, LAW},
    "ledger-layout": {LAW},
    "ledger-pattern": {LAW},
    "clue-model": {VIEW, LAW},
    "task-force": {HANDLE, DECIDE},
    "task-force-export": {HANDLE, DECIDE},
    "meetings": {VIEW},
    "thresholds": {HANDLE},
    "thresholds-export": {HANDLE},
    "bulletin": {HANDLE},
    "marks": {VIEW},
    "matter-inspection": {VIEW},
    "matter-arrears": {HANDLE, DECIDE},
    "matter-arrears-export": {HANDLE, DECIDE},
    "marks-export": {VIEW},
    "matter-marks": {VIEW},
    "matter-urgings": {VIEW},
    "matter-urgings-list": {VIEW},
    "meeting-new": {HANDLE, DECIDE},
    "meeting": {VIEW},
    "emergencies": {VIEW},
    "emergencies-export": {VIEW},
    "emergency-new": {HANDLE},
    "emergency": {VIEW},
    "guides": {VIEW, LAW},
    "guides-export": {VIEW, LAW},
    "guide": {VIEW, LAW},
    "guide-draft": {HANDLE, LAW},
    "guide-poster": {VIEW, LAW},
    "guide-leaflet": {VIEW, LAW},
    "recordings": {VIEW, LAW},
    "recordings-export": {VIEW, LAW},
    "recording-sound": {VIEW, LAW},
    "help-places": {IMPORT},
    "codes": {VIEW},
    "codes-export": {VIEW},
    "codes-print": {IMPORT},
    "code-boards": {IMPORT},
    "code-stickers": {IMPORT},
    "code": {VIEW},
    "reception": {VIEW},
    "visits": {VIEW},
    "visits-export": {VIEW},
    "visit": {VIEW},
    "visit-group": {HANDLE, IMPORT},
    "promises": {VIEW},
    "promises-export": {VIEW},
    "promise": {VIEW},
    "roster": {VIEW},
    "roster-export": {VIEW},
    "duty-new": {HANDLE},
    "matters": {VIEW},
    "matters-export": {VIEW},
    "matter-new": {HANDLE},
    "matter-find": {HANDLE, IMPORT},
    "clue-new": {HANDLE, IMPORT},
    "matter": {VIEW},
    "matter-paper": {VIEW},
    "matter-evidence": {VIEW},
    "project-evidence": {VIEW},
    "project-evidence-list": {VIEW},
    "worker-evidence": {VIEW},
    "worker-evidence-list": {VIEW},
    "claimant-evidence": {VIEW},
    "claimant-evidence-list": {VIEW},
    "contract-models": {LAW},
    "contract-models-export": {LAW},
    "contract-model-new": {LAW},
    "contract-model": {LAW},
    "labour-contracts": {VIEW},
    "labour-contracts-export": {VIEW},
    "labour-contracts-site": {VIEW},
    "labour-contracts-site-export": {VIEW},
    "labour-contract-counter": {HANDLE},
    "letters": {VIEW},
    "letters-export": {VIEW},
    "letter-registers": {VIEW},
    "letter-heads": {ISSUE},
    "letter": {VIEW},
    "letter-pdf": {VIEW},
    "letter-docx": {VIEW},
    "matter-letters": {VIEW},
    "party-papers-export": {VIEW},
    "party-paper": {HANDLE},
    "party-paper-file": {HANDLE},
    "matter-letters-export": {VIEW},
    "matter-evidence-list": {VIEW},
    "due": {VIEW, EMPLOYER, MEDIATE, ARBITRATE},
    "overview": {VIEW},
    "overview-export": {VIEW},
    "wall": {VIEW},
    "warnings": {VIEW},
    "warnings-export": {VIEW},
    "warning": {VIEW},
    "rules": {VIEW, LAW},
    "rules-export": {VIEW, LAW},
    "rules-accuracy-export": {VIEW, LAW},
    "rule": {VIEW, LAW},
    "backtests": {VIEW, LAW},
    "backtest-new": {LAW},
    "backtest": {VIEW, LAW},
    "backtest-progress": {VIEW, LAW},
    "backtest-export": {VIEW, LAW},
    "projects": {VIEW},
    "projects-export": {VIEW},
    "project-new": {IMPORT},
    "project": {VIEW},
    "project-roster": {VIEW},
    "project-site-code": {VIEW},
    "project-agency": {VIEW},
    "project-words-export": {VIEW},
    "agency-run": {VIEW},
    "agency-run-export": {VIEW},
    "project-attendance": {VIEW},
    "project-attendance-month": {VIEW},
    "project-day": {VIEW},
    "roster-person": {VIEW},
    "roster-contract": {UNMASK},
    "project-funds": {VIEW},
    "project-deposits": {VIEW},
    "account-page": {VIEW},
    "account-export": {VIEW},
    "account-ask": {HANDLE},
    "account-act": {IMPORT},
    "deposit-assess": {HANDLE},
    "deposit-act": {IMPORT},
    "money-accounts": {VIEW},
    "money-deposits": {VIEW},
    "money-guarantees": {VIEW},
    "money-export": {VIEW},
    "account-queries": {VIEW},
    "account-queries-export": {VIEW},
    "account-query": {VIEW},
    "project-wages": {VIEW},
    "project-wages-month": {VIEW},
    "project-export": {VIEW},
    "project-warnings": {VIEW},
    "employers": {VIEW},
    "employers-export": {VIEW},
    "employer": {VIEW},
    "forecasts": {VIEW},
    "forecasts-export": {VIEW},
    "project-forecast": {VIEW},
    "aliases": {VIEW},
    "aliases-export": {VIEW},
    "coverage": {VIEW},
    "coverage-export": {VIEW},
    "coverage-site": {VIEW},
    "project-liability": {VIEW},
    "project-liability-export": {VIEW},
    "liability-fact": {IMPORT},
    "project-edit": {IMPORT},
    "project-register": {IMPORT},
    "gates": {VIEW},
    "gates-export": {VIEW},
    "gate-new": {IMPORT},
    "gate": {VIEW},
    "gate-claims": {VIEW},
    "gate-claims-export": {VIEW},
    "workers": {VIEW},
    "worker": {VIEW},
    "reveal": {UNMASK},
    "imports": {VIEW, IMPORT},
    "imports-export": {VIEW, IMPORT},
    "import-new": {IMPORT},
    "import": {VIEW, IMPORT},
    "import-progress": {VIEW, IMPORT},
    "import-rejects": {IMPORT},
    "import-file": {IMPORT},
    "packages": {VIEW},
    "packages-export": {VIEW},
    "package-objects": {VIEW},
    "uploads": {VIEW, MANAGE},
    "upload-export": {VIEW, MANAGE},
    "upload-records": {VIEW},
    "upload-record": {VIEW},
    "upload-new": {MANAGE},
    "upload-settings": {MANAGE},
    "matches": {VIEW},
    "system": {VIEW, MANAGE, AUDIT},
    "people": {MANAGE},
    "people-export": {MANAGE},
    "person-new": {MANAGE},
    "person": {MANAGE},
    "organisations": {MANAGE},
    "organisations-export": {MANAGE},
    "api-keys": {MANAGE},
    "api-keys-export": {MANAGE},
    "api-key-new": {MANAGE},
    "api-key": {MANAGE},
    "api-guide": {MANAGE},
    "api-calls": {MANAGE, AUDIT},
    "api-calls-export": {MANAGE, AUDIT},
    "layouts": {IMPORT, MANAGE},
    "layouts-export": {IMPORT, MANAGE},
    "layout-new": {IMPORT},
    "layout": {IMPORT},
    "layout-trial": {IMPORT},
    "journal": {AUDIT},
    "journal-export": {AUDIT},
    "sweeps": {VIEW, MANAGE, AUDIT},
    "sweeps-export": {VIEW, MANAGE, AUDIT},
    "sweep": {VIEW, MANAGE, AUDIT},
    "law": ANYBODY,
    "law-export": ANYBODY,
    "law-value": ANYBODY,
    "law-deadline": ANYBODY,
    "law-procedures": ANYBODY,
    "law-procedure": ANYBODY,
    "law-procedure-export": ANYBODY,
    "law-statutes": ANYBODY,
    "law-statutes-export": ANYBODY,
    "law-settings": {VIEW, LAW},
    "law-settings-export": {VIEW, LAW},
    "law-settings-new": {LAW},
    "law-settings-check": {LAW},
    "law-settings-calendars": {VIEW, LAW},
    "law-settings-template": {VIEW, LAW},
    "law-settings-list": {VIEW, LAW},
    "law-settings-record": {VIEW, LAW},
}
#: routes that only change something
CHANGES = {
    "given-back-make",
    "sign-out",
    "leave-second-factor",
    "notices-read",
    "notice-open",
    "warnings-many",
    "warning-act",
    "warning-clue",
    "reception-number",
    "reception-next",
    "visit-act",
    "promise-keep",
    "roster-publish",
    "duty-act",
    "rule-stage-propose",
    "rule-stage-decide",
    "clue-act",
    "alias-end",
    "code-act",
    "clue-ask",
    "guide-act",
    "recording-add",
    "recording-act",
    "help-place-end",
    "opening-ask",
    "opening-decide",
    "clue-work-act",
    "referral-propose",
    "referral-act",
    "clue-model-ask",
    "clue-model-decide",
    "emergency-act",
    "claimants-act",
    "claimants-paid-act",
    "ledger-strike",
    "claimant-act",
    "meeting-act",
    "matter-joint",
    "matter-inspection-act",
    "matter-arrears-act",
    "matter-evidence-export",
    "project-evidence-export",
    "worker-evidence-export",
    "claimant-evidence-export",
    "letter-new",
    "letter-edit",
    "letter-check",
    "contract-model-act",
    "letter-act",
    "letter-link",
    "party-paper-new",
    "party-paper-edit",
    "party-paper-act",
    "bulletin-draft",
    "bulletin-interview",
    "matter-step",
    "matter-act",
    "participant-remove",
    "project-site-code-issue",
    "liability-fact-withdraw",
    "import-kind",
    "import-mapping",
    "grid-prove",
    "arbitration-act",
    "mediation-act",
    "mediation-signing-act",
    "mediation-refusal",
    "aid-letter",
    "arbitration-keep",
    "arbitration-hearings-act",
    "arbitration-record-act",
    "import-accept",
    "import-withdraw",
    "match-decide",
    "account-query-act",
    "gate-act",
    "gate-claim-decide",
    "layout-mapping",
    "layout-act",
    "api-key-act",
    "person-act",
    "journal-verify",
    "law-settings-act",
    "package-export",
    "package-take",
    "upload-resend",
    "upload-switch",
}
#: tested by what they do, not by who may
OTHERS = {
    "healthz",
    "sign-in",
    "sign-in-code",
    "search",
    "warning-file",
    "warning-rows",
    "clue-file",
    "clue-ticket-file",
    "grid-file",
    "letter-proof",
    "letter-register-export",
    "mediation-paper",
    "mediation-preview",
    "mediation-signing-file",
    "arbitration-record-file",
    "package",
    "package-problems",
    # whoever asked for it alone: tests/web/test_evidence_pages.py
    "evidence-package",
    "evidence-package-progress",
    "evidence-package-file",
}
ROLES = {
    "leader": MAY[Role.LEADER],
    "inspector": MAY[Role.INSPECTOR],
    "clerk": MAY[Role.CLERK],
    "auditor": MAY[Role.AUDITOR],
    "admin": MAY[Role.ADMIN],
    "payroll_clerk": MAY[Role.PAYROLL_CLERK],
    "bank_operator": MAY[Role.BANK_OPERATOR],
    "grid_worker": MAY[Role.GRID_WORKER],
    "mediator": MAY[Role.MEDIATOR],
    "arbitrator": MAY[Role.ARBITRATOR],
    "nobody": frozenset({""}),
}


def test_every_route_declares_a_policy_and_stands_in_one_of_these_tables():
    named = routes()
    without = [n for n, p in named.items() if n != "healthz" and not hasattr(p.callback, "policy")]
    assert without == []
    assert set(named) == set(READS) | CHANGES | OTHERS


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_opens_exactly_the_pages_of_its_permissions(role, sign_in, address):
    client = sign_in(role)
    wrong = []
    for name, needed in READS.items():
        status = client.get(address(name)).status_code
        allowed = bool(ROLES[role] & needed)
        shown = {204} if name == "import-progress" else {200, 302}  # 204: nothing is running, show the result
        # of what several roles open, each only its own: no project is a mediator's or an arbitrator's
        expected = (
            {404} if name == "due" and role in ("mediator", "arbitrator") else shown if allowed else {403}
        )
        if status not in expected:
            wrong.append((name, status))
    assert wrong == []


def test_what_changes_something_cannot_be_opened_by_a_link_or_its_head_alone(sign_in, address):
    client = sign_in("inspector")
    opened = {name: client.get(address(name)).status_code for name in CHANGES}
    heads = {name: client.head(address(name)).status_code for name in CHANGES}
    assert {name: status for name, status in opened.items() if status != 405} == {}
    assert {name: status for name, status in heads.items() if status != 405} == {}


def test_a_change_without_its_token_is_refused(sign_in, address):
    client = sign_in("inspector", enforce_csrf_checks=True)
    wrong = []
    for name in sorted(CHANGES | {"project-edit", "import-new", "workers", "search"}):
        answer = client.post(address(name), {"text": "x"})
        if answer.status_code != 403 or "操作已失效" not in answer.content.decode():
            wrong.append((name, answer.status_code))
    assert wrong == []


#: of pages with a number in their address: whose things nobody else may know of
OF_A_DISTRICT = [
    "given-back-fetch",
    "gate",
    "upload-record",
    "warning",
    "worker",
    "reveal",
    "import",
    "import-file",
    "emergency",
    "grid-report",
    "arbitration-case",
    "arbitration-claims-export",
    "arbitration-proposals",
    "mediation-case",
    "mediation-plan-export",
    "mediation-signing",
    "arbitration-hearings",
    "arbitration-record",
    "clue",
    "claimants",
    "claimants-export",
    "claimants-paid",
    "claimants-paid-export",
    "claimants-divide",
    "meeting",
    "visit",
    "visit-group",
    "promise",
    "matter-marks",
    "matter-urgings",
    "matter-urgings-list",
    "matter-evidence",
    "matter-evidence-list",
    "worker-evidence",
    "worker-evidence-list",
    "claimant-evidence",
    "claimant-evidence-list",
    "letter",
    "party-paper",
    "party-papers-export",
    "matter-letters",
    "matter-letters-export",
    "bulletin",
    "matter-inspection",
    "matter-arrears",
    "matter-arrears-export",
    "labour-contracts-site",
    "labour-contracts-site-export",
    "labour-contract-counter",
    "matter",
    "matter-paper",
    "due",
    "account-page",
    "account-export",
    "account-ask",
    "account-act",
    "account-query",
    "deposit-assess",
    "deposit-act",
] + [
    name
    for name in READS
    if name.startswith("project") and name not in ("projects", "projects-export", "project-new")
]


def test_an_object_outside_ones_district_does_not_exist(sign_in, address):
    here, elsewhere = sign_in("inspector"), sign_in("outsider")
    assert {n for n in OF_A_DISTRICT if here.get(address(n)).status_code not in (200, 204)} == set()
    assert {n for n in OF_A_DISTRICT if elsewhere.get(address(n)).status_code != 404} == set()


def test_lists_show_only_ones_own_district(sign_in, world, batch):
    for client, seen, hidden in (
        (sign_in("inspector"), "东台安置房工程", "西河桥梁工程"),
        (sign_in("outsider"), "西河桥梁工程", "东台安置房工程"),
    ):
        for page in ("/warnings", "/projects"):
            text = client.get(page).content.decode()
            assert seen in text
            assert hidden not in text
    assert "9月工资.xlsx" in sign_in("clerk").get("/imports").content.decode()
    assert "9月工资.xlsx" not in sign_in("outsider").get("/imports").content.decode()


def test_a_clerk_sees_warnings_and_handles_none(sign_in, world):
    client = sign_in("clerk")
    assert "申请消除</summary>" not in client.get(f"/warnings/{world.warning.pk}").content.decode()
    assert client.post(f"/warnings/{world.warning.pk}/note", {"text": "看过"}).status_code == 403
    assert client.post("/warnings/many", {"ids": [world.warning.pk]}).status_code == 403


def test_a_stranger_with_htmx_is_sent_to_the_sign_in_page_as_a_whole(world):
    answer = Client().get(
        "/warnings", headers={"HX-Request": "true", "HX-Current-URL": "http://x/warnings?a=1"}
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/sign-in?next=%2Fwarnings%3Fa%3D1"


@pytest.mark.parametrize("address", ["/warnings?text=%00", "/projects?text=a%00b", "/imports?month=%00"])
def test_a_character_that_no_database_keeps_is_a_bad_request_and_no_failure(sign_in, address):
    assert sign_in("inspector").get(address).status_code == 400


def test_a_note_with_such_a_character_is_refused_too(sign_in, world):
    address = f"/warnings/{world.warning.pk}/note"
    assert sign_in("inspector").post(address, {"text": "a\0b"}).status_code == 400


def test_a_warning_number_beyond_any_key_is_picked_by_nobody(sign_in, world):
    answer = sign_in("inspector").post("/warnings/many", {"ids": ["9" * 25], "action": "acknowledge"})
    assert answer.status_code == 302
