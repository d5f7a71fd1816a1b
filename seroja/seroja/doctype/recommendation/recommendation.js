frappe.ui.form.on("Recommendation", {
	refresh(frm) {
		const { may_add } = frm.doc.__onload || {};
		const is_new = frm.is_new();
		frm.toggle_display(["status_section", "follow_ups_section", "follow_ups"], !is_new);
		frm.toggle_display(["decisions_section", "decisions"], (frm.doc.decisions || []).length > 0);
		["follow_ups", "decisions"].forEach((name) => frm.get_field(name).grid.wrapper.addClass("seroja-rows"));
		frm.set_df_property("follow_ups", "read_only", may_add ? 0 : 1);
		const grid = frm.get_field("follow_ups").grid;
		grid.df.cannot_delete_rows = true;
		grid.grid_rows.forEach((row) => row.doc.entered_by && row.toggle_editable_row(false));
		if (is_new) return;
		if (may_add) frm.set_intro(__("Add what was done, with evidence, and save. Entries stay once they are saved."));
		const late = frappe.datetime.get_day_diff(frappe.datetime.get_today(), frm.doc.due_date);
		if (["Not Followed Up", "Not Yet as Recommended"].includes(frm.doc.status) && late > 0) {
			frm.dashboard.set_headline_alert(__("Overdue by {0} days", [late]), "red");
		}
	},
});
