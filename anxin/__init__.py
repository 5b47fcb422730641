"""安薪 (Anxin): watches whether people get paid."""

__version__ = "0.4.0"
