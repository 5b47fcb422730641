"""Diagrams of procedures: everything drawn, nothing on top of another, safe on a page with a strict policy."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from anxin.law import UnknownKey, load
from anxin.law.diagram_layout import GAP_ACROSS, layout, text_width, wrap
from anxin.law.diagrams import mermaid, svg
from anxin.law.procedures import parse_procedure

LAW = load()
ROOT = Path(__file__).resolve().parents[2]
KEYS = [procedure.key for procedure in LAW.procedures()]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(key):
    procedure = LAW.procedure(key)
    return layout(procedure, {step.key: step.name for step in procedure.transitions})


def words_of(picture):
    """Everything written in a drawing, line breaks taken out."""
    return ["".join(text.itertext()) for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("key", KEYS)
def test_every_state_and_step_is_written_in_the_drawing(key):
    procedure = LAW.procedure(key)
    written = "".join("".join(words_of(svg(procedure))).replace("↻ ", "").split())
    for thing in (*procedure.states, *procedure.transitions):
        assert thing.name.replace(" ", "") in written, thing.name


@pytest.mark.parametrize("key", KEYS)
def test_boxes_stand_apart_and_inside_the_drawing(key):
    found = drawn(key)
    for layer in found.layers:
        for left, right in pairwise(layer):
            assert right.x - left.x >= (left.width + right.width) / 2 + GAP_ACROSS - 0.01
    for box in found.boxes():
        assert box.width / 2 <= box.x <= found.width - box.width / 2
        assert box.height / 2 <= box.y <= found.height - box.height / 2
        widest = max((text_width(line, 12) for line in box.lines), default=0)
        assert widest <= box.width


@pytest.mark.parametrize("key", KEYS)
def test_lines_lead_from_layer_to_layer_and_every_step_arrives(key):
    procedure, found = LAW.procedure(key), drawn(key)
    assert all(line.lower.layer == line.upper.layer + 1 for line in found.lines)
    arrived = {(line.upper if line.back else line.lower).key for line in found.lines if line.arrives}
    assert arrived == {step.to for step in procedure.transitions if set(step.from_) != {step.to}}


@pytest.mark.parametrize("key", KEYS)
def test_drawing_needs_no_style_and_no_script(key):
    picture = ElementTree.fromstring(svg(LAW.procedure(key)))
    for element in picture.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg", "defs", "marker", "path", "g", "rect", "text", "tspan",
        }  # fmt: skip
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


def test_drawing_is_the_same_every_time():
    assert svg(LAW.procedure("inspection_case")) == svg(LAW.procedure("inspection_case"))


def test_present_state_is_marked_in_words_and_in_shape():
    procedure = LAW.procedure("complaint_intake")
    picture = svg(procedure, current="supplement")
    assert picture.count("procedure-state-current") == 1
    assert "▶ 待补正" in words_of(picture)
    assert "现为“待补正”" in ElementTree.fromstring(picture).attrib["aria-label"]
    assert "procedure-state-current" not in svg(procedure)


def test_unknown_present_state_is_refused():
    with pytest.raises(UnknownKey, match="没有名为“nowhere”的状态"):
        svg(LAW.procedure("complaint_intake"), current="nowhere")


def test_step_back_is_dashed_and_points_up():
    picture = ElementTree.fromstring(svg(LAW.procedure("complaint_intake")))
    back = [path for path in picture.iter(f"{SVG}path") if "line-back" in path.attrib.get("class", "")]
    assert back and all(path.attrib["stroke-dasharray"] for path in back)
    assert any(path.attrib.get("marker-start") for path in back)
    assert not any(path.attrib.get("marker-end") for path in back)


def invented(**changes):
    content = {
        "key": "small",
        "name": "小程序",
        "purpose": "试验",
        "begins": "收件",
        "decided_by": ["x"],
        "confidence": "verified",
        "states": {"end": {"name": "甲<乙>&“丙”"}, "b": {"name": "完", "final": True}},
        "transitions": [
            {"key": "go", "name": '走:"快";去#1', "from": ["end"], "to": "b", "by": ["x"]},
            {"key": "stay", "name": "原地", "from": ["end"], "to": "end", "by": ["x"]},
        ],
        **changes,
    }
    return parse_procedure(content, "small.yaml")


def test_signs_of_markup_are_written_as_words():
    picture = svg(invented())
    assert "甲<乙>&“丙”" in words_of(picture)
    assert "↻ 原地" in words_of(picture)


def test_mermaid_keeps_its_own_words_and_signs_out_of_names():
    text = mermaid(invented())
    assert 'state "甲<乙>&“丙”" as end_' in text
    assert "end_ --> b: 走：”快”；去＃1" in text
    assert "[*] --> end_" in text and "b --> [*]" in text


@pytest.mark.parametrize("key", KEYS)
def test_mermaid_draws_one_arrow_for_every_origin(key):
    procedure = LAW.procedure(key)
    arrows = [line for line in mermaid(procedure).splitlines() if re.search(r" --> .*: ", line)]
    assert len(arrows) == sum(len(step.from_) for step in procedure.transitions)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("已立案", ("已立案",)),
        ("查实欠薪，责令限期支付", ("查实欠薪，", "责令限期支付")),
        ("审核、集体讨论后作出决定", ("审核、集体讨", "论后作出决定")),
        ("", ()),
    ],
)
def test_long_names_break_evenly_and_after_commas(text, lines):
    assert wrap(text, 9) == lines


@pytest.mark.parametrize("text", ["一二三四五六七八，九十", "一二三四五六七（八九十）一二", "一" * 40])
def test_no_line_begins_with_a_closing_sign_or_loses_a_letter(text):
    lines = wrap(text, 8)
    assert "".join(lines) == text
    assert not any(line[0] in "，。、；）”" for line in lines)
    assert not any(line[-1] in "（“" for line in lines)


def test_pages_in_the_documents_say_what_the_tables_say():
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "diagrams.py"), "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
