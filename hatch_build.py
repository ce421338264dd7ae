"""What a package index shows: the project's addresses, and README with links that work there."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RepositoryLinks(MetadataHookInterface):
    """Makes both from the one address in `tool.hatch.metadata.hooks.custom` of pyproject.toml."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in what pyproject.toml names as dynamic."""
        repository = self.config["repository"]
        files = f"{repository}/blob/main"
        readme = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": re.sub(r"\]\((?!https?:|#)", f"]({files}/", readme),
        }
        metadata["urls"] = {
            "Repository": repository,
            "Documentation": f"{files}/docs/api.md",
            "Changes": f"{files}/CHANGELOG.md",
            "Issues": f"{repository}/issues",
        }
