"""How statements read the database: the connections of threads, snapshots, and an end to what takes too long."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from mock_service import database
from mock_service.cancellation import Cancelled, interruptible
from mock_service.sql import POSTGRESQL, SQLITE, Dialect

Rows = list[tuple[Any, ...]]
TICK, BRIEF = 20_000, 20
"""Steps of SQLite's machine, a millisecond or so; and how many times that a brief look may take."""


class TooLong(Exception):
    """It takes longer than a brief look may."""


class Reader:
    """Runs the statements that read. `?` marks the place of each value."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.dialect: Dialect = POSTGRESQL if engine.dialect.name == "postgresql" else SQLITE
        self.shared: Any = None
        """The one connection of a database in memory; one thread at a time reads on it."""
        self._one_at_a_time = threading.Lock()
        self._own = threading.local()

    def share(self) -> None:
        """Have all threads read on one connection, as a database in memory needs."""
        self.shared = self.engine.raw_connection()
        self.shared.driver_connection.set_progress_handler(self._tick, TICK)

    def close(self) -> None:
        """Give the connections back."""
        if self.shared is not None:
            self.shared.close()
        self.engine.dispose()

    def rows(self, statement: str, values: tuple[Any, ...]) -> Rows:
        """What a statement selects."""
        if self.dialect is SQLITE:
            with self._sqlite() as connection:
                return list(connection.execute(statement, values))
        reading = getattr(self._own, "reading", None)
        with (
            database.driven(self.engine),
            nullcontext(reading) if reading else closing(self.engine.raw_connection()) as connection,
        ):
            driver: Any = connection.driver_connection
            with interruptible(driver.cancel):
                found: Rows = driver.execute(marked(statement), values, binary=True).fetchall()
        return found

    def within(self, steps: int, statement: str, values: tuple[Any, ...]) -> Rows | None:
        """What a statement selects in SQLite; None when it needs more than so many steps."""
        with self._sqlite() as connection:
            connection.set_progress_handler(lambda: 1, steps)
            try:
                return list(connection.execute(statement, values))
            except sqlite3.OperationalError as error:
                if not interrupted(error):
                    raise
                return None
            finally:
                connection.set_progress_handler(self._tick, TICK)

    def version(self) -> object:
        """Differs when anybody has written to SQLite's file since this thread last asked, or it is another file."""
        self._follow()
        [(number,)] = self.rows("PRAGMA data_version", ())
        return number, self._own.file

    # As of one moment

    def snapshot(self) -> AbstractContextManager[None]:
        """While it lasts, this thread sees the items as they stood at its first look, whoever loads others."""
        if self.shared is not None:
            return nullcontext()
        return self._sqlite_snapshot() if self.dialect is SQLITE else self._postgresql_snapshot()

    @contextmanager
    def _sqlite_snapshot(self) -> Iterator[None]:
        self._follow()
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")

    @contextmanager
    def _postgresql_snapshot(self) -> Iterator[None]:
        with database.driven(self.engine), closing(self.engine.raw_connection()) as connection:
            self._own.reading = connection  # each of whose transactions is a snapshot
            try:
                yield
            except Cancelled:
                connection.invalidate()  # a late interruption must not strike whoever has the connection next
                raise
            finally:
                self._own.reading = None

    # Not for too long

    @contextmanager
    def briefly(self) -> Iterator[None]:
        """While it lasts, what this thread reads in SQLite must be over soon; `TooLong` says that it is not."""
        self._own.left = BRIEF
        try:
            yield
        except sqlite3.OperationalError as error:
            if interrupted(error):
                raise TooLong from error
            raise
        finally:
            self._own.left = None

    def _tick(self) -> bool:
        """Whether SQLite is to stop."""
        left = getattr(self._own, "left", None)
        if left is None:
            return False
        self._own.left = left - 1
        return bool(left <= 0)

    # SQLite's connections

    @contextmanager
    def _sqlite(self) -> Iterator[Any]:
        """The connection on which this thread may read."""
        if self.shared is None:
            connection = self._connection()
            with interruptible(connection.interrupt):
                yield connection
            return
        patient = getattr(self._own, "left", None) is None
        if not self._one_at_a_time.acquire(blocking=patient):
            raise TooLong
        try:
            with interruptible(self.shared.driver_connection.interrupt):
                yield self.shared.driver_connection
        finally:
            self._one_at_a_time.release()

    def _connection(self) -> Any:
        """This thread's own connection; opening one for each statement would cost more than the statement."""
        if not hasattr(self._own, "connection"):
            self._own.file = self._file()
            self._own.connection = self.engine.raw_connection()
            self._own.connection.driver_connection.set_progress_handler(self._tick, TICK)
        return self._own.connection.driver_connection

    def _file(self) -> tuple[int, int]:
        """Which file the database is, whatever its name; SQLite would make an empty one where there is none."""
        try:
            found = Path(self.engine.url.database or "").stat()
        except OSError as error:
            raise sqlite3.OperationalError(f"its file cannot be found: {error.strerror}") from error
        return found.st_dev, found.st_ino

    def _follow(self) -> None:
        """Let go of a file that was removed, or replaced by another one."""
        if hasattr(self._own, "connection") and self._own.file != self._file():
            self._own.connection.invalidate()
            del self._own.connection


@lru_cache(maxsize=1024)
def marked(statement: str) -> str:
    """A statement with the marks of PostgreSQL's driver; a name in quotes may have a `?` of its own."""
    return re.sub(r'"[^"]*"|\?', lambda found: "%s" if found[0] == "?" else found[0], statement)


def interrupted(error: sqlite3.OperationalError) -> bool:
    """Whether SQLite was told to stop."""
    return str(error) == "interrupted"
