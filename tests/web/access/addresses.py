"""How the address of every route of the console is made: which object's key it takes, and what else stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from django.urls import URLPattern, get_resolver, reverse

#: object (its name in the fixture ``objects``) → the routes whose ``pk`` is its key; of all others it is the site's
ROUTES_OF = {
    "warning": "warning",
    "worker": "worker reveal worker-evidence worker-evidence-list worker-evidence-export",
    "person": "person person-act",
    "sweep": "sweep",
    "run": "agency-run agency-run-export",
    "local_value": "law-settings-record law-settings-act",
    "clue": "clue clue-act clue-ask clue-receipt claimants claimants-photo claimants-typing claimants-export "
    "claimants-act claimants-paid claimants-paid-export claimants-paid-act claimants-divide "
    "clue-offers clue-offers-export clue-offers-adopt ledger-strike claimant-act opening-ask "
    "clue-work clue-work-act claimant-evidence claimant-evidence-list claimant-evidence-export",
    "visit": "visit visit-group visit-act",
    "promise": "promise promise-keep",
    "duty": "duty-act",
    "recording": "recording-sound recording-act",
    "opening": "opening-decide",
    "signed_table": "referral-version referral-act",
    "given": "given-back-fetch",
    "meeting": "meeting meeting-act",
    "matter": "matter-joint matter-marks matter-urgings matter-urgings-list matter-evidence "
    "matter-evidence-list matter-evidence-export letter-new party-paper-new party-papers-export "
    "matter-letters matter-letters-export matter matter-paper matter-step matter-act",
    "case": "matter-inspection matter-paid matter-paid-export matter-paid-act matter-arrears "
    "matter-arrears-export matter-arrears-act matter-inspection-act",
    "bulletin": "bulletin bulletin-interview",
    "emergency": "emergency emergency-act",
    "letter": "letter letter-edit letter-check letter-act letter-link letter-read letter-pdf letter-docx "
    "letter-corrected",
    "party_paper": "party-paper party-paper-edit party-paper-file party-paper-act",
    "labour_contract": "labour-contract-counter",
    "contract_text": "contract-model contract-model-act",
    "grid_report": "grid-report grid-prove",
    "arbitration": "arbitration-case arbitration-claims-export arbitration-proposals arbitration-act "
    "arbitration-hearings arbitration-hearings-act",
    "hearing": "arbitration-record arbitration-record-act",
    "mediation": "mediation-case mediation-plan-export mediation-act mediation-signing mediation-signing-act",
    "code": "code code-act",
    "site": "due",
    "gate": "gate gate-act",
    "upload": "upload-record",
    "platform": "upload-settings upload-switch",
    "employer": "employer",
    "known_site": "coverage-site",
    "layout": "layout layout-trial layout-mapping layout-act",
    "api_key": "api-key api-key-act",
    "query": "account-query account-query-act",
    "backtest": "backtest backtest-export",
    "running_backtest": "backtest-progress",
}
_PK = {route: of for of, routes in ROUTES_OF.items() for route in routes.split()}
_EVIDENCE_OF_CLAIMANT = ("claimant-evidence", "claimant-evidence-list", "claimant-evidence-export")
#: parts that are words: the same for every route, or by route
_WORDS = {
    "fact": 1,
    "event": 1,
    "code": "W03",
    "step": "accept",
    "month": "2026-10",
    "day": "2026-10-05",
    "action": "note",
    "kind": {"warning-slip": "raised", "liability-fact": "means", "reveal": "worker", "due": "pay-day"},
    "answer": {"opening-decide": "approve", "match-decide": "confirm", "gate-claim-decide": "confirm"},
    "what": {
        "project-export": "roster",
        "project-register": "deposit",
        "law-settings-export": "values",
        "upload-export": "platforms",
        "account-act": "balance",
        "deposit-act": "top-up",
        "money-export": "accounts",
        "account-query-act": "approve",
        "claimants-act": "add",
        "claimants-paid-act": "assign",
        "claimant-act": "amount",
        "matter-arrears-act": "register",
        "matter-paid-act": "pay",
    },
    "key": {
        "law-value": "inspection.investigation_days",
        "law-procedure": "inspection_case",
        "law-procedure-export": "inspection_case",
        **dict.fromkeys(("guide", "guide-draft", "guide-poster", "guide-leaflet", "guide-act"), "unpaid"),
    },
}


@cache
def routes() -> dict[str, URLPattern]:
    """The console's own; a portal has a namespace, and its tests beside its pages."""
    found = {}
    for resolver in get_resolver().url_patterns:
        if resolver.namespace is None:
            for pattern in resolver.url_patterns:
                if isinstance(pattern, URLPattern):
                    found[pattern.name] = pattern
    return found


def address_of(name: str, objects: Mapping[str, int]) -> str:
    """An address of the route that exists; ``objects``: name of an object → its key."""
    wanted = re.findall(r"<\w+:(\w+)>", str(routes()[name].pattern))
    return reverse(name, kwargs={part: _part(part, name, objects) for part in wanted}) + _query(name, objects)


def _part(part: str, name: str, objects: Mapping[str, int]) -> object:
    if part == "pk":
        return objects[_PK.get(name) or _default(name)]
    if part == "sort":
        return "routing" if name.startswith("referral-") else "values"
    if part == "person":
        return objects["claimant"] if name in _EVIDENCE_OF_CLAIMANT else 1
    found = _WORDS.get(part, objects.get(part))
    return found[name] if isinstance(found, dict) else found


def _default(name: str) -> str:
    return "batch" if name.startswith("import") else "warning" if name.startswith("warning") else "site"


def _query(name: str, objects: Mapping[str, int]) -> str:
    return {
        "law-settings-check": "?key=warning.w03&from=2020-05-01",
        "statistics-rows": "?show=closure&of=base",
        "statistics-rows-export": "?show=closure&of=base",
        "arbitration-new": f"?matter={objects['arbitration_matter']}",
        "code-boards": f"?site={objects['site']}",
        "code-stickers": f"?site={objects['site']}-1-1",
    }.get(name, "")
