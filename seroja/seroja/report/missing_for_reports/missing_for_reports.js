frappe.query_reports["Missing for Reports"] = {
	filters: [
		{ fieldname: "year", label: __("Year"), fieldtype: "Int" },
		{
			fieldname: "report",
			label: __("Official Report"),
			fieldtype: "Select",
			options: ["", "LKPJ", "LPPD", "SPM", "RB", "SAKIP", "SPBE"],
		},
		{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
		seroja.as_known_on(),
	],
	formatter: seroja.report_formatter,
	onload: seroja.open_report,
};
