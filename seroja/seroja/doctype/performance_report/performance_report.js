frappe.ui.form.on("Performance Report", {
	refresh(frm) {
		const is_new = frm.is_new();
		frm.toggle_display(
			["sections_section", "items", "review_section", "history_section", "submission_section"],
			!is_new
		);
		if (is_new) return;
		seroja.show_history(frm);
		prepare_sections(frm.get_field("items").grid);
		const ask = (method, label, done) =>
			frm.add_custom_button(label, () => ask_server(frm, method, done));
		if (["Draft", "Returned"].includes(frm.doc.workflow_state) && frm.perm[0].write) {
			ask(
				"build",
				frm.doc.built_on ? __("Build Figures Again") : __("Build Figures"),
				__("The figures were built; edited texts have stayed.")
			);
			if ((frm.doc.items || []).some((row) => row.is_stale)) {
				ask("accept_sections", __("Edited Sections Are Right"), __("Saved"));
			}
			if (frm.doc.built_on && frm.doc.__onload?.may_reword) {
				ask("reword", __("Reword the Evaluation"), __("Done"));
			}
			if (frm.doc.built_on) ask("ask_review", __("Ask for Review"), __("The Inspektorat was asked for its review."));
		}
		if (frm.doc.built_on) {
			frm.add_custom_button(__("Make PDF and Word"), () => make_files(frm));
		}
	},

	onload(frm) {
		frappe.realtime.off("seroja_report"); // else one listener more for each report that is opened
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

// The sections come from the figures: only their texts are people's.
function prepare_sections(grid) {
	grid.cannot_add_rows = true;
	grid.df.cannot_delete_rows = true;
	grid.wrapper.addClass("seroja-rows");
}

// What is typed is saved first; the reload would lose it.
async function ask_server(frm, method, done) {
	if (frm.is_dirty()) await frm.save();
	const args = { name: frm.doc.name };
	const { message } = await frm.call({ method: `seroja.api.performance_reports.${method}`, args, freeze: true });
	await frm.reload_doc();
	if (message === false) return; // the server has said why
	frappe.show_alert({ message: done, indicator: "green" });
}

function make_files(frm) {
	const waiting = __("Waiting for a worker. You may close this; the files will be on the form.");
	frappe
		.xcall("seroja.api.performance_reports.make_files", { name: frm.doc.name })
		.then(() => frappe.show_progress(__("Performance Report"), 2, 100, waiting, true));
}
