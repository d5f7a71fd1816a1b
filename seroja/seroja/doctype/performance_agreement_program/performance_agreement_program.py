from seroja.permissions.rows import GuardedRow


class PerformanceAgreementProgram(GuardedRow):
	"""A program with its budget of the year, in rupiah."""
