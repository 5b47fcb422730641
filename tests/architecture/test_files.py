"""Files come in and go out through one way each: nothing else reads an upload, keeps a person's file or gives bytes back."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from anxin.config.home import PROJECT_ROOT

_WEB = PROJECT_ROOT / "anxin"
RECEIVES, HANDS_OUT, LOOKS = "anxin/web/receiving.py", "anxin/web/handing_out.py", "anxin/evidence/doors.py"
#: what keeps files that we made ourselves, and what they are: none of these takes a file from anybody
OUR_OWN = {
    "anxin/agency/ordering.py": "orders to pay in a bank's format",
    "anxin/arbitration/recording.py": "the record of a hearing",
    "anxin/contracts/drafting.py": "contracts as they are drafted",
    "anxin/contracts/seals.py": "contracts with both signatures",
    "anxin/contracts/signatures.py": "contracts with their signatures",
    "anxin/letters/issuing.py": "letters as they are issued",
    "anxin/letters/party.py": "papers made with a party before anybody signs",
    "anxin/letters/sealing.py": "letters with their seal",
    "anxin/letters/turns.py": "papers signed in turn",
    "anxin/mediation/preparing.py": "papers of a mediation before anybody signs",
    "anxin/mediation/stamping.py": "papers of a mediation with their seal; a scan was looked at and is set anew",
    "anxin/referral/given_back.py": "workbooks given back to a hotline",
}
#: an archive of a list and its files is kept whole and never unpacked for anybody; each file within is looked at when taken
ARCHIVES = {"anxin/evidence/imports.py"}
#: answers whose bytes are neither a stored file nor a person's
TYPED_BY_US = {
    "anxin/web/api/writing.py": "JSON of the interface",
    "anxin/web/grid/offline.py": "our own script",
    "anxin/web/health.py": "ok",
    "anxin/web/public/scanned.py": "one sentence",
}


def faults(source: str, name: str) -> list[str]:
    """What a file does with people's files that only the two ways may do, one line each."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute | ast.Subscript) and _is(node.value, "FILES") and name != RECEIVES:
            found.append(f"reads request.FILES in line {node.lineno}")
        if (
            isinstance(node, ast.ImportFrom)
            and node.module == "anxin.evidence.files"
            and _names(node) & {"store", "*"}
        ):
            found.append(f"takes the keeping of files by itself in line {node.lineno}")
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if (
            called.rpartition(".")[2] in ("FileField", "ImageField")
            and called.startswith("forms.")
            and name != RECEIVES
        ):
            found.append(f"has a form with a bare file in line {node.lineno}")
        if called == "files.store" and name not in (LOOKS, *OUR_OWN, *ARCHIVES):
            found.append(f"keeps a file unlooked at in line {node.lineno}")
        typed = any(one.arg == "content_type" for one in node.keywords)
        if called in ("FileResponse", "StreamingHttpResponse") and name != HANDS_OUT:
            found.append(f"streams a file in line {node.lineno}")
        if called == "HttpResponse" and typed and name not in (HANDS_OUT, *TYPED_BY_US):
            found.append(f"gives bytes a type in line {node.lineno}")
    if '"Content-Disposition"' in source and name != HANDS_OUT:
        found.append("writes Content-Disposition")
    return found


def _names(node: ast.ImportFrom) -> set[str]:
    return {one.name for one in node.names}


def _is(node: ast.expr, attribute: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == attribute


def _sources() -> list[Path]:
    return [path for path in sorted(_WEB.rglob("*.py")) if "migrations" not in path.parts]


def test_every_file_comes_in_and_goes_out_by_the_one_way():
    told = {
        name: wrong
        for path in _sources()
        if (wrong := faults(path.read_text(encoding="utf-8"), name := str(path.relative_to(PROJECT_ROOT))))
    }
    assert told == {}


def test_whoever_is_excepted_still_needs_it():
    for name in (*OUR_OWN, *ARCHIVES):
        assert "files.store(" in (PROJECT_ROOT / name).read_text(encoding="utf-8")
    for name in TYPED_BY_US:
        assert "content_type=" in (PROJECT_ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "source",
    [
        "request.FILES.get('file')",
        "request.FILES['file'].read()",
        "from anxin.evidence.files import store as keep",
        "request.FILES.getlist('photos')",
        "class F(Form):\n    file = forms.FileField(label='x')",
        "files.store(data, name='x', now=now)",
        "HttpResponse(data, content_type='application/pdf')",
        "FileResponse(target)",
        'response["Content-Disposition"] = "inline"',
    ],
)
def test_the_check_sees_what_it_looks_for(source):
    assert faults(source, "anxin/web/bureau/new.py")


@pytest.mark.parametrize(
    "source", ["Form(request.POST, request.FILES)", "bool(request.FILES)", "HttpResponse(status=204)"]
)
def test_the_check_leaves_alone_what_is_no_file(source):
    assert not faults(source, "anxin/web/bureau/new.py")
