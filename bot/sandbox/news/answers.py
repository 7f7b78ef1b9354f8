"""What a web site answers: status, headers and a body that may be large or slow."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `body` is either known bytes or a function that starts a stream of unannounced length."""

    status: int
    body: bytes | Callable[[], AsyncIterator[bytes]]
    headers: dict[str, str] = field(default_factory=dict)

    async def chunks(self) -> AsyncIterator[bytes]:
        if isinstance(self.body, bytes):
            yield self.body
        else:
            async for chunk in self.body():
                yield chunk


def html(text: str, status: int = 200) -> Answer:
    return Answer(status, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


def redirect(target: str, status: int = 302) -> Answer:
    return Answer(status, b"", {"Location": target, "Content-Type": "text/html; charset=utf-8"})
