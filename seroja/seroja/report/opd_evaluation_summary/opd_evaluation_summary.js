frappe.query_reports["OPD Evaluation Summary"] = {
	filters: seroja.period_filters(),
	onload: seroja.add_pdf_button,
	formatter: seroja.report_formatter,
};
