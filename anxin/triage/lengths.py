"""For how many months wages are owed: the length that the text itself states, or none.

A length of time may be months of pay (三个月工资没发), failing that months of the work whose pay is owed (干了三个月), failing that how long
pay has been due (已经拖了半年). What else has a length (a contract, a pregnancy, a promise, insurance) is none, and a span counts only where both its ends
stand: 去年九月至今 asks for today's date. Approximate ones count as the least that they can be: 三个半月 is 3, 一年多 12.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from anxin.triage.clauses import clause_after, clause_before, sentence_before
from anxin.triage.numerals import numbers
from anxin.triage.quantities import Quantity

_A_YEAR, _A_QUARTER, _HALF = 12, 3, 6
#: nobody is owed for longer in whole months; what is told in more years is the age of something else
_MOST_MONTHS, _MOST_YEARS = 60, 5

_PAIRS = "|".join(
    f"{one}、?{two}" for one, two in zip("一二两三四五六七八", "二三三四五六七八九", strict=True)
)
_ONES = "[一二两俩三四五六七八九]"
#: 三 · 十二 · 四五 · 5、6 · 2.5 · 十几
_COUNT = rf"(?:(?<![\d.])\d{{1,2}}(?:[、~～-]\d{{1,2}}|\.\d)?|(?:{_PAIRS})|{_ONES}?十{_ONES}?|{_ONES}到{_ONES}|廿{_ONES}?|{_ONES})"
_MONTHS = rf"[俩仨]个?月|{_COUNT}[多来余几]?个[多来]?半?(?:[多来])?月"
_LENGTH = re.compile(
    rf"(?<![第每这那头前上今同期/半])(?:(?P<years>{_COUNT})(?:个?[多来余])?(?:整)?年(?![底前后月级初度纪轻龄货薪终中\d])(?P<half>半)?"
    rf"(?:[零又外加]?(?P<more>{_MONTHS}))?|(?P<months>{_MONTHS}|{_ONES}月(?=之久|有余))(?!薪(?![水资])|底(?!薪)|[初末份]))多?"
    r"|(?<![上下每头前])(?P<six>[大整]?半年)(?:多|有余)?"
)
_QUARTERS = re.compile(rf"(?P<count>{_ONES}|\d)个季度")
_PERIODS = (
    (re.compile("第?[一二三四1-4]季度"), _A_QUARTER),
    (re.compile("[上下]半年"), _HALF),
    (re.compile("全年|一?整年"), _A_YEAR),
)

_MONTH = r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])"
_YEAR = r"(?:\d{4}年?|\d{2}年|去年|今年|前年|当年|本年)"
#: 从3月到8月 · 去年九月到今年二月 · 从五月份欠到十一月份
_SPAN = re.compile(
    rf"(?<!\d)(?P<y1>{_YEAR}[.\-/]?)?(?P<m1>{_MONTH})月?份?(?:开始|起)?(?:[—\-~～到至和]+|一?[直欠拖]*[欠拖着了]*[到至])(?P<y2>{_YEAR}[.\-/]?)?(?P<m2>{_MONTH})月"
)
#: 七月八月九月 · 7、8、9月 · 十二月和一月
_LIST = re.compile(
    rf"(?<![\d年.])(?:(?:{_MONTH})月?份?[、和,，及跟与]?){{1,11}}(?:(?<=[月份、和,，及跟与])(?:{_MONTH}))月"
)
#: 六、七两个月 · 四五六三个月: the months by name, and how many they are
_NAMED = re.compile(rf"(?<!\d)(?:{_MONTH}月?[、和]?)+月?份?这?(?P<count>[两三四五六]|[2-6])个月")
_ONE = re.compile(
    rf"(?<![\d到至\-、和])(?:(?<=年)|(?<!年))(?:上个?月|{_MONTH}月份?)(?=份?的?(?:工资|工钱|薪))"
)

_PAY = r"(?:工资|工钱|薪|人工|劳务费|劳动报酬|报酬|血汗钱|钱(?!包)|底薪|派件费|绩效|课时费|课酬|提成|款)"
_NOT_PAID = (
    r"(?:没有?|未|不|停|拒|缓)(?:按时|能|足额|再|曾|给我们?|给)?(?:发|开|给|付|支付|兑现|拿|领|结|见|到账|打)"
)
_OWED_BEFORE = re.compile(
    rf"(?:欠|压|扣着?|拖(?!着命)|少发|差(?!不多)|讨要)[^，。；\d]{{0,12}}$|{_NOT_PAID}[^，。；]{{0,8}}$|(?:工资|工钱|薪)[^，。；\d]{{0,5}}$"
)
_PAY_BEHIND = re.compile(rf"^(?:零?[\d一二三四五六七八九十]+天)?(?:左右|多)?份?的?(?:全部|所有|基本)?{_PAY}")
_UNPAID_BEHIND = re.compile(
    rf"^(?:零?[\d一二三四五六七八九十]+天)?[^，。；]{{0,7}}?(?:{_NOT_PAID}|一分|分文|欠着|拖欠|白干)"
)
_WORKED = re.compile(
    r"(?:干|做|上|班|工作|打工|忙|教|开|送|带|吊篮上干|跑|守|搬)(?:了|满|到|过|够)?[^，。；\d]{0,3}$"
)
_WORK_BEHIND = re.compile(r"^[^，。；]{0,3}(?:做工|干活|施工|上班|做事|务工|打工)")
_WAITED = re.compile(
    r"(?:拖|等|压|欠|赖|推|讨|要)(?:延)?(?:了|到现在|到今天|到|着)?(?:快|近|有|将近|都)?$|(?:已经?有?|现在|足足|整整)(?:有|快|过去)?了?$"
)
#: what else has a length, in the clause itself
_OTHER = re.compile(
    r"怀孕|身孕|孩子|娃|试用|工期|合同|协议|承诺|答应|保证|社保|断缴|保险|公积金|养老|医保|仲裁|开过?庭|判决|登记|立案|完工|竣工|做完|离职|辞职|辞退|住院|病|房租|租|[请休病产]假|学|"
    r"加班|每|罚|补偿|赔偿|签到|培训|质保|保修|有期|拘"
)
#: the same in the sentence of a length that only waits
_OTHER_MATTER = re.compile("仲裁|开过?庭|判决|登记|立案|完工|竣工|离职|辞职|辞退")
_BEFORE_OR_AFTER = re.compile("^(?:之|以)?[内前后]|^期|^一次|^一[发结付]")
_RATE = re.compile(
    r"^(?:的)?(?:工资|底薪|能|就|才|也就|可以)?[是有挣拿发休只]{0,2}[才有]?(?!一[直分毛])[\d一二两三四五六七八九十百]"
)
#: one or some months were paid: 才发一个月工资
_PAID_BEFORE = re.compile(
    r"(?<![没未不停])(?:才|只|仅)?(?:发|结|付|给|拿)(?:了|过|完|到)$|(?:才|只|仅)(?:发|结|付|给|拿)$"
)
_PAPER_BEHIND = re.compile("^份?的?工资(?:明细|条|表|单|标准)")
#: what makes worked months those of pay that is owed
_STILL_OWED = re.compile(rf"欠|差|剩|余下|条|只|扣|少|{_NOT_PAID}|一分|分文|不给|不结|跑")
#: which of the three it is
_OF_PAY, _SINGLE, _OF_WORK, _DUE = 3.0, 2.5, 2.0, 1.0


@dataclass(frozen=True)
class _Length:
    months: int
    start: int
    end: int
    #: told in years, or as one month by its name: what speaks for other things as well
    years: bool = False
    single: bool = False


def months(text: str) -> Quantity | None:
    """For how many months wages are said to be owed; the first of the plainest."""
    best: tuple[float, _Length] | None = None
    for one in _lengths(text):
        weight = _weight(text, one)
        if weight and (best is None or weight > best[0]):
            best = (weight, one)
    if best is None:
        return None
    one = best[1]
    return Quantity(one.months, one.start, one.end, text[one.start : one.end])


def _weight(text: str, one: _Length) -> float:
    """How plainly the length is that of wages owed; 0 where it is of something else or nothing says of what."""
    before, after = clause_before(text, one.start), clause_after(text, one.end)
    if _BEFORE_OR_AFTER.match(after) or re.search(r"每个?$|[\d元块百千万]$", before):
        return 0
    if _PAID_BEFORE.search(before) or _PAPER_BEHIND.match(after):
        return 0
    if one.months in (1, _A_YEAR) and _RATE.match(after) and not re.search(f"欠|{_NOT_PAID}", before + after):
        return 0
    behind = text[one.end : one.end + 20]
    owed = _OWED_BEFORE.search(before) or "欠" in text[one.start : one.end]
    if owed or _UNPAID_BEHIND.match(behind) or (_PAY_BEHIND.match(behind) and not one.years):
        plain = (
            _PAY_BEHIND.match(behind)
            or (owed and not _OTHER.search(before))
            or not _OTHER.search(before + after)
        )
        if plain and not (_waits(before) and not _PAY_BEHIND.match(behind)):
            return _SINGLE if one.single else _OF_PAY
    if one.years or one.single or _OTHER.search(before + after):
        return 0
    worked = _WORKED.search(before) or _WORK_BEHIND.match(after)
    if worked and _STILL_OWED.search(text[one.end : one.end + 60]):
        return _OF_WORK
    if _WAITED.search(before) and re.search(
        rf"欠|{_NOT_PAID}|剩|余|工资|工钱|薪|{_PAY}", sentence_before(text, one.start)
    ):
        return 0 if _OTHER_MATTER.search(sentence_before(text, one.start)[-20:]) else _DUE
    return 0


def _waits(before: str) -> bool:
    """Whether it is the waiting that has this length (已经拖了半年) and not the pay."""
    return bool(re.search(r"(?:拖|等|推)(?:延)?(?:了|到现在|到今天|到|着)(?:快|近|有|将近|都)?$", before))


def _lengths(text: str) -> Iterator[_Length]:
    """Every length that the text states, none within another; months told by name before those that are counted."""
    taken: list[tuple[int, int]] = []
    for find in (_named, _spans, _lists, _counted, _periods):
        for one in find(text):
            free = all(one.end <= start or end <= one.start for start, end in taken)
            if free and 1 <= one.months <= _MOST_MONTHS:
                taken.append((one.start, one.end))
                yield one


def _named(text: str) -> Iterator[_Length]:
    for match in _NAMED.finditer(text):
        names = re.findall(_MONTH, match.group(0)[: match.start("count") - match.start()])
        if len(names) == _value(match["count"]):
            yield _Length(len(names), *match.span())


def _spans(text: str) -> Iterator[_Length]:
    for match in _SPAN.finditer(text):
        first, last = _value(match["m1"]), _value(match["m2"])
        length = last - first + 1
        years = [re.search(r"\d{4}", match[name] or "") for name in ("y1", "y2")]
        if years[0] and years[1]:
            length += (int(years[1].group(0)) - int(years[0].group(0))) * _A_YEAR
        elif length <= 1 or (
            (match["y1"] or "").startswith("去年") and (match["y2"] or "").startswith("今年")
        ):
            length += _A_YEAR
        yield _Length(length, *match.span())


def _lists(text: str) -> Iterator[_Length]:
    for match in _LIST.finditer(text):
        count = len(re.findall(_MONTH, match.group(0)))
        if count > 1:
            yield _Length(count, *match.span())
    for match in _ONE.finditer(text):
        yield _Length(1, *match.span(), single=True)


def _counted(text: str) -> Iterator[_Length]:
    for match in _LENGTH.finditer(text):
        if match["six"]:
            yield _Length(_HALF, *match.span())
        elif match["months"]:
            yield _Length(_value(match["months"]), *match.span())
        elif _value(match["years"]) <= _MOST_YEARS:
            length = _value(match["years"]) * _A_YEAR + (_HALF if match["half"] else 0)
            yield _Length(length + (_value(match["more"]) if match["more"] else 0), *match.span(), years=True)


def _periods(text: str) -> Iterator[_Length]:
    for match in _QUARTERS.finditer(text):
        yield _Length(_value(match["count"]) * _A_QUARTER, *match.span())
    for pattern, length in _PERIODS:
        for match in pattern.finditer(text):
            yield _Length(length, *match.span(), years=True)


def _value(words: str) -> int:
    """The lower bound of a count in figures or words."""
    found = numbers(re.split("[~～-]", words)[0])
    return int(found[0].value) if found else 0
