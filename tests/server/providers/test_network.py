"""Between us and a provider: proxies that an administrator demands, and certificates of a house authority."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from autoanalyst_ext.errors import ProviderDown
from autoanalyst_ext.providers.keys import KeyRing
from autoanalyst_ext.providers.registry import ProviderRegistry
from autoanalyst_ext.providers.script import Reply
from tests.fakes.provider import KEY, FakeProvider

from .talk import Wire

PROVIDERS = ("openai", "anthropic", "groq")


class CountingProxy:
    """An HTTP proxy that passes everything to one place and counts."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.targets: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, rest = head.split(b" ", 2)
        self.targets.append(f"{method.decode()} {target.decode()}")
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        if method == b"CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = b"/" + target.split(b"/", 3)[3]
            far_writer.write(b" ".join((method, path, rest)))
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


@asynccontextmanager
async def proxy_to(port: int) -> AsyncIterator[tuple[CountingProxy, str]]:
    proxy = CountingProxy(port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    async with server:
        yield proxy, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def shelf(provider: str, url: str) -> Wire:
    return Wire(ProviderRegistry(base_urls={provider: url}, keys=KeyRing(keys={provider: KEY})), provider)


def base_url(provider: str, root: str) -> str:
    return root + "/v1" if provider == "openai" else root


@pytest.fixture
def authority(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    path = tmp_path / "house-ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return context, path


@pytest.mark.parametrize("provider", PROVIDERS)
def test_calls_go_through_the_proxy_of_the_environment(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(text="Through.")]) as fake, proxy_to(fake.port) as (proxy, address):
            monkeypatch.setenv("HTTP_PROXY", address)
            wire = shelf(provider, base_url(provider, "http://provider.example"))
            assert (await wire.ask()).text == "Through."
            assert len(proxy.targets) == 1
            assert proxy.targets[0].startswith("POST http://provider.example/")

    asyncio.run(asyncio.wait_for(talk(), 20))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_name_in_no_proxy_is_called_directly(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(text="Direct.")]) as fake, proxy_to(fake.port) as (proxy, address):
            monkeypatch.setenv("HTTP_PROXY", address)
            monkeypatch.setenv("NO_PROXY", "127.0.0.1")
            assert (await shelf(provider, base_url(provider, fake.url)).ask()).text == "Direct."
            assert proxy.targets == []

    asyncio.run(asyncio.wait_for(talk(), 20))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_house_authority_is_trusted_by_ssl_cert_file_also_through_a_proxy(
    provider: str, monkeypatch: pytest.MonkeyPatch, authority: tuple[ssl.SSLContext, Path]
) -> None:
    context, path = authority

    async def talk() -> None:
        replies = [Reply(text="Safe."), Reply(text="Safe too.")]
        async with FakeProvider(replies, tls=context) as fake, proxy_to(fake.port) as (proxy, address):
            monkeypatch.setenv("SSL_CERT_FILE", str(path))
            assert (await shelf(provider, base_url(provider, fake.url)).ask()).text == "Safe."
            monkeypatch.setenv("HTTPS_PROXY", address)
            assert (await shelf(provider, base_url(provider, fake.url)).ask()).text == "Safe too."
            assert proxy.targets == [f"CONNECT localhost:{fake.port}"]

    asyncio.run(asyncio.wait_for(talk(), 20))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    provider: str, authority: tuple[ssl.SSLContext, Path]
) -> None:
    async def talk() -> None:
        async with FakeProvider([Reply(text="No.")], tls=authority[0]) as fake:
            heard = await shelf(provider, base_url(provider, fake.url)).ask()
            assert type(heard.error) is ProviderDown
            assert fake.exchanges == []

    asyncio.run(asyncio.wait_for(talk(), 20))
