/** The five figures. What changed fades in; nothing moves. */
const SIGNS = { up: '▲', down: '▼' };

function part(name, kind) {
  const made = document.createElement(name);
  made.className = kind;
  return made;
}

function put(node, text) {
  if (node.textContent === text) {
    return false;
  }
  node.textContent = text;
  return true;
}

function tile() {
  const root = part('div', 'aa-tile');
  const [label, value, change, note] = [
    part('dt', 'aa-label'),
    part('dd', 'aa-value'),
    part('dd', 'aa-change'),
    part('dd', 'aa-note')
  ];
  const [sign, spoken, words] = [part('span', 'aa-sign'), part('span', 'aa-sr'), part('span', '')];
  sign.setAttribute('aria-hidden', 'true');
  change.append(sign, spoken, words);
  root.append(label, value, change, note);
  const show = (data, isNew) => {
    put(label, data.label);
    const changed = put(value, data.value);
    value.title = data.exact;
    put(sign, SIGNS[data.sign] ? `${SIGNS[data.sign]} ` : '');
    put(spoken, data.sign ? `${data.sign} ` : '');
    put(words, data.change);
    change.title = 'Against the same number of days before';
    put(note, data.note);
    if (changed && !isNew) {
      value.classList.remove('aa-fresh');
      void value.offsetWidth; // so that the fade begins anew
      value.classList.add('aa-fresh');
    }
  };
  return { root, show };
}

function render({ model, el }) {
  el.classList.add('aa-tiles');
  const list = part('dl', 'aa-row');
  list.setAttribute('aria-label', 'Figures of the period');
  el.append(list);
  const shown = new Map();
  const show = () => {
    for (const data of model.get('tiles')) {
      const isNew = !shown.has(data.key);
      if (isNew) {
        const made = tile();
        shown.set(data.key, made);
        list.append(made.root);
      }
      shown.get(data.key).show(data, isNew);
    }
  };
  model.on('change:tiles', show);
  show();
  return () => model.off('change:tiles', show);
}

export default { render };
