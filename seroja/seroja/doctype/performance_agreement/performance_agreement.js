frappe.ui.form.on("Performance Agreement", {
	setup(frm) {
		frm.set_query("opd", () => ({
			filters: { opd_type: [frm.doc.position_level === "Regional Head" ? "=" : "!=", "Government"] },
		}));
	},

	refresh(frm) {
		// The tables too: Tab would open a row of a table that only its section hides.
		frm.toggle_display(["items_section", "items", "programs", "decision_section", "history_section"], !frm.is_new());
		["items", "programs"].forEach((name) => frm.get_field(name).grid.wrapper.addClass("seroja-rows"));
		const programs = frm.get_field("programs").grid;
		programs.cannot_add_rows = true;
		programs.df.cannot_delete_rows = true;
		seroja.show_history(frm);
		if (frm.is_new()) return;
		seroja.add_downloads(frm, "agreement");
		if (frm.doc.docstatus === 1 && frm.doc.is_current && frappe.model.can_create(frm.doctype)) {
			frm.add_custom_button(__("Revise"), () => revise(frm));
		}
	},

	before_workflow_action: (frm) => seroja.before_step(frm),
});

function revise(frm) {
	const options = frm.fields_dict.revision_reason.df.options.split("\n").filter(Boolean);
	frappe.prompt(
		[
			{
				fieldname: "reason",
				fieldtype: "Select",
				label: __("Lawful Reason"),
				options: options.map((value) => ({ value, label: __(value) })),
				reqd: 1,
			},
			{ fieldname: "note", fieldtype: "Small Text", label: __("Reason for Revision"), reqd: 1 },
		],
		({ reason, note }) =>
			frappe
				.xcall("seroja.api.agreements.revise", { name: frm.doc.name, reason, note })
				.then((name) => frappe.set_route("Form", frm.doctype, name)),
		__("Revise"),
		__("Continue")
	);
}
