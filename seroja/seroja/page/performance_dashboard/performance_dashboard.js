// The dashboard: the server says what is shown, with the way to the source of each figure; here it is drawn.
frappe.pages["performance-dashboard"].on_page_load = (wrapper) => {
	wrapper.dashboard = new PerformanceDashboard(wrapper);
};
frappe.pages["performance-dashboard"].on_page_show = (wrapper) => wrapper.dashboard.show();

class PerformanceDashboard {
	constructor(wrapper) {
		this.page = frappe.ui.make_app_page({
			parent: wrapper,
			title: __("Performance Dashboard"),
			single_column: true,
		});
		this.period = this.page.add_field({
			fieldname: "period",
			label: __("Period"),
			fieldtype: "Link",
			options: "Reporting Period",
			change: () => this.is_setting || this.load(),
		});
		this.page.set_secondary_action(__("Refresh"), () => this.load(), "refresh");
		this.$main = $('<div class="seroja-dashboard"></div>').appendTo(this.page.main);
		this.$main.on("click", ".db-retry", () => this.load());
	}

	show() {
		const { period } = frappe.route_options || {};
		frappe.route_options = null;
		if (!period) return this.load();
		this.is_setting = true; // one load for view and period
		// With its title at hand a link field has its value at once.
		frappe.utils
			.fetch_link_title("Reporting Period", period)
			.then(() => this.period.set_value(period))
			.then(() => {
				this.is_setting = false;
				this.load();
			});
	}

	load() {
		const [page, view] = frappe.get_route();
		if (page !== "performance-dashboard") return; // already on the way to somewhere else
		const asked = (this.asked = {});
		this.$main.attr("aria-busy", "true").html(`<p class="text-muted db-empty" role="status">${__("Loading…")}</p>`);
		const period = this.period.get_value() || null;
		frappe
			.xcall("seroja.api.dashboards.get", { view: view || null, period })
			.then((data) => asked === this.asked && this.draw(data))
			.catch(() => asked === this.asked && this.draw_failure())
			.finally(() => this.$main.removeAttr("aria-busy"));
	}

	draw_failure() {
		this.$main.html(
			`<p class="db-empty" role="alert">${__("The dashboard could not be loaded.")}
			<button class="btn btn-default btn-sm db-retry">${__("Try Again")}</button></p>`
		);
	}

	draw(data) {
		const { cards = [], sections = [] } = data;
		this.$main.html(`${this.head(data)}${this.message(data)}
			<div class="db-cards">${cards.map((card) => this.card(card)).join("")}</div>
			<div class="db-sections">${sections.map((section, place) => this.section(section, place)).join("")}</div>`);
		sections.forEach((section, place) => section.chart && this.draw_chart(section.chart, place));
	}

	head({ views, view, period }) {
		const links = views.map(({ name, label }) => {
			const href = this.href({ route: ["performance-dashboard", name] });
			const current = name === view ? 'aria-current="page"' : "";
			return `<a class="btn btn-sm btn-default ${name === view ? "active" : ""}" ${current} href="${href}">${this.text(label)}</a>`;
		});
		const nav = `<nav class="btn-group" aria-label="${__("Choose a View")}">${links.join("")}</nav>`;
		return `<div class="db-head">${views.length > 1 ? nav : ""}<h2>${this.text(period && period.label)}</h2></div>`;
	}

	// Where there is nothing to show: why, and what to do next.
	message({ message, next }) {
		if (!message) return "";
		const way = next ? ` <a class="btn btn-primary btn-sm" href="${this.href(next.link)}">${this.text(next.label)}</a>` : "";
		return `<p class="db-empty">${this.text(message)}${way}</p>`;
	}

	card({ label, value, note, color, is_bad, link }) {
		return `<a class="db-card" href="${this.href(link)}">
			<span class="db-label">${this.text(label)}</span>
			<span class="db-value">${this.text(value)}</span>
			<span class="db-note ${is_bad ? "text-danger" : ""}">${this.dot(color)}${this.text(note)}</span></a>`;
	}

