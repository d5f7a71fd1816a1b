"""Write docs/openapi.json from the table of the reading interface."""

import json
from pathlib import Path

from seroja import __version__
from seroja.core import open_api

TARGET = Path(__file__).resolve().parent.parent / "docs/openapi.json"


def text() -> str:
	"""The description as it lies in docs."""
	return json.dumps(open_api.document(__version__), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
	TARGET.write_text(text(), encoding="utf-8")
