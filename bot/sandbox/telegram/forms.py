"""The body of a request: JSON, form or multipart, read into the parameters of a method."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from python_multipart import FormParser
from python_multipart.multipart import Field, parse_options_header
from python_multipart.multipart import File as Upload

from bot.sandbox.telegram.errors import bad_request


@dataclass(slots=True)
class Params:
    """The parameters of one call; forms carry numbers, flags and objects as text."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes, str]] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """A string, or None when it was not given."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def number(self, name: str) -> int | None:
        """An integer, or None when it was not given."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f"invalid {name} specified") from None

    def flag(self, name: str) -> bool:
        """A boolean; what was not given is false."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else str(value).lower() in ("true", "1", "yes")

    def structure(self, name: str) -> Any:
        """An object or a list, or None when it was not given."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


def read_params(query: str, content_type: str, body: bytes) -> Params:
    """The parameters of a request, from its address and its body."""
    params = Params(dict(parse_qsl(query, keep_blank_values=True)))
    kind, options = parse_options_header(content_type)
    if kind == b"application/json" and body:
        given = json.loads(body)
        params.values |= given if isinstance(given, dict) else {}
    elif kind == b"application/x-www-form-urlencoded":
        params.values |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind == b"multipart/form-data":
        _read_multipart(params, options.get(b"boundary", b""), body)
    return params


def _read_multipart(params: Params, boundary: bytes, body: bytes) -> None:
    def keep_field(found: Field) -> None:
        params.values[(found.field_name or b"").decode()] = (found.value or b"").decode()

    def keep_file(found: Upload) -> None:
        found.file_object.seek(0)
        name = (found.file_name or b"file").decode("utf-8", "replace")
        kind = found.content_type or "application/octet-stream"
        params.files[(found.field_name or b"").decode()] = (name, found.file_object.read(), kind)

    parser = FormParser("multipart/form-data", keep_field, keep_file, boundary=boundary)
    parser.write(body)
    parser.finalize()
