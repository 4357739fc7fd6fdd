"""Aspects' ClickHouse: the address of a table of xAPI statements, and reading it hour by hour.

A table has ``event_id``, ``emission_time`` (of the event, not of its arrival) and ``event``, the statement as JSON.
(Aspects: ``tutor-contrib-aspects``, migrations 0002, 0029 and 0032 of ``xapi_events_all``.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from smartpd_analytics.errors import N_, Message, MissingExtraError, SourceError
from smartpd_analytics.sources._places import CLICKHOUSE, without_password

#: The environment variable that holds the password, where the address has none.
PASSWORD_VARIABLE = "SMARTPD_CLICKHOUSE_PASSWORD"  # noqa: S105 - the name of it
TABLE = "xapi_events_all"
ACCEPTED_TABLE = N_("clickhouse://USER:PASSWORD@HOST:PORT/DATABASE, as in clickhouse://smartpd@localhost:8123/xapi")

HOUR_US = 3_600_000_000
_OPTIONS = frozenset({"secure", "ca_cert"})
_CHUNK = 1_048_576
_LONGEST_REASON = 300
_PLAIN_PORT, _TLS_PORT = 8123, 8443
#: Rows end in a dot, so that one that was cut off can be told.
_COLUMN = re.compile(rb"([^\t]*)\t(.*)\t\.", re.DOTALL)
_HOUR = re.compile(rb"(\d+)\t(\d+)\t(\d+)\t\.")
_ROW = re.compile(rb"(\d+)\t(\d+)\t(.*)\t\.", re.DOTALL)
_PERSON = re.compile(rb"([0-9a-f-]{36})\t(-?\d+)\t(.*)\t\.", re.DOTALL)


class Mark(NamedTuple):
    """What tells whether an hour of a table is as it was: how many rows, and the sum of their ids' hashes."""

    rows: int
    sum: int

    def __add__(self, other: object) -> Mark:
        if not isinstance(other, Mark):
            return NotImplemented
        return Mark(self.rows + other.rows, (self.sum + other.sum) & 0xFFFF_FFFF_FFFF_FFFF)


class StatementRow(NamedTuple):
    """One row: the hour (since 1970) of its time, the hash of its id, the statement in one line."""

    hour: int
    hash: int
    line: bytes


