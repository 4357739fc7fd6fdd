"""The demo as a process of its own, for tests that need the real server."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WAIT = 120


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def environment(var, port):
    own = {"SMARTPD_VAR": str(var), "PORT": str(port), "SMARTPD_DATABASE_URL": "", "PYTHONPATH": str(ROOT)}
    return {**os.environ, **own, "PYTHONWARNINGS": "default"}


class Demo:
    """A running demo; ``said`` is what stood in the terminal until it served."""

    def __init__(self, var, port=0):
        self.port = port or free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "demo"],
            cwd=var.parent,
            env=environment(var, self.port),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        began = time.monotonic()
        while "Ctrl-C" not in self.said:
            line = self.process.stdout.readline()
            assert line, f"ended early:\n{self.said}"
            assert time.monotonic() - began < WAIT, self.said
            self.said += line

    def get(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def stop(self, how=signal.SIGINT):
        self.process.send_signal(how)
        rest, _error = self.process.communicate(timeout=WAIT)
        return self.process.returncode, rest