	section(section, place) {
		const { title, chart, rows = [], empty, more } = section;
		const body = chart ? this.chart(chart) : rows.length ? this.table(section, place) : "";
		const way = more ? `<a class="db-more" href="${this.href(more.link)}">${this.text(more.label)} →</a>` : "";
		return `<section class="db-section" data-place="${place}" aria-labelledby="db-title-${place}">
			<header><h3 id="db-title-${place}">${this.text(title)}</h3>${way}</header>
			${body || `<p class="text-muted">${this.text(empty)}</p>`}</section>`;
	}

	table({ columns, rows }, place) {
		const numbers = columns.map((_title, column) => rows.every((row) => row[column].is_number));
		const head = columns.map(
			(title, column) => `<th scope="col" class="${numbers[column] ? "db-number" : ""}">${this.text(title)}</th>`
		);
		const body = rows.map((row) => `<tr>${row.map((cell, column) => this.cell(cell, columns[column])).join("")}</tr>`);
		return `<table class="db-table" aria-labelledby="db-title-${place}">
			<thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`;
	}

	cell({ text, link, note, color, share, is_number, is_bad }, title) {
		const shown = link ? `<a href="${this.href(link)}">${this.text(text)}</a>` : this.text(text);
		const bar =
			share === undefined || !color
				? this.dot(color)
				: `<span class="db-bar"><span style="width:${Number(share)}%;background:${this.text(color)}"></span></span>`;
		const below = note ? `<span class="db-note ${is_bad ? "text-danger" : ""}">${this.text(note)}</span>` : "";
		const style = [is_number && "db-number", color && "db-colored", is_bad && "text-danger"].filter(Boolean).join(" ");
		return `<td data-label="${this.text(title)}" class="${style}"><div>${bar}<span class="db-figure">${shown}</span>${below}</div></td>`;
	}

	// The drawing, and the same figures in words: beside a donut as its legend, else for those who do not see it.
	chart({ type, data, colors }) {
		const rows = data.labels.map((label, place) => {
			const values = data.datasets.map((dataset) => this.number(dataset.values[place]));
			const dot = type === "donut" ? this.dot(colors[place]) : "";
			return `<tr><th scope="row">${dot}${this.text(label)}</th><td>${values.join("</td><td>")}</td></tr>`;
		});
		const style = type === "donut" ? "db-legend" : "sr-only";
		return `<div class="db-${type}"><div class="db-chart" aria-hidden="true"></div>
			<table class="${style}"><tbody>${rows.join("")}</tbody></table></div>`;
	}

	draw_chart(drawing, place) {
		const element = this.$main.find(`[data-place="${place}"] .db-chart`)[0];
		new frappe.Chart(element, {
			...drawing,
			height: 220,
			data: { ...drawing.data, labels: drawing.data.labels.map((label) => this.text(label)) },
			tooltipOptions: { formatTooltipY: (value) => this.number(value) },
			axisOptions: {
				xAxisMode: "tick",
				xIsSeries: 1,
				shortenYAxisNumbers: 1, // only then is the formatter asked
				numberFormatter: (value) => this.number(Number(value)),
			},
		});
	}

	number(value) {
		return value == null ? "–" : value.toLocaleString("id-ID", { maximumFractionDigits: 2 });
	}

	dot(color) {
		return color ? `<span class="db-dot" style="background:${this.text(color)}"></span>` : "";
	}

	text(value) {
		return frappe.utils.escape_html(String(value ?? ""));
	}

	href({ route, query = {} }) {
		const path = frappe.router.make_url(frappe.router.convert_from_standard_route(route));
		const parameters = new URLSearchParams(query).toString();
		return this.text(parameters ? `${path}?${parameters}` : path);
	}
}
