// What pulse sends is only ever set as text: command lines and the like come from anybody.

const SHOWN_MILLIS = 5 * 60 * 1000;
const MOST_POINTS = 600;
const MOST_ITEMS = 20;
const RETRY_MILLIS = 5000;
const SVG = 'http://www.w3.org/2000/svg';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

function $(id) {
	return document.getElementById(id);
}

function element(name, text, className) {
	const made = document.createElement(name);
	made.textContent = text;
	if (className) {
		made.className = className;
	}
	return made;
}

function drawing(name, attributes) {
	const made = document.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(attributes)) {
		made.setAttribute(key, value);
	}
	return made;
}

/** A chart of the last five minutes, with one line for each of some names. */
class Chart {

	constructor(id, title, unit, top, names) {
		this.title = title;
		this.unit = unit;
		this.top = top;
		this.names = names;
		this.points = [];
		this.figure = $(id);
		const caption = element('figcaption', '');
		caption.append(element('span', title));
		this.values = names.map((name, index) => {
			if (names.length > 1) {
				caption.append(element('span', name, `name${index + 1}`));
			}
			return caption.appendChild(element('strong', '–'));
		});
		this.thresholdText = caption.appendChild(element('span', '', 'quiet'));
		this.picture = drawing('svg', { role: 'img', viewBox: '0 0 300 100', preserveAspectRatio: 'none',
			'aria-label': `${title}: nothing yet` });
		this.thresholdLine = this.picture.appendChild(drawing('line', { class: 'threshold', x1: 0, x2: 300, y1: -9, y2: -9 }));
		this.lines = names.map((name, index) => this.picture.appendChild(drawing('path', { class: `line${index + 1}` })));
		this.scale = element('div', '', 'scale');
		this.scale.setAttribute('aria-hidden', 'true');
		this.scaleText = this.scale.appendChild(element('span', ''));
		this.scale.append(element('span', 'now'));
		this.figure.append(caption, this.picture, this.scale);
	}

	clear() {
		this.points = [];
	}

	/** Adds the values of a time, of which those from before the last one are known. */
	add(time, values) {
		if (this.points.length > 0 && time <= this.points[this.points.length - 1].time) {
			return;
		}
		this.points.push({ time, values });
		while (this.points[0].time < time - SHOWN_MILLIS) {
			this.points.shift();
		}
		this.redraw();
	}

	setThreshold(threshold) {
		this.threshold = threshold;
		this.redraw();
	}

	/** Draws with the next picture of the screen, of which there are none while nobody looks. */
	redraw() {
		if (!this.asked) {
			this.asked = true;
			requestAnimationFrame(() => {
				this.asked = false;
				this.draw();
			});
		}
	}

	draw() {
		const last = this.points[this.points.length - 1];
		if (!last) {
			return;
		}
		const all = this.points.flatMap((point) => point.values);
		const top = this.top || niceTop(Math.max(...all));
		this.lines.forEach((line, index) => line.setAttribute('d', this.path(index, last.time, top)));
		this.values.forEach((value, index) => value.textContent = this.text(last.values[index]));
		this.scaleText.textContent = `5 min, 0 to ${this.text(top)}`;
		if (this.threshold !== undefined) {
			const y = height(this.threshold, top);
			this.thresholdLine.setAttribute('y1', y);
			this.thresholdLine.setAttribute('y2', y);
			this.thresholdText.textContent = `threshold ${this.text(this.threshold)}`;
		}
		this.picture.setAttribute('aria-label', this.names.map((name, index) => {
			const values = this.points.map((point) => point.values[index]);
			return `${this.title}${this.names.length > 1 ? ' ' + name : ''}: now ${this.text(last.values[index])}, `
				+ `in the last five minutes from ${this.text(Math.min(...values))} to ${this.text(Math.max(...values))}`;
		}).join('; '));
	}

	/** Draws a line through the highest of neighbouring points where there are very many. */
	path(index, now, top) {
		const step = Math.ceil(this.points.length / MOST_POINTS);
		let path = '';
		for (let i = 0; i < this.points.length; i += step) {
			const part = this.points.slice(i, i + step);
			const highest = Math.max(...part.map((point) => point.values[index]));
			const x = 300 - 300 * (now - part[part.length - 1].time) / SHOWN_MILLIS;
			path += `${path ? 'L' : 'M'}${x.toFixed(2)} ${height(highest, top).toFixed(2)}`;
		}
		return path;
	}

	text(value) {
		return number.format(value) + this.unit;
	}

}

/** The least of 1, 2, 5, 10 and so on that a value does not exceed. */
function niceTop(value) {
	const power = 10 ** Math.floor(Math.log10(Math.max(value, 0.1)));
	return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= value);
}

function height(value, top) {
	return 99 - 98 * value / top;
}

