// The console: one function a page. Everything shown is set as text, never as markup.

const main = document.querySelector('main');

/** JSON of an admin endpoint; throws its message. */
async function ask(path, method = 'GET', body) {
  const answer = await fetch(`/_habitr/${path}`, { method, body: body && JSON.stringify(body) });
  const text = await answer.text();
  const found = text.startsWith('{') ? JSON.parse(text) : text;
  if (!answer.ok) throw new Error(found.message ?? text);
  return found;
}

/** An element with attributes and children (texts or elements). */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined).map((child) => child instanceof Node ? child : String(child)));
  return element;
}

const button = (text, action) => make('button', { type: 'button', onclick: action }, text);
const table = (names, rows) => make('table', {},
  make('thead', {}, make('tr', {}, ...names.map((name) => make('th', { scope: 'col' }, name)))),
  make('tbody', {}, ...rows));
const row = (...cells) => make('tr', {}, ...cells.map((cell) => cell instanceof HTMLTableCellElement ? cell : make('td', {}, cell)));
const nothing = (text) => make('p', { class: 'quiet' }, text);

const pages = {
  async requests() {
    const { requests } = await ask('requests?limit=200');
    const rows = requests.map((each) => {
      const facts = each.facts ?? {};
      return row(
        make('td', { class: facts.status >= 400 ? 'refused' : '' }, facts.status ?? ''),
        make('td', {}, make('a', { href: `#requests/${each.requestId}` }, [each.name, facts.operation, ...(facts.fields ?? []).slice(0, 4)].filter(Boolean).join(' ')), facts.why ? make('div', { class: 'refused' }, facts.why) : null),
        make('td', { class: 'number' }, `${each.milliseconds.toFixed(1)} ms`));
    });
    return [button('Refresh', show), rows.length ? table(['Status', 'What', 'Time'], rows) : nothing('Nothing was asked yet.')];
  },

  async request(id) {
    const [found, curl] = await Promise.all([ask(`requests/${id}`), ask(`requests/${id}?format=curl`).catch((error) => error.message)]);
    const step = (span) => make('li', {}, `${span.name}  `, make('span', { class: 'quiet' }, `${span.milliseconds} ms`),
      ...Object.entries(span.facts ?? {}).map(([name, value]) => make('div', { class: name === 'why' ? 'refused' : 'quiet' }, `${name}: ${value}`)),
      span.steps ? make('ul', { class: 'steps' }, ...span.steps.map(step)) : null);
    return [make('h2', {}, found.name), make('p', { class: 'quiet' }, found.requestId), make('ul', { class: 'steps' }, step(found)),
      button('Copy as curl', () => navigator.clipboard.writeText(curl)), make('pre', {}, curl)];
  },

  async inbox() {
    const { messages } = await ask('inbox');
    const rows = messages.reverse().map((each) => row(each.medium, each.destination, make('td', {}, make('strong', {}, each.code ?? ''), make('div', {}, each.subject), make('div', { class: 'quiet' }, each.body))));
    return [button('Refresh', show), rows.length ? table(['By', 'To', 'Message'], rows) : nothing('No mail and no SMS was sent yet.')];
  },

  async users() {
    const { users } = await ask('user');
    const rows = users.map((each) => row(each.username, each.attributes.email ?? '', each.enabled ? each.status : 'DISABLED',
      make('td', {}, each.status === 'UNCONFIRMED' ? button('Confirm', () => act(`user/${encodeURIComponent(each.username)}/confirm`)) : null,
        button('Copy token', async () => navigator.clipboard.writeText((await ask(`token?user=${encodeURIComponent(each.username)}`, 'POST')).AccessToken)))));
    return [rows.length ? table(['Name', 'E-mail', 'State', ''], rows) : nothing('There is no user yet.')];
  },

  async tables(name) {
    const { tables } = await ask('tables');
    const links = tables.map((each) => make('li', {}, make('a', { href: `#tables/${encodeURIComponent(each)}` }, each)));
    if (!name) return [make('ul', {}, ...links)];
    const { items } = await ask(`tables/${name}`);
    const names = [...new Set(items.flatMap((item) => Object.keys(item)))];
    const cell = (value) => value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    return [make('h2', {}, decodeURIComponent(name)), items.length ? table(names, items.map((item) => row(...names.map((each) => cell(item[each]))))) : nothing('The table is empty.')];
  },

  async clock() {
    const now = await ask('clock');
    const step = (text, seconds) => button(text, () => act(`clock/advance?seconds=${seconds}`));
    return [make('p', {}, make('strong', {}, now.iso), now.frozen ? ' (frozen)' : '', ` ${now.offset > -0.5 ? '+' : ''}${Math.round(now.offset)} s from real time`),
      step('+ 5 minutes', 300), step('+ 1 hour', 3600), step('+ 1 day', 86400), button('Freeze', () => act('clock/freeze')), button('Real time', () => act('clock/resume')),
      make('h2', {}, 'State'), button('Back to the seed', () => act('reset')), button('Empty', () => act('reset?empty'))];
  },

  async config() {
    const config = await ask('config');
    return [table(['Name', 'Value'], Object.entries(config).filter(([name]) => name !== 'ca_pem').map(([name, value]) => row(name, typeof value === 'string' ? value : JSON.stringify(value)))),
      make('p', {}, make('a', { href: '/_habitr/ca.pem' }, 'The certificate authority'))];
  },
};

async function act(path) {
  await ask(path, 'POST').catch((error) => alert(error.message));
  await show();
}

let latest = 0;

/** Show the page that the address names; an earlier one that comes late is dropped. */
async function show() {
  const mine = ++latest;
  const [name, rest] = (location.hash.slice(1) || 'requests').split('/');
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const page = name === 'requests' && rest ? pages.request : pages[name] ?? pages.requests;
  const shown = await page(rest).catch((error) => [make('p', { class: 'refused' }, error.message)]);
  if (mine === latest) main.replaceChildren(...shown);
}

addEventListener('hashchange', show);
show();
