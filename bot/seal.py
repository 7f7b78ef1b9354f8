"""Sealed columns: contacts under authenticated encryption, and HMACs by which they are found again."""

import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import OperatorError

NONCE_BYTES = 12
KEY_BYTES = 32


class Sealer:
    """Keys by HKDF (RFC 5869) from the installation's secret, one per purpose."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._keys: dict[str, bytes] = {}
        self._ciphers: dict[str, AESGCM] = {}

    def key(self, purpose: str) -> bytes:
        """Return the 32-byte key of one purpose."""
        if purpose not in self._keys:
            derive = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
            self._keys[purpose] = derive.derive(self._secret)
        return self._keys[purpose]

    def _cipher(self, purpose: str) -> AESGCM:
        """Return the cipher of one purpose; kept, since to make one takes longer than to seal an address."""
        if purpose not in self._ciphers:
            self._ciphers[purpose] = AESGCM(self.key("seal:" + purpose))
        return self._ciphers[purpose]

    def seal(self, purpose: str, text: str) -> bytes:
        """Encrypt `text`; the same text gives other bytes each time."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher(purpose).encrypt(nonce, text.encode(), purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> str:
        """Decrypt what `seal` made; raises OperatorError when the key is not the one it was sealed with."""
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher(purpose).decrypt(nonce, rest, purpose.encode()).decode()
        except (InvalidTag, ValueError):
            raise OperatorError(
                "A sealed contact does not open: BULLETIN_SECRET_KEY is not the key this database was made with."
            ) from None

    def mac(self, purpose: str, text: str) -> str:
        """Return the hex HMAC-SHA256 by which a sealed value is found."""
        return hmac.digest(self.key("mac:" + purpose), text.encode(), "sha256").hex()


def load_secret(given: str | None, data_dir: Path) -> bytes:
    """Return the installation's secret: the setting, or the key file beside the data directory, made at first use."""
    if given:
        return given.encode()
    file = data_dir.resolve().parent / f"{data_dir.resolve().name}.key"
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(os.urandom(KEY_BYTES).hex())
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError:
        pass
    except OSError as error:
        raise OperatorError(f"No key file can be made at {file}: {error.strerror}. Set BULLETIN_SECRET_KEY.") from None
    secret = file.read_bytes().strip()
    if len(secret) < KEY_BYTES:
        raise OperatorError(
            f"The key file {file} is empty or cut off. Bring it back from a copy; only if the bot never ran, delete it."
        )
    return secret
