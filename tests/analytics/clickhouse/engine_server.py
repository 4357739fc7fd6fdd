"""ClickHouse's own engine behind its HTTP interface: ``python engine_server.py FOLDER [CERTIFICATE]``.

The engine is chDB, which is ClickHouse as a library: what SQL means, which errors there are and how results look is its
doing. Only what the server puts around it is done here: users, HTTP, TLS. Prints the port, and lives until standard
input ends.

Two users: ``writer`` (password ``writing``) and ``reader`` (``pass word/1``), who may set nothing, as a server refuses
it to a user with ``readonly = 1``. ``POST /fault?after=N&text=WORDS`` makes the next answer break off after N bytes, as
that of a server does that ends (no words) or runs into an error after the first rows were sent.
"""

import base64
import re
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from chdb.session import Session

USERS = {"writer": "writing", "reader": "pass word/1"}
#: Parameters of a request that are no settings: those that the server's HTTPHandler takes for itself.
_NO_SETTINGS = frozenset(
    {
        *("buffer_size", "client_protocol_version", "close_session", "compress", "database", "decompress"),
        *("default_format", "password", "query", "query_id", "quota_key", "role", "session_check", "session_id"),
        *("session_timeout", "stacktrace", "user", "wait_end_of_query"),
    }
)
#: HTTP status of an exception, as the server's HTTPHandler has it.
_STATUS = {516: 403, 497: 403, 164: 500, 60: 404, 81: 404, 47: 404, 62: 400}
_FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
_CODE = re.compile(r"Code: (\d+)")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    engine: Session
    lock = threading.Lock()
    fault: tuple[int, bytes] | None = None

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        address = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if address.path == "/ping":
            self.whole(200, b"Ok.\n")
            return
        if address.path == "/fault":
            Handler.fault = (int(given["after"]), given.get("text", "").encode())
            self.whole(200, b"")
            return
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        user, _, password = (
            base64.b64decode(token).decode().partition(":") if scheme == "Basic" else ("default", "", "")
        )
        if problem := self.refused(user, password, given):
            self.failed(problem)
            return
        with self.lock:
            self.run(user, " ".join(part for part in (given.get("query", ""), body) if part), given)

    def refused(self, user, password, given):
        if USERS.get(user) != password:
            return (
                f"Code: 516. DB::Exception: {user}: Authentication failed: password is incorrect, or there is no user "
                "with such name. (AUTHENTICATION_FAILED)"
            )
        settings = sorted(set(given) - _NO_SETTINGS)
        if user == "reader" and settings:
            return f"Code: 164. DB::Exception: Cannot modify '{settings[0]}' setting in readonly mode. (READONLY)"
        return ""

    def run(self, user, query, given):
        found = _FORMAT.search(query)
        output = found[1] if found else given.get("default_format", "TabSeparated")
        query = query[: found.start()] if found else query
        sent = False
        try:
            if given.get("database"):
                self.engine.query(f"USE `{given['database']}`")
            if not re.match(r"\s*(SELECT|WITH|SHOW|DESCRIBE|EXISTS)\b", query, re.IGNORECASE):
                self.engine.query(query)
                self.whole(200, b"")
                return
            if user == "reader":
                query += " SETTINGS readonly = 1"
            for chunk in self.engine.send_query(query, output):
                if not sent:
                    self.head(output)
                sent = True
                self.chunk(chunk.bytes())
            if not sent:
                # Formats with a header tell the columns of a result without rows.
                self.head(output)
                self.chunk(self.engine.query(query, output).bytes())
            self.wfile.write(b"0\r\n\r\n")
        except BrokenPipeError:
            self.close_connection = True
        except Exception as error:
            if not sent:
                self.failed(str(error))
                return
            # What a server of these years does: the text of the exception, and then no end.
            self.chunk(str(error).encode())
            self.close_connection = True

    def head(self, output):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("X-ClickHouse-Format", output)
        self.send_header("X-ClickHouse-Timezone", "UTC")
        self.end_headers()

    def chunk(self, data):
        if Handler.fault is not None:
            (left, words), Handler.fault = Handler.fault, None
            if len(data) >= left:
                self.write_chunk(data[:left] + words)
                if words:
                    self.wfile.write(b"0\r\n\r\n")
                raise BrokenPipeError
            Handler.fault = (left - len(data), words)
        self.write_chunk(data)

    def write_chunk(self, data):
        if data:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def failed(self, problem):
        code = int(found[1]) if (found := _CODE.search(problem)) else 1002
        self.whole(_STATUS.get(code, 500), problem.encode() + b"\n", {"X-ClickHouse-Exception-Code": str(code)})

    def whole(self, status, data, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments):
        pass


def main(folder, certificate=None):
    Handler.engine = Session(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    server.shutdown()
    Handler.engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
