"""What Frappe calls when the app is installed or migrated; the work is in setup/."""

from seroja.setup import masters, roles, workflows


def after_sync() -> None:
	"""Fresh install: runs last, when DocTypes and standard documents are there."""
	after_migrate()


def after_migrate() -> None:
	"""Bring what the app ships to the site; a second run changes nothing, a local change survives."""
	roles.sync()
	workflows.sync()
	masters.sync()
