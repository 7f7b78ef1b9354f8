"""Every setting of the bot, typed and documented; all mistakes are told at once, in the operator's words."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import setting_values as values
from bot.errors import OperatorError

PREFIX = "BULLETIN_"
TELEGRAM = "https://api.telegram.org"
SECRETS = ("telegram_token", "secret_key", "smtp_url", "mailbox_url", "fetch_proxy")


class Settings(BaseSettings):
    """The operator's settings; environment before `config.env` before the defaults below."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, env_ignore_empty=True, env_file_encoding="utf-8"
    )

    telegram_token_file: Path | None = Field(None, description="File that holds it.")
    telegram_token: values.Token | None = Field(None, description="The token that @BotFather gave for your bot.")
    telegram_api_url: values.WebAddress = Field(
        TELEGRAM, description="Root of the Bot API; change it for an API server of your own."
    )
    telegram_webhook: values.WebAddress = Field(
        "",
        description="Public https address of the webhook; empty: the bot asks Telegram itself (long polling).",
    )
    owner_id: int | None = Field(
        None, gt=0, lt=10**15, description="Telegram id of the owner; empty: `run` prints a one-time link."
    )
    moderators_chat: int | None = Field(
        None, lt=0, gt=-(10**15), description="Id of the moderators' group, at first start only."
    )
    channels: values.Chats = Field(
        [], description="Ids or @names of the channels, with commas between, at first start only."
    )
    secret_key_file: Path | None = Field(None, description="File that holds it.")
    secret_key: values.Key | None = Field(
        None,
        description="At least 32 characters; seals contacts. Empty: `run` makes a key file beside DATA_DIR.",
    )
    database_url: str = Field("", description="Empty: sqlite:///DATA_DIR/bulletin.db.")
    data_dir: Path = Field(Path("data"), description="Where the database, the lock and the control socket live.")
    smtp_url_file: Path | None = Field(None, description="File that holds it.")
    smtp_url: values.MailServer | None = Field(
        None, description="smtp://user:password@host:587, smtps://…, with ?starttls=required to insist on it."
    )
    smtp_connections: int = Field(8, ge=1, le=64, description="How many letters are under way at the same time.")
    mail_from: values.MailAddress = Field("", description="Address the issues come from, such as bulletin@example.org.")
    mail_reply_to: values.MailAddress = Field("", description="Address that readers write to; empty: MAIL_FROM.")
    mailbox_url_file: Path | None = Field(None, description="File that holds it.")
    mailbox_url: values.Mailbox | None = Field(
        None,
        description="Mailbox that the bot reads: imaps://user:password@host:993?folder=INBOX&done=Bulletin/Done.",
    )
    lmtp_listen: values.LettersListen = Field(
        "", description="Where a mail server on this machine hands letters over: 127.0.0.1:8024 or unix:/path."
    )
    authserv_id: values.ServerName = Field(
        "", description="Name under which your own mail server writes Authentication-Results; no other is believed."
    )
    web_listen: values.Listen = Field("127.0.0.1:8080", description="Address and port of the web pages.")
    public_url: values.Site = Field(
        "", description="Public address of the web pages, such as https://bulletin.example.org."
    )
    title: values.Title = Field("Our Bulletin", max_length=100, description="Title, at first start only.")
    timezone: values.Zone = Field("UTC", description="Zone such as Europe/Kyiv, at first start only.")
    schedule: values.Schedule = Field("sun 18:00", description="Day and time of each issue, at first start only.")
    cutoff: int = Field(
        60, ge=0, le=10080, description="Minutes before the hour until when a link is in time, at first start."
    )
    sections: values.Sections = Field(
        ["News", "Analysis and comment", "Solidarity"],
        description="Titles with semicolons between; a short label for the button may follow a bar: Title|Label.",
    )
    language: str = Field("en", pattern="^[a-z]{2,3}$", description="Language of the bulletin, at first start only.")
    strangers: Literal["refuse", "suggest"] = Field(
        "refuse", description="What happens to links of people without an invitation."
    )
    quota_contributor: int = Field(200, ge=0, le=100_000, description="Links a day of one contributor; 0: any number.")
    quota_moderator: int = Field(0, ge=0, le=100_000, description="The same for moderators, editors and owners.")
    fetch_proxy_file: Path | None = Field(None, description="File that holds it.")
    fetch_proxy: values.Proxy | None = Field(None, description="HTTP proxy through which submitted pages are fetched.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")
    log_format: Literal["text", "json"] = Field("text", description="Lines for people or for programs.")
    demo_clock: str = Field("", description="Clock file of the sandbox; refused with Telegram's own API.")

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Read each secret from its `…_FILE` twin, as container secrets are given."""
        files = {name: Path(given[f"{name}_file"]) for name in SECRETS if given.get(f"{name}_file")}
        read = {name: _text_of(file) for name, file in files.items()}
        return {**given, **{name: text for name, text in read.items() if text is not None}}

    @field_validator(*(f"{name}_file" for name in SECRETS))
    @classmethod
    def _readable(cls, file: Path | None) -> Path | None:
        if file is not None and _text_of(file) is None:
            raise ValueError(f"{file} cannot be read; give the path of a file that holds the secret")
        return file

    @field_validator("demo_clock")
    @classmethod
    def _not_in_earnest(cls, demo_clock: str, given: ValidationInfo) -> str:
        if demo_clock and given.data.get("telegram_api_url") == TELEGRAM:
            raise ValueError("it is for the sandbox only; take it out, or set TELEGRAM_API_URL to a sandbox")
        return demo_clock

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'bulletin.db'}"

    @property
    def secret_values(self) -> tuple[str, ...]:
        """Return what no log line may show."""
        return tuple(held.get_secret_value() for name in SECRETS if (held := getattr(self, name)) is not None)

    @property
    def mail_missing(self) -> tuple[str, ...]:
        """Return the names of the settings without which no mail goes out."""
        have = {"SMTP_URL": self.smtp_url, "MAIL_FROM": self.mail_from, "PUBLIC_URL": self.public_url}
        return tuple(PREFIX + name for name, value in have.items() if not value)


def _text_of(file: Path) -> str | None:
    """Return the text a file holds, or None where it cannot be read as text."""
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def load(config: Path | None = None) -> Settings:
    """Return the settings; raises OperatorError that lists every mistake with the setting to mend."""
    if config is not None and not config.is_file():
        raise OperatorError(f"There is no file {config}; give --config the path of your settings.")
    try:
        return Settings(_env_file=config or Path("config.env"))  # type: ignore[call-arg]  # a parameter of BaseSettings
    except ValidationError as error:
        raise OperatorError(_all_mistakes(error)) from None


def plain(secret: SecretStr | None) -> str | None:
    """Return a secret's value, to be handed to the one tool that needs it."""
    return None if secret is None else secret.get_secret_value()


def _all_mistakes(error: ValidationError) -> str:
    lines = ["The settings need mending:"]
    for mistake in error.errors(include_input=False, include_url=False):
        place = PREFIX + str(mistake["loc"][0]).upper() if mistake["loc"] else ""
        words = mistake["msg"].removeprefix("Value error, ")
        lines.append(f"  {place}: {words}." if place else f"  {words}.")
    return "\n".join(lines)
