"""From the files to tables that know when each row arrived and when a later one replaced it.

Done once for a folder; days are looked at afterwards. ``known_from`` is the day a row arrived (for rows about a
project: at the earliest when the project was in the register), ``known_until`` the day another replaced it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import duckdb

from anxin.kernel.identifiers import PUBLIC_BODY
from anxin.kernel.refusal import Refused
from anxin.monitoring.folder.gate_days import gate_steps, share_macro
from anxin.monitoring.folder.manifest import COLUMNS, Delivery, Manifest
from anxin.monitoring.folder.matching import matching_steps

_FEN = "(nullif({0}, '')::DECIMAL(18, 2) * 100)::BIGINT"


def load(engine: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Make the schema ``kept``. Raises :class:`~anxin.kernel.refusal.Refused` where a value cannot be read."""
    engine.execute("CREATE SCHEMA kept")
    engine.execute("CREATE MACRO day_of(text) AS nullif(text, '')::DATE")
    engine.execute(f"CREATE MACRO fen_of(text) AS {_FEN.format('text')}")
    engine.execute("CREATE MACRO whole(text) AS nullif(text, '')::BIGINT")
    engine.execute("CREATE MACRO card_of(text) AS 'c' || hash(nullif(text, ''))::VARCHAR")
    engine.execute(share_macro(manifest.last_day))
    for name, kind, query in _STEPS:
        try:
            _step(engine, name, query.replace("SOURCE", _source(engine, manifest.of(kind), kind)))
        except duckdb.Error as problem:
            raise Refused(f"{kind} 的文件读不出来：{_brief(problem)}") from problem


