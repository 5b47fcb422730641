"""Where a store lies: a folder of this machine, or a bucket by URL. Through Arrow's file systems alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

_BESIDE = ".new"


class StoreError(Exception):
    """A place cannot be written or read as asked; the sentence says why and what to do."""


@dataclass(frozen=True)
class Place:
    """A root within a file system; names below it are written with ``/``."""

    #: for people: without the name and password that a URL may carry
    shown: str
    system: fs.FileSystem
    root: str

    @classmethod
    def at(cls, url: str) -> Place:
        """A path, ``file:///…``, or ``s3://bucket/prefix`` and what else Arrow knows."""
        shown = _shown(url)
        with _telling(shown, "打不开"):
            if "://" not in url:
                return cls(shown, fs.LocalFileSystem(), str(Path(url).resolve()))
            system, root = fs.FileSystem.from_uri(url)
            return cls(shown, system, root.rstrip("/"))

    @property
    def local(self) -> bool:
        return isinstance(self.system, fs.LocalFileSystem)

    def path(self, name: str) -> str:
        return f"{self.root}/{name}"

    def address(self, name: str) -> str:
        """The file as Spark asks for it."""
        if self.local:
            return f"file://{self.path(name)}"  # Hadoop takes %3D for what it says, so nothing is encoded
        kind = {"s3": "s3a", "gcs": "gs"}.get(self.system.type_name, self.system.type_name)
        return f"{kind}://{self.path(name)}"

    def holds(self, name: str) -> bool:
        with _telling(self.shown, "读不了"):
            return bool(self.system.get_file_info(self.path(name)).type == fs.FileType.File)

    def read(self, name: str) -> bytes:
        with _telling(self.shown, "读不了"), self.system.open_input_stream(self.path(name)) as stream:
            return bytes(stream.read())

    def write(self, name: str, content: bytes) -> None:
        """All or nothing. A bucket does that by itself; in a folder the file is written beside and moved."""
        with _telling(self.shown, "写不进去"), self._arriving(name) as stream:
            stream.write(content)

    def read_table(self, name: str) -> pa.Table:
        with _telling(self.shown, "读不了"), self.system.open_input_file(self.path(name)) as source:
            return pq.ParquetFile(source).read()

    def write_table(self, name: str, table: pa.Table) -> None:
        with _telling(self.shown, "写不进去"), self._arriving(name) as stream:
            pq.write_table(table, stream, compression="zstd")

    def files(self) -> list[str]:
        """The names of all files, in order."""
        with _telling(self.shown, "读不了"):
            found = self.system.get_file_info(
                fs.FileSelector(self.root, allow_not_found=True, recursive=True)
            )
        return sorted(
            info.path.removeprefix(f"{self.root}/") for info in found if info.type == fs.FileType.File
        )

    def remove(self, name: str) -> None:
        with _telling(self.shown, "写不进去"):
            self.system.delete_file(self.path(name))

    @contextmanager
    def _arriving(self, name: str) -> Iterator[pa.NativeFile]:
        path = self.path(name)
        self.system.create_dir(path.rpartition("/")[0], recursive=True)
        if not self.local:
            with self.system.open_output_stream(path) as stream:
                yield stream
            return
        with self.system.open_output_stream(path + _BESIDE) as stream:
            yield stream
        Path(path + _BESIDE).replace(path)


@contextmanager
def _telling(shown: str, what: str) -> Iterator[None]:
    """A sentence where the file system raises; its own words go along, because they name the cause."""
    try:
        yield
    except (OSError, pa.ArrowException) as problem:
        cause = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise StoreError(f"“{shown}”{what}，请检查地址、权限和网络：{cause}") from problem


def _shown(url: str) -> str:
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
