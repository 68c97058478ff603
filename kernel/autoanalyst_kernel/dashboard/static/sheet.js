/** The head of a section with its two buttons, and its figures as a table. Text is never markup here. */
function part(name, kind, text = '') {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

function button(text) {
  const made = part('button', 'aa-button', text);
  made.type = 'button';
  return made;
}

function save({ name, text }) {
  const link = document.createElement('a');
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** Tell the kernel while the mouse is over the section, chart included: then nothing may change its place. */
function hold(model, el, signal) {
  const set = held => {
    if (model.get('held') !== held) {
      model.set('held', held);
      model.save_changes();
    }
  };
  const over = event => set(el.closest('.aa-section')?.contains(event.target) ?? false);
  document.addEventListener('pointerover', over, { signal });
  document.documentElement.addEventListener('pointerleave', () => set(false), { signal });
  set(false); // a page that is gone may have held it
}

/**
 * Look after the section's chart. plotly takes its size when the window changes, but its place in a notebook
 * changes without that; and what was said to it before it was loaded was lost, so it asks for it again.
 */
function look(model, el, signal) {
  const sizes = new ResizeObserver(() => window.dispatchEvent(new Event('resize')));
  const parts = new MutationObserver(() => {
    if (el.closest('.aa-section')?.querySelector('.js-plotly-plot .main-svg')) {
      parts.disconnect();
      model.send({ kind: 'drawn' });
    }
  });
  // Only then it stands in the page, within its section.
  const frame = window.requestAnimationFrame(() => {
    const section = el.closest('.aa-section');
    if (section) {
      sizes.observe(section);
      parts.observe(section, { childList: true, subtree: true });
    }
  });
  signal.addEventListener('abort', () => {
    window.cancelAnimationFrame(frame);
    sizes.disconnect();
    parts.disconnect();
  });
}

function row(cells, before) {
  const made = document.createElement('tr');
  cells.forEach(([text, exact], place) => {
    const cell = part(place === 0 ? 'th' : 'td', '', text);
    if (place === 0) {
      cell.scope = 'row';
    }
    cell.title = exact || (place === 0 ? text : '');
    if (before && before[place] !== text) {
      cell.className = 'aa-fresh';
    }
    made.append(cell);
  });
  return made;
}

function render({ model, el }) {
  const leaving = new AbortController();
  el.classList.add('aa-sheet');
  const title = model.get('title');
  const head = part('div', 'aa-head');
  const [other, take] = [button(''), button('Export CSV')];
  take.setAttribute('aria-label', `${title}: export as CSV`);
  other.hidden = !model.get('has_chart');
  head.append(part('h3', '', title), other, take);

  const scroller = part('div', 'aa-scroller');
  Object.assign(scroller, { tabIndex: 0 });
  scroller.setAttribute('role', 'region');
  scroller.setAttribute('aria-label', `${title}, table`);
  const table = part('table', 'aa-table');
  const [top, body] = [table.createTHead(), table.createTBody()];
  scroller.append(table);
  el.append(head, scroller);

  let before = new Map();
  const showRows = () => {
    const columns = model.get('columns').map(text => {
      const cell = part('th', '', text);
      cell.scope = 'col';
      return cell;
    });
    const line = part('tr', '');
    line.append(...columns);
    top.replaceChildren(line);
    const rows = model.get('rows');
    body.replaceChildren(...rows.map(cells => row(cells, before.get(cells[0]?.[0]))));
    before = new Map(rows.map(cells => [cells[0]?.[0], cells.map(([text]) => text)]));
  };
  const showKind = () => {
    const asTable = model.get('as_table');
    scroller.hidden = !asTable;
    other.textContent = asTable ? 'View as chart' : 'View as table';
    other.setAttribute('aria-label', `${title}: view as ${asTable ? 'chart' : 'table'}`);
  };
  const hear = message => {
    if (message.kind === 'csv') {
      save(message);
    }
  };
  // Each page asks for itself, but a reply comes to all of them: only the one that waits takes it.
  let waits = false;
  const heard = message => {
    if (waits) {
      waits = false;
      hear(message);
    }
  };
  take.addEventListener('click', () => {
    waits = true;
    model.send({ kind: 'export' });
  });
  other.addEventListener('click', () => {
    model.set('as_table', !model.get('as_table'));
    model.save_changes();
  });
  model.on('change:columns change:rows', showRows);
  model.on('change:as_table', showKind);
  model.on('msg:custom', heard);
  hold(model, el, leaving.signal);
  look(model, el, leaving.signal);
  showRows();
  showKind();
  return () => {
    leaving.abort();
    model.off('change:columns change:rows', showRows);
    model.off('change:as_table', showKind);
    model.off('msg:custom', heard);
  };
}

export default { render };
