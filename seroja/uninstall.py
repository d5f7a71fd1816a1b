"""What Frappe calls before it removes the app: leave nothing of ours behind.

Everything happens before: what runs after is not committed by Frappe.
"""

from seroja.setup import masters, roles, workflows


def before_uninstall() -> None:
	"""While our DocTypes still exist."""
	workflows.remove()
	masters.remove()
	roles.remove()
