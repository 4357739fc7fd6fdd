"""What goes wrong with a server is said in one line, and its password never."""

import shutil
import socket
import subprocess
import sys

import pytest
from smartpd_analytics.cli._run import run
from smartpd_analytics.sources import table_address

from tests.analytics.clickhouse.conftest import PASSWORD, Server, missing
from tests.analytics.clickhouse.statements import statements
from tests.analytics.store.store_logs import all_bytes, line, written


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def smartpd(capfd, *arguments):
    status = run([*map(str, arguments), "--lang", "en"])
    out, err = capfd.readouterr()
    assert "Traceback" not in err
    assert PASSWORD not in out + err
    return status, out, err


def refused(capfd, url, store):
    """The one line that is said of a source that cannot be read."""
    status, out, err = smartpd(capfd, "ingest", url, "--store", store)
    assert status == 2
    assert "0 sources had something new" in out
    found = [each for each in err.splitlines() if each.startswith("Source: ")]
    assert len(found) == 1
    return found[0]


@pytest.fixture
def tls(engine, tmp_path):
    """A server that speaks TLS, with a certificate of its own, and the file of that."""
    if shutil.which("openssl") is None:
        missing("there is no openssl to make a certificate")
    key = tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", tmp_path / "ca.pem",
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    both = tmp_path / "both.pem"
    both.write_bytes(key.read_bytes() + (tmp_path / "ca.pem").read_bytes())
    server = Server(tmp_path / "data", both)
    yield server, tmp_path / "ca.pem"
    server.stop()


def test_the_command_reads_a_table_and_keeps_no_password(capfd, clickhouse, store, monkeypatch):
    clickhouse.insert(statements(0, 30))
    status, out, _ = smartpd(capfd, "ingest", clickhouse.url(), "--store", store, "--json")
    assert status == 0
    assert '"read": 30' in out
    assert f"127.0.0.1:{clickhouse.port}/xapi.xapi_events_all".encode() in all_bytes(store)
    for secret in (PASSWORD, "pass%20word", "reader"):
        assert secret.encode() not in all_bytes(store)
    # From the environment, where other users of the machine do not see it.
    monkeypatch.setenv("SMARTPD_CLICKHOUSE_PASSWORD", PASSWORD)
    status, out, err = smartpd(
        capfd, "ingest", f"clickhouse://reader@127.0.0.1:{clickhouse.port}/xapi", "--store", store
    )
    assert (status, err) == (0, "")
    assert "1 source had nothing new" in out


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"password": "wrong-secret"}, "the user or the password is wrong"),
        ({"user": "nobody"}, "the user or the password is wrong"),
        ({"path": "/elsewhere"}, "there is no such table"),
        ({"path": "/xapi/elsewhere"}, "there is no such table"),
        ({"path": "/system/one"}, "the table has no column event_id"),
        ({"path": "/xapi?compress=1"}, "'compress' is no option"),
        ({"path": "/"}, "this is no address in ClickHouse"),
        ({"path": "/a/b/c"}, "this is no address in ClickHouse"),
        ({"path": "/xapi?secure=true"}, "there is no TLS at this port"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(capfd, clickhouse, store, how, said):
    found = refused(capfd, clickhouse.url(**how), store)
    assert said in found
    assert "wrong-secret" not in found


def test_an_empty_table_is_named(capfd, clickhouse, store):
    assert "there are no statements in it" in refused(capfd, clickhouse.url(), store)


def test_no_server_at_the_address(capfd, engine, store):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"clickhouse://reader:secret@127.0.0.1:{taken.getsockname()[1]}/xapi"
        assert "there is no server at this address" in refused(capfd, url, store)


def test_no_host_of_the_name(capfd, engine, store):
    assert "there is no host of this name" in refused(capfd, "clickhouse://reader:secret@nowhere.invalid/xapi", store)


def test_a_certificate_is_checked(capfd, tls, store):
    server, certificate = tls
    untrusted = refused(capfd, server.url("/xapi?secure=true"), store)
    assert "certificate is not trusted" in untrusted
    trusted = refused(capfd, server.url(f"/xapi?ca_cert={certificate}"), store)
    assert "there is no such table" in trusted
    assert "cannot be read" in refused(capfd, server.url("/xapi?ca_cert=/nowhere/ca.pem"), store)


def test_other_sources_are_read_all_the_same(capfd, clickhouse, store, tmp_path):
    log = written(tmp_path / "tracking.log", [line(1)])
    status, out, err = smartpd(capfd, "ingest", clickhouse.url("/nowhere"), log, "--store", store)
    assert status == 0
    assert "1 source had something new" in out
    assert "there is no such table" in err


def test_without_the_extra_it_says_what_to_install(capfd, store, monkeypatch):
    monkeypatch.setitem(sys.modules, "clickhouse_connect", None)
    found = refused(capfd, "clickhouse://reader:secret@localhost/xapi", store)
    assert "openedx-smartpd[clickhouse]" in found
    assert "secret" not in found


def test_other_commands_say_who_reads_tables(capfd):
    status, _, err = smartpd(capfd, "recommend", "clickhouse://u:a-secret@h/xapi")
    assert status == 2
    assert "clickhouse://h/xapi: a table in ClickHouse" in err
    assert "a-secret" not in err


def test_addresses():
    environ = {"SMARTPD_CLICKHOUSE_PASSWORD": "from there"}
    plain = table_address("clickhouse://localhost/xapi", environ)
    assert (plain.host, plain.port, plain.user, plain.password) == ("localhost", 8123, "default", "from there")
    assert (plain.database, plain.table, plain.secure) == ("xapi", "xapi_events_all", False)
    assert plain.name == "clickhouse://localhost:8123/xapi.xapi_events_all"
    full = table_address("clickhouse://me%40site:p%2Fw%40d@[::1]:9000/open%20edx/rows?ca_cert=/etc/ca.pem", environ)
    assert (full.host, full.port, full.user, full.password) == ("::1", 9000, "me@site", "p/w@d")
    assert (full.database, full.table, full.secure, full.ca_cert) == ("open edx", "rows", True, "/etc/ca.pem")
    assert full.name == "clickhouse://[::1]:9000/open edx.rows"
    assert table_address("clickhouse://h:8443/xapi", {}).secure
    assert table_address("clickhouse://h/xapi?secure=true", {}).port == 8443
    assert "p/w@d" not in repr(full)


@pytest.mark.parametrize(
    "url", ["clickhouse://u:sec/ret@h/xapi", "clickhouse://u:secret@h:port/xapi", "clickhouse://u:sec#ret@h/xapi"]
)
def test_a_password_that_was_not_escaped_is_not_said(url):
    with pytest.raises(Exception, match="no address in ClickHouse") as caught:
        table_address(url, {})
    assert "sec" not in str(caught.value)
