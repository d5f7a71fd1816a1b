"""Once an hour."""

from seroja.services import mailer, subscriptions


def deliver() -> None:
	"""Mail what has become due; running twice sends nothing twice."""
	subscriptions.open_deliveries()
	mailer.deliver()
