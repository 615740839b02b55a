"""The database: one SQLite file that one process writes and any number read."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexBusy, IndexMismatch, IndexUnavailable

VERSION = 4
"""Of the tables; SQLite's user_version."""
TABLES = ("readings", "documents", "refused", "embeddings", "current")
SCHEMA = f"""
BEGIN;
CREATE TABLE readings (
    sha256 TEXT, reader TEXT, packed BLOB NOT NULL, boxes BLOB NOT NULL, PRIMARY KEY (sha256, reader)
) STRICT;
CREATE TABLE documents (
    generation TEXT, id TEXT, origins TEXT NOT NULL, file TEXT NOT NULL, about TEXT NOT NULL,
    sha256 TEXT NOT NULL, reader TEXT NOT NULL, PRIMARY KEY (generation, id)
) STRICT;
CREATE TABLE refused (
    origin TEXT PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL, reader TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE TABLE embeddings (
    key BLOB PRIMARY KEY, vector BLOB NOT NULL, used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE current (one INTEGER PRIMARY KEY CHECK (one = 1), generation TEXT NOT NULL) STRICT;
PRAGMA user_version = {VERSION};
COMMIT;
"""


class Database:
    """The tables in `folder`, and the transactions on them."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the database in `folder`.

        Raises IndexUnavailable when there is none and `create` is false, IndexMismatch for one that another
        version made.
        """
        self.folder = folder
        path = folder / "vraagbaak.sqlite"
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        elif not path.is_file():
            raise IndexUnavailable(f"{folder} holds no index: make one with `vraagbaak index PATH`.")
        # Transactions belong to the connection: sqlite3 refuses it to any thread but the one that opened it.
        self._database = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            self._prepare(create)
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise self._unreadable(error) from error
        except IndexMismatch:
            self._database.close()
            raise

    def _prepare(self, create: bool) -> None:
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
        (tables,) = self._database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if create and not tables:
            self._database.executescript(SCHEMA)
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version != VERSION and tables:
            raise IndexMismatch(
                f"The index in {self.folder} was made by another version of Vraagbaak (tables {version}, "
                f"not {VERSION}): move that folder away and run `vraagbaak index PATH`."
            )
        for table in TABLES:
            self._database.execute(f"SELECT 1 FROM {table} LIMIT 1")

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything in the block happen, or nothing of it."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:  # a full disk may have ended it
                self._database.execute("ROLLBACK")
            raise

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from updating while the block runs. Raises IndexBusy when one is doing so.

        An update takes minutes, far longer than a transaction may: without this, two of them would each
        leave out what the other added. The lock ends with the process, whatever becomes of it.
        """
        with (self.folder / "update.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexBusy(
                    f"Another process is updating the index in {self.folder}: wait until it is done."
                ) from error
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Make everything that is read in the block belong to the same commit. Raises IndexUnavailable."""
        self._database.execute("BEGIN")
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._unreadable(error) from error
        finally:
            self._database.execute("ROLLBACK")

    def overwrite_log(self) -> None:
        """Fold the write-ahead log into the database and empty it: it still holds what was deleted."""
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _unreadable(self, error: sqlite3.DatabaseError) -> IndexUnavailable:
        return IndexUnavailable(
            f"{self.folder / 'vraagbaak.sqlite'} cannot be read ({error}): restore it from a backup."
        )