const charts = {
	cpu: new Chart('cpu', 'CPU', ' %', 100, ['cpu']),
	memory: new Chart('memory', 'Memory', ' %', 100, ['memory']),
	load: new Chart('load', 'Load', '', 0, ['load']),
	pressure: new Chart('pressure', 'Pressure', ' %', 0, ['cpu', 'memory', 'io']),
	busy: new Chart('busy', 'Busy', ' %', 100, ['busy']),
	lag: new Chart('lag', 'Lag', ' ms', 0, ['lag']),
};

function showSample(sample) {
	const time = Date.parse(sample.time);
	charts.cpu.add(time, [sample.cpu]);
	charts.memory.add(time, [sample.memory]);
	charts.load.add(time, [sample.load]);
	if (sample.pressure) {
		$('pressure').hidden = false;
		charts.pressure.add(time, [sample.pressure.cpu, sample.pressure.memory, sample.pressure.io]);
	}
}

function showThresholds(thresholds) {
	for (const [metric, threshold] of Object.entries(thresholds)) {
		charts[metric].setThreshold(threshold);
	}
}

/** Calls a queue by the type of its messages. */
function shortName(name) {
	return name.replace(/^EventQueue<(?:\w+\.)*(.+)>$/, '$1');
}

function row(...cells) {
	const made = document.createElement('tr');
	const head = element('th', cells[0]);
	head.scope = 'row';
	made.append(head, ...cells.slice(1).map((cell) => element('td', cell)));
	return made;
}

function showLoop(loop) {
	const time = Date.parse(loop.time);
	charts.busy.add(time, [loop.busy]);
	charts.lag.add(time, [loop.lag]);
	$('handlers').replaceChildren(...loop.handlers.map((handler) => row(shortName(handler.name), number.format(handler.events),
		`${number.format(handler.mean)} ms`, `${number.format(handler.longest)} ms`)));
	$('queues').replaceChildren(...loop.queues.map((queue) => row(shortName(queue.name), number.format(queue.size),
		number.format(queue.capacity), number.format(queue.dropped))));
	$('pages').textContent = `Pages open: ${number.format(loop.pages)}. `
		+ `Frames dropped, as a page did not take them: ${number.format(loop.dropped)}.`;
}

/** Adds an item to a list, above the others. */
function list(id, time, text) {
	const item = document.createElement('li');
	const when = element('time', clock.format(new Date(time)));
	when.dateTime = time;
	item.append(when, ` ${text}`);
	$(id).prepend(item);
	while ($(id).children.length > MOST_ITEMS) {
		$(id).lastElementChild.remove();
	}
}

const shown = {
	sample: showSample,
	loop: showLoop,
	thresholds: showThresholds,
	alert: (alert) => list('alerts', alert.time,
		`${alert.metric} is ${number.format(alert.value)}, above ${number.format(alert.threshold)}`),
	blocked: (blocked) => list('alerts', blocked.time, `${blocked.handler} ${blocked.returned ? 'has' : 'is still'} `
		+ `block${blocked.returned ? 'ed' : 'ing'} the main loop for ${number.format(blocked.millis)} ms`),
	signal: (signal) => list('signals', signal.time, signal.signal),
};

function tell(text, live) {
	$('connection').textContent = text;
	$('connection').classList.toggle('live', live);
}

async function ask(path) {
	const answer = await fetch(path);
	if (!answer.ok) {
		throw new Error(`${path} is answered ${answer.status}`);
	}
	return answer.json();
}

/** Fills in what was before the feed began. */
async function showPast() {
	const [samples, thresholds] = await Promise.all([ask('api/samples'), ask('api/thresholds')]);
	for (const name of ['cpu', 'memory', 'load', 'pressure']) {
		charts[name].clear();
	}
	samples.forEach(showSample);
	showThresholds(thresholds);
}

let lastId = 0;

function connect() {
	const feed = new EventSource('api/events');
	for (const [name, show] of Object.entries(shown)) {
		feed.addEventListener(name, (event) => {
			if (Number(event.lastEventId) > lastId) {
				lastId = Number(event.lastEventId);
				show(JSON.parse(event.data));
			}
		});
	}
	feed.onopen = () => {
		tell('Live', true);
		showPast().catch((error) => tell(`Live, without what was before: ${error.message}`, true));
	};
	// A browser tries again by itself where the connection was lost, and not where it was refused.
	feed.onerror = () => {
		tell('Not connected, trying again …', false);
		if (feed.readyState === EventSource.CLOSED) {
			setTimeout(connect, RETRY_MILLIS);
		}
	};
}

async function send(command) {
	try {
		const answer = await fetch('api/commands', {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify([command]),
		});
		$('answer').textContent = answer.ok ? `Taken: ${command}` : (await answer.json()).detail;
	}
	catch (error) {
		$('answer').textContent = `Not sent: ${error.message}`;
	}
}

$('threshold').addEventListener('submit', (event) => {
	event.preventDefault();
	const form = new FormData(event.target);
	send(`threshold ${form.get('metric')} ${form.get('value')}`);
});

for (const button of document.querySelectorAll('button[data-command]')) {
	button.addEventListener('click', () => send(button.dataset.command));
}

connect();
