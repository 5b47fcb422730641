#!/bin/sh
# Makes .venv and installs the locked requirements: `sh tools/setup.sh base|dev`.
# Only looks for a Python here; the work is done in install.py, which any Python 3 can start.
set -eu
cd "$(dirname "$0")/.."
set_name=${1:-dev}

# An environment that is already there needs no other Python, and answers in a moment.
if [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null; then
    exec .venv/bin/python tools/install.py "$set_name"
fi

# The requirements are locked on 3.11; a newer one is the second choice.
for python in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
    [ -n "$python" ] || continue
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" tools/install.py "$set_name"
    fi
done
echo "没有找到 Python 3.11 或更高版本，请先安装（Debian/Ubuntu：apt install python3 python3-venv），或用 PYTHON=路径 指定。" >&2
exit 2
