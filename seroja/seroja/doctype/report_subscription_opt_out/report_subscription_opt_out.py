from seroja.permissions.rows import GuardedRow


class ReportSubscriptionOptOut(GuardedRow):
	"""Somebody who does not want the mail any more."""
