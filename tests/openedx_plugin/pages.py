"""Asks for the plugin's pages and tables, as somebody, in a language."""

import csv
import io
from urllib.parse import urlencode

from django.urls import reverse

from tests.openedx_plugin.made import COURSE


def url(name, course=COURSE, **query):
    address = reverse(f"smartpd:{name}", args=[course])
    return f"{address}?{urlencode(query)}" if query else address


def page(client, name, user=None, *, status=200, lang="en", **query):
    if user is not None:
        client.force_login(user)
    response = client.get(url(name, **query), headers={"accept-language": lang})
    assert response.status_code == status
    return response.content.decode()


def table(client, name, user, **query):
    client.force_login(user)
    response = client.get(url(name, **query))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
