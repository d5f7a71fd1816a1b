frappe.ui.form.on("Performance Realization", {
	setup(frm) {
		frm.set_query("period", () => ({ filters: { entry_opens: ["<=", frappe.datetime.get_today()] } }));
	},

	refresh(frm) {
		set_up_rows(frm);
		seroja.show_history(frm);
		seroja.show_analysis(frm, "sheet");
		if (!frm.is_new()) add_buttons(frm);
	},

	before_workflow_action: (frm) => seroja.before_step(frm),
});

function set_up_rows(frm) {
	frm.toggle_display(["items_section", "decision_section", "history_section"], !frm.is_new());
	const grid = frm.get_field("items").grid;
	grid.cannot_add_rows = true;
	grid.df.cannot_delete_rows = true;
	grid.df.cannot_delete_all_rows = true;
	grid.add_new_row = () => {}; // Tab in the last row would add one, whatever cannot_add_rows says
	grid.wrapper.find(".grid-add-row, .grid-add-multiple-rows, .grid-remove-rows, .grid-remove-all-rows").addClass("hidden");
	grid.wrapper.addClass("seroja-rows");
	grid.grid_rows.forEach(show_well);
}

// Names in full with their unit, categories with their colour: rows are read more often than typed.
const SHOWN = {
	indicator_name(value, df, options, row) {
		const { escape_html } = frappe.utils;
		const unit = row && row.unit ? ` <span class="text-muted">(${escape_html(row.unit)})</span>` : "";
		const iku = row && row.is_iku ? ` <span class="indicator-pill no-indicator-dot blue">IKU</span>` : "";
		return escape_html(value || "") + unit + iku;
	},

	category(value, df, options, row) {
		const sheet = row && frappe.get_doc(row.parenttype, row.parent);
		const colors = (sheet && sheet.__onload && sheet.__onload.colors) || {};
		return seroja.category_pill(value, colors[value]);
	},

	achievement_scored(value, df, options, row) {
		const has_value = row && ["ok", "implausible", "zero_base"].includes(row.status);
		return has_value ? format_number(value, null, 2) : "–";
	},
};

function show_well(row) {
	row.docfields.forEach((df) => {
		if (SHOWN[df.fieldname]) df.formatter = SHOWN[df.fieldname];
	});
	row.refresh_depedency(); // what may be typed in depends on the flag of the row; draws the row anew
}

function add_buttons(frm) {
	frm.add_custom_button(__("Indicator Achievement"), () =>
		frappe.set_route("query-report", "Indicator Achievement", {
			period: frm.doc.period,
			opd: frm.doc.opd,
			include_unverified: frm.doc.docstatus === 1 ? 0 : 1,
		})
	);
}
