"""Keys of providers, and what leaves for them: a real page and server, and a provider that keeps a log."""

import json
import stat
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Response, WebSocket, expect

from autoanalyst_ext.providers.script import Match, Reply, ScriptedCall
from autoanalyst_ext.types.usage import TokenUsage
from tests.fakes.log import Exchange
from tests.fakes.provider import FakeProvider

from .lab import Lab, begin, load, run, running_lab, shot
from .panel import Panel

KEY = "sk-canary-5f1d0c7e"
"""The one that the provider accepts, and that must be nowhere else."""
SETUP = "import pandas as pd\nsales = pd.DataFrame({'city': ['Bern', 'Basel'], 'revenue': [10, 20]})"
CELLS = (SETUP,)
USED = TokenUsage(input_tokens=1000, output_tokens=100)
SUM = ScriptedCall(name="run_cell", args={"code": "sales['revenue'].sum()", "purpose": "Add up the revenue"})
REPLIES = (
    Reply(match=Match(user="total revenue", has_tool_result=True), text="It is {{c1}}.", usage=USED),
    Reply(match=Match(user="total revenue"), tool_calls=(SUM,), usage=USED),
    Reply(match=Match(user=""), text="Good day.", usage=USED),
)
STORES = """async () => {
    const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
    for (const { name } of await indexedDB.databases()) {
        const db = await new Promise((done, failed) => {
            const opening = indexedDB.open(name);
            opening.onsuccess = () => done(opening.result);
            opening.onerror = () => failed(opening.error);
        });
        for (const store of db.objectStoreNames) {
            const all = db.transaction(store).objectStore(store).getAll();
            const values = new Promise(done => { all.onsuccess = () => done(all.result); });
            found.push(JSON.stringify(await values));
        }
        db.close();
    }
    const fields = [...document.querySelectorAll('input, textarea')].map(each => each.value);
    return [...found, ...fields, document.documentElement.outerHTML].join('\\n');
}"""
"""All that the page holds: its storages, what its fields hold, its elements."""


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeProvider]:
    with FakeProvider(REPLIES, key=KEY) as started:
        yield started


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, fake: FakeProvider) -> Iterator[Lab]:
    environment = {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "OPENAI_BASE_URL": fake.base_url("openai"),
        "ANTHROPIC_BASE_URL": fake.base_url("anthropic"),
        "GROQ_BASE_URL": fake.base_url("groq"),
    }
    with running_lab(tmp_path_factory.mktemp("lab"), environment=environment) as started:
        yield started


@pytest.fixture(autouse=True)
def no_keys(lab: Lab) -> Iterator[None]:
    """No key is kept from one test to the next."""
    yield
    for entry in lab.ours("GET", "keys")["keys"]:
        lab.ours("DELETE", f"keys/{entry['provider']}")


class Heard:
    """All that goes over a page's lines: requests, replies, frames of sockets."""

    def __init__(self, page: Page) -> None:
        self.requests: list[tuple[str, str, str]] = []
        self._replies: list[Response] = []
        self._frames: list[str] = []
        page.on("request", lambda each: self.requests.append((each.method, each.url, each.post_data or "")))
        page.on("response", lambda each: self._replies.append(each))
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self._frames.append(str(frame)))
        socket.on("framereceived", lambda frame: self._frames.append(str(frame)))

    def with_key(self) -> list[tuple[str, str]]:
        """Method and address of every request that had the key in it, anywhere."""
        found = ((method, url) for method, url, body in self.requests if KEY in url + body)
        return [(method, url.partition("?")[0]) for method, url in found]

    def came_back(self) -> str:
        """Every reply of the server's interfaces, and every frame."""
        replies = [reply for reply in self._replies if "/api/" in reply.url and reply.status in (200, 201)]
        assert replies
        assert self._frames
        return "\n".join([*(reply.text() for reply in replies), *self._frames])


def open_keys(page: Page) -> Locator:
    """The dialog, by the panel's menu."""
    panel = Panel(page)
    panel.button("usage, keys, settings").click()
    page.get_by_role("menuitem", name="Keys…").click()
    dialog = page.get_by_role("dialog")
    expect(entry(dialog, "OpenAI")).to_be_visible()
    return dialog


def entry(dialog: Locator, title: str) -> Locator:
    """The line of a provider."""
    return dialog.get_by_role("listitem").filter(has=dialog.page.get_by_text(title, exact=True))


def field(line: Locator) -> Locator:
    """Where its key is typed."""
    return line.locator("input[type=password]")


