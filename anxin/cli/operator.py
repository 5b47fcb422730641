"""Who acts when a command runs: the system user at the keyboard."""

from __future__ import annotations

import getpass

from anxin.evidence.journal import Actor


def operator() -> Actor:
    """The actor for the journal; a container without a user name still has one."""
    try:
        return Actor("cli", getpass.getuser())
    except (KeyError, OSError):
        return Actor("cli", "命令行")
