import pytest


@pytest.mark.parametrize("query", ["q=a%00b", "%00=1", "q=%00"])
def test_an_address_with_a_nul_character_is_refused(client, base, query):
    assert client.get(f"/da/konto/log-ind/?{query}").status_code == 400


@pytest.mark.parametrize("query", ["q=a%2500b", "q=%0A", "q=%F0%9F%99%82"])
def test_every_other_address_is_read(client, base, query):
    assert client.get(f"/da/konto/log-ind/?{query}").status_code == 200
