import pytest

from bakeoff.data.download.addresses import is_allowed

HERE = ("http://127.0.0.1:8000/x", "http://127.3.2.1/x", "http://localhost/x", "http://[::1]:1/x")
NOT = (
    "http://example.org/x",
    "http://10.0.0.1/x",
    "http://127.0.0.1.example.org/x",
    "http://example.org@10.0.0.1/",
    "http://localhost.example.org/",
    "http:///x",
    "https:///x",
    "http://[::2]/",
    "http://[:/",
    "ftp://127.0.0.1/x",
    "file:///etc/passwd",
    "data:,x",
    "jar:https://example.org/x",
    "//example.org/x",
    "",
)


@pytest.mark.parametrize("url", ["https://example.org/x", "HTTPS://10.0.0.1:1/x", *HERE])
def test_https_and_this_machine_are_asked(url):
    assert is_allowed(url)


@pytest.mark.parametrize("url", NOT)
def test_no_other_address_is_asked(url):
    assert not is_allowed(url)
    assert not is_allowed(url, redirected_from="http://127.0.0.1/")


@pytest.mark.parametrize("url", HERE)
def test_only_this_machine_leads_to_this_machine(url):
    assert not is_allowed(url, redirected_from="https://example.org/x")
    assert is_allowed(url, redirected_from="http://127.0.0.1/x")


def test_a_redirect_may_lead_to_https():
    assert is_allowed("https://example.org/y", redirected_from="https://example.org/x")
