// The panel “Analysis” of indicators and sheets. Texts of the server come escaped.
frappe.provide("seroja");

Object.assign(seroja, {
	OUTLOOK_COLORS: { on_track: "blue", at_risk: "yellow", off_track: "red", unknown: "gray" },
	SEVERITY_COLORS: { high: "red", medium: "orange", low: "yellow", off: "gray" },

	// The text always stands beside the colour.
	outlook_pill(status, label) {
		return `<span class="indicator-pill ${seroja.OUTLOOK_COLORS[status] || "gray"}">${label}</span>`;
	},

	severity_pill(severity, label) {
		return `<span class="indicator-pill ${seroja.SEVERITY_COLORS[severity] || "gray"}">${label}</span>`;
	},

	// Settings of a report with long sentences: rows of three lines, and columns as wide as the screen has need
	// of them; the widths of the report itself are those of its print.
	long_rows(widths) {
		return {
			get_datatable_options: (options) => Object.assign(options, { cellHeight: 62 }),
			after_datatable_render(datatable) {
				datatable.wrapper.classList.add("seroja-long-rows");
				for (const { id, colIndex } of datatable.getColumns()) {
					if (!widths[id]) continue;
					datatable.datamanager.updateColumn(colIndex, { width: widths[id] });
					datatable.columnmanager.setColumnHeaderWidth(colIndex);
					datatable.columnmanager.setColumnWidth(colIndex);
				}
				datatable.style.setBodyStyle();
			},
		};
	},

	long_text(text) {
		return `<span class="seroja-long">${text}</span>`;
	},

	// kind: "indicator" or "sheet". Asked for after the form is there: nobody waits for it.
	show_analysis(frm, kind) {
		const $wrapper = frm.get_field("analysis").$wrapper.empty();
		if (frm.is_new()) return;
		const name = frm.doc.name;
		$wrapper.html(`<p class="text-muted">${__("Being computed …")}</p>`);
		const show = (html) => frm.doc.name === name && $wrapper.html(html);
		frappe.call({
			method: `seroja.api.analysis.${kind}`,
			type: "GET",
			args: { name },
			callback: ({ message }) => show(analysis_html(kind, message)),
			error: () => show(`<p class="text-muted">${__("The analysis could not be computed.")}</p>`),
		});
	},
});

function analysis_html(kind, { picture, counts, outlook, findings }) {
	const parts = [];
	if (picture) {
		const alt = __("Realization, target and forecast");
		parts.push(`<div class="seroja-forecast"><img src="${picture}" alt="${alt}"></div>`);
	}
	parts.push(`<h6>${__("Outlook")}</h6>`);
	const pills = count_pills(counts || []);
	parts.push(pills);
	if (outlook.length) parts.push(outlook_table(kind, outlook));
	else if (!pills) parts.push(`<p class="text-muted">${__("There are no verified values yet.")}</p>`);
	parts.push(`<h6>${__("Findings")}</h6>`);
	parts.push(findings.length ? finding_table(kind, findings) : `<p>${__("The number checks found nothing.")}</p>`);
	return `<div class="seroja-analysis">${parts.join("")}</div>`;
}

function count_pills(counts) {
	const pills = counts
		.filter(({ count }) => count)
		.map(({ status, label, count }) => seroja.outlook_pill(status, `${label}: ${count}`));
	return pills.length ? `<p>${pills.join(" ")}</p>` : "";
}

function outlook_table(kind, rows) {
	return panel_table(
		[kind === "sheet" && __("Indicator"), __("Year"), __("Outlook"), __("Reason")],
		rows.map((row) => [
			kind === "sheet" && row.indicator,
			row.year,
			seroja.outlook_pill(row.status, row.status_label),
			[row.reason, row.seasonality].filter(Boolean).join(" "),
		])
	);
}

function finding_table(kind, rows) {
	return panel_table(
		[kind === "sheet" ? __("Indicator") : __("Period"), __("Severity"), __("Number Check"), __("Finding")],
		rows.map((row) => [
			kind === "sheet" ? row.indicator : row.period,
			seroja.severity_pill(row.severity, row.severity_label),
			row.label,
			row.message,
		])
	);
}

function panel_table(headings, rows) {
	const cells = (values, tag) =>
		values
			.filter((value) => value !== false)
			.map((value) => `<${tag}>${value}</${tag}>`)
			.join("");
	const body = rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("");
	return `<table class="table table-bordered small"><thead><tr>${cells(
		headings,
		"th"
	)}</tr></thead><tbody>${body}</tbody></table>`;
}
