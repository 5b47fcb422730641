"""预警单 and 预警升级单: what the warning says, masked; nothing climbs on paper that has not climbed; what is missing is told at once."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.monitoring import slips
from anxin.monitoring.escalating import escalate
from anxin.monitoring.models import Warning, WarningRow
from anxin.registry.models import Organisation
from tests.monitoring import factories as make
from tests.monitoring.warnings import EXPLANATION, a_warning
from tests.support.letters import needs_poppler, text_of

pytestmark = pytest.mark.django_db
OPENED = dt.date(2026, 11, 16)
DAY = dt.date(2026, 11, 19)


@pytest.fixture
def warning() -> Warning:
    region = make.region("990101")
    body = Organisation.objects.create(
        code="HR", name="云城区人力资源和社会保障局", kind="bureau", region=region
    )
    site = make.project("P1", region_code="990101", responsible=body, name="东台安置房工程")
    found = a_warning(site, level=4, opened_on=OPENED)
    worker = make.worker(1, name="赵大有")
    WarningRow.objects.create(
        warning=found, worker_key=str(worker.pk), amount_fen=1_200_000, days=6, detail={}, keys=""
    )
    return found


def words(data: bytes, folder) -> str:
    needs_poppler()
    return text_of(data, folder).replace("\n", "").replace(" ", "")


def test_the_slip_has_the_warning_with_its_law_its_rows_and_its_sums(warning, tmp_path):
    data = slips.slip(warning, slips.SLIP, on=DAY, law=local_law.current())
    said = words(data, tmp_path)
    for word in ("红色", "东台安置房工程", "W03逾期未发工资", "2026年10月", "逾期1日以上", "《保障农民工工资支付条例》第十二条",
                 "云城区人力资源和社会保障局", "12,000.00", "赵", "银行发放结果显示", "2026年11月27日"):  # fmt: skip
        assert word in said, word
    assert "赵大有" not in said


def test_there_is_no_slip_of_an_escalation_before_anything_climbed(warning, tmp_path):
    make.user("boss", "leader", region="")
    law = local_law.current()
    with pytest.raises(Refused, match="没有升级单可以出"):
        slips.slip(warning, slips.ESCALATION, on=DAY, law=law)
    escalate(on=DAY, now=make.at("2026-11-19", 23), law=law)
    said = words(slips.slip(warning, slips.ESCALATION, on=DAY, law=law), tmp_path)
    assert "催办" in said and "个工作日没有处置" in said


def test_everything_that_is_missing_is_told_at_once(warning):
    warning.explanation = EXPLANATION | {"responsible_name": "", "clears": ""}
    with pytest.raises(Refused) as refused:
        slips.slip(warning, slips.SLIP, on=DAY, law=local_law.current())
    assert "整改责任单位" in str(refused.value) and "怎样算消除" in str(refused.value)
