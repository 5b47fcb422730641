"""The page that opens in any browser: what the package is of, its rows, its documents, who vouches for it.

It is worked out from the statement and the rows alone, so that a verifier can work it out again: a page that
tells another story than the rows is found. No script, nothing from outside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from anxin.proof.contents import ABOUT, DOCUMENTS, table_path
from anxin.proof.hashing import fingerprint
from anxin.proof.statement import TAKEN_OUT

#: a page shows so many rows of a table; the file beside it has them all
ROWS_SHOWN = 1000
_STYLE = """
body{margin:0 auto;max-width:72rem;padding:1.5rem;font:16px/1.6 system-ui,"Noto Sans SC","Microsoft YaHei",sans-serif;color:#1d2733}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}
dt{color:#5b6673}dd{margin:0;overflow-wrap:anywhere}.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem}
th,td{border:1px solid #d5dbe1;padding:.3rem .55rem;text-align:left;vertical-align:top}th{background:#f2f5f8;white-space:nowrap}
.out{color:#8a5a00;background:#fff7e6}.note{color:#5b6673;font-size:.9rem}code{overflow-wrap:anywhere}
"""


def first_rows(files: Mapping[str, bytes]) -> dict[str, list[bytes]]:
    """The lines that the page shows, by path."""
    return {
        path: content.split(b"\n", ROWS_SHOWN)[:ROWS_SHOWN]
        if content.count(b"\n") > ROWS_SHOWN
        else content.split(b"\n")[:-1]
        for path, content in files.items()
        if path.startswith("rows/")
    }


def page(statement: Mapping[str, Any], rows: Mapping[str, Sequence[bytes]]) -> bytes:
    """The page as UTF-8; ``rows`` as :func:`first_rows` gives them. Raises ``ValueError`` for rows that are no JSON."""
    counts = dict(map(tuple, statement["files"]))
    parts = [
        "<!DOCTYPE html>",
        '<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>{escape(statement['title'])}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(statement['title'])}</h1>",
        _facts(statement),
    ]
    for path, table in sorted(statement["tables"].items()):
        parts.append(_table(path, table, rows.get(path, ()), counts.get(path, 0)))
    parts += [_signers(statement), "</body></html>\n"]
    return "\n".join(parts).encode()


def _facts(statement: Mapping[str, Any]) -> str:
    made = statement["made"]
    facts = {
        **statement["subject"],
        "截至": statement["as_of"],
        "生成": f"{made['at']} · {made['by']} · {made['product']}",
    }
    return _list(facts)


def _list(facts: Mapping[str, str]) -> str:
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{escape(value)}</dd>' for name, value in facts.items())}</dl>"


def _table(path: str, table: Mapping[str, Any], lines: Sequence[bytes], count: int) -> str:
    columns = dict(map(tuple, table["columns"]))
    headings = "".join(f"<th>{escape(label)}</th>" for label in columns.values())
    body = "\n".join(_line(path, columns, line) for line in lines)
    more = f"，这里列出前{len(lines)}行" if count > len(lines) else ""
    return (
        f"<h2>{escape(table['title'])}</h2><p class=note>共{count}行{more}；原始数据在 {escape(path)}</p>"
        f"<div class=wide><table><thead><tr><th></th>{headings}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )


def _line(path: str, columns: Mapping[str, str], line: bytes) -> str:
    if line == TAKEN_OUT:
        return f'<tr class=out><td colspan="{len(columns) + 1}">这一行已隐去</td></tr>'
    row = json.loads(line)
    cells = "".join(f"<td>{_cell(path, name, row.get(name))}</td>" for name in columns)
    about = row.get(ABOUT)
    return f"<tr><td>{escape('、'.join(map(str, about))) if about else ''}</td>{cells}</tr>"


def _cell(path: str, name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if path == table_path(DOCUMENTS) and name == "path":
        return f'<a href="{escape(str(value))}">{escape(str(value))}</a>'
    if isinstance(value, (dict, list)):
        return escape(json.dumps(value, ensure_ascii=False, sort_keys=True))
    return escape(str(value))


def _signers(statement: Mapping[str, Any]) -> str:
    lines = "".join(
        f"<li>{escape(one['role'])}：{escape(one['name'])}<br><code>公钥指纹 {fingerprint(bytes.fromhex(one['key']))}</code></li>"
        for one in statement["signers"]
    )
    return (
        f"<h2>签章与核验</h2><ul>{lines}</ul>"
        "<p>这个网页只供阅读。要确认内容没有被改动，请从可靠的来源取得 verify.py，运行 "
        "<code>python3 verify.py 证据包文件</code>，并把上面的公钥指纹同出具单位公布的对照。</p>"
        + _list(
            {
                "链尾（SHA-256）": statement["chain"]["sha256"],
                "链尾（SM3）": statement["chain"]["sm3"],
                "记录与文件": f"{statement['leaves']}项",
            }
        )
    )
