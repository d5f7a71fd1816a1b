frappe.ui.form.on("Performance Report", {
	refresh(frm) {
		const is_new = frm.is_new();
		frm.toggle_display(
			["sections_section", "items", "review_section", "history_section", "submission_section"],
			!is_new
		);
		if (is_new) return;
		seroja.show_history(frm);
		frm.get_field("items").grid.cannot_add_rows = true;
		frm.get_field("items").grid.wrapper.addClass("seroja-rows");
		const ask = (method, label) =>
			frm.add_custom_button(label, () =>
				frm
					.call({ method: `seroja.api.performance_reports.${method}`, args: { name: frm.doc.name }, freeze: true })
					.then(() => frm.reload_doc())
			);
		if (["Draft", "Returned"].includes(frm.doc.workflow_state) && frm.perm[0].write && frappe.user_roles) {
			ask("build", frm.doc.built_on ? __("Build Figures Again") : __("Build Figures"));
			if ((frm.doc.items || []).some((row) => row.is_stale)) {
				ask("accept_sections", __("Edited Sections Are Right"));
			}
			if (frm.doc.built_on) ask("ask_review", __("Ask for Review"));
		}
		if (frm.doc.built_on) {
			frm.add_custom_button(__("Make PDF and Word"), () => make_files(frm));
		}
	},

	onload(frm) {
		frappe.realtime.on("seroja_report", ({ name, percent, text, error }) => {
			if (name !== frm.doc.name) return;
			if (error) {
				frappe.hide_progress();
				frappe.msgprint(frappe.utils.escape_html(error));
				return;
			}
			frappe.show_progress(__("Performance Report"), percent, 100, frappe.utils.escape_html(text || ""), true);
			if (percent >= 100) frm.reload_doc();
		});
	},

	before_workflow_action: (frm) => seroja.before_step(frm),
});

function make_files(frm) {
	frappe
		.xcall("seroja.api.performance_reports.make_files", { name: frm.doc.name })
		.then(() => frappe.show_progress(__("Performance Report"), 2, 100, __("Waiting for a worker"), true));
}
