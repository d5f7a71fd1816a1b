frappe.query_reports["Indicator Outlook"] = {
	filters: [
		{ fieldname: "period", label: __("Known Until"), fieldtype: "Link", options: "Reporting Period" },
		{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
		{
			fieldname: "outlook",
			label: __("Outlook"),
			fieldtype: "Select",
			options: ["", "Sesuai jalur", "Berisiko", "Di luar jalur", "Belum dapat dinilai"],
		},
		{ fieldname: "only_iku", label: __("Only IKU"), fieldtype: "Check", default: 0 },
		{ fieldname: "only_next", label: __("Only This Year"), fieldtype: "Check", default: 0 },
		{ fieldname: "include_unverified", label: __("Include Unverified Sheets"), fieldtype: "Check", default: 0 },
		seroja.as_known_on(),
	],
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "status_label" && data) return seroja.outlook_pill(data.status, value);
		if (["forecast", "lower", "upper"].includes(column.fieldname) && value) {
			// As many decimals as the reason has; two would make 0,82 of the 0,822 of an index.
			return seroja.show_number(Number(Math.abs(value) < 0.1 ? value.toPrecision(3) : value.toFixed(3)));
		}
		const text = seroja.report_formatter(value, row, column, data, default_formatter);
		return ["indicator_name", "unit", "direction_label", "reason"].includes(column.fieldname)
			? seroja.long_text(text)
			: text;
	},
	onload: seroja.open_report,
	...seroja.long_rows({
		opd: 115,
		indicator_name: 190,
		year: 70,
		target: 85,
		forecast: 95,
		probability: 90,
		status_label: 170,
		lower: 90,
		upper: 90,
		unit: 95,
		direction_label: 120,
		reason: 560,
		subject: 90,
	}),
};
