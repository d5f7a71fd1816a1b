frappe.ui.form.on("Roll-up Package", {
	refresh(frm) {
		frm.set_df_property("file", "read_only", frm.doc.direction === "Outgoing" || !["Draft", "Refused", "Checked"].includes(frm.doc.state || "Draft"));
		frm.set_df_property("file", "hidden", frm.is_new());
		if (frm.doc.direction === "Outgoing") frm.set_df_property("file", "description", "");
		frm.toggle_display("message", false); // shown above, where nobody overlooks it
		show_preview(frm);
		if (frm.doc.message) {
			frm.set_intro(frappe.utils.escape_html(frm.doc.message).replaceAll("\n", "<br>"), frm.doc.state === "Refused" ? "red" : "orange");
		}
		if (frm.is_new() || !frm.perm[0].write) return;
		if (frm.doc.direction === "Outgoing") {
			frm.page.set_primary_action(__("Make the Package"), () => call(frm, "make_package"));
		} else if (frm.doc.state === "Checked") {
			frm.page.set_primary_action(__("Import"), () =>
				frappe.confirm(__("Take the figures of {0} into the table of governments?", [frappe.utils.escape_html(frm.doc.government_name)]), () =>
					call(frm, "import_package")
				)
			);
		}
		if (frm.doc.direction === "Incoming" && frm.doc.file && !["Imported", "Replaced"].includes(frm.doc.state)) {
			frm.add_custom_button(__("Check the Package"), () => call(frm, "check_package"));
		}
	},
});

function call(frm, method) {
	const saved = frm.is_dirty() ? frm.save() : Promise.resolve();
	saved
		.then(() => frappe.call({ method: `seroja.api.exchange.${method}`, args: { name: frm.doc.name }, freeze: true }))
		.then(() => frm.reload_doc());
}

function show_preview(frm) {
	const text = frappe.utils.escape_html;
	const head = [__("OPD"), __("Indicators"), __("With a Figure"), __("Mean Achievement (%)"), __("Mean Score (%)"), __("Category")];
	const side = (i) => (i > 0 && i < 5 ? "text-right" : "");
	const row_html = ([opd, ...rest]) =>
		`<tr>${[opd ? text(opd) : `<b>${__("Government")}</b>`, ...rest.map(text)]
			.map((cell, i) => `<td data-label="${head[i]}" class="${side(i)}">${cell}</td>`)
			.join("")}</tr>`;
	const rows = frm.doc.__onload?.aggregates || [];
	frm.get_field("preview").$wrapper.html(
		`<div class="table-responsive"><table class="table table-bordered small seroja-cards"><thead><tr>${head
			.map((cell, i) => `<th class="${side(i)}">${cell}</th>`)
			.join("")}</tr></thead><tbody>${rows.map(row_html).join("")}</tbody></table></div>`
	);
}
