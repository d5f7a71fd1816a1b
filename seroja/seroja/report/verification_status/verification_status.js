frappe.query_reports["Verification Status"] = {
	filters: seroja.period_filters().filter(({ fieldname }) => fieldname !== "include_unverified"),
	onload: seroja.open_report,
	formatter: seroja.report_formatter,
};
