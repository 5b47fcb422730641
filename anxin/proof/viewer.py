"""The page that opens in any browser: what the package is of, its rows, its documents, who vouches for it.

It is worked out from the statement and the rows alone, so that a verifier can work it out again: a page that
tells another story than the rows is found. No script, nothing from outside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from anxin.proof.contents import ABOUT, DOCUMENTS, JOURNAL, PEOPLE, table_path
from anxin.proof.hashing import fingerprint
from anxin.proof.statement import TAKEN_OUT

#: a page shows so many rows of a table; the file beside it has them all
ROWS_SHOWN = 1000
_STYLE = """
body{margin:0 auto;max-width:80rem;padding:1.5rem;font:16px/1.6 system-ui,"Noto Sans SC","Microsoft YaHei",sans-serif;color:#1d2733}
h1{font-size:1.5rem;line-height:1.35;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2.25rem 0 .35rem;border-left:4px solid #2a5d8f;padding-left:.6rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}dt{color:#5b6673}dd{margin:0;overflow-wrap:anywhere}
nav{margin:1.25rem 0;padding:.6rem .9rem;background:#f2f5f8;border-radius:.4rem}nav a{display:inline-block;margin-right:1.1rem}a{color:#1f5a94}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;min-width:100%}th,td{border:1px solid #d5dbe1;padding:.3rem .55rem;text-align:left;vertical-align:top}
th{background:#f2f5f8;white-space:nowrap}td{max-width:26rem;overflow-wrap:anywhere;white-space:pre-line}td.short{white-space:nowrap}td.long{min-width:16rem}
.out{color:#8a5a00;background:#fff7e6}.note{color:#5b6673;font-size:.9rem;margin:0 0 .5rem}code{overflow-wrap:anywhere}
@media(max-width:44rem){body{padding:1rem}thead{display:none}table,tbody,tr,td{display:block}tr{border:1px solid #d5dbe1;border-radius:.4rem;margin-bottom:.6rem;padding:.3rem .6rem}
td,td.short,td.long{border:0;padding:.1rem 0;max-width:none;min-width:0;white-space:pre-line}td:empty{display:none}td[data-of]::before{content:attr(data-of) "：";color:#5b6673}
.pairs td[data-of]::before{content:none}.pairs td:first-child{color:#5b6673}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}}
@media print{nav{display:none}.wide{overflow:visible}body{max-width:none;padding:0;font-size:12px}}
"""
#: shorter values stay on one line, longer ones get room
_SHORT, _LONG = 20, 48


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
        _contents(statement["tables"]),
    ]
    for path, table in _in_order(statement["tables"]):
        parts.append(_table(path, table, rows.get(path, ()), counts.get(path, 0)))
    parts += [_signers(statement), "</body></html>\n"]
    return "\n".join(parts).encode()


def _in_order(tables: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """By path, the list of documents, the people and the journal after the rest."""
    last = [table_path(name) for name in (DOCUMENTS, PEOPLE, JOURNAL)]
    return sorted(
        tables.items(), key=lambda item: (last.index(item[0]) + 1 if item[0] in last else 0, item[0])
    )


def _anchor(path: str) -> str:
    return escape(path.removeprefix("rows/").removesuffix(".jsonl"))


def _contents(tables: Mapping[str, Any]) -> str:
    links = " ".join(
        f'<a href="#{_anchor(path)}">{escape(table["title"])}</a>' for path, table in _in_order(tables)
    )
    return f'<nav aria-label="目录">{links} <a href="#signers">签章与核验</a></nav>'


def _facts(statement: Mapping[str, Any]) -> str:
    made = statement["made"]
    facts = {
        **dict(sorted(statement["subject"].items())),
        "截至": statement["as_of"],
        "生成": f"{made['at']} · {made['by']} · {made['product']}",
    }
    return _list(facts)


def _list(facts: Mapping[str, str]) -> str:
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{escape(value)}</dd>' for name, value in facts.items())}</dl>"


def _table(path: str, table: Mapping[str, Any], lines: Sequence[bytes], count: int) -> str:
    rows = [None if line == TAKEN_OUT else json.loads(line) for line in lines]
    signs = any(row is not None and row.get(ABOUT) for row in rows)
    columns = {
        name: label
        for name, label in map(tuple, table["columns"])
        # a column in which nothing stands only takes room
        if any(row is None or row.get(name) not in (None, "") for row in rows)
    }
    headings = "".join(
        f"<th>{escape(label)}</th>" for label in (*(["涉及"] if signs else []), *columns.values())
    )
    body = "\n".join(_row(path, columns, row, signs) for row in rows)
    more = f"，这里列出前{len(lines)}行" if count > len(lines) else ""
    pairs = " class=pairs" if len(columns) == 2 and not signs else ""
    return (
        f'<h2 id="{_anchor(path)}">{escape(table["title"])}</h2>'
        f"<p class=note>共{count}行{more}；原始数据在 {escape(path)}</p>"
        f"<div class=wide><table{pairs}><thead><tr>{headings}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )


def _row(path: str, columns: Mapping[str, str], row: Mapping[str, Any] | None, signs: bool) -> str:
    """One row; ``signs``: whether the table has a column that says about whom rows are."""
    if row is None:
        return f'<tr class=out><td colspan="{len(columns) + signs}">这一行已隐去</td></tr>'
    about = "、".join(map(str, row.get(ABOUT) or ()))
    first = f'<td class=short data-of="涉及">{escape(about)}</td>' if signs else ""
    return f"<tr>{first}{''.join(_td(label, _cell(path, name, row.get(name))) for name, label in columns.items())}</tr>"


def _td(label: str, shown: str) -> str:
    width = " class=short" if len(shown) <= _SHORT else " class=long" if len(shown) >= _LONG else ""
    return f'<td{width} data-of="{escape(label)}">{shown}</td>'


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
    if seal := statement.get("seal"):
        lines += f"<li>电子签章：{escape(seal['name'])}<br><code>证书指纹 {escape(seal['certificate'])}</code></li>"
    return (
        f"<h2 id=signers>签章与核验</h2><ul>{lines}</ul>"
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
