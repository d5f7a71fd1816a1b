frappe.query_reports["Objective Roll-up"] = {
	tree: true,
	initial_depth: 3,
	filters: [
		{ fieldname: "plan", label: __("Strategic Plan"), fieldtype: "Link", options: "Strategic Plan" },
		...seroja.period_filters(),
	],
	formatter(value, row, column, data, default_formatter) {
		const text = seroja.report_formatter(value, row, column, data, default_formatter);
		const figures = ["own", "mean", "weighted", "weakest"];
		if (!data || !figures.includes(column.fieldname) || value === null || value === undefined) return text;
		return `<a class="seroja-contributors" title="${__("Open the contributing indicators")}"
			data-node="${frappe.utils.escape_html(data.node)}">${text}</a>`;
	},
	onload(report) {
		$(report.page.wrapper).on("click", ".seroja-contributors", (event) => {
			const { period, include_unverified } = report.get_values();
			const node = event.currentTarget.dataset.node;
			frappe.set_route("query-report", "Indicator Achievement", {
				performance_objective: node,
				period,
				include_unverified,
			});
			return false;
		});
		return seroja.open_report(report);
	},
};
