"""Names that code and shipped documents share."""

ADMINISTRATOR = "SEROJA Administrator"
PLANNER = "SEROJA Planner"
OPERATOR = "SEROJA OPD Operator"
HEAD = "SEROJA OPD Head"
INSPEKTORAT = "SEROJA Inspektorat"
ORGANISATION_BUREAU = "SEROJA Organisation Bureau"
EXECUTIVE = "SEROJA Executive"
VIEWER = "SEROJA Viewer"

# Roles that see every OPD; the others see the units in which they hold a position.
CITY_ROLES = frozenset({ADMINISTRATOR, PLANNER, INSPEKTORAT, ORGANISATION_BUREAU, EXECUTIVE})
ROLES = (ADMINISTRATOR, PLANNER, OPERATOR, HEAD, INSPEKTORAT, ORGANISATION_BUREAU, EXECUTIVE, VIEWER)
POSITION_ROLES = {"Head": HEAD, "Operator": OPERATOR, "Viewer": VIEWER}

TARGET = "Performance Target"
REALIZATION = "Performance Realization"
ENTRY = "Verification Entry"
PLAN = "Strategic Plan"
PLAN_VERSION = "Strategic Plan Version"
OBJECTIVE = "Performance Objective"
INDICATOR = "Performance Indicator"
AGREEMENT = "Performance Agreement"
IMPORT = "SEROJA Import"
INSTRUMENT = "Assessment Instrument"
ROUND = "Assessment Round"
ASSESSMENT = "Assessment"
RECOMMENDATION = "Recommendation"
REPORT = "Performance Report"
LAYOUT = "Report Layout"
FIGURE_NOTE = "Figure Note"
SNAPSHOT = "Report Snapshot"
SUBSCRIPTION = "Report Subscription"
DELIVERY = "Report Delivery"
SAMPLE = "Verification Sample"
PROPOSAL = "Figure Proposal"
RECONCILIATION = "Reconciliation"
EXPORT = "Figure Export"

DRAFT = "Draft"
SUBMITTED = "Submitted"
APPROVED_BY_HEAD = "Approved by OPD Head"
RETURNED = "Returned"
APPROVED = "Approved"
VERIFIED = "Verified"
REOPENED = "Reopened"
SIGNED_BY_FIRST = "Signed by First Party"
SIGNED = "Signed"
EVALUATED = "Evaluated"
FINAL = "Final"
REVIEWED = "Reviewed by APIP"
PUBLISHED = "Published"

# Documents whose rows are given; a verifier flags single ones, and a return opens only these.
FLAGGED_ROWS = frozenset({REALIZATION, ASSESSMENT})

# The four classes of a recommendation (domain.md 6.4).
NOT_FOLLOWED_UP, IN_PROGRESS = "Not Followed Up", "Not Yet as Recommended"
CLOSED, CANNOT_BE_FOLLOWED_UP = "As Recommended", "Cannot Be Followed Up"

# How the value of an indicator comes about.
ENTERED, RATIO, FORMULA = "Entered", "Numerator and Denominator", "Formula"

# A number beyond this does not fit Frappe's decimal(21,9).
LARGEST = 999_999_999_999
