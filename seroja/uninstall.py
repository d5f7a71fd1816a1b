"""What Frappe calls when the app is removed: leave nothing of ours behind."""

from seroja.setup import masters, roles, workflows


def before_uninstall() -> None:
	"""While our DocTypes still exist."""
	workflows.remove()
	masters.remove()


def after_uninstall() -> None:
	"""When nothing refers to the roles any more."""
	roles.remove()
