frappe.query_reports["Waiting for Me"] = {
	filters: [],
	onload: seroja.open_report,
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "name" && data && !data.name) {
			const is_assessment = data.doctype === "Assessment";
			const { opd, period, instrument, year } = data;
			const query = new URLSearchParams(is_assessment ? { instrument, opd, year } : { opd, period });
			const form = is_assessment ? "assessment" : "performance-realization";
			return `<a href="/app/${form}/new?${query}">${__("Start the sheet")}</a>`;
		}
		const text = seroja.report_formatter(value, row, column, data, default_formatter);
		return ["task_label", "name", "state_label", "risk_parts"].includes(column.fieldname) ? seroja.long_text(text) : text;
	},
	...seroja.long_rows({
		task_label: 130,
		opd: 130,
		period: 95,
		type_label: 130,
		name: 160,
		state_label: 130,
		since: 145,
		due: 100,
		overdue: 95,
		risk: 70,
		risk_parts: 330,
	}),
};
