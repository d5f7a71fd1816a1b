frappe.ui.form.on("Performance Target", {
	setup(frm) {
		frm.set_query("indicator", "items", () => ({ filters: { opd: frm.doc.opd, is_active: 1 } }));
		frm.set_query("indicator", "actions", () => ({
			filters: { name: ["in", (frm.doc.items || []).map((row) => row.indicator)] },
		}));
		frm.set_query("performance_objective", "actions", () => ({ filters: { opd: frm.doc.opd } }));
	},

	refresh(frm) {
		frm.toggle_display(["items_section", "actions_section", "decision_section", "history_section"], !frm.is_new());
		frm.get_field("items").grid.wrapper.addClass("seroja-rows");
		seroja.show_history(frm);
		if (!frm.is_new()) seroja.add_downloads(frm, "action_plan");
		if (frm.doc.docstatus === 1 && frm.doc.is_current && frappe.model.can_create(frm.doctype)) {
			frm.add_custom_button(__("Revise"), () => revise(frm));
		}
	},

	before_workflow_action: (frm) => seroja.before_step(frm),
});

function revise(frm) {
	frappe.prompt(
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason for Revision"), reqd: 1 },
		({ reason }) =>
			frappe
				.xcall("seroja.api.targets.revise", { name: frm.doc.name, reason })
				.then((name) => frappe.set_route("Form", frm.doctype, name)),
		__("Revise"),
		__("Continue")
	);
}
