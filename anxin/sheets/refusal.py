"""The one error that this package raises for a file or sheet it will not read."""

from __future__ import annotations


class SheetRefused(Exception):
    """A file or sheet that cannot be read. The message is one polite Chinese sentence for the clerk."""
