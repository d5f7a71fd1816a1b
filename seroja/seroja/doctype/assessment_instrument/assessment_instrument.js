frappe.ui.form.on("Assessment Instrument", {
	refresh(frm) {
		["items", "answers", "predicates", "rules", "conversions"].forEach((name) =>
			frm.get_field(name).grid.wrapper.addClass("seroja-rows")
		);
		if (frm.is_new()) return;
		const open = (kind) =>
			window.open(
				`/api/method/seroja.api.documents.instrument?name=${encodeURIComponent(frm.doc.name)}&kind=${kind}`
			);
		frm.add_custom_button("XLSX", () => open("xlsx"), __("Download"));
		frm.add_custom_button("JSON", () => open("json"), __("Download"));
		if (frappe.model.can_create(frm.doctype)) frm.add_custom_button(__("New Version"), () => new_version(frm));
	},
});

function new_version(frm) {
	frappe
		.xcall("seroja.api.instruments.make_version", { name: frm.doc.name })
		.then((name) => frappe.set_route("Form", frm.doctype, name));
}
