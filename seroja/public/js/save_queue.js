frappe.provide("seroja");

// Changes of cells on their way to the server. They are kept in the browser until the server has them, so that
// neither a dropped connection nor a closed tab loses any.
seroja.SaveQueue = class {
	// known(code, field): what the server had when it was last heard.
	constructor(name, { known, on_state, on_saved, on_refused }) {
		Object.assign(this, { name, known, on_state, on_saved, on_refused });
		this.key = `seroja-worksheet:${frappe.session.user}:${name}`;
		this.changes = new Map(JSON.parse(localStorage.getItem(this.key) || "[]"));
		this.wait = 0;
		this.online = () => this.flush();
		window.addEventListener("online", this.online);
		this.ready = this.flush();
	}

	// Another worksheet is shown: what is left is sent, but nothing of it is shown there.
	stop() {
		window.removeEventListener("online", this.online);
		this.is_stopped = true;
		this.on_state = this.on_saved = this.on_refused = () => {};
		this.flush();
	}

	add(code, field, value) {
		const key = `${code}|${field}`;
		const waiting = this.changes.get(key);
		this.changes.set(key, { code, field, value, was: waiting ? waiting.was : this.known(code, field) });
		this.keep();
		this.on_state("waiting");
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.flush(), 500);
	}

	keep() {
		if (this.changes.size) localStorage.setItem(this.key, JSON.stringify([...this.changes]));
		else localStorage.removeItem(this.key);
	}

	async flush() {
		clearTimeout(this.timer);
		if (this.is_sending || !this.changes.size) return;
		this.is_sending = true;
		const batch = this.refused_batch ? [[...this.changes][0]] : [...this.changes];
		this.on_state("saving");
		const answer = await this.send(batch.map(([, change]) => change));
		this.is_sending = false;
		if (answer.lost) return this.retry(answer.message);
		this.wait = 0;
		this.settle(batch, answer);
		return answer.refused && this.is_stopped ? undefined : this.flush();
	}

	// What was changed again in the meantime stays in the queue.
	settle(batch, answer) {
		if (answer.refused && batch.length > 1) {
			this.refused_batch = true; // one by one from now on, to find the one that is refused
			return;
		}
		if (answer.refused && this.is_stopped) return; // kept, to be told when this worksheet is opened again
		for (const [key, change] of batch) {
			const newer = this.changes.get(key);
			if (newer === change) this.changes.delete(key);
			else newer.was = answer.state ? answer.state.rows[change.code][change.field] : change.was;
		}
		this.keep();
		if (!this.changes.size) this.refused_batch = false;
		if (answer.state) this.on_saved(answer.state);
		if (answer.refused) batch.forEach(([, change]) => this.on_refused(change, answer.message));
		if (!this.changes.size) this.on_state(answer.refused ? "refused" : "saved");
	}

	retry(message) {
		this.wait = Math.min((this.wait || 1) * 2, 30);
		this.on_state("offline", message);
		if (this.is_stopped) return;
		this.timer = setTimeout(() => this.flush(), this.wait * 1000);
	}

	async send(changes) {
		let response;
		try {
			response = await fetch("/api/method/seroja.api.worksheet.save", {
				method: "POST",
				headers: {
					"Content-Type": "application/json",
					"X-Frappe-CSRF-Token": frappe.csrf_token,
				},
				body: JSON.stringify({ name: this.name, changes }),
			});
		} catch (error) {
			return { lost: true };
		}
		const body = await response.json().catch(() => ({}));
		if (response.ok) {
			this.failures = 0;
			return { state: body.message };
		}
		const is_logged_out = frappe.get_cookie("user_id") === "Guest" || body.exc_type === "CSRFTokenError";
		if (is_logged_out) return { lost: true, message: __("Log in again in another tab, then reload this page; nothing is lost.") };
		const is_busy = response.status === 429 || (response.status >= 500 && (this.failures = (this.failures || 0) + 1) < 4);
		if (is_busy) return { lost: true };
		if (response.status >= 500) return { refused: true, message: __("The server could not save this.") };
		return { refused: true, message: this.message_of(body) };
	}

	message_of(body) {
		try {
			return JSON.parse(body._server_messages).map((text) => JSON.parse(text).message).join(" ");
		} catch (error) {
			return __("This was refused.");
		}
	}
};
