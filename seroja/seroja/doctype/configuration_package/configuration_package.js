frappe.ui.form.on("Configuration Package", {
	refresh(frm) {
		frm.set_df_property("file", "hidden", frm.is_new());
		frm.set_df_property("file", "read_only", frm.doc.direction === "Outgoing" || frm.doc.state === "Applied");
		if (frm.doc.message) frm.set_intro(frappe.utils.escape_html(frm.doc.message).replaceAll("\n", "<br>"), "red");
		frm.toggle_display("preview_section", frm.doc.state === "Checked");
		if (frm.is_new()) return;
		if (frm.doc.direction === "Outgoing") {
			frm.page.set_primary_action(__("Make the Package"), () => call(frm, "make_configuration"));
			return;
		}
		if (frm.doc.file && frm.doc.state !== "Applied") {
			frm.add_custom_button(__("Check the Package"), () => call(frm, "check_configuration"));
		}
		if (frm.doc.state === "Checked") {
			show_preview(frm);
			frm.page.set_primary_action(__("Apply"), () =>
				frappe.confirm(__("All changes of the preview will be written, all or none. Continue?"), () =>
					call(frm, "apply_configuration")
				)
			);
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
	frappe.call("seroja.api.exchange.configuration_preview", { name: frm.doc.name }).then(({ message }) => {
		const text = frappe.utils.escape_html;
		const head = ["", __("Content"), __("Name"), __("Differences")];
		const cells = (row) => [
			text(row.kind),
			text(row.section),
			text(row.key),
			row.differences.map((line) => `<div>${text(line)}</div>`).join(""),
		];
		const row_html = (row) =>
			`<tr>${cells(row).map((cell, i) => `<td data-label="${head[i]}">${cell}</td>`).join("")}</tr>`;
		const wrapper = frm.get_field("preview").$wrapper;
		if (!message.rows.length) {
			wrapper.html(`<p class="text-muted">${__("This package changes nothing here.")}</p>`);
			return;
		}
		wrapper.html(
			`<div class="table-responsive"><table class="table table-bordered small seroja-cards"><thead><tr>${head
				.map((cell) => `<th>${cell}</th>`)
				.join("")}</tr></thead><tbody>${message.rows.map(row_html).join("")}</tbody></table></div>
				${message.more ? `<p class="text-warning">${__("{0} more changes are not shown.", [message.more])}</p>` : ""}`
		);
	});
}
