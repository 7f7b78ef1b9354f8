"""Carries out the Dockerfile where there is no Docker engine: each stage in a copy-on-write tree of this machine.

This machine's Debian with its own Python stands in for the base image, so what is seen to work is every line of ours:
COPY out of what .dockerignore lets through, RUN, WORKDIR, ENV, USER, ENTRYPOINT, CMD and HEALTHCHECK, the last three
with a Telegram that does not answer.
Run it as root under `unshare --mount`: its mounts, kept in memory, go with it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).parent.parent
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NOT_RUN = {"VOLUME", "EXPOSE", "STOPSIGNAL"}
NO_TELEGRAM = {"BULLETIN_TELEGRAM_TOKEN": f"1234567:{'x' * 35}", "BULLETIN_TELEGRAM_API_URL": "http://127.0.0.1:9"}
HEALTHY_WITHIN_SECONDS = 30
HOST_ONLY = ("PATH", "HOME", "PYTHON", "PYENV", "VIRTUAL_ENV", "UV_", "BULLETIN_")


class Stage:
    """One FROM: a root of its own, and the environment, folder and user that its lines have set so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = "/"
        self.user = "root"
        self.commands: dict[str, list[str]] = {}
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(HOST_ONLY)}
        self.env |= {"PATH": PATH, "HOME": "/root"}
        parts = {name: root.parent / f"{root.name}.{name}" for name in ("upper", "work")}
        for folder in (root, *parts.values()):
            folder.mkdir()
        options = f"lowerdir=/,upperdir={parts['upper']},workdir={parts['work']}"
        shell("mount", "-t", "overlay", "overlay", "-o", options, str(root))
        for shared in ("/proc", "/dev"):
            shell("mount", "--rbind", shared, f"{root}{shared}")
        (root / "usr/local/bin/python").unlink(missing_ok=True)
        (root / "usr/local/bin/python").symlink_to("/usr/bin/python3")

    def within(self, *command: str) -> list[str]:
        """The command line that runs a command in the stage's root and folder, as its user."""
        inside = ["sh", "-c", 'cd "$0" && exec "$@"', self.folder, *command]
        return ["/usr/sbin/chroot", f"--userspec={self.user}", str(self.root), *inside]

    def run(self, *command: str) -> None:
        shell(*self.within(*command), env=self.env)

    def at(self, path: str) -> Path:
        """The place of a path of the image in this machine's tree."""
        return self.root / os.path.join(self.folder, path).lstrip("/")

    def copy(self, sources: list[Path], to: str) -> None:
        target = self.at(to)
        for source in sources:
            place = target / source.name if to.endswith("/") or len(sources) > 1 else target
            place.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
            else:
                shutil.copy2(source, place)


def shell(*command: str, env: dict[str, str] | None = None) -> None:
    subprocess.run(command, check=True, env=env, stdin=subprocess.DEVNULL)


def instructions(text: str) -> list[tuple[str, str]]:
    """The lines of a Dockerfile as (instruction, rest), continued lines joined."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(line.split(None, 1)[0], " ".join(line.split()[1:])) for line in whole]


def context(room: Path) -> Path:
    """The committed files that .dockerignore lets through; ours names everything it lets in with `!`."""
    place = room / "context"
    place.mkdir()
    wanted = [line[1:] for line in (TOP / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    archive = subprocess.run(["git", "archive", "HEAD", *wanted], cwd=TOP, check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", str(place)], input=archive.stdout, check=True)
    return place


def carry_out(stage: Stage, stages: dict[str, Stage], given: Path, word: str, rest: str) -> None:
    match word:
        case "RUN":
            stage.run("sh", "-c", rest)
        case "COPY":
            sources, to = rest.split()[:-1], rest.split()[-1]
            base = given
            if sources[0].startswith("--from="):
                base = stages[sources.pop(0).removeprefix("--from=")].root
            stage.copy([base / source.lstrip("/") for source in sources], to)
        case "WORKDIR":
            stage.folder = os.path.join(stage.folder, rest)
            stage.at("").mkdir(parents=True, exist_ok=True)
        case "ENV":
            stage.env |= dict(pair.split("=", 1) for pair in rest.split())
        case "USER":
            stage.user, stage.env["HOME"] = rest, "/data"
        case "ENTRYPOINT" | "CMD" | "HEALTHCHECK":
            stage.commands[word] = json.loads(rest[rest.index("[") :])
        case _ if word not in NOT_RUN:
            sys.exit(f"{word}: .ci/image.py does not know this line of the Dockerfile")


def main() -> None:
    room = Path(tempfile.mkdtemp(prefix="image-"))
    shell("mount", "-t", "tmpfs", "tmpfs", str(room))
    try:
        build(room)
    finally:
        shell("umount", "--recursive", "--lazy", str(room))
        room.rmdir()


def build(room: Path) -> None:
    """Carry out every line, then see that the bot starts as the image's user, is healthy, and may write /data only."""
    given = context(room)
    stages: dict[str, Stage] = {}
    stage: Stage | None = None
    for word, rest in instructions((TOP / "Dockerfile").read_text()):
        print(word, rest, flush=True)
        if word == "FROM":
            stage = stages[rest.partition(" AS ")[2] or "last"] = Stage(room / f"stage{len(stages)}")
        elif stage is not None:
            carry_out(stage, stages, given, word, rest)
    assert stage is not None
    stage.run("sh", "-c", "test $(id -u) != 0 && touch /data/written && ! touch /opt/bulletin/written 2>/dev/null")
    see_it_healthy(stage)


def see_it_healthy(stage: Stage) -> None:
    """Start the image's command and ask its health check until it says yes."""
    command = stage.within(*stage.commands["ENTRYPOINT"], *stage.commands["CMD"])
    check = stage.within(*stage.commands["HEALTHCHECK"])
    bot = subprocess.Popen(command, env=stage.env | NO_TELEGRAM, stdin=subprocess.DEVNULL)
    latest = time.monotonic() + HEALTHY_WITHIN_SECONDS
    try:
        while subprocess.run(check, env=stage.env, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
            if bot.poll() is not None or time.monotonic() > latest:
                sys.exit("the bot in the image did not become healthy")
            time.sleep(0.5)
        print("healthy", flush=True)
    finally:
        bot.terminate()
        bot.wait(timeout=HEALTHY_WITHIN_SECONDS)
    if bot.returncode != 0:
        sys.exit(f"the bot in the image ended with {bot.returncode} when it was told to stop")


if __name__ == "__main__":
    main()
