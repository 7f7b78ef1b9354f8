"""The rules of the house that no tool knows: sizes, names, words, locks, contracts and documents."""

import ast
import importlib
import re
import string
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from cyclopts import App
from packaging.requirements import Requirement

from bot.cli import app
from bot.settings import PREFIX, Settings
from bot.texts import FALLBACK, catalogue, languages

TOP = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "store")
LONGEST_FILE_LINES = 250
LONGER = {
    "store/schema.py": "every table in one place, to be read beside the migrations",
    "store/records.py": "every record in one place, as all rooms speak in them",
    "store/migrations/versions/0001_lay_the_first_tables.py": "a migration is written once, all tables in it",
}
TOP_LEVEL = {
    *(".ci", ".dockerignore", ".gitignore", "CHANGELOG.md", "Dockerfile", "LICENSE", "Makefile", "README.md"),
    *("bot", "compose.yaml", "config.example.env", "docs", "handlers", "pyproject.toml", "requirements-dev.lock"),
    *("requirements.lock", "store", "tests"),
}
REGISTRIES = re.compile(
    r"py(pi|thonhosted)[.]org|npmjs[.](com|org)|(docker|ghcr|quay)[.]io|(debian|ubuntu)[.](org|com)"
)
LOCKS = ("requirements.lock", "requirements-dev.lock")
OPENING = re.compile(r'\A(?:#.*\n)*"""[^\s"](?:(?!""")[^\n]|\n(?!\n))* (?:(?!""")[^\n]|\n(?!\n))*[.:](?:"""|\n\n)')


@cache
def committed() -> tuple[str, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, check=True, capture_output=True, text=True).stdout
    return tuple(name for name in listed.split("\0") if name and (TOP / name).exists())


@cache
def project() -> dict:
    return tomllib.loads((TOP / "pyproject.toml").read_text())


def modules(*rooms: str) -> list[str]:
    return [name for name in committed() if name.endswith(".py") and name.split("/")[0] in rooms]


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((TOP / name).read_text("utf-8"))


def test_no_file_grows_over_its_limit_without_a_reason():
    sizes = {name: (TOP / name).read_text("utf-8").count("\n") for name in modules(*PACKAGES)}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE_LINES and name not in LONGER} == {}
    assert [name for name in LONGER if sizes.get(name, 0) <= LONGEST_FILE_LINES] == []


def test_every_module_opens_with_a_sentence():
    texts = {name: (TOP / name).read_text("utf-8") for name in modules(*PACKAGES, "tests", ".ci")}
    assert [name for name, text in texts.items() if text.strip() and not OPENING.match(text)] == []


def test_the_top_level_holds_only_what_belongs_there():
    assert {name.split("/")[0] for name in committed()} - TOP_LEVEL == set()


def test_no_committed_file_names_a_registry():
    found = {}
    for name in committed():
        try:
            text = (TOP / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if match := REGISTRIES.search(text):
            found[name] = match[0]
    assert found == {}


# --- Locks and contracts ---


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_pinned_version_with_hashes(lock):
    text = (TOP / lock).read_text()
    entries = re.split(r"\n(?=[^\s#])", "\n".join(line for line in text.splitlines() if not line.startswith("    #")))
    pinned = re.compile(r"[a-z0-9][a-z0-9.-]*==[^\s;]+( ; [^\\]+)? \\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n?)+")
    assert [entry for entry in entries if not pinned.fullmatch(entry)] == []


def test_the_locks_answer_what_the_project_asks_for():
    groups = project()["dependency-groups"]
    asked = {"requirements.lock": [*project()["project"]["dependencies"], *groups["build"]], LOCKS[1]: groups["dev"]}
    for lock, wanted in asked.items():
        held = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (TOP / lock).read_text(), re.MULTILINE))
        for requirement in map(Requirement, wanted):
            assert requirement.specifier.contains(held.get(requirement.name, "0")), f"{requirement}: make lock"


