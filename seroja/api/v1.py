"""The reading interface for other systems (docs/api.md). Scope: the units of the user whose key it is."""

import frappe
from werkzeug.wrappers import Response

from seroja import __version__
from seroja.services import open_data


@frappe.whitelist(methods=["GET"])
def indicators(**asked: str) -> Response:
	"""Performance indicators. Permission: read, checked in answer; rows within the reader's units."""
	return _answer("indicators", asked)


@frappe.whitelist(methods=["GET"])
def targets(**asked: str) -> Response:
	"""Agreed targets. Permission: read, checked in answer; rows within the reader's units."""
	return _answer("targets", asked)


@frappe.whitelist(methods=["GET"])
def realizations(**asked: str) -> Response:
	"""Verified realizations. Permission: read, checked in answer; rows within the reader's units."""
	return _answer("realizations", asked)


@frappe.whitelist(methods=["GET"])
def achievements(**asked: str) -> Response:
	"""Achievements. Permission: read, checked in answer; rows within the reader's units."""
	return _answer("achievements", asked)


@frappe.whitelist(methods=["GET"])
def scores(**asked: str) -> Response:
	"""Final scores of assessments. Permission: read, checked in answer; rows within the reader's units."""
	return _answer("scores", asked)


@frappe.whitelist(methods=["GET"])
def recommendations(**asked: str) -> Response:
	"""Recommendations. Permission: read, checked in answer; rows within the reader's units."""
	return _answer("recommendations", asked)


@frappe.whitelist(methods=["GET"])
def openapi() -> Response:
	"""The OpenAPI 3.1 description of this interface; it holds no figures."""
	return open_data.description(__version__)


def _answer(name: str, asked: dict) -> Response:
	asked.pop("cmd", None)  # Frappe's own name of the method
	return open_data.answer(name, asked)