def _step(engine: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    engine.execute(f"CREATE TABLE kept.{name} AS {query}")


def _source(engine: duckdb.DuckDBPyConnection, files: Sequence[Delivery], kind: str) -> str:
    """A table expression over all deliveries of a kind, with ``delivered`` beside the columns, all as text."""
    if not kind:
        return ""
    if not files:
        nothing = ", ".join(f'NULL::VARCHAR AS "{name}"' for name in COLUMNS[kind])
        return f"(SELECT {nothing}, NULL::DATE AS delivered, NULL::VARCHAR AS file WHERE false)"
    return "(" + " UNION ALL ".join(_read(header, group, kind) for header, group in _by_header(files)) + ")"


def _by_header(files: Sequence[Delivery]) -> Iterator[tuple[tuple[str, ...], list[Delivery]]]:
    """Files whose columns stand in the same order are read together, without looking into each of them."""
    for header, group in groupby(sorted(files, key=lambda one: one.header), key=lambda one: one.header):
        yield header, list(group)


def _read(header: Sequence[str], files: Sequence[Delivery], kind: str) -> str:
    dates = ", ".join(f"('{_quoted(str(one.path))}', DATE '{one.delivered_on}')" for one in files)
    paths = ", ".join(f"'{_quoted(str(one.path))}'" for one in files)
    types = ", ".join(f"'{_quoted(name)}': 'VARCHAR'" for name in header)
    columns = ", ".join(f'"{name}"' for name in COLUMNS[kind])
    return (
        f"SELECT {columns}, d.delivered, file FROM read_csv([{paths}], header = true, auto_detect = false, "
        f"delim = ',', quote = '\"', columns = {{{types}}}, filename = 'file') JOIN "
        f"(SELECT * FROM (VALUES {dates}) AS dates (path, delivered)) AS d ON file = d.path"
    )


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _brief(problem: duckdb.Error) -> str:
    return " ".join(str(problem).split())[:300]


def _versions(select: str, key: str) -> str:
    """Rows of which a later delivery of the same key replaces the earlier one."""
    return f"""
        SELECT * EXCLUDE (place, file),
               lead(known_from) OVER (PARTITION BY {key} ORDER BY known_from, file, place) AS known_until
        FROM (SELECT *, row_number() OVER () AS place FROM ({select}))
    """


_OF_PROJECT = """
    JOIN kept.project_ids p ON p.code = s.项目编码
"""
_SINCE = "greatest(s.delivered, p.known_from) AS known_from, s.file"

#: (table, kind of file, query); later ones build on earlier ones
_STEPS: tuple[tuple[str, str, str], ...] = (
    (
        "project_ids",
        "registry/projects",
        """SELECT row_number() OVER (ORDER BY 项目编码) AS project_id, 项目编码 AS code, min(delivered) AS known_from,
                  any_value(区划代码) AS region
           FROM SOURCE GROUP BY 项目编码""",
    ),
    (
        "employer_ids",
        "registry/employers",
        """SELECT row_number() OVER (ORDER BY 统一社会信用代码) AS employer_id, 统一社会信用代码 AS code,
                  any_value(区划代码) AS region
           FROM SOURCE GROUP BY 统一社会信用代码""",
    ),
    ("named_on_roster", "roster", "SELECT DISTINCT 身份证号 AS number FROM SOURCE"),
    ("named_on_payroll", "payroll", "SELECT DISTINCT 身份证号 AS number FROM SOURCE"),
    ("named_on_sheets", "attendance", "SELECT DISTINCT 身份证号 AS number FROM SOURCE"),
    ("named_among_officers", "registry/persons", "SELECT DISTINCT 身份证号 AS number FROM SOURCE"),
    ("named_by_clues", "clues", "SELECT DISTINCT 身份证号 AS number FROM SOURCE"),
    (
        "workers",
        "",
        """SELECT number, row_number() OVER (ORDER BY number)::VARCHAR AS worker_key
           FROM (SELECT number FROM kept.named_on_roster UNION SELECT number FROM kept.named_on_payroll
                 UNION SELECT number FROM kept.named_on_sheets
                 UNION SELECT number FROM kept.named_among_officers UNION SELECT number FROM kept.named_by_clues)
           WHERE number IS NOT NULL AND number <> ''""",
    ),
    (
        "projects",
        "registry/projects",
        _versions(
            f"""SELECT p.project_id, s.区划代码 AS region, s.项目名称 AS name,
                       CASE s.行业主管 WHEN '住建' THEN 'housing' WHEN '交通' THEN 'transport' WHEN '水务' THEN 'water'
                            ELSE 'other' END AS industry,
                       day_of(s.开工日期) AS commencement, day_of(s.竣工日期) AS completion,
                       fen_of(s.合同价款) AS contract_fen, day_of(s.施工许可日期) AS permit_on,
                       whole(s.发薪日) AS pay_day,
                       (CASE WHEN s.发薪月 IN ('0', '当月') THEN 0 ELSE 1 END)::BIGINT AS pay_month_offset,
                       CASE s.项目状态 WHEN '完工' THEN 'completed' WHEN '停工' THEN 'suspended' ELSE 'in_progress' END
                           AS state,
                       o.employer_id AS owner_id, c.employer_id AS contractor_id,
                       day_of(s.施工合同签订日期) AS contract_on, day_of(s.计划竣工日期) AS planned_completion,
                       (s.政府投资 = '是' OR coalesce(s.建设单位代码, '') LIKE '{PUBLIC_BODY}%') AS government,
                       whole(s."人工费周期(月)") AS cycle_months, whole(s.人工费拨付日) AS due_day,
                       fen_of(s.每期人工费) AS monthly_fen, {_SINCE}
                FROM SOURCE s {_OF_PROJECT}
                LEFT JOIN kept.employer_ids o ON o.code = s.建设单位代码
                LEFT JOIN kept.employer_ids c ON c.code = s.总包单位代码""",
            "project_id",
        ),
    ),
    (
        "enrolments",
        "roster",
        _versions(
            f"""SELECT p.project_id, w.worker_key, day_of(s.进场日期) AS entry, day_of(s.退场日期) AS exit,
                       e.employer_id, nullif(s.班组, '') AS team, nullif(s.工种, '') AS trade,
                       day_of(s.合同签订日期) AS contract_on, card_of(s.银行卡号) AS card, card_of(s.手机) AS phone,
                       payee.worker_key AS payee_key, nullif(s.银行卡号, '') AS card_number,
                       nullif(s.开户行网点, '') AS branch, day_of(s.开卡日期) AS opened_on, {_SINCE}
                FROM SOURCE s {_OF_PROJECT} JOIN kept.workers w ON w.number = s.身份证号
                LEFT JOIN kept.employer_ids e ON e.code = s.用工单位代码
                LEFT JOIN kept.workers payee ON payee.number = s.代收授权人身份证号""",
            "project_id, worker_key, entry",
        ),
    ),
    (
        "cards",
        "",
        """SELECT card, worker_key, opened_on, branch,
                  md5(left(card_number, length(card_number) - 5)) AS series,
                  try_cast(substr(card_number, length(card_number) - 4, 4) AS BIGINT) AS serial,
                  min(known_from) AS known_from
           FROM kept.enrolments WHERE card_number IS NOT NULL AND length(card_number) > 6 GROUP BY ALL""",
    ),
    (
        "punch_days",
        "gates",
        """SELECT p.project_id, coalesce(w.worker_key, 'u' || hash(s.身份证号)::VARCHAR) AS worker_key,
                  s.日期::DATE AS day, s.设备编号 AS device, s.首次打卡::TIMESTAMP_S AS first_at,
                  s.末次打卡::TIMESTAMP_S AS last_at, s.打卡次数::BIGINT AS punches, nullif(s.人脸特征, '') AS face,
                  s.补传 = '是' AS backfilled, greatest(s.delivered, p.known_from) AS known_from
           FROM SOURCE s JOIN kept.project_ids p ON p.code = s.项目编码
           LEFT JOIN kept.workers w ON w.number = s.身份证号""",
    ),
    *gate_steps(),
    (
        "sheet_months",
        "attendance",
        _versions(
            f"""SELECT p.project_id, w.worker_key, s.工资月份 AS month, s.出勤天数::DOUBLE AS days, {_SINCE}
                FROM SOURCE s {_OF_PROJECT} JOIN kept.workers w ON w.number = s.身份证号""",
            "project_id, worker_key, month",
        ),
    ),
    (
        "payroll_raw",
        "payroll",
        f"""SELECT row_number() OVER (ORDER BY s.delivered, s.file, s.工资月份, p.project_id, whole(s.序号), s.身份证号)
                       AS line_id,
                   p.project_id, w.worker_key, coalesce(w.worker_key, s.姓名) AS name_key, s.工资月份 AS month,
                   fen_of(s.应发) AS gross_fen, fen_of(s.扣款) AS deduction_fen, fen_of(s.实发) AS net_fen,
                   nullif(s.出勤天数, '')::DOUBLE AS days_worked, card_of(s.收款账号) AS card,
                   nullif(s.工种, '') AS trade, whole(s.序号) AS position, s.收款账号 AS account, s.姓名 AS name, {_SINCE}
            FROM SOURCE s {_OF_PROJECT} LEFT JOIN kept.workers w ON w.number = s.身份证号""",
    ),
    (
        "payroll_lists",
        "",
        """SELECT *, lead(known_from) OVER (PARTITION BY project_id, month ORDER BY known_from) AS known_until
           FROM (SELECT DISTINCT project_id, month, known_from FROM kept.payroll_raw)""",
    ),
    (
        "payroll_lines",
        "",
        """SELECT l.* EXCLUDE (file), v.known_until
           FROM kept.payroll_raw l JOIN kept.payroll_lists v USING (project_id, month, known_from)""",
    ),
    (
        "receipts",
        "bank/receipts",
        f"""SELECT row_number() OVER (ORDER BY s.流水号, s.delivered) AS receipt_id, p.project_id, s.工资月份 AS month,
                   s.流水号 AS number, s.收款账号 AS account, s.户名 AS name, fen_of(s.金额) AS amount_fen,
                   left(s.到账时间, 10)::DATE AS paid_on, s.结果 = '成功' AS paid, {_SINCE}
            FROM SOURCE s {_OF_PROJECT}
            QUALIFY row_number() OVER (PARTITION BY s.流水号, s.结果 ORDER BY s.delivered) = 1""",
    ),
    *matching_steps(),
    (
        "accounts",
        "bank/accounts",
        _versions(
            f"""SELECT p.project_id, day_of(s.开户日期) AS opened_on, day_of(s.备案日期) AS filed_on,
                       day_of(s.撤户日期) AS closed_on, day_of(s.撤户公示日期) AS closing_noticed_on, {_SINCE}
                FROM SOURCE s {_OF_PROJECT}""",
            "project_id, opened_on",
        ),
    ),
    (
        "entries",
        "bank/entries",
        f"""SELECT row_number() OVER (ORDER BY s.流水号) AS entry_id, p.project_id, s.流水号 AS number,
                   s.记账日期::DATE AS booked_on, s.方向 = '支出' AS leaves, fen_of(s.金额) AS amount_fen,
                   nullif(s.对方户名, '') AS payee, nullif(s.对方账号, '') AS account, coalesce(s.用途, '') AS purpose,
                   nullif(s.所属期, '') AS period, fen_of(s.余额) AS balance_fen, {_SINCE}
            FROM SOURCE s {_OF_PROJECT}
            QUALIFY row_number() OVER (PARTITION BY s.流水号 ORDER BY s.delivered DESC) = 1""",
    ),
    (
        "card_flows",
        "bank/cards",
        """SELECT card_of(s.卡号) AS card, s.时间::TIMESTAMP_S AS "at", fen_of(s.金额) AS amount_fen,
                  card_of(s.转入账号) AS to_account, s.delivered AS known_from FROM SOURCE s""",
    ),
    (
        "deposits",
        "deposits",
        _versions(
            f"""SELECT dense_rank() OVER (ORDER BY s.编号) AS deposit_id, p.project_id,
                       CASE s.形式 WHEN '现金' THEN 'cash' WHEN '保函' THEN 'guarantee' WHEN '保险' THEN 'insurance'
                            ELSE 'guarantor' END AS kind,
                       fen_of(s.金额) AS amount_fen, day_of(s.生效日期) AS valid_from, day_of(s.到期日期) AS valid_until,
                       day_of(s.返还日期) AS released_on, day_of(s.动用日期) AS used_on, fen_of(s.动用金额) AS used_fen,
                       day_of(s.补足日期) AS topped_up_on, {_SINCE}
                FROM SOURCE s {_OF_PROJECT}""",
            "deposit_id",
        ),
    ),
    (
        "boards",
        "site/boards",
        _versions(
            f"""SELECT p.project_id, day_of(s.检查日期) AS checked_on, s.是否设立 = '是' AS standing,
                       coalesce(whole(s.缺项数), 0) AS missing_items, day_of(s.限改日期) AS fix_by,
                       day_of(s.改正日期) AS fixed_on, {_SINCE}
                FROM SOURCE s {_OF_PROJECT}""",
            "project_id, checked_on",
        ),
    ),
    (
        "standstills",
        "site/standstills",
        _versions(
            f"""SELECT p.project_id, day_of(s.起) AS from_day, day_of(s.止) AS until_day, coalesce(s.原因, '') AS cause,
                       {_SINCE} FROM SOURCE s {_OF_PROJECT}""",
            "project_id, from_day",
        ),
    ),
    (
        "power",
        "site/power",
        """SELECT p.project_id, s.日期::DATE AS day, nullif(s.用电量, '')::DOUBLE AS power_kwh,
                  s.delivered AS known_from FROM SOURCE s JOIN kept.project_ids p ON p.code = s.项目编码""",
    ),
    (
        "weather",
        "site/weather",
        """SELECT 区划代码 AS region, 日期::DATE AS day, nullif(降雨量, '')::DOUBLE AS rain_mm,
                  delivered AS known_from FROM SOURCE""",
    ),
    (
        "settlements",
        "leavers",
        _versions(
            f"""SELECT p.project_id, w.worker_key, day_of(s.退场日期) AS left_on, day_of(s.确认结清日期) AS confirmed_on,
                       day_of(s.异议日期) AS contested_on, coalesce(s.异议办理中, '') = '是' AS handling, {_SINCE}
                FROM SOURCE s {_OF_PROJECT} JOIN kept.workers w ON w.number = s.身份证号""",
            "project_id, worker_key, left_on",
        ),
    ),
    (
        "clues",
        "clues",
        _versions(
            """SELECT dense_rank() OVER (ORDER BY s.编号) AS clue_id, s.接收日期::DATE AS received_on, p.project_id,
                      e.employer_id, coalesce(nullif(s.区划代码, ''), p.region, e.region, '') AS region,
                      coalesce(s.渠道, '') AS channel, w.worker_key, whole(s.人数) AS people, fen_of(s.金额) AS amount_fen,
                      nullif(s.月数, '')::DOUBLE AS months, coalesce(s.极端, '') = '是' AS extreme,
                      day_of(s.办结日期) AS closed_on,
                      CASE s.属实 WHEN '是' THEN true WHEN '否' THEN false END AS founded,
                      s.delivered AS known_from, s.file
               FROM SOURCE s LEFT JOIN kept.project_ids p ON p.code = s.项目编码
               LEFT JOIN kept.employer_ids e ON e.code = s.单位代码
               LEFT JOIN kept.workers w ON w.number = s.身份证号""",
            "clue_id",
        ),
    ),
    (
        "orders",
        "orders",
        _versions(
            """SELECT dense_rank() OVER (ORDER BY s.文书号) AS order_id, p.project_id, e.employer_id,
                      coalesce(nullif(s.区划代码, ''), p.region, e.region, '') AS region, day_of(s.送达日期) AS served_on,
                      day_of(s.期满日期) AS due_on, whole(s.人数) AS people, fen_of(s.金额) AS amount_fen,
                      nullif(s.最长月数, '')::DOUBLE AS months, day_of(s.付清日期) AS paid_on,
                      s.delivered AS known_from, s.file
               FROM SOURCE s LEFT JOIN kept.project_ids p ON p.code = s.项目编码
               LEFT JOIN kept.employer_ids e ON e.code = s.单位代码""",
            "order_id",
        ),
    ),
    (
        "employers",
        "registry/employers",
        _versions(
            """SELECT e.employer_id, s.区划代码 AS region, nullif(s.行业, '') AS industry, day_of(s.成立日期) AS founded_on,
                      CASE WHEN s.登记状态 LIKE '%异常%' THEN 'abnormal' WHEN s.登记状态 LIKE '%吊销%' THEN 'revoked'
                           WHEN s.登记状态 LIKE '%注销%' THEN 'deregistered' WHEN s.登记状态 <> '' THEN 'normal' END AS status,
                      day_of(s.状态日期) AS status_on, s.delivered AS known_from, s.file
               FROM SOURCE s JOIN kept.employer_ids e ON e.code = s.统一社会信用代码""",
            "employer_id",
        ),
    ),
    (
        "social",
        "social",
        _versions(
            """SELECT e.employer_id, e.region, s.月份 AS month, whole(s.参保人数) AS insured, whole(s.新增) AS hires,
                      whole(s.减少) AS leavers, fen_of(s.应缴金额) AS insurance_due_fen,
                      whole(s.欠缴月数) AS insurance_arrears_months, fen_of(s.欠缴金额) AS insurance_arrears_fen,
                      whole(s.失业金申领人数) AS unemployment_claims, s.delivered AS known_from, s.file
               FROM SOURCE s JOIN kept.employer_ids e ON e.code = s.统一社会信用代码""",
            "employer_id, month",
        ),
    ),
    (
        "utilities",
        "utilities",
        _versions(
            """SELECT e.employer_id, e.region, s.月份 AS month, nullif(s.用水量, '')::DOUBLE AS water_m3,
                      nullif(s.用电量, '')::DOUBLE AS power_kwh, s.delivered AS known_from, s.file
               FROM SOURCE s JOIN kept.employer_ids e ON e.code = s.统一社会信用代码""",
            "employer_id, month",
        ),
    ),
    (
        "source_months",
        "",
        """SELECT source, region, month, min(known_from) AS known_from FROM (
               SELECT unnest(['social', CASE WHEN unemployment_claims IS NOT NULL THEN 'unemployment' END]) AS source,
                      region, month, known_from FROM kept.social
               UNION ALL
               SELECT unnest([CASE WHEN water_m3 IS NOT NULL THEN 'water' END,
                              CASE WHEN power_kwh IS NOT NULL THEN 'power' END]), region, month, known_from
               FROM kept.utilities)
           WHERE source IS NOT NULL GROUP BY ALL""",
    ),
    (
        "events",
        "events",
        _versions(
            """SELECT dense_rank() OVER (ORDER BY s.编号) AS event_id, e.employer_id,
                      CASE s.种类 WHEN '仲裁' THEN 'arbitration' WHEN '监察' THEN 'inspection' WHEN '被执行' THEN 'enforcement'
                           WHEN '经营异常' THEN 'abnormal_registration' WHEN '失信' THEN 'dishonesty'
                           WHEN '欠税' THEN 'tax_arrears' ELSE s.种类 END AS kind,
                      s.日期::DATE AS "on", day_of(s.止) AS until, whole(s.人数) AS people, fen_of(s.金额) AS amount_fen,
                      s.delivered AS known_from, s.file
               FROM SOURCE s JOIN kept.employer_ids e ON e.code = s.统一社会信用代码""",
            "event_id",
        ),
    ),
    (
        "links",
        "registry/links",
        _versions(
            """SELECT e.employer_id, o.employer_id AS other_id, coalesce(s.关系, '') AS kind, day_of(s.起) AS since,
                      day_of(s.止) AS until, s.delivered AS known_from, s.file
               FROM SOURCE s JOIN kept.employer_ids e ON e.code = s.统一社会信用代码
               JOIN kept.employer_ids o ON o.code = s.关联单位代码""",
            "employer_id, other_id, kind, since",
        ),
    ),
    (
        "officers",
        "registry/persons",
        """SELECT e.employer_id, w.worker_key, coalesce(s.职务, '') AS office, min(s.delivered) AS known_from
           FROM SOURCE s JOIN kept.employer_ids e ON e.code = s.统一社会信用代码
           JOIN kept.workers w ON w.number = s.身份证号 GROUP BY ALL""",
    ),
    (
        "sites",
        "registry/sites",
        """SELECT row_number() OVER (ORDER BY s.编号, s.来源) AS site_id, s.区划代码 AS region,
                  CASE s.来源 WHEN '施工许可' THEN 'permit' WHEN '中标公示' THEN 'bid' ELSE 'inspection' END AS source,
                  s.编号 AS number, s.项目名称 AS name, s.日期::DATE AS "on", fen_of(s.合同价款) AS contract_fen,
                  regexp_replace(s.项目名称, '(工程|项目)$', '') AS plain_name, s.delivered AS known_from
           FROM SOURCE s
           QUALIFY row_number() OVER (PARTITION BY s.来源, s.编号 ORDER BY s.delivered DESC) = 1""",
    ),
)
