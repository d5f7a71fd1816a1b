from seroja.permissions.rows import GuardedRow


class StrategicPlanMission(GuardedRow):
	"""One mission of a Strategic Plan."""
