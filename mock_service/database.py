"""Connections to SQLite and PostgreSQL: by URL, for reading while somebody writes, and for one writer at a time."""

from __future__ import annotations

import logging
import os
import re
import signal
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.pool import NullPool, StaticPool

from mock_service.console import say
from mock_service.contract import Mistake

FAILURES = (sqlite3.Error, sa.exc.SQLAlchemyError)
"""What a database raises that is gone, or is no longer as it was."""
URLS = "sqlite:///FILE or postgresql://USER@HOST/NAME"
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)  # it would tell of connections that are given up
PATIENCE = 1000
"""Milliseconds that SQLite waits for another writer, deaf to an interruption, before it is asked again."""
PREPARED, NEVER = "prepare_threshold", "none"
"""An option of psycopg's own: how often a statement comes before it is prepared."""
SECRET = re.compile("pass|secret|scram")
"""In the name of an option that is told to nobody."""
LOCK = 49
"""The number of the lock that a writer holds in PostgreSQL."""


def engine(text: str) -> sa.Engine:
    """The engine for a database URL; one connection serves all when the database is in memory."""
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise Mistake(f"{without_secrets(text)!r} is no database URL; write {URLS}") from error
    kind = url.get_backend_name()
    if kind not in DRIVERS or url.drivername not in (kind, DRIVERS[kind]):
        raise Mistake(f"the mock knows no {url.drivername!r} database; write {URLS}")
    try:
        text.encode()
    except UnicodeError as error:
        raise Mistake(f"the database URL {text!a} is no UTF-8; rename the file") from error
    if kind == "sqlite" and url.host:
        raise Mistake(
            f"{without_secrets(text)!r} names a host; write sqlite:///FILE, with three slashes before the file"
        )
    if "@" in (url.host or ""):
        raise Mistake(f"{without_secrets(text)!r} has more than one `@`; write %40 for that of a password")
    if kind == "postgresql":
        return sa.create_engine(
            url.set(drivername=DRIVERS[kind]).difference_update_query([PREPARED]),
            isolation_level="REPEATABLE READ",
            pool_size=8,
            pool_pre_ping=True,
            connect_args={"client_encoding": "utf8", **preparing(url)},
        )
    if url.query:
        raise Mistake(
            f"{without_secrets(text)!r} has options after `?`, of which SQLite takes none here; write sqlite:///FILE"
        )
    if in_memory(url):
        made = sa.create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        made = sa.create_engine(url, poolclass=NullPool)
        sa.event.listen(made, "connect", read_while_written)
    # SQLite's driver would begin transactions by itself, but not before every statement that needs one.
    sa.event.listen(made, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    return made


def preparing(url: sa.URL) -> dict[str, int | None]:
    """When PostgreSQL's driver prepares statements, if the URL says so; a `Mistake` for options that nobody knows."""
    import psycopg  # noqa: PLC0415 - most mocks need none

    known = {each.keyword.decode() for each in psycopg.pq.Conninfo.get_defaults()}
    unknown = sorted(url.query.keys() - known - {PREPARED})
    if unknown:
        raise Mistake(f"the database URL has an option {unknown[0][:80]!r}, which PostgreSQL does not know")
    stated = str(url.query.get(PREPARED, NEVER)).lower()
    if stated != NEVER and not stated.isdecimal():
        what = f"a number of times, or {NEVER} (behind a PgBouncer that pools transactions)"
        raise Mistake(f"{PREPARED} in the database URL is {stated[:80]!r}; it must be {what}")
    return {PREPARED: None if stated == NEVER else int(stated[:9])} if PREPARED in url.query else {}


def in_memory(url: sa.URL) -> bool:
    """Whether the data ends with the process."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def read_while_written(connection: Any, _record: object) -> None:
    """Readers of an SQLite file keep seeing the old data while a load is on its way."""
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def shown(url: sa.URL) -> str:
    """The URL as it may be told: without any password."""
    query = {name: value for name, value in url.query.items() if not SECRET.search(name)}
    public = url.set(drivername=url.get_backend_name(), query=query)
    return public.render_as_string(hide_password=True)


def without_secrets(text: str) -> str:
    """A text that should have been a URL, less where a password may stand."""
    return re.sub(r"(?s)\?.*", "?***", re.sub(r"(?s)//([^:/@]*):.*@", r"//\1:***@", text))


def reason(error: BaseException) -> str:
    """What a database says is wrong, on one line."""
    return " ".join(str(getattr(error, "orig", None) or error).split())


def check(engine: sa.Engine, own: Collection[str]) -> None:
    """A `Mistake` when a PostgreSQL database cannot hold every text, or an SQLite file is another program's.

    `own` are the names of tables of which the mock's has one at least.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
        if encoding != "UTF8":
            raise Mistake(f"the encoding of {shown(engine.url)} is {encoding}; create a database with ENCODING 'UTF8'")
    elif not in_memory(engine.url):
        found = tables(Path(engine.url.database or ""))
        if found and not found.intersection(own):
            example = ", ".join(sorted(found)[:3])
            raise Mistake(f"{shown(engine.url)} holds tables of another program, such as {example}; name another file")


def tables(file: Path) -> set[str]:
    """The tables of an SQLite file, looked at without changing it; none where it cannot be read."""
    if not file.exists():
        return set()
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as reader:
        return {name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return set()


def why_not_opened(url: sa.URL, error: BaseException) -> str:
    """What a database says is wrong when it cannot be opened; of SQLite what it does not say."""
    file = Path(url.database or "")
    if url.get_backend_name() == "sqlite" and not file.parent.exists():
        return f"there is no folder {file.parent}"
    if url.get_backend_name() == "sqlite" and file.exists() and not os.access(file.parent, os.W_OK):
        return f"{reason(error)}; its folder must be writable, as SQLite keeps a log beside the file"
    return reason(error)


@contextmanager
def driven(engine: sa.Engine) -> Iterator[None]:
    """What the driver itself raises, where it is asked without SQLAlchemy, becomes one of FAILURES."""
    try:
        yield
    except engine.dialect.loaded_dbapi.Error as error:
        raise sa.exc.DBAPIError(None, None, error) from error


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction of the only writer, of any process or host; a `Mistake` when the database does not let it write."""
    writer = engine
    if engine.dialect.name == "postgresql":  # what is there is what is there once the lock is held
        writer = engine.execution_options(isolation_level="READ COMMITTED")
    try:
        with writer.connect() as connection:
            try:
                with driven(engine):
                    wait_for_turn(connection, shown(engine.url))
                    yield connection
                    pass_the_point_of_no_return()
                    connection.commit()
            except KeyboardInterrupt:
                if not in_memory(engine.url):
                    connection.invalidate()  # the driver is in the middle of something, and could not roll back
                raise
    except (KeyboardInterrupt, *FAILURES) as error:
        what = "interrupted" if isinstance(error, KeyboardInterrupt) else f"cannot write: {reason(error)}"
        raise Mistake(f"{what}; the database {shown(engine.url)} still holds what it held before") from error


def interrupt(*_: object) -> NoReturn:
    """What Ctrl-C does to a command that writes, once it is the handler of that signal."""
    raise KeyboardInterrupt


def pass_the_point_of_no_return() -> None:
    """From here on Ctrl-C does nothing: who is told of an interruption must find the old items, not the new ones."""
    if signal.getsignal(signal.SIGINT) is interrupt:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # one that has come already is raised here
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def wait_for_turn(connection: sa.Connection, name: str) -> None:
    """Go on once nobody else writes to the database; nobody else will until the transaction ends."""
    execute = connection.exec_driver_sql
    if connection.dialect.name == "postgresql":
        if not execute(f"SELECT pg_try_advisory_xact_lock({LOCK})").scalar():
            tell_of_waiting(name)
            execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        return
    execute(f"PRAGMA busy_timeout = {PATIENCE}")
    told = False
    while True:
        try:
            execute("BEGIN IMMEDIATE")
        except sa.exc.OperationalError as error:
            if "locked" not in str(error.orig):
                raise
            told = told or tell_of_waiting(name)
        else:
            return


@cache
def tell_of_waiting(name: str) -> bool:
    """Say why nothing happens, once."""
    say(f"mock_service: waiting until somebody else has written to {name}")
    return True
