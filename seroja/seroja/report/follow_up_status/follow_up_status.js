frappe.query_reports["Follow-up Status"] = {
	filters: [
		{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
		{ fieldname: "year", label: __("Year"), fieldtype: "Int" },
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "Select",
			options: [{ value: "", label: "" }].concat(
				Object.keys(seroja.STATUS_COLORS).map((value) => ({ value, label: __(value) }))
			),
		},
		{ fieldname: "detail", label: __("One Line per Recommendation"), fieldtype: "Check", default: 0 },
		seroja.as_known_on(),
	],
	onload: seroja.open_report,
	formatter: seroja.report_formatter,
};
