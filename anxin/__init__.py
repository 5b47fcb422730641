"""安薪 (Anxin): watches whether people get paid."""

__version__ = "0.1.0"
