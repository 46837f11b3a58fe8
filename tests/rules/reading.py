"""What a reviewer reads on a page of the admin."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client


def soup(client: Client, address: str, **query: object) -> BeautifulSoup:
    response = client.get(address, query)
    assert response.status_code == 200
    main = BeautifulSoup(response.content, "html.parser").main
    assert main is not None
    return main


def said(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())
