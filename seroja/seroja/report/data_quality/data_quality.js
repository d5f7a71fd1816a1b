frappe.query_reports["Data Quality"] = {
	filters: [
		{ fieldname: "period", label: __("Period"), fieldtype: "Link", options: "Reporting Period" },
		{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
		{
			fieldname: "severity",
			label: __("Severity"),
			fieldtype: "Select",
			options: ["", "Berat", "Sedang", "Ringan"],
		},
		{ fieldname: "only_iku", label: __("Only IKU"), fieldtype: "Check", default: 0 },
		{ fieldname: "include_unverified", label: __("Include Unverified Sheets"), fieldtype: "Check", default: 1 },
		seroja.as_known_on(),
	],
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "severity_label" && data) return seroja.severity_pill(data.severity, value);
		return seroja.report_formatter(value, row, column, data, default_formatter);
	},
	onload: seroja.open_report,
};
