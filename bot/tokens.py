"""Tokens that carry their own proof: leave links, envelope senders, invitations."""

import base64
import hashlib
import hmac
import secrets

from bot.seal import Sealer

PROOF_BYTES = 12
ROW_BYTES = 5


def row_token(sealer: Sealer, purpose: str, row: int, generation: int) -> str:
    """Return a token of constant length, letters and digits only, that names one row of one generation.

    The same arguments give the same token, so that identical bytes can be built again.
    """
    body = row.to_bytes(ROW_BYTES, "big") + (generation % 256).to_bytes(1, "big")
    return _written(body + _proof(sealer, purpose, body))


def read_row_token(sealer: Sealer, purpose: str, token: str) -> tuple[int, int] | None:
    """Return the row and generation of a genuine token, else None; capitals are as good as small letters."""
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except ValueError:
        return None
    body, proof = raw[: ROW_BYTES + 1], raw[ROW_BYTES + 1 :]
    if not hmac.compare_digest(proof, _proof(sealer, purpose, body)) or token.lower() != _written(raw):
        return None
    return int.from_bytes(body[:ROW_BYTES], "big"), body[ROW_BYTES]


def _written(raw: bytes) -> str:
    """Return the one spelling of a token: others may decode to the same bytes (RFC 4648 §3.5)."""
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _proof(sealer: Sealer, purpose: str, body: bytes) -> bytes:
    return hmac.new(sealer.key("token:" + purpose), body, hashlib.sha256).digest()[:PROOF_BYTES]


def fresh_token() -> str:
    """Return a random one-time token that fits a Telegram start parameter (64 of A-Z a-z 0-9 _ -)."""
    return secrets.token_urlsafe(24)


def webhook_secret(sealer: Sealer) -> str:
    """Return the secret that Telegram sends along with each update of the webhook."""
    return sealer.mac("webhook", "telegram")
