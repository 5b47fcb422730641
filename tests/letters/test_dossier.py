"""A matter's package brings its letters: the sealed files among the papers, who did what, and how they were served."""

from __future__ import annotations

import io
import zipfile

from anxin.casework.services import attach
from anxin.dossier.exporting import export_matter
from anxin.letters import serving
from anxin.letters.serving import Told
from tests.letters.conftest import drafted, sealed
from tests.proof.packages import judged
from tests.support.letters import needs_faces


def test_the_package_holds_acts_services_and_the_sealed_file(office):
    needs_faces()
    letter = sealed(office)
    told = Told(
        receiver=office.firm.name, manner="direct", on=office.now.date(), place="该单位", servers="某甲、某乙"
    )
    serving.serve(
        letter, told, by=office.inspector, now=office.now, law=office.law, expected_version=letter.version
    )
    drafted(office)
    made = export_matter(office.matter, by=office.inspector, now=office.now, law=office.law)
    assert judged(made.content).valid
    with zipfile.ZipFile(io.BytesIO(made.content)) as packed:
        acts = packed.read("rows/t21_letters.jsonl").decode()
        services = packed.read("rows/t22_services.jsonl").decode()
        journal = "".join(packed.read(one).decode() for one in packed.namelist() if "journal" in one)
        papers = [packed.read(one) for one in packed.namelist() if one.startswith("documents/")]
    assert letter.sealed_file.sha256 in acts
    assert "某keeper" in acts
    assert "直接送达" in services
    assert "letter.sealed" in journal
    assert sum(one.startswith(b"%PDF") for one in papers) == 2


def test_papers_of_the_inner_file_stay_in_the_office(office):
    before = export_matter(office.matter, by=office.inspector, now=office.now, law=office.law)
    for kind in ("deliberation_record", "statement_of_defence"):
        attach(
            office.matter, kind=kind, data=b"%PDF-1.7 " + kind.encode(), filename=f"{kind}.pdf",
            by=office.inspector, now=office.now, law=office.law,
        )  # fmt: skip
    made = export_matter(office.matter, by=office.inspector, now=office.now, law=office.law)
    assert judged(made.content).valid
    with zipfile.ZipFile(io.BytesIO(made.content)) as packed:
        files = [packed.read(one) for one in packed.namelist() if one.startswith("documents/")]
        listed = packed.read("rows/t07_papers.jsonl").decode()
    assert sum(b"statement_of_defence" in one for one in files) == 1
    assert not any(b"deliberation_record" in one for one in files)
    assert "评议记录" in listed and "属于仲裁副卷，不公开" in listed
    assert "1份仲裁副卷材料不公开" in made.left_out and "副卷" not in before.left_out
