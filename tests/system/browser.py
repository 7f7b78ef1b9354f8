"""A Chromium without a window, driven over the pipes of its DevTools protocol."""

import asyncio
import base64
import json
import os
import shlex
import shutil
import tempfile
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync --remote-debugging-pipe"
)
ANSWER_SECONDS = 30.0
LOOK_SECONDS = 0.1
WORDS = "(document.getElementById('caption')?.textContent ?? '') + document.body?.innerText.slice(-3000)"

Json = dict[str, Any]


class Browser:
    """`async with Browser() as browser: page = await browser.open(address, 1440, 900)`."""

    async def __aenter__(self) -> Self:
        self._profile = tempfile.mkdtemp()
        theirs_in, self._ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        command = f"exec chromium {FLAGS} --user-data-dir={shlex.quote(self._profile)} about:blank"
        self._process = await asyncio.create_subprocess_exec(
            "bash",
            "-c",
            f"{command} 3<&{theirs_in} 4>&{theirs_out}",
            pass_fds=(theirs_in, theirs_out),
            stderr=asyncio.subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._numbers = count(1)
        self.complaints: list[str] = []
        reader = asyncio.StreamReader(limit=64 * 1024 * 1024)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours_in, "rb")
        )
        self._listening = asyncio.create_task(self._listen(reader))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.cancel()
        self._process.kill()
        await self._process.wait()
        os.close(self._ours_out)
        shutil.rmtree(self._profile, ignore_errors=True)

    async def open(self, address: str, width: int, height: int, *, phone: bool = False, dark: bool = False) -> "Page":
        """Open an address in a tab of this size."""
        target = await self.call("Target.createTarget", {"url": "about:blank"})
        attached = await self.call("Target.attachToTarget", {"targetId": target["targetId"], "flatten": True})
        page = Page(self, str(attached["sessionId"]))
        await page.call("Runtime.enable")
        await page.call("Page.enable")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}
        await page.call("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await page.call("Emulation.setEmulatedMedia", {"features": [scheme]})
        await page.call("Page.navigate", {"url": address})
        await page.until("location.href !== 'about:blank' && document.readyState === 'complete'")
        return page

    async def call(self, method: str, params: Json | None = None, session: str = "") -> Json:
        """Call one method of the protocol."""
        number = next(self._numbers)
        request: Json = {"id": number, "method": method, "params": params or {}}
        if session:
            request["sessionId"] = session
        self._answers[number] = asyncio.get_running_loop().create_future()
        os.write(self._ours_out, json.dumps(request).encode() + b"\0")
        try:
            return await asyncio.wait_for(self._answers[number], ANSWER_SECONDS)
        finally:
            del self._answers[number]

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while True:
            told = json.loads((await reader.readuntil(b"\0"))[:-1])
            waiting = self._answers.get(told.get("id", 0))
            if waiting is not None and not waiting.done():
                if "error" in told:
                    waiting.set_exception(AssertionError(told["error"]["message"]))
                else:
                    waiting.set_result(told["result"])
            elif told.get("method") == "Runtime.exceptionThrown":
                details = told["params"]["exceptionDetails"]
                self.complaints.append(details.get("exception", {}).get("description") or details["text"])


class Page:
    """One tab."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self._session = session

    async def call(self, method: str, params: Json | None = None) -> Json:
        return await self._browser.call(method, params, self._session)

    async def run(self, script: str) -> Any:
        """The value of an expression, awaited where it is a promise; AssertionError when it throws."""
        params = {"expression": script, "returnByValue": True, "awaitPromise": True, "userGesture": True}
        found = await self.call("Runtime.evaluate", params)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def until(self, script: str, seconds: float = 30.0) -> Any:
        """Wait until an expression is true, and return its value."""
        end = asyncio.get_running_loop().time() + seconds
        while not (found := await self.run(script)):
            left = end - asyncio.get_running_loop().time()
            assert left > 0, f"never true: {script}\n{await self.run(WORDS)}"
            await asyncio.sleep(min(left, LOOK_SECONDS))
        return found

    async def picture(self, path: Path) -> None:
        """Save what is seen."""
        found = await self.call("Page.captureScreenshot", {"format": "png"})
        await asyncio.to_thread(path.write_bytes, base64.b64decode(found["data"]))
