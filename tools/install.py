"""Install one of the locked requirement sets into ``.venv``; standard library only.

``base`` is what a bureau's server needs, ``dev`` that and what building and testing need. A set that is already
there is left alone, so that ``make run`` after ``make test`` neither installs nor removes anything.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import faces

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
#: which sets hold everything that a set needs, the set itself first
SATISFIED_BY = {"base": ("base", "dev"), "dev": ("dev",)}

LAUNCHER = """#!{python}
import sys
from anxin.cli.main import main
sys.exit(main())
"""


def main(set_name: str) -> int:
    if set_name not in SATISFIED_BY:
        print(f"usage: install.py {'|'.join(SATISFIED_BY)}", file=sys.stderr)
        return 2
    if any(
        stamp_of(name).is_file() and stamp_of(name).read_text() == state(name)
        for name in SATISFIED_BY[set_name]
    ):
        return faces.main()
    started = time.monotonic()
    try:
        make_environment()
        install(set_name)
        install_project()
    except subprocess.CalledProcessError as error:
        print(
            f"安装没有完成（{Path(error.cmd[0]).name} 返回 {error.returncode}），原因见上面的输出；网络恢复后再运行一次即可。",
            file=sys.stderr,
        )
        return 1
    for name in SATISFIED_BY:  # the set was made exact: what other stamps said no longer holds
        stamp_of(name).unlink(missing_ok=True)
    stamp_of(set_name).write_text(state(set_name))
    print(f"安装完成，用时 {time.monotonic() - started:.0f} 秒。", file=sys.stderr)
    return faces.main()


def stamp_of(set_name: str) -> Path:
    return VENV / f".installed-{set_name}"


def state(set_name: str) -> str:
    """What decides whether an installation is still right: the locked set, this script, the folder's place."""
    parts = (requirements(set_name).read_bytes(), Path(__file__).read_bytes(), str(ROOT).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def requirements(set_name: str) -> Path:
    return ROOT / "requirements" / f"{set_name}.txt"


def make_environment() -> None:
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0
    ):
        return
    step(f"[1/3] 建立 Python {sys.version_info.major}.{sys.version_info.minor} 环境（.venv）……")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    if made.returncode:
        print(made.stdout + made.stderr, file=sys.stderr)
        print("建立 Python 环境失败；Debian/Ubuntu 上请先安装：apt install python3-venv。", file=sys.stderr)
        raise subprocess.CalledProcessError(made.returncode, made.args)


def install(set_name: str) -> None:
    """Install the set with uv, which takes seconds; with pip, which takes a minute, where uv cannot."""
    step("[2/3] 下载并安装依赖（按哈希校验）……")
    locked = requirements(set_name)
    if install_uv(locked):
        command = [
            VENV / "bin" / "uv",
            "pip",
            "sync",
            "--quiet",
            "--python",
            PYTHON,
            "--require-hashes",
            locked,
        ]
        if subprocess.run(command, env=uv_environment()).returncode == 0:
            return
        step("      改用 pip 安装，需要一两分钟……")
    pip("--require-hashes", "-r", locked)


def install_uv(locked: Path) -> bool:
    """uv itself, in the version and with the hashes of the locked set."""
    lines = locked.read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("uv=="))
    block = [lines[first]]
    for line in lines[first + 1 :]:
        if not line.startswith("    --hash"):
            break
        block.append(line)
    wanted = VENV / "uv.txt"
    wanted.write_text("\n".join(block) + "\n")
    try:
        pip("--require-hashes", "-r", wanted)
    except subprocess.CalledProcessError:
        return False
    return True


def pip(*arguments: object) -> None:
    subprocess.run(
        [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *arguments], check=True
    )


def uv_environment() -> dict[str, str]:
    """uv does not read pip's settings; a mirror that the office has set for pip serves uv as well."""
    environment = dict(os.environ)
    if any(name in environment for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE")):
        return environment
    mirror = environment.get("PIP_INDEX_URL") or pip_setting("index-url")
    if mirror:
        environment["UV_DEFAULT_INDEX"] = mirror
    return environment


def pip_setting(name: str) -> str:
    listed = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True)
    pairs = (line.partition("=") for line in listed.stdout.splitlines())  # global.index-url='…'
    found = [value.strip("'\"") for key, _, value in pairs if key.rpartition(".")[2] == name]
    return found[-1] if found else ""


def install_project() -> None:
    """Make ``import anxin`` and the command ``anxin`` work: a path entry and a launcher, no build, no network."""
    step("[3/3] 安装命令 anxin……")
    packages = subprocess.run(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (Path(packages) / "anxin-source.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    launcher = VENV / "bin" / "anxin"
    launcher.write_text(LAUNCHER.format(python=PYTHON), encoding="utf-8")
    launcher.chmod(0o755)


def step(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