def save(dialog: Locator, title: str, key: str) -> Locator:
    """Type a key and press Enter."""
    line = entry(dialog, title)
    field(line).fill(key)
    field(line).press("Enter")
    return line


def set_key(page: Page, title: str, key: str = KEY) -> None:
    """Add a key as a person does, and close the dialog."""
    dialog = open_keys(page)
    expect(save(dialog, title, key)).to_contain_text("Saved.")
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_have_count(0)


def authorization(exchange: Exchange) -> str | None:
    """The key that a request came with."""
    return exchange.header("authorization") or exchange.header("x-api-key")


def files_with_key(lab: Lab) -> list[str]:
    """Every file of the home that has the key in it."""
    files = (path for path in lab.folder.rglob("*") if path.is_file())
    return [str(path.relative_to(lab.folder)) for path in files if KEY.encode() in path.read_bytes()]


def test_a_key_goes_to_the_server_and_is_nowhere_else(page: Page, lab: Lab, fake: FakeProvider) -> None:
    heard = Heard(page)
    load(page, lab)  # with its sockets heard from the start
    begin(page, lab, "heard.ipynb", SETUP)
    dialog = open_keys(page)
    line = save(dialog, "OpenAI", KEY)
    expect(line).to_contain_text("Saved.")
    expect(line).to_contain_text("in a private file")
    expect(field(line)).to_have_value("")
    shot(page, "keys_saved")
    dialog.get_by_role("button", name="Done").click()
    panel = Panel(page)
    panel.answered("What is the total revenue?")
    expect(panel.turn()).to_contain_text("It is 30.")
    assert {authorization(each) for each in fake.exchanges} == {f"Bearer {KEY}"}
    run(page, "docmanager:save")
    assert heard.with_key() == [("PUT", f"{lab.url}autoanalyst/api/v1/keys/openai")]
    assert KEY not in heard.came_back()
    assert KEY not in page.evaluate(STORES)
    assert files_with_key(lab) == ["data/autoanalyst/keys.json"]
    assert stat.S_IMODE((lab.folder / "data/autoanalyst/keys.json").stat().st_mode) == 0o600
    assert KEY not in lab.log()


def test_forgetting_a_key_ends_its_use(page: Page, lab: Lab, fake: FakeProvider) -> None:
    set_key(page, "Groq")
    panel = Panel(page)
    panel.answered("What is the total revenue?")
    assert fake.exchanges[-1].dialect == "groq"
    dialog = open_keys(page)
    entry(dialog, "Groq").get_by_role("button", name="Forget the key of Groq").click()
    expect(entry(dialog, "Groq")).to_contain_text("Forgotten.")
    expect(field(entry(dialog, "Groq"))).to_be_focused()
    dialog.get_by_role("button", name="Done").click()
    assert files_with_key(lab) == []
    before = len(fake.exchanges)
    panel.answered("What is the total revenue?")
    expect(panel.turn()).to_contain_text("30")
    expect(panel.button("Model:")).to_have_text("The offline analyst")
    assert len(fake.exchanges) == before


