"""Procedures invented for tests, laid beside the shipped law: small enough to be read at a glance."""

from __future__ import annotations

from functools import cache

import yaml

from anxin.law import Law, load
from anxin.law.procedures import Procedure, parse_procedure

#: 5 and 15 working days, 60 working days with an extension of 30, a least period of 30 natural days
_TALK = """
key: test_talk
name: 试办甲程序
purpose: 用于测试
begins: 登记之日
decided_by: [inspection_head]
confidence: verified
references: [{statute: inspection_regulation, article: 14}]
states:
  registered: {name: 已登记}
  waiting: {name: 待补正}
  accepted: {name: 办理中}
  suspended: {name: 已中止}
  reported: {name: 已上报}
  publicity: {name: 公示中}
  refused: {name: 不予受理}
  closed: {name: 已结束, final: true}
  done: {name: 已完成, final: true}
transitions:
  - {key: ask_papers, name: 要求补正, from: [registered], to: waiting, by: [inspector]}
  - {key: complete, name: 补正材料, from: [waiting], to: registered, by: [worker]}
  - key: accept
    name: 决定受理
    from: [registered]
    to: accepted
    by: [inspection_head]
    documents: [case_filing_approval]
    references: [{statute: inspection_regulation, article: 14}]
  - {key: refuse, name: 决定不予受理, from: [registered], to: refused, by: [inspector]}
  - {key: object, name: 提出异议, from: [refused], to: registered, by: [worker]}
  - {key: give_up, name: 异议期满, from: [refused], to: closed, by: [system], automatic: {clock: objection, when: missed}}
  - {key: extend, name: 延长调查期限, from: [accepted], to: accepted, by: [inspection_head]}
  - {key: suspend, name: 中止调查, from: [accepted], to: suspended, by: [inspector]}
  - {key: resume, name: 恢复调查, from: [suspended], to: accepted, by: [inspector]}
  - {key: report, name: 逾期上报, from: [accepted], to: reported, by: [inspector]}
  - key: publish
    name: 开始公示
    from: [accepted, reported]
    to: publicity
    by: [inspector]
    any_of: [[rectification_order, interview_notice]]
  - {key: finish, name: 公示期满结束, from: [publicity], to: done, by: [inspector]}
  - {key: back, name: 公示中退回, from: [publicity], to: accepted, by: [court]}
clocks:
  - key: decide
    parameter: inspection.complaint_decision_days
    starts: [open]
    met_by: [accept, refuse]
    restarted_by: [complete, transferred]
    missed: {effect: oversight, says: 逾期未决定，列入督办。}
  - key: objection
    parameter: penalty.hearing_request_days
    starts: [refuse]
    met_by: [object]
    bars: [object]
  - key: investigate
    parameter: inspection.investigation_days
    starts: [accept]
    met_by: [publish]
    paused_by: [suspend]
    resumed_by: [resume]
    extended_by: [extend]
    missed: {effect: escalate, says: 逾期未查结，上报一级。, transition: report}
  - key: publicity
    parameter: special_account.cancel_publicity_days
    starts: [publish]
    gates: [finish]
"""

_HEARING = """
key: test_hearing
name: 试办乙程序
purpose: 用于测试
begins: 定期开会之日
decided_by: [inspector]
confidence: verified
states:
  planned: {name: 已定期}
  told: {name: 已通知}
  sent: {name: 已移送, final: true}
transitions:
  - {key: tell, name: 送达通知, from: [planned], to: told, by: [inspector]}
  - {key: approve, name: 批准移送, from: [told], to: told, by: [inspection_head]}
  - {key: send, name: 移送, from: [told], to: sent, by: [inspector]}
clocks:
  - key: notice
    parameter: penalty.hearing_notice_days
    starts: [open]
    counts_back_from: 听证会
    met_by: [tell]
    missed: {effect: oversight, says: 通知晚于法定期限。}
  - key: hours
    parameter: crime.transfer_send_hours
    starts: [approve]
    met_by: [send]
    missed: {effect: oversight, says: 逾期未移送。}
"""

FIXTURES = (_TALK, _HEARING)


class FixtureLaw(Law):
    """The shipped law with more procedures; everything else is answered by the shipped one."""

    def __init__(self, shipped: Law, more: tuple[Procedure, ...]) -> None:
        self.__dict__.update(shipped.__dict__)
        self._more = {table.key: table for table in more}

    def procedure(self, key: str) -> Procedure:
        return self._more.get(key) or super().procedure(key)

    def procedures(self) -> tuple[Procedure, ...]:
        return (*super().procedures(), *self._more.values())


@cache
def tables() -> tuple[Procedure, ...]:
    parsed = []
    for text in FIXTURES:
        content = yaml.safe_load(text)
        parsed.append(parse_procedure(content, f"{content['key']}.yaml"))
    return tuple(parsed)


@cache
def fixture_law() -> FixtureLaw:
    return FixtureLaw(load(), tables())
