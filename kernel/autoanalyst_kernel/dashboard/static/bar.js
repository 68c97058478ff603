/** The head of the dashboard: whose usage, of how many days, and how fresh it is. Text is never markup here. */
const SCOPES = [
  ['everyone', 'Everyone'],
  ['mine', 'Me']
];

/** So long the kernel may take to say that it is there; saved widgets come back without one. */
const ANSWER_MS = 3000;
const GONE = 'Not live: no kernel answers. Run the cell.';

function element(name, kind, text = '') {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

/** A row of choices of which one holds; arrow keys move in it, as in any group of radio buttons. */
function choices(model, trait, legend, options) {
  const group = element('fieldset', 'aa-choices');
  const name = `aa-${trait}-${Math.random().toString(36).slice(2)}`;
  group.append(element('legend', 'aa-sr', legend));
  const inputs = options.map(([value, text]) => {
    const label = element('label', '');
    const input = element('input', '');
    Object.assign(input, { type: 'radio', name, value: String(value) });
    input.addEventListener('change', () => {
      model.set(trait, value);
      model.save_changes();
    });
    label.append(input, element('span', '', text));
    group.append(label);
    return input;
  });
  const show = () => {
    for (const input of inputs) {
      input.checked = input.value === String(model.get(trait));
    }
  };
  model.on(`change:${trait}`, show);
  show();
  return [group, () => model.off(`change:${trait}`, show)];
}

function clock(when) {
  return when ? new Date(when).toLocaleTimeString() : '';
}

/** What the line of the state says, and for how many seconds it goes on saying "trying again". */
function words({ state, message, as_of, until }) {
  const figures = as_of ? ` Figures of ${clock(as_of)}.` : '';
  switch (state) {
    case 'connecting':
      return 'Connecting';
    case 'live': {
      const open = until ? ` · everyone's usage is open until ${clock(until)}` : '';
      return `Live · last change ${clock(as_of)}${open}`;
    }
    case 'lost':
      return `Not connected. ${message}${figures}`;
    case 'locked':
      return `Locked.${figures}`;
    default:
      return `${message}${figures}`;
  }
}

function render({ model, el }) {
  el.classList.add('aa-bar');
  el.dataset.lmSuppressShortcuts = 'true';
  const head = element('div', 'aa-head');
  const periods = model.get('periods').map(days => [days, `${days} days`]);
  const [scope, endScope] = choices(model, 'scope', 'Whose usage', SCOPES);
  const [days, endDays] = choices(model, 'days', 'Period', periods);
  head.append(element('h2', '', 'Usage'), scope, days);

  const line = element('p', 'aa-state');
  const said = element('span', '');
  said.setAttribute('role', 'status');
  const again = element('span', '');
  line.append(said, again);

  const empty = element('div', 'aa-empty');
  const nothing = element('p', '');
  const wider = element('button', 'aa-button');
  wider.type = 'button';
  wider.addEventListener('click', () => {
    model.set('days', model.get('wider'));
    model.save_changes();
  });
  empty.append(nothing, wider);
  el.append(head, line, empty);

  let ticking = 0;
  let isThere = true;
  const showState = () => {
    const saved = model.get('status');
    const status = isThere ? saved : { ...saved, state: 'gone', message: GONE };
    line.dataset.state = status.state;
    const text = words(status);
    if (said.textContent !== text) {
      said.textContent = text;
    }
    window.clearInterval(ticking);
    again.textContent = '';
    if (status.state === 'lost') {
      const due = Date.now() + 1000 * status.seconds;
      const count = () => {
        const left = Math.ceil((due - Date.now()) / 1000);
        again.textContent = left > 0 ? ` Trying again in ${left} s` : ' Trying again';
      };
      ticking = window.setInterval(count, 1000);
      count();
    }
  };
  const showEmpty = () => {
    empty.hidden = !model.get('empty');
    nothing.textContent = model.get('empty');
    wider.hidden = model.get('wider') === 0;
    wider.textContent = `Show ${model.get('wider')} days`;
  };
  const waiting = window.setTimeout(() => {
    isThere = false;
    showState();
  }, ANSWER_MS);
  const heard = message => {
    if (message.kind === 'here') {
      window.clearTimeout(waiting);
      isThere = true;
      showState();
    }
  };
  model.on('msg:custom', heard);
  model.send({ kind: 'hello' });
  model.on('change:status', showState);
  model.on('change:empty change:wider', showEmpty);
  showState();
  showEmpty();
  return () => {
    window.clearInterval(ticking);
    window.clearTimeout(waiting);
    model.off('msg:custom', heard);
    model.off('change:status', showState);
    model.off('change:empty change:wider', showEmpty);
    endScope();
    endDays();
  };
}

export default { render };
