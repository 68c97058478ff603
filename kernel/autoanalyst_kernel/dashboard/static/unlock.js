/**
 * The admin key's field. Its value goes from the field into one request to the page's own server, and nowhere
 * else: not into the widget's state, and not to the kernel, which hears only that the server has taken it.
 */
const NO_SERVER = 'The server cannot be reached. Your key was not kept. Try again when the connection is back.';
const WORDS = {
  401: 'Type the admin key.',
  403: 'This admin key is not right. Check it, then try again.',
  404: 'This server has no dashboard for administrators. Update AutoAnalyst on the server.',
  429: 'Too many wrong keys. Wait a minute, then try again.',
  503: 'The server has no admin key. Make one there: autoanalyst admin create-key'
};

/** Where the page's server is: JupyterLab and Notebook write it into their page. */
function baseUrl() {
  const config = document.getElementById('jupyter-config-data');
  const found = config ? JSON.parse(config.textContent).baseUrl : document.body.dataset.baseUrl;
  return new URL(found || '/', window.location.href);
}

function cookie(name) {
  const found = document.cookie.split('; ').find(each => each.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
}

/** Send the key; what came of it, in words, or until when everyone's usage is open. */
async function grant(kernel, key) {
  const headers = { 'X-XSRFToken': cookie('_xsrf') };
  if (key) {
    headers['X-Admin-API-Key'] = key;
  }
  const address = new URL(`autoanalyst/api/v1/admin/grants/${encodeURIComponent(kernel)}`, baseUrl());
  let reply;
  try {
    reply = await fetch(address, { method: 'PUT', headers, credentials: 'same-origin', cache: 'no-store' });
  } catch (error) {
    // Also what cannot stand in a header, such as a key with other characters than keys have.
    return { refused: navigator.onLine && /header|ByteString|ISO-8859/i.test(String(error)) ? WORDS[403] : NO_SERVER };
  }
  const body = await reply.json().catch(() => null);
  if (reply.ok && body) {
    return { until: body.expires_at };
  }
  const said = body?.error?.message;
  return { refused: (reply.status !== 404 && said) || WORDS[reply.status] || `The server answered ${reply.status}. Try again.` };
}

function part(name, kind, text = '') {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

function render({ model, el }) {
  el.classList.add('aa-unlock');
  el.dataset.lmSuppressShortcuts = 'true';
  const form = part('form', '');
  const id = `aa-key-${Math.random().toString(36).slice(2)}`;
  const why = part('p', 'aa-why');
  const label = part('label', '', 'Admin key');
  label.htmlFor = id;
  const field = part('input', 'aa-key');
  Object.assign(field, { id, type: 'password', autocomplete: 'off', spellcheck: false });
  field.setAttribute('aria-describedby', `${id}-note ${id}-refused`);
  const press = part('button', 'aa-button aa-primary', 'Show everyone');
  press.type = 'submit';
  const refused = part('p', 'aa-refused');
  refused.id = `${id}-refused`;
  refused.setAttribute('role', 'alert');
  const note = part('p', 'aa-note', 'It goes from this page to the server only, never into the notebook or its kernel.');
  note.id = `${id}-note`;
  const row = part('div', 'aa-entry');
  row.append(label, field, press);
  const again = part('button', 'aa-button', 'Look again');
  again.type = 'button';
  again.addEventListener('click', () => model.send({ kind: 'again' }));
  form.append(why, row, again, refused, note);
  el.append(form);

  // Whatever listens around the notebook has no business with these keys.
  for (const kind of ['keydown', 'keyup', 'keypress', 'input', 'paste', 'copy', 'change']) {
    form.addEventListener(kind, event => event.stopPropagation());
  }
  form.addEventListener('submit', async event => {
    event.preventDefault();
    event.stopPropagation();
    const key = field.value.trim();
    field.value = '';
    refused.textContent = '';
    press.disabled = true;
    const found = await grant(model.get('kernel'), key);
    press.disabled = false;
    if (found.until) {
      model.send({ kind: 'granted', until: found.until });
    } else {
      refused.textContent = found.refused;
      field.focus();
    }
  });
  const show = () => {
    form.hidden = !model.get('locked');
    why.textContent = model.get('message');
    row.hidden = note.hidden = !model.get('takes_keys');
    again.hidden = !row.hidden;
    if (form.hidden) {
      field.value = '';
      refused.textContent = '';
    }
  };
  model.on('change:locked change:message change:takes_keys', show);
  show();
  return () => {
    field.value = '';
    model.off('change:locked change:message change:takes_keys', show);
  };
}

export default { render };
