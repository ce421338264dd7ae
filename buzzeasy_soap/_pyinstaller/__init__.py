"""For PyInstaller, which finds it by the entry point `pyinstaller40`: frozen programs find all that they need."""

from pathlib import Path


def hook_directories() -> list[str]:
    """Where this package's hooks are."""
    return [str(Path(__file__).parent)]