def test_the_import_contracts_know_every_room():
    contracts = project()["tool"]["importlinter"]["contracts"]
    layers = {room for layer in contracts[0]["layers"] for room in re.findall(r"[\w.]+", layer)}
    forbidden_to_the_sandbox = next(
        set(c["forbidden_modules"]) for c in contracts if c.get("source_modules") == ["bot.sandbox"]
    )
    rooms = {path.stem for path in (TOP / "bot").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    ours = {f"bot.{room}" for room in rooms - {"__init__", "sandbox"}} | {"handlers", "store"}
    assert layers ^ ours == set()
    assert forbidden_to_the_sandbox ^ ours == {"bot.__main__"}


# --- Words ---


def placeholders(sentence: str | tuple[str, ...]) -> set[str]:
    forms = (sentence,) if isinstance(sentence, str) else sentence
    return {field for form in forms for _, field, _, _ in string.Formatter().parse(form) if field}


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for name in modules("bot", "handlers"):
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield f"{name}:{node.lineno}", node


@pytest.mark.parametrize("language", sorted(set(languages()) - {FALLBACK}))
def test_every_language_has_the_sentences_of_english_with_the_same_gaps(language):
    english, other = catalogue(FALLBACK)[0], catalogue(language)[0]
    assert set(other) == set(english)
    assert {key for key in english if placeholders(other[key]) - {"n"} != placeholders(english[key]) - {"n"}} == set()
    assert {
        key for key, sentence in other.items() if not all([sentence] if isinstance(sentence, str) else sentence)
    } == set()


def keys_in(argument: ast.expr) -> Iterator[str]:
    """The keys that an argument may be: itself, or the branches of a choice; made-up ones are not followed."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    elif isinstance(argument, ast.IfExp):
        yield from keys_in(argument.body)
        yield from keys_in(argument.orelse)


def test_no_sentence_stands_in_two_catalogues_of_a_language():
    for language in languages():
        found = [key for path in (TOP / "bot/locale" / language).glob("*.po") for key in keys_of(path)]
        assert {key for key in found if found.count(key) > 1} == set()


def keys_of(path: Path) -> list[str]:
    return re.findall(r'^msgid "([^"]+)"', path.read_text("utf-8"), re.MULTILINE)


def test_every_sentence_that_the_code_names_exists():
    known, unknown = catalogue(FALLBACK)[0], []
    for place, call in calls("say", "Refused", "Unreadable"):
        position = 1 if isinstance(call.func, ast.Name) and call.func.id == "say" else 0
        for key in keys_in(call.args[position]) if len(call.args) > position else ():
            unknown += [] if key in known else [f"{place} {key}"]
    assert not unknown, "\n".join(unknown)


def test_every_sentence_is_said_somewhere():
    literals, beginnings = set(), set()
    for name in modules("bot", "handlers"):
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                literals.add(node.value)
    spoken = tuple(beginning for beginning in beginnings if re.fullmatch(r"[a-z]+(-[a-z]+)*-", beginning))
    templates = "".join(path.read_text("utf-8") for path in (TOP / "bot").rglob("templates/*") if path.is_file())
    silent = {key for key in catalogue(FALLBACK)[0] if key not in literals and not key.startswith(spoken)}
    assert {key for key in silent if f'"{key}"' not in templates and f"'{key}'" not in templates} == set()


# --- Documents ---


def documents() -> dict[str, str]:
    names = [name for name in committed() if re.fullmatch(r"README\.md|docs/.*\.md", name)]
    return {name: (TOP / name).read_text("utf-8") for name in names}


def resolves(dotted: str) -> bool:
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part, None)
        return found is not None
    return False


def test_the_life_of_a_link_names_functions_that_exist():
    named = re.findall(r"`((?:bot|handlers|store)(?:\.\w+)+)`", (TOP / "docs/flow.md").read_text("utf-8"))
    assert len(named) >= 10
    assert [dotted for dotted in named if not resolves(dotted)] == []


def test_the_documents_name_settings_and_targets_that_exist():
    settings = {PREFIX + name.upper() for name in Settings.model_fields}
    targets = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(), re.MULTILINE))
    for name, text in documents().items():
        assert set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", text)) - settings == set(), name
        assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) - targets == set(), name


def commands(of: App, *path: str) -> Iterator[str]:
    """Every command that does something, with the words that lead to it."""
    below = [name for name in of if not name.startswith("-")]
    if not below:
        yield " ".join(path)
    for name in below:
        yield from commands(of[name], *path, name)


def test_every_command_is_documented_and_every_documented_one_exists():
    there = set(commands(app))
    table = (TOP / "docs/operating.md").read_text("utf-8").partition("## Commands")[2]
    assert set(re.findall(r"^\| `bulletin ([a-z -]+)`", table, re.MULTILINE)) ^ there == set()
    beginnings = {" ".join(command.split()[:length]) for command in there for length in (1, 2)}
    for name, text in documents().items():
        named = {" ".join(words) for words in re.findall(r"`(?:[^`\n]*[ /])?bulletin ([a-z-]+)(?: ([a-z-]+)\b)?", text)}
        assert {
            words for words in named if words.strip() not in beginnings and words.split()[0] not in there
        } == set(), name
