"""Letters a second, from data to PDF, against bare typst given the same words and no rules: a ratio in one run.

``python benchmarks/letters.py [--letters 200] [--json]``. One process, one thread. The rival sets the same text with the same
compiler settings, as plain paragraphs in one face, a new text each time; what is on top of it is filling, the page, tables and seal.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import typst

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from anxin.law.loading import load
from anxin.law.statutes import citation
from anxin.typesetting import faces
from anxin.typesetting.filling import fill
from anxin.typesetting.letters import Letter
from anxin.typesetting.pdf import pdf
from anxin.typesetting.seals import demonstration_seal
from anxin.typesetting.templates import template

KINDS = ("risk_notice", "rectification_order", "mediation_agreement", "arbitration_award")
BARE = '#set text(font: ("FandolFang R", "Noto Serif SC"), size: 16pt, lang: "zh")\n#sys.inputs.text'


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    law = load()
    kinds = [template(key) for key in KINDS]
    examples = [one.example() for one in kinds]

    def filled(number: int) -> Letter:
        at = number % len(kinds)
        changes = (
            {"contact": f"联系人{number}"} if "contact" in kinds[at].fields else {"worker": f"工人{number}"}
        )
        return fill(
            kinds[at],
            examples[at] | changes,
            cite=lambda statute, article, paragraph, sub: citation(
                law.statute(statute), article, paragraph, sub
            ),
        )

    seal = demonstration_seal("云州市人力资源和社会保障局")

    def ours(number: int) -> None:
        letter = filled(number)
        pdf(letter, seal=seal if letter.issuer else None)

    words = [str(filled(number).blocks) for number in range(len(kinds))]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "bare.typ"
        source.write_text(BARE, "utf-8")
        fonts = typst.Fonts(False, False, sorted({str(path.parent) for path in faces.files()}))
        compiler = typst.Compiler(str(source), font_paths=fonts, ignore_system_fonts=True)

        def bare(number: int) -> None:
            compiler.compile(
                format="pdf",
                sys_inputs={"text": f"{number}{words[number % len(words)]}"},
                pdf_standards="a-2b",
            )

        result = measure(ours, bare, options.letters)
    if options.json:
        print(json.dumps(result))
    else:
        print(
            f"letters a second {result['letters_a_second']:.1f}, bare typst {result['bare_a_second']:.1f}, ratio {result['ratio']:.2f}"
        )
    return 0


def measure(ours: Callable[[int], None], bare: Callable[[int], None], count: int) -> dict[str, float]:
    """Seconds of processor time, turn by turn, so that a busy machine slows both sides."""
    for number in range(4):  # faces and templates are read once a process
        ours(number)
        bare(number)
    spent: dict[str, list[float]] = {"ours": [], "bare": []}
    for number in range(4, 4 + count):
        for name, work in (("ours", ours), ("bare", bare)):
            started = time.process_time()
            work(number)
            spent[name].append(time.process_time() - started)
    mine, rival = (statistics.fmean(spent[name]) for name in ("ours", "bare"))
    return {"letters_a_second": 1 / mine, "bare_a_second": 1 / rival, "ratio": mine / rival}


if __name__ == "__main__":
    sys.exit(main())
