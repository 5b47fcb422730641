"""The fact tables as Parquet files at a place named by URL: written by month, read by any engine.

``places`` is where, ``partitions`` what stands in a file, ``manifest`` which files belong together, ``writing`` brings
a place up to date with the records, ``reading`` checks it and gives it to an engine. Only ``writing`` needs a database.
"""

from anxin.monitoring.store.places import StoreError

__all__ = ["StoreError"]
