"""``make check``: what can be said about the source without running it. All checks run; any failure fails."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"

CHECKS = [
    ("格式", [BIN / "ruff", "format", "--check", "--quiet", "."]),
    ("代码检查", [BIN / "ruff", "check", "--quiet", "."]),
    ("类型", [BIN / "mypy", "--no-error-summary", "-p", "anxin", "-p", "simulation"]),
    ("导入层次", [BIN / "lint-imports"]),
    ("缺少的迁移", [BIN / "python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("Django 检查", [BIN / "python", "-W", "error::DeprecationWarning", "manage.py", "check"]),
    ("文件里的地址和路径", [BIN / "python", "tools/house_rules.py"]),
]


def main() -> int:
    failed = [name for name, command in CHECKS if not run(name, command)]
    print(f"\n未通过：{'、'.join(failed)}。" if failed else "\n全部通过。")
    return 1 if failed else 0


def run(name: str, command: list[object]) -> bool:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="anxin-check-") as home:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env=os.environ | {"ANXIN_HOME": home},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    mark = "通过" if done.returncode == 0 else "未通过"
    print(f"{mark}  {name}（{time.monotonic() - started:.1f} 秒）", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
