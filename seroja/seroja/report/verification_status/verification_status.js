frappe.query_reports["Verification Status"] = {
	filters: seroja.period_filters().slice(0, 2),
	formatter: seroja.report_formatter,
};
