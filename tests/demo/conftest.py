"""The demo's accounts in the test database, signed-in browsers, and a tracking log of the test's own."""

import json

import pytest
from django.test import Client

from demo.people import enrol_everyone


@pytest.fixture
def people(db):
    enrol_everyone()


@pytest.fixture
def tracking_log(settings, tmp_path):
    """Reads the lines written so far, each as its text."""
    settings.DEMO_TRACKING_LOG = tmp_path / "tracking.log"

    def lines():
        path = settings.DEMO_TRACKING_LOG
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    return lines


class Browser(Client):
    """A client that sends JSON as the blocks' scripts do."""

    def post_json(self, address, data, **how):
        return self.post(address, json.dumps(data), content_type="application/json", **how)


@pytest.fixture
def browser():
    return Browser(SERVER_NAME="127.0.0.1", SERVER_PORT="8000", HTTP_HOST="127.0.0.1:8000")


@pytest.fixture
def signed_in(people, tracking_log):
    """A browser signed in as somebody."""

    def sign_in(username, **how):
        client = Browser(SERVER_NAME="127.0.0.1", SERVER_PORT="8000", HTTP_HOST="127.0.0.1:8000", **how)
        assert client.post("/sign-in/", {"username": username}).status_code == 302
        return client

    return sign_in
