"""The sub-commands of ``anxin``, one module each (see :mod:`anxin.cli.main`)."""
