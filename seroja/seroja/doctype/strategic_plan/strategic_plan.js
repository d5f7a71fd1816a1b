frappe.ui.form.on("Strategic Plan", {
	setup(frm) {
		frm.set_query("parent_plan", () => ({ filters: { plan_type: ["in", ["RPJMD", "RPD"]] } }));
		frm.set_query("opd", () => ({
			filters: { opd_type: [frm.doc.plan_type === "Renstra" ? "!=" : "=", "Government"] },
		}));
	},

	refresh(frm) {
		frm.toggle_display(["decision_section", "history_section"], !frm.is_new());
		seroja.show_history(frm);
		if (frm.is_new()) return;
		frm.add_custom_button(__("Objective Tree"), () => {
			frappe.route_options = { plan: frm.doc.name }; // Frappe's router drops options of a tree
			frappe.set_route("Tree", "Performance Objective");
		});
		frm.add_custom_button(__("Draw the Tree"), () =>
			frappe.set_route("objective-tree", { plan: frm.doc.name })
		);
		frm.add_custom_button(__("Planning Checks"), () =>
			frappe.set_route("query-report", "Planning Checks", { plan: frm.doc.name, year: frm.doc.year_from })
		);
		const { versions = [] } = frm.doc.__onload || {};
		if (versions.length) {
			frm.add_custom_button(__("Compare Versions"), () =>
				frappe.set_route("query-report", "Plan Version Difference", { plan: frm.doc.name })
			);
		}
	},

	before_workflow_action: (frm) => seroja.before_step(frm),
});
