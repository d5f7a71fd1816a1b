frappe.ui.form.on("Performance Indicator", {
	setup(frm) {
		frm.set_query("successor", () => ({ filters: { name: ["!=", frm.doc.name] } }));
	},

	performance_objective(frm) {
		if (!frm.doc.performance_objective) return;
		frappe.db
			.get_value("Performance Objective", frm.doc.performance_objective, ["statement", "opd"])
			.then(({ message }) => {
				frm.set_value("objective", message.statement);
				if (!frm.doc.opd) frm.set_value("opd", message.opd);
			});
	},

	refresh(frm) {
		const grid = frm.get_field("smart").grid;
		grid.cannot_add_rows = true;
		grid.df.cannot_delete_rows = true;
		frm.toggle_display(["smart_section", "trend_section"], !frm.is_new());
		show_warnings(frm);
		show_trend(frm);
		seroja.show_analysis(frm, "indicator");
		if (frm.is_new()) return;
		frm.add_custom_button(__("Indicator Trend"), () =>
			frappe.set_route("query-report", "Indicator Trend", { indicator: frm.doc.name })
		);
	},
});

function show_warnings(frm) {
	const { warnings = [] } = frm.doc.__onload || {};
	frm.dashboard.clear_headline();
	if (warnings.length && !frm.is_new()) {
		frm.dashboard.set_headline_alert(warnings.map(frappe.utils.escape_html).join("<br>"), "orange");
	}
}

// One line per series: nothing connects the values before a break with those after it.
function show_trend(frm) {
	const { trend } = frm.doc.__onload || {};
	const $wrapper = frm.get_field("trend").$wrapper.empty();
	if (!trend) {
		$wrapper.html(`<p class="text-muted">${__("There are no verified values yet.")}</p>`);
		return;
	}
	frappe.utils.make_chart($wrapper[0], { ...trend, height: 220 });
	if (trend.data.datasets.length > 2) {
		$wrapper.append(
			`<p class="text-muted small">${__(
				"The series breaks where a successor took over; values before and after are not comparable."
			)}</p>`
		);
	}
}
