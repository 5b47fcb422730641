"""A folder of deliveries as facts of any past day, without a database (see README)."""

from anxin.monitoring.folder.source import FolderFacts, Ids

__all__ = ["FolderFacts", "Ids"]
