frappe.query_reports["Indicator Achievement"] = {
	filters: [
		...seroja.period_filters(),
		{ fieldname: "only_iku", label: __("Only IKU"), fieldtype: "Check", default: 0 },
	],
	onload: seroja.add_pdf_button,
	formatter: seroja.report_formatter,
};