@dataclass(frozen=True, slots=True)
class TableAddress:
    """Where a table of statements is, and as whom to read it."""

    host: str
    port: int
    database: str
    table: str
    user: str
    password: str = field(repr=False)
    secure: bool
    ca_cert: str

    @property
    def name(self) -> str:
        """The table for people and for the manifest: without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{CLICKHOUSE}{host}:{self.port}/{self.database}.{self.table}"


def table_address(text: str, environ: Mapping[str, str]) -> TableAddress:
    """The address that ``text`` is: ``clickhouse://USER:PASSWORD@HOST:PORT/DATABASE/TABLE?secure=true&ca_cert=FILE``.

    Left out: the user is ``default``, the password that of ``SMARTPD_CLICKHOUSE_PASSWORD``, the port 8123 (8443 when
    secure), the table ``xapi_events_all``.

    Raises:
        SourceError: it is none; the message has no password in it.
    """
    try:
        found = urlsplit(text)
        port, host = found.port, found.hostname
        given = {name: values[-1] for name, values in parse_qs(found.query, keep_blank_values=True).items()}
    except ValueError:
        raise _wrong(N_("this is no address in ClickHouse"), CLICKHOUSE) from None
    shown = without_password(text)
    names = [unquote(part) for part in found.path.split("/") if part]
    if not host or not 1 <= len(names) <= 2 or "@" in found.path:
        raise _wrong(N_("this is no address in ClickHouse"), shown)
    if unknown := sorted(set(given) - _OPTIONS):
        raise SourceError(
            N_("'{option}' is no option of an address in ClickHouse"),
            file=shown,
            accepted="secure=true, ca_cert=FILE",
            option=unknown[0],
        )
    secure = given.get("secure", "").lower() == "true" or "ca_cert" in given or port == _TLS_PORT
    return TableAddress(
        host=host,
        port=port or (_TLS_PORT if secure else _PLAIN_PORT),
        database=names[0],
        table=names[1] if len(names) == 2 else TABLE,
        user=unquote(found.username or "") or "default",
        password=unquote(found.password or "") or environ.get(PASSWORD_VARIABLE, ""),
        secure=secure,
        ca_cert=given.get("ca_cert", ""),
    )


def _wrong(problem: str, shown: str) -> SourceError:
    return SourceError(problem, file=shown, accepted=ACCEPTED_TABLE)


class StatementTable:
    """A table of statements, with an open connection; see ``open_table``."""

    def __init__(self, address: TableAddress, client: Any) -> None:
        self.name = address.name
        self._address = address
        self._client = client
        self._from = f"FROM {_quoted(address.database)}.{_quoted(address.table)}"
        columns = self._columns(address.database, address.table)
        if not columns:
            raise self._problem(N_("there is no such table, or this user may not read it"))
        # Once ``event`` was of a type that loses what it does not know; the text stood beside it.
        event = "event_str" if "event_str" in columns else "event"
        for column in ("event_id", "emission_time", event):
            if column not in columns:
                raise self._problem(N_("the table has no column {column}"), column=column)
        self._event = f"toString({event})"
        if columns[event].startswith("JSON"):
            # This type takes times for times and gives them back in the server's zone, without naming it.
            self._event = (
                f'concat(substring({self._event}, 1, length({self._event}) - 1), \',"timestamp":"\','
                " formatDateTime(emission_time, '%Y-%m-%dT%H:%i:%S.%f', 'UTC'), 'Z\"}')"
            )

    def hours(self, since_us: int | None = None, until_us: int | None = None) -> dict[int, Mark]:
        """The mark of each whole hour (since 1970) that has rows from ``since_us`` on and before ``until_us``.

        Raises:
            SourceError: it cannot be read.
        """
        since = None if since_us is None else since_us // HOUR_US * HOUR_US
        until = None if until_us is None else -(-until_us // HOUR_US) * HOUR_US
        query = (
            f"SELECT {_IN_HOUR} AS hour, count(), sum({_HASH}), '.' {self._from} {_between(since, until)}"
            " GROUP BY hour ORDER BY hour"
        )
        found = (self._matched(_HOUR, line) for line in self._stream(query))
        return {int(row[1]): Mark(int(row[2]), int(row[3])) for row in found}

    def rows(self, since_us: int, until_us: int) -> Iterator[StatementRow]:
        """The rows from ``since_us`` on and before ``until_us``, in order of time.

        Raises:
            SourceError: it cannot be read, or not to its end; after the rows before the break.
        """
        query = (
            f"SELECT {_IN_HOUR}, {_HASH}, replaceAll({self._event}, '\\n', ' '), '.'"
            f" {self._from} {_between(since_us, until_us)} ORDER BY emission_time, event_id"
        )
        for line in self._stream(query):
            found = self._matched(_ROW, line)
            yield StatementRow(int(found[1]), int(found[2]), found[3])

    def people(self) -> Iterator[tuple[str, int, str]]:
        """Who is who, where Aspects keeps it: the id in statements, the user id and the username of each learner.

        Nothing where it is not kept (it is with ``ASPECTS_ENABLE_PII``), or not for this user to read.

        Raises:
            SourceError: it cannot be read.
        """
        if not self._columns("event_sink", "external_id"):
            return
        query = (
            "SELECT toString(external_user_id), any(user_id), argMax(username, time_last_dumped), '.'"
            " FROM event_sink.external_id WHERE external_id_type IN ('xapi', 'lti') GROUP BY external_user_id"
        )
        for line in self._stream(query):
            found = self._matched(_PERSON, line)
            yield found[1].decode(), int(found[2]), found[3].decode(errors="replace")

    def _columns(self, database: str, table: str) -> dict[str, str]:
        """Name and type of each column; none where there is no such table, or it is not for this user to read."""
        where = f"database = {_text(database)} AND table = {_text(table)}"
        query = f"SELECT name, type, '.' FROM system.columns WHERE {where}"  # noqa: S608 - both are quoted
        found = (self._matched(_COLUMN, line) for line in self._stream(query))
        return {row[1].decode(): row[2].decode() for row in found}

    def _matched(self, row: re.Pattern[bytes], line: bytes) -> re.Match[bytes]:
        found = row.fullmatch(line)
        if found is None:
            # Once rows were sent, a server puts what went wrong where the next row would be, or behind half of one.
            words = line.decode(errors="replace")
            reason = _reason(words[max(words.find("Code: "), 0) :])
            raise self._problem(N_("the server broke off: {reason}"), reason=reason)
        return found

    def _stream(self, query: str) -> Iterator[bytes]:
        """The lines of an answer."""
        rest = b""
        with _said(self._address), closing(self._client.raw_stream(query, fmt="TSVRaw")) as stream:
            while chunk := stream.read(_CHUNK):
                *lines, rest = (rest + chunk).split(b"\n")
                yield from lines
            if rest:
                yield rest
                raise self._problem(N_("the server broke off"))

    def _problem(self, problem: str, **arguments: str) -> SourceError:
        return SourceError(Message(problem, **arguments), file=self.name, accepted=ACCEPTED_TABLE)


@contextmanager
def open_table(address: TableAddress) -> Iterator[StatementTable]:
    """Connect to a table.

    Raises:
        SourceError: it cannot be read: no such server, user, database or table, no rights, a certificate that is not
            trusted, clickhouse-connect not installed.
    """
    try:
        import clickhouse_connect
    except ImportError:
        raise SourceError(str(MissingExtraError("clickhouse", "clickhouse-connect")), file=address.name) from None
    with _said(address):
        client = clickhouse_connect.get_client(
            host=address.host,
            port=address.port,
            username=address.user,
            password=address.password,
            interface="https" if address.secure else "http",
            ca_cert=address.ca_cert or None,
            # No setting is sent, so that a user who may set nothing can read.
            autogenerate_session_id=False,
        )
    try:
        yield StatementTable(address, client)
    finally:
        client.close()


_IN_HOUR = "intDiv(toUnixTimestamp(emission_time), 3600)"
_HASH = "cityHash64(event_id)"


def _between(since_us: int | None, until_us: int | None) -> str:
    bounds = [
        f"emission_time {sign} toDateTime64('{bound // 1_000_000}.{bound % 1_000_000:06}', 6, 'UTC')"
        for sign, bound in ((">=", since_us), ("<", until_us))
        if bound is not None
    ]
    return f"WHERE {' AND '.join(bounds)}" if bounds else ""


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


#: Codes of ClickHouse's exceptions with words of our own (``src/Common/ErrorCodes.cpp``).
_BY_CODE: Mapping[int, str] = {
    60: N_("there is no such table, or this user may not read it"),
    81: N_("there is no such database"),
    192: N_("the user or the password is wrong"),
    193: N_("the user or the password is wrong"),
    194: N_("the user or the password is wrong"),
    497: N_("the user may not read it"),
    516: N_("the user or the password is wrong"),
}
#: Words of connections that fail, by the library or what it rests on.
_BY_WORDS: tuple[tuple[str, str], ...] = (
    ("certificate verify failed", N_("the server's certificate is not trusted; ca_cert=FILE names who vouches for it")),
    ("WRONG_VERSION_NUMBER", N_("there is no TLS at this port")),
    ("Connection refused", N_("there is no server at this address")),
    ("Name or service not known", N_("there is no host of this name")),
    ("No address associated", N_("there is no host of this name")),
    ("name resolution", N_("there is no host of this name")),
    ("NameResolutionError", N_("there is no host of this name")),
    ("timed out", N_("the server does not answer in time")),
    ("IncompleteRead", N_("the server broke off")),
    ("Connection broken", N_("the server broke off")),
)
_CODE = re.compile(r"\bcode:? (\d+)", re.IGNORECASE)


@contextmanager
def _said(address: TableAddress) -> Iterator[None]:
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        # Whatever the library and what it rests on raise: what is wrong is out of our hands.
        text = str(error).replace(address.password, "…") if len(address.password) > 3 else str(error)
        codes = map(int, _CODE.findall(text))
        known = next((_BY_CODE[code] for code in codes if code in _BY_CODE), None)
        known = known or next((words for sign, words in _BY_WORDS if sign in text), None)
        problem = (
            Message(known)
            if known
            else Message(N_("cannot be read: {reason}"), reason=_reason(text) or type(error).__name__)
        )
        raise SourceError(problem, file=address.name, accepted=ACCEPTED_TABLE) from None


def _reason(text: str) -> str:
    """One line, without the version and the trace that servers add."""
    return " ".join(text.split()).partition(" Stack trace:")[0][:_LONGEST_REASON]
