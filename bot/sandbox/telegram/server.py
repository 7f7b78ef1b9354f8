"""The Bot API server: an address and a body in, the answer of a method out, with the faults that were set."""

import asyncio
import inspect
import json
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from bot.sandbox.telegram.errors import ApiError, bad_request, forbidden, too_many_requests
from bot.sandbox.telegram.faults import AFTER, Fault, Faults
from bot.sandbox.telegram.forms import Params, read_params
from bot.sandbox.telegram.limits import Limits
from bot.sandbox.telegram.methods import METHODS, Call
from bot.sandbox.telegram.methods.call import upgraded
from bot.sandbox.telegram.switchboard import Switchboard
from bot.sandbox.telegram.webhook import Webhook
from bot.sandbox.telegram.wire import Cut, Reply, Request

_KEPT_CALLS = 100_000


@dataclass(slots=True)
class ApiCall:
    """One call that the bot made; `outcome` is "open", "ok", or what went wrong."""

    at: datetime
    method: str
    params: dict[str, Any]
    chat_id: int | None = None
    outcome: str = "open"
    result: Any = None


@dataclass(slots=True)
class BotApi:
    """The server behind the socket."""

    board: Switchboard
    limits: Limits
    webhook: Webhook
    token: str = field(repr=False)
    press_seconds: float
    faults: Faults = field(default_factory=Faults)
    calls: deque[ApiCall] = field(default_factory=lambda: deque(maxlen=_KEPT_CALLS))

    async def answer(self, request: Request) -> Reply:
        """Answer one HTTP request; Cut when the connection is to be closed instead."""
        path = unquote(request.path)
        if path.startswith(f"/file/bot{self.token}/"):
            return self._download(path.removeprefix(f"/file/bot{self.token}/"))
        bot, _, method = path.removeprefix("/").partition("/")
        if not bot.startswith("bot") or not method:
            return _refusal(ApiError(404, "Not Found"))
        if bot != f"bot{self.token}":
            return _refusal(ApiError(401, "Unauthorized"))
        try:
            params = read_params(request.query, request.headers.get("content-type", ""), request.body)
        except ValueError:
            return _refusal(bad_request("can't parse the request"))
        return await self._call(method, params)

    async def _call(self, name: str, params: Params) -> Reply:
        method, chat_id = name.lower(), _chat_id(params)
        record = ApiCall(self.board.clock.now(), name, dict(params.values), chat_id)
        self.calls.append(record)
        fault = self.faults.take(method, chat_id)
        try:
            if fault is not None and fault.name not in AFTER:
                await self._before(fault)
            record.result = await self._perform(method, params)
            record.outcome = "ok"
        except ApiError as error:
            record.outcome = f"{error.code} {error.description}"
            if fault is not None and fault.name in AFTER:
                # What was refused was not accepted: the fault waits for a call that is.
                fault.hits -= 1
            return _refusal(error)
        except Cut:
            record.outcome = "dropped"
            raise
        except asyncio.CancelledError:
            record.outcome = "the client went away"
            raise
        if fault is not None and fault.name in AFTER:
            record.outcome = f"ok, then {fault.name}"
            return await self._after(fault)
        return _reply(200, {"ok": True, "result": record.result})

    async def _perform(self, method: str, params: Params) -> Any:
        if method not in METHODS:
            raise ApiError(404, "Not Found")
        result = METHODS[method](Call(self.board, self.limits, self.webhook, params, self.press_seconds))
        return await result if inspect.isawaitable(result) else result

    async def _before(self, fault: Fault) -> None:
        """Let a fault strike that keeps the call from happening."""
        self.board.tell("fault", name=fault.name, chat=fault.chat_id)
        match fault.name:
            case "flood":
                raise too_many_requests(fault.retry_after)
            case "blocked":
                raise forbidden("bot was blocked by the user")
            case "kicked":
                raise forbidden(f"bot was kicked from the {self._kind(fault.chat_id)} chat")
            case "moved":
                raise self._moved(fault)
            case "5xx":
                raise ApiError(502, "Bad Gateway")
            case "slow":
                await asyncio.sleep(fault.seconds)
            case "hang":
                await asyncio.Event().wait()
            case _:
                raise Cut

    async def _after(self, fault: Fault) -> Reply:
        """Let a fault strike that hides what has happened."""
        self.board.tell("fault", name=fault.name, chat=fault.chat_id)
        if fault.name == "5xx-after":
            return _refusal(ApiError(502, "Bad Gateway"))
        if fault.name == "hang-after":
            await asyncio.Event().wait()
        raise Cut

    def _moved(self, fault: Fault) -> ApiError:
        chat = self.board.chats.get(fault.to_chat_id or 0)
        if chat is None:
            old = self.board.chats[fault.chat_id or 0]
            chat = old.migrated_to or old.migrate()
        return upgraded(chat)

    def _kind(self, chat_id: int | None) -> str:
        chat = self.board.chats.get(chat_id or 0)
        return chat.kind if chat is not None and chat.kind != "private" else "supergroup"

    def _download(self, path: str) -> Reply:
        for file in self.board.files.values():
            if file.path == path:
                return Reply(200, file.content, file.mime_type)
        return _refusal(ApiError(404, "Not Found"))


def _chat_id(params: Params) -> int | None:
    try:
        return params.number("chat_id")
    except ApiError:
        return None


def _refusal(error: ApiError) -> Reply:
    return _reply(error.code, error.body())


def _reply(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body, ensure_ascii=False).encode())
