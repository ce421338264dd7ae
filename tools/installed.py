"""Run the tests against the installed wheel, with the source away.

Of the sdist, the tests and what is beside them stay; the package and its WSDLs are removed, and the wheel
that is built from it is installed in an environment of its own, beneath build/.
"""

import argparse
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_HERE = "not slow and not checkout"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="the Python to test on")
    parser.add_argument("--requirements", type=Path, required=True, help="what to install beside the wheel")
    arguments, for_pytest = parser.parse_known_args()
    version = run_for_output(arguments.python, "-c", "import platform; print(platform.python_version())")
    place = ROOT / "build" / "installed" / f"{version}-{arguments.requirements.stem}"
    wheel, tests = distributions(place)
    python = environment(place / "venv", arguments.python, arguments.requirements, wheel)
    imported = run_for_output(python, "-c", "import buzzeasy_soap; print(buzzeasy_soap.__file__)", cwd=tests)
    if not Path(imported).is_relative_to(place / "venv"):
        sys.exit(f"the tests would run against {imported}, which is not the installed wheel")
    print(f"Python {version}, {arguments.requirements.name}, {imported}", flush=True)
    command: list[str | Path] = [
        python,
        "-m",
        "pytest",
        "-q",
        "-n",
        "3",
        "--dist",
        "worksteal",
        "-m",
        NOT_HERE,
    ]
    sys.exit(
        subprocess.run([*command, "--ignore=tests/interop", *for_pytest], cwd=tests, check=False).returncode
    )


def distributions(place: Path) -> tuple[Path, Path]:
    """The wheel, and the sdist's folder without what is in the wheel."""
    shutil.rmtree(place / "dist", ignore_errors=True)
    run(sys.executable, "-m", "build", "--no-isolation", "-o", place / "dist", ROOT)
    [sdist], [wheel] = ((place / "dist").glob(pattern) for pattern in ("*.tar.gz", "*.whl"))
    with tarfile.open(sdist) as archive:
        archive.extractall(place / "dist", filter="data")
    tests = sdist.with_name(sdist.name.removesuffix(".tar.gz"))
    for name in ("buzzeasy_soap", "wsdl"):
        shutil.rmtree(tests / name)
    return wheel, tests


def environment(folder: Path, base: str, requirements: Path, wheel: Path) -> Path:
    """The Python of an environment with the wheel. One that is there already is brought up to date."""
    if not folder.exists():
        run(base, "-m", "venv", "--without-pip", folder)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--python",
        python,
        "install",
        "-q",
    ]
    run(*pip, "--require-hashes", "-r", requirements)
    run(*pip, "--no-deps", "--force-reinstall", wheel)
    return python


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def run_for_output(*command: str | Path, cwd: Path | None = None) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=cwd).stdout.strip()


if __name__ == "__main__":
    main()
