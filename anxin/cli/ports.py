"""Which address the console listens on."""

from __future__ import annotations

import os
import socket

from anxin.cli.errors import CommandError

LOOPBACK = "127.0.0.1"


def port_number(text: str | None) -> int:
    """The port given, else that of the environment variable ``PORT``, else 8000. Raises :class:`CommandError`."""
    given = text or os.environ.get("PORT") or "8000"
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 65535:
        raise CommandError(f"端口“{given}”不正确，应为 1 至 65535 之间的整数。")
    return int(given)


def require_free(host: str, port: int) -> None:
    """Raises :class:`CommandError` when somebody already listens there, or it may not be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the server itself will bind: connections of the last run that linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CommandError(
                f"没有权限使用端口 {port}，请换一个 1024 以上的端口，例如 PORT=8000。"
            ) from None
        except OSError as error:
            raise CommandError(
                f"端口 {port} 不能使用（可能已被别的程序占用：{error.strerror}），请换一个，例如 PORT={_next(port)}。"
            ) from None


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 8000
