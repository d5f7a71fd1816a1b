frappe.provide("seroja.matrix");

frappe.query_reports["Performance Matrix"] = {
	filters: [
		{ fieldname: "from_period", label: __("From Period"), fieldtype: "Link", options: "Reporting Period" },
		{ fieldname: "to_period", label: __("To Period"), fieldtype: "Link", options: "Reporting Period" },
		{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
		{
			fieldname: "measures",
			label: __("Figures"),
			fieldtype: "MultiSelectList",
			get_data: () => seroja.matrix.measures(), // Frappe narrows them by what is typed
		},
		{ fieldname: "only_iku", label: __("Only IKU"), fieldtype: "Check", default: 0 },
		{
			fieldname: "include_unverified",
			label: __("Include Unverified Sheets"),
			fieldtype: "Check",
			default: 0,
		},
		seroja.as_known_on(),
	],

	onload(report) {
		$(report.page.main).on("click", "a[data-figure]", (event) => {
			if (event.ctrlKey || event.metaKey) return; // a new tab, as with every link
			event.preventDefault();
			event.stopPropagation();
			const [sheet, indicator] = JSON.parse(decodeURIComponent(event.currentTarget.dataset.figure));
			seroja.matrix.show_figure(sheet, indicator);
		});
		return seroja.open_report(report);
	},

	formatter(value, row, column, data, default_formatter) {
		const [, quarter, measure] = /^(\d{4}_q\d)_(\w+)$/.exec(column.fieldname || "") || [];
		if (!quarter) return default_formatter(value, row, column, data);
		return seroja.matrix.show_cell(value, measure, data, data && data[quarter]);
	},

	after_datatable_render(table) {
		seroja.matrix.wrap_headings(table);
		seroja.matrix.freeze(table);
	},
};

Object.assign(seroja.matrix, {
	measures: () =>
		[
			["Target", __("Target")],
			["Realization", __("Realization")],
			["Achievement", __("Achievement")],
			["Last Year", __("Last Year")],
			["Year to Date", __("Year to Date")],
			["Difference", __("Difference")],
		].map(([value, label]) => ({ value, label, description: "" })),

	// A figure is a link to the sheet that it comes from; no figure is a dash, never 0.
	show_cell(value, measure, data, figure) {
		const escape = frappe.utils.escape_html;
		if (!figure) return "–";
		const text = seroja.show_number(value, measure === "achievement" ? 2 : 0);
		const target = encodeURIComponent(JSON.stringify([figure.sheet, data.indicator]));
		const link = `<a href="${frappe.utils.get_form_link("Performance Realization", figure.sheet)}"
			data-figure="${escape(target)}" style="color:${seroja.matrix.text_color(measure, figure)}">${text}</a>`;
		const notes = measure === figure.noted && figure.notes.length ? `<sup>${figure.notes.join(" ")}</sup>` : "";
		return (measure === "achievement" ? seroja.matrix.show_category(link, figure) : link) + notes;
	},

	text_color(measure, { improvement }) {
		const changed = measure === "difference" && improvement;
		return changed ? (improvement > 0 ? "#2166ac" : "#b2182b") : "inherit";
	},

	// The colour of the category behind the figure, light enough to read; its name beside it.
	show_category(link, { category, color }) {
		if (!category) return link;
		const text = frappe.utils.escape_html(category);
		const style = color ? `background:${color}33;border-left:4px solid ${color};padding:0 4px` : "";
		return `<span style="${style}" title="${text}">${link} <small>${text}</small></span>`;
	},

	show_figure(sheet, indicator) {
		frappe
			.xcall("seroja.api.figure_notes.details", { sheet, indicator })
			.then((figure) => seroja.matrix.open_dialog(sheet, indicator, figure));
	},

	// What stands beside a figure: how it came about, evidence, who verified it, notes.
	open_dialog(sheet, indicator, figure) {
		const dialog = new frappe.ui.Dialog({
			title: `${indicator} · ${figure.period}`,
			fields: [{ fieldname: "figure", fieldtype: "HTML" }],
			primary_action_label: __("Open the Sheet"),
			primary_action: () => {
				dialog.hide();
				seroja.matrix.open_sheet(sheet, figure.row);
			},
		});
		if (figure.may_write) {
			dialog.set_secondary_action_label(__("Add a Note"));
			dialog.set_secondary_action(() => seroja.matrix.write_note(dialog, sheet, indicator, figure));
		}
		dialog.get_field("figure").$wrapper.html(seroja.matrix.describe(figure));
		dialog.$wrapper.on("click", "a[data-note]", (event) => {
			event.preventDefault();
			const { note, action } = event.currentTarget.dataset;
			const chosen = figure.notes.find(({ name }) => name === note);
			const act = action === "delete" ? "delete_note" : "write_note";
			seroja.matrix[act](dialog, sheet, indicator, figure, chosen);
		});
		dialog.show();
	},

	describe(figure) {
		const escape = (text) => frappe.utils.escape_html(text || "");
		const link = (url) =>
			url ? `<a href="${escape(url)}" target="_blank" rel="noopener">${escape(url)}</a>` : "";
		const verified = figure.verified_by
			? `${escape(figure.verified_by)}, ${frappe.datetime.str_to_user(figure.verified_on)}`
			: __("Not verified yet");
		const rows = [
			[__("Explanation"), escape(figure.explanation)],
			[__("Evidence"), [link(figure.evidence), link(figure.evidence_link)].filter(Boolean).join("<br>")],
			[__("Obstacle"), escape(figure.obstacle)],
			[__("Next Step"), escape(figure.next_step)],
			[__("Verified By"), verified],
			[__("Notes"), figure.notes.map(seroja.matrix.show_note).join("")],
		].map(([label, html]) => `<dt>${label}</dt><dd style="overflow-wrap:anywhere">${html || "–"}</dd>`);
		return `<p><b>${escape(figure.indicator_name)}</b></p><dl>${rows.join("")}</dl>`;
	},

	show_note({ name, note, author, written_on, is_mine, may_delete }) {
		const { escape_html } = frappe.utils;
		const action = (kind, label) =>
			`<a href="#" data-note="${escape_html(name)}" data-action="${kind}" class="small">${label}</a>`;
		const actions = [
			is_mine && action("change", __("Edit")),
			may_delete && action("delete", __("Delete")),
		].filter(Boolean);
		const by = `${escape_html(author)}, ${frappe.datetime.str_to_user(written_on)}`;
		return `<p>${escape_html(note)} <span class="text-muted small">– ${by}</span> ${actions.join(" · ")}</p>`;
	},

	write_note(dialog, sheet, indicator, figure, chosen) {
		const field = {
			fieldname: "note",
			fieldtype: "Small Text",
			label: __("Note"),
			reqd: 1,
			default: chosen && chosen.note,
		};
		const save = ({ note }) => {
			const saved = chosen
				? frappe.db.set_value("Figure Note", chosen.name, "note", note)
				: frappe.db.insert({ doctype: "Figure Note", indicator, period: figure.period, note });
			saved.then(() => seroja.matrix.show_again(dialog, sheet, indicator));
		};
		frappe.prompt(field, save, chosen ? __("Change the Note") : __("Add a Note"), __("Save"));
	},

	delete_note(dialog, sheet, indicator, figure, chosen) {
		frappe.confirm(__("Delete this note?"), () =>
			frappe.db
				.delete_doc("Figure Note", chosen.name)
				.then(() => seroja.matrix.show_again(dialog, sheet, indicator))
		);
	},

	show_again(dialog, sheet, indicator) {
		dialog.hide();
		frappe.query_report.refresh();
		seroja.matrix.show_figure(sheet, indicator);
	},

	// The sheet, at the row of the indicator.
	open_sheet(sheet, row) {
		frappe.set_route("Form", "Performance Realization", sheet).then(() =>
			frappe.after_ajax(() => {
				const { grid } = cur_frm.get_field("items");
				const index = cur_frm.doc.items.findIndex(({ name }) => name === row);
				grid.grid_pagination.go_to_page(Math.floor(index / grid.grid_pagination.page_length) + 1);
				grid.get_row(row).toggle_view(true);
			})
		);
	},

	wrap_headings(table) {
		const height = "60px"; // three lines
		table.style.setStyle(".dt-row-header, .dt-row-header .dt-cell", { height });
		table.style.setStyle(".dt-row-header .dt-cell__content", {
			height,
			"white-space": "normal",
			"line-height": 1.2,
		});
	},

	// Code and indicator stay in sight; Frappe's table cannot do that itself. Half of a phone is left to the figures.
	freeze(table) {
		const { header, bodyScrollable } = table;
		let room = bodyScrollable.clientWidth / 2;
		let edge = 0;
		const frozen = table
			.getColumns()
			.filter(({ id }) => ["indicator", "indicator_name"].includes(id))
			.map(({ colIndex }) => `.dt-cell--col-${colIndex}`)
			.filter((cells) => (room -= header.querySelector(cells).offsetWidth) >= 0)
			.map((cells) => {
				const { offsetLeft, offsetWidth } = header.querySelector(cells);
				const sticky = { position: "sticky", left: `${edge}px`, "z-index": 1 };
				table.style.setStyle(`.dt-scrollable ${cells}`, sticky);
				table.style.setStyle(`.dt-header ${cells}`, { "z-index": 2 });
				edge += offsetWidth;
				return { cells, hidden_from: offsetLeft + offsetWidth - edge };
			});
		$(bodyScrollable)
			.off("scroll.matrix")
			.on("scroll.matrix", () =>
				frozen.forEach(({ cells, hidden_from }) => {
					const shift = Math.max(0, bodyScrollable.scrollLeft - hidden_from);
					$(header).find(cells).css("transform", `translateX(${shift}px)`);
				})
			);
	},
});
