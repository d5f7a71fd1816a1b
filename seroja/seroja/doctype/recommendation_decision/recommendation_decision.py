from seroja.permissions.rows import GuardedRow


class RecommendationDecision(GuardedRow):
	"""A status that the Inspektorat has given."""