def test_what_cannot_be_a_key_is_refused_in_words_and_nothing_is_lost(page: Page, lab: Lab) -> None:
    dialog = open_keys(page)
    line = entry(dialog, "Anthropic")
    line.get_by_role("button", name="Save the key of Anthropic").click()
    expect(line.get_by_role("alert")).to_have_text("Paste a key of Anthropic first.")
    expect(field(line)).to_be_focused()
    save(dialog, "Anthropic", "my key")
    expect(line.get_by_role("alert")).to_contain_text("That is not a key for Anthropic: it has spaces")
    expect(field(line)).to_have_value("my key")
    shot(page, "keys_refused")
    page.route("**/keys/anthropic*", lambda route: route.abort())
    save(dialog, "Anthropic", KEY)
    expect(line.get_by_role("alert")).to_have_text("The Jupyter server cannot be reached.")
    expect(field(line)).to_have_value(KEY)
    page.unroute("**/keys/anthropic*")
    field(line).press("Enter")
    expect(line).to_contain_text("Saved.")
    expect(line.get_by_role("alert")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert KEY not in page.evaluate(STORES)


def test_a_key_that_the_provider_rejects_is_said_and_the_question_is_kept(page: Page) -> None:
    set_key(page, "OpenAI", "sk-wrong")
    panel = Panel(page)
    panel.answered("What is the total revenue?")
    expect(panel.turn()).to_contain_text("OpenAI")
    expect(panel.turn()).to_contain_text("key")
    assert "sk-wrong" not in panel.text()
    shot(page, "keys_rejected")
    panel.button("Add a key").click()
    dialog = page.get_by_role("dialog")
    expect(save(dialog, "OpenAI", KEY)).to_contain_text("Saved.")
    dialog.get_by_role("button", name="Done").click()
    panel.composer.click()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(panel.turn()).to_contain_text("It is 30.")


def test_what_will_leave_is_said_once(page: Page, lab: Lab) -> None:
    set_key(page, "Anthropic")
    panel = Panel(page)
    notice = panel.root.get_by_text("Anthropic, first use.")
    panel.answered("What is the total revenue?")
    expect(notice).to_have_count(1)
    expect(notice).to_contain_text("labels that at least five rows share. No single rows")
    shot(page, "keys_first_use")
    panel.answered("Once more: the total revenue?")
    expect(notice).to_have_count(1)
    load(page, lab, reset=False)
    panel = Panel(page)
    panel.wait_for_answers(2)
    panel.answered("After the reload: the total revenue?")
    expect(panel.root.get_by_text("first use")).to_have_count(1)
    run(page, "autoanalyst:new-chat")
    panel.wait_for_answers(0)
    panel.answered("In another chat: the total revenue?")
    expect(panel.root.get_by_text("first use")).to_have_count(0)


def texts(body: Any) -> list[str]:
    """All texts of a request's body."""
    if isinstance(body, dict | list):
        return [text for each in (body.values() if isinstance(body, dict) else body) for text in texts(each)]
    return [body] if isinstance(body, str) else []


@pytest.mark.parametrize("provider", ["OpenAI", "Anthropic", "Groq"])
def test_what_was_sent_is_what_the_provider_received(page: Page, fake: FakeProvider, provider: str) -> None:
    set_key(page, provider)
    panel = Panel(page)
    question = "<img src=x onerror=alert(1)> What is the total revenue?"
    panel.answered(question)
    received = fake.exchanges[-1]
    assert received.dialect == provider.lower()
    panel.button("What was sent").click()
    dialog = page.get_by_role("dialog")
    call = dialog.get_by_role("listitem").last
    expect(call).to_contain_text("left this machine · names, types and statistics; no rows")
    for summary in call.locator("summary").all():
        summary.click()
    shown = call.locator("pre").all_text_contents()
    wire = "\n".join(texts(received.json()))
    assert question in shown
    assert any("sales['revenue'].sum()" in text for text in shown)
    assert call.get_by_text("run_cell", exact=False).count() >= 3, "as a tool, as a call, as what it returned"
    strange = [text for text in shown if text.partition('\n{"')[0] not in wire and not text.startswith("{")]
    assert strange == []
    assert json.loads(received.body)["model"] in call.locator("strong").inner_text()
    assert dialog.locator("img").count() == 0
    assert KEY not in dialog.inner_text()
    shot(page, f"keys_sent_{provider}")
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_have_count(0)


def test_the_menu_says_who_and_what_was_used_to_the_last_digit(page: Page, lab: Lab) -> None:
    set_key(page, "OpenAI")
    panel = Panel(page)
    panel.ask("/model openai:gpt-4o-mini")
    expect(panel.button("Model: gpt-4o-mini")).to_be_visible()
    before = lab.ours("GET", "usage")["today"]
    panel.answered("What is the total revenue?")
    expect(panel.turn()).to_contain_text("Offline check agrees")
    today = lab.ours("GET", "usage")["today"]
    assert today["requests"] - before["requests"] == 2
    # Two calls of 1,000 tokens at $0.15 and 100 at $0.60 per million.
    assert round(float(today["cost_usd"]) - float(before["cost_usd"]), 12) == 0.00042
    expect(panel.turn().page.locator(".jp-AnalystChat-footer").last).to_contain_text("$0.00042")
    panel.button("usage, keys, settings").click()
    menu = page.get_by_role("menu")
    expect(menu).to_contain_text(lab.ours("GET", "me")["name"])
    expect(menu).to_contain_text(f"Today: {today['requests']} requests · ")
    shot(page, "keys_menu")
    menu.get_by_role("menuitem", name="Today:").click()
    cells = page.get_by_role("dialog").get_by_role("row", name="Today").get_by_role("cell")
    tokens = today["tokens"]
    expect(cells.nth(0)).to_have_text(str(today["requests"]))
    expect(cells.nth(1)).to_have_text(f"{tokens['input_tokens']:,}")
    expect(cells.nth(2)).to_have_text(f"{tokens['output_tokens']:,}")
    expect(cells.nth(3)).to_have_attribute("title", f"${today['cost_usd']}")
    shot(page, "keys_usage")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
