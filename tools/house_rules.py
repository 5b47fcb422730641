"""No file of the project names a package registry or a folder of somebody's machine.

Where packages come from is the setting of each machine; a path that exists only here helps nobody else.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

RULES = [
    (
        "names a package registry",
        re.compile(
            r"pypi\.(org|python)|pythonhosted|registry\.npmjs|npmmirror|registry\.yarnpkg|/simple/?(\s|\"|'|$)"
            r"|--(extra-)?index-url[ =]http|[./]mirrors?\.[a-z]+\.(com|cn|edu)|artifactory|nexus-repo"
        ),
    ),
    (
        "names a folder of one machine",
        re.compile(r"(?<![\w.])/(root|home/[a-z]\w*|Users/[A-Z]?\w+|work|tmp/[a-z])/"),
    ),
]
#: files of others, and the file that holds the patterns themselves
LEFT_ALONE = ("anxin/web/static/vendor/", "tests/support/axe/", "tools/house_rules.py")


def tracked_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and not name.startswith(LEFT_ALONE)]


def problems_in(name: str) -> list[str]:
    path = ROOT / name
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError):  # a picture, or a file removed and not yet committed
        return []
    return [
        f"{name}:{number}: {words}: {line.strip()[:120]}"
        for number, line in enumerate(text.splitlines(), 1)
        for words, pattern in RULES
        if pattern.search(line)
    ]


def main() -> int:
    found = [problem for name in tracked_files() for problem in problems_in(name)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
