"""A reader with a mailbox and a browser without scripts: opens links, fills in forms, presses buttons."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

from bot.sandbox.mailbox import Letter
from tests.cast import World

FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass
class Form:
    """A form as it stands on a page."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._select = ""
        self._button = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            assert given["method"] == "post"
            self.forms.append(Form(given["action"]))
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            form.fields[given["name"]] = given.get("value", "")
        self._select = given.get("name", "") if tag == "select" else self._select
        if tag == "option" and (self._select not in form.fields or "selected" in given):
            form.fields[self._select] = given["value"]
        self._button = tag == "button"
        if self._button:
            form.buttons.append("")

    def handle_endtag(self, tag: str) -> None:
        self._button = False

    def handle_data(self, data: str) -> None:
        if self._button:
            self.forms[-1].buttons[-1] += data.strip()


@dataclass
class Seen:
    """A page that was answered."""

    status: int
    text: str
    path: str
    answer: httpx.Response

    @property
    def forms(self) -> list[Form]:
        return _Forms(self.text).forms

    @property
    def links(self) -> list[str]:
        return _Forms(self.text).links

    def form(self, words: str) -> Form:
        """The form with the button of these words."""
        found = [form for form in self.forms if words in form.buttons]
        assert len(found) == 1, f"{words!r} is on {len(found)} buttons of {[form.buttons for form in self.forms]}"
        return found[0]

    @property
    def heading(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.text)
        return found[1] if found else ""


class Visitor:
    """`async with Visitor(world) as dan: page = await dan.open("/news/subscribe")`."""

    def __init__(self, world: World) -> None:
        assert world.app is not None
        self._world = world
        self._client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{world.app.web_port}", trust_env=False)

    async def __aenter__(self) -> "Visitor":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def open(self, address: str, method: str = "GET") -> Seen:
        parts = urlsplit(address)
        return _seen(await self._client.request(method, parts.path, headers={"accept": "text/html"}))

    async def press(self, page: Seen, words: str, **fields: str) -> Seen:
        """Fill in the form with the button of these words, and press it."""
        form = page.form(words)
        return await self.post(urljoin(page.path, form.action), {**form.fields, **fields})

    async def post(self, path: str, fields: dict[str, str]) -> Seen:
        return _seen(await self._client.post(path, data=fields))

    async def send(self, method: str, path: str, body: bytes, content_type: str = FORM_TYPE) -> Seen:
        """Send a body as it is."""
        return _seen(await self._client.request(method, path, content=body, headers={"content-type": content_type}))

    async def post_parts(self, path: str, parts: dict[str, tuple[None, str]]) -> Seen:
        """Send a form in parts, as some mail programs do."""
        return _seen(await self._client.post(path, files=parts))

    async def letter(self, address: str, count: int = 1) -> Letter:
        """Wait until so many letters have come to an address, and return the last."""
        await self._world.until(lambda: len(self._world.mail.mailbox(address)) >= count)
        return self._world.mail.mailbox(address)[count - 1]


def _seen(answer: httpx.Response) -> Seen:
    return Seen(answer.status_code, answer.text, answer.request.url.path, answer)


def link_in(letter: Letter, to: str) -> str:
    """The link of a letter that leads to a kind of page, such as `confirm`."""
    text = letter.message.get_body(("plain",))
    assert text is not None
    found = re.search(rf"http://bulletin\.sandbox\.example(/{to}/\w+)", text.get_content())
    assert found is not None, text.get_content()
    return found[1]
