"""Builds the wheel, compares it with what is committed, and runs the command from it in a fresh venv."""

import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

TOP = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "store")


def main(out: Path) -> None:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)], cwd=TOP, check=True)
    (wheel,) = out.glob("*.whl")
    listed = subprocess.run(["git", "ls-files", *PACKAGES], cwd=TOP, check=True, capture_output=True, text=True)
    committed = set(listed.stdout.split())
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    if held != committed:
        sys.exit(f"the wheel lacks {sorted(committed - held)} and should not hold {sorted(held - committed)}")
    print(f"{wheel.name}: {len(held)} files, exactly what is committed in {', '.join(PACKAGES)}")
    with tempfile.TemporaryDirectory() as room:
        venv.create(room, with_pip=True)
        pip = [f"{room}/bin/pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(TOP / "requirements.lock")], check=True)
        subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
        subprocess.run([f"{room}/bin/bulletin", "--help"], cwd=room, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
