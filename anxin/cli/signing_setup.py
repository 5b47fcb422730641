"""What is wrong with the settings for signatures and identity, told when a service starts."""

from __future__ import annotations

from anxin.cli.output import progress


def problems() -> list[str]:
    """One sentence each, of signatures first. Needs the database; asks nobody outside."""
    from django.utils import timezone

    from anxin.registry.invented import invented_people
    from anxin.vouching.providers import identity_problems
    from anxin.vouching.setup import NEEDED, current, signing_problems

    setup, invented = current(), invented_people()
    missing = [] if setup.gateway or invented else [NEEDED]
    return [*missing, *signing_problems(setup, timezone.now()), *identity_problems(setup, invented=invented)]


def tell_problems() -> None:
    """On standard error; the service starts all the same, because only signing has to wait.

    Leaves no connection behind: the web service's processes are made from this one, and of two that share a connection
    one closes it under the other.
    """
    from django.db import DatabaseError, connections

    try:
        for sentence in problems():
            progress(f"[签名] {sentence}")
    except DatabaseError:  # not prepared yet, which whoever starts it hears of in its own place
        return
    finally:
        for one in connections.all(initialized_only=True):
            one.close()
            if hasattr(one, "close_pool"):  # only PostgreSQL keeps some at hand
                one.close_pool()
