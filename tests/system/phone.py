"""Somebody with a telephone at the sandbox's page: taps and writes as fingers do, and counts what Telegram would."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.browser import Browser, Page

WIDTH, HEIGHT = 390, 844
_PANELS = {"Moderators": "desk", "Channel": "channel-1"}

# The last button that can be seen, in the last message where it stands; its middle, where a finger would go.
_FIND = """((kind, label, among) => {
  const words = (one) => one.textContent.trim();
  const found = [...document.querySelectorAll(kind)].filter((one) => one.offsetParent
    && (!label || words(one) === label || words(one).endsWith(` ${label}`))
    && (!among || one.closest(".bubble")?.textContent.includes(among))).at(-1);
  if (!found) return null;
  found.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const box = found.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const there = document.elementFromPoint(x, y);
  return found.contains(there) ? { x, y } : null;
})"""
_STILL = """(() => {
  const count = document.querySelectorAll(".panel.selected .bubble").length, now = performance.now();
  if (window.still?.count !== count) window.still = { count, since: now };
  return now - window.still.since > 3000;
})()"""


@dataclass
class Phone:
    """One telephone: `presses` on the bot's buttons, `commands` and `replies` written, and a folder for pictures.

    Choosing a chat, and on this page whom one plays, is no press: in Telegram it is what brings one there.
    """

    page: Page
    folder: Path
    presses: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    pictures: list[Path] = field(default_factory=list)

    @classmethod
    async def at(cls, browser: Browser, address: str, folder: Path) -> "Phone":
        """Open the page on a telephone."""
        page = await browser.open(address, WIDTH, HEIGHT, phone=True)
        await page.until("document.querySelectorAll('#panel-desk .bubble').length > 1")
        return cls(page, folder)

    async def press(self, label: str, among: str = "") -> None:
        """Press the bot's button of this label, in the last message (with these words) that has it."""
        await self._tap(".panel.selected .key", label, among)
        self.presses.append(label)

    async def command(self, words: str) -> None:
        """Write a command to the chat that is open."""
        await self._write(words)
        self.commands.append(words)

    async def reply(self, words: str) -> None:
        """Answer what the bot has asked; as in Telegram's apps, the reply is begun already."""
        await self.page.until("!document.getElementById('reply').hidden")
        await self._write(words)
        self.replies.append(words)

    async def open(self, chat: str, who: str) -> None:
        """Open a chat as somebody."""
        await self._tap(f"label[for=play-{who.lower()}]")
        await self._tap("#tabs button", chat)
        key = f"panel-{_PANELS.get(chat, chat.lower())}"
        await self.page.run(
            f"{{ const where = document.getElementById('where'); where.value = [...where.options]"
            f".find((one) => one.textContent.includes({'to Moderators' if chat == 'Moderators' else 'to the bot'!r}))"
            f"?.value ?? where.value; }}"
        )
        await self.page.until(f"document.getElementById('{key}').classList.contains('selected')")

    async def sees(self, words: str, seconds: float = 60.0) -> None:
        """Wait until a message of the open chat says this."""
        shown = "[...document.querySelectorAll('.panel.selected .bubble')]"
        await self.page.until(f"{shown}.some((one) => one.innerText.includes({json.dumps(words)}))", seconds)

    async def can_press(self, label: str, among: str = "", seconds: float = 60.0) -> None:
        """Wait until there is such a button."""
        await self.page.until(f"!!{self._find('.panel.selected .key', label, among)}", seconds)

    async def nothing_new_comes(self) -> None:
        """Wait until the open chat has had no new message for a while: one that comes would move what is tapped."""
        await self.page.until(_STILL, 120.0)

    async def message_with(self, words: str) -> str:
        """The last message of the open chat that says this."""
        found = await self.page.run(
            "[...document.querySelectorAll('.panel.selected .bubble')]"
            f".filter((one) => one.innerText.includes({json.dumps(words)})).at(-1)?.innerText ?? ''"
        )
        return str(found)

    async def picture(self, name: str, of: Page | None = None) -> None:
        """Keep what is seen now, on the sandbox's page or another, which is never wider than the telephone."""
        page = of or self.page
        assert await page.run("document.documentElement.scrollWidth") <= WIDTH
        file = self.folder / f"{len(self.pictures) + 1:02}-{name}.png"
        await page.picture(file)
        self.pictures.append(file)

    async def _write(self, words: str) -> None:
        await self.page.run("document.getElementById('words').focus()")
        await self.page.call("Input.insertText", {"text": words})
        await self._tap("#composer button", "Send")
        await self.page.until("document.getElementById('words').value === ''")

    async def _tap(self, kind: str, label: str = "", among: str = "") -> None:
        find = self._find(kind, label, among)
        place = await self.page.until(find)
        while (now := await self.page.until(find)) != place:  # what moves is not tapped
            place = now
        for what in ("mousePressed", "mouseReleased"):
            await self.page.call("Input.dispatchMouseEvent", {"type": what, "button": "left", "clickCount": 1, **place})

    @staticmethod
    def _find(kind: str, label: str, among: str) -> str:
        return f"{_FIND}({json.dumps(kind)}, {json.dumps(label)}, {json.dumps(among)})"
