from seroja.permissions.rows import GuardedRow


class RecommendationFollowup(GuardedRow):
	"""What the OPD has done; never changed after it was saved."""
