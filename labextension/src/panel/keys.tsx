/**
 * Keys of model providers. A field is write-only: what is typed goes to the server and is gone from the
 * page; no state of this component, no setting and no storage of the browser ever holds it.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useRef, useState } from 'react';

import type { KeyEntry } from '../wire';
import { PanelCommands } from './commandids';
import type { PanelContext } from './context';
import { ProblemLine, TextButton } from './controls';
import { Loaded, showBody } from './dialog';
import { useTask } from './hooks';

/** Open the dialog. */
export function showKeys(context: PanelContext): Promise<void> {
  const { trans } = context;
  return showBody(trans.__('AutoAnalyst: Keys'), close => <Keys context={context} close={close} />, trans);
}

function Keys({ context, close }: { context: PanelContext; close: () => void }): React.ReactElement {
  const { model, trans, commands } = context;
  const [load] = useState(() => () => model.keys());
  const toSettings = () => {
    close();
    void commands.execute(PanelCommands.settings);
  };
  return (
    <>
      <p>
        {trans.__(
          'A key lets a model of that provider answer. It stays on the server and is never shown again.'
        )}
      </p>
      <Loaded load={load} trans={trans}>
        {(entries, reload) => (
          <ul className="jp-Analyst-keys">
            {entries.map(entry => (
              <Key key={entry.provider} entry={entry} context={context} reload={reload} />
            ))}
          </ul>
        )}
      </Loaded>
      {commands.hasCommand('settingeditor:open') ? (
        <p>
          {trans.__('Model, mode and limits are settings.')}{' '}
          <TextButton onClick={toSettings}>{trans.__('Open settings')}</TextButton>
        </p>
      ) : null}
    </>
  );
}

function Key(props: {
  entry: KeyEntry;
  context: PanelContext;
  reload: () => Promise<void>;
}): React.ReactElement {
  const { entry, context, reload } = props;
  const { model, trans } = context;
  const field = useRef<HTMLInputElement>(null);
  const task = useTask();
  const [said, setSaid] = useState('');
  const [missing, setMissing] = useState<string | null>(null);

  const save = async (event: React.FormEvent) => {
    event.preventDefault();
    const input = field.current;
    const key = input?.value.trim() ?? '';
    setSaid('');
    setMissing(key === '' ? trans.__('Paste a key of %1 first.', entry.title) : null);
    if (input === null || key === '') {
      input?.focus();
      return;
    }
    if (await task.run(() => model.setKey(entry.provider, key))) {
      // What was refused stays to be mended.
      input.value = '';
      setSaid(trans.__('Saved.'));
      await reload();
    }
  };
  const forget = async () => {
    setSaid('');
    setMissing(null);
    if (await task.run(() => model.forgetKey(entry.provider))) {
      setSaid(trans.__('Forgotten.'));
      field.current?.focus(); // the button cannot be pressed any more
      await reload();
    }
  };
  return (
    <li>
      <form onSubmit={event => void save(event)} autoComplete="off">
        <label>
          <span className="jp-Analyst-keyName">{entry.title}</span>
          <span className="jp-Analyst-aside">{whence(entry.source, trans)}</span>
          <input
            ref={field}
            type="password"
            className="jp-mod-styled"
            autoComplete="off"
            spellCheck={false}
            placeholder={entry.source === null ? trans.__('Key') : trans.__('Another key')}
          />
        </label>
        <button
          type="submit"
          className="jp-Button jp-mod-styled"
          aria-label={trans.__('Save the key of %1', entry.title)}
          disabled={task.busy}
        >
          {trans.__('Save')}
        </button>
        <button
          type="button"
          className="jp-Button jp-mod-styled"
          aria-label={trans.__('Forget the key of %1', entry.title)}
          title={
            entry.source === null || isOurs(entry.source)
              ? undefined
              : trans.__('It is not stored here; take it out where it comes from.')
          }
          disabled={task.busy || !isOurs(entry.source)}
          onClick={() => void forget()}
        >
          {trans.__('Forget')}
        </button>
      </form>
      <p role="status">{said}</p>
      <ProblemLine text={missing ?? task.problem} />
    </li>
  );
}

/** We stored it, so we can forget it. */
function isOurs(source: string | null): boolean {
  return source === 'keyring' || source === 'file';
}

function whence(source: string | null, trans: TranslationBundle): string {
  switch (source) {
    case null:
      return trans.__('no key');
    case 'config':
      return trans.__('from Jupyter’s configuration');
    case 'environment':
      return trans.__('from the environment');
    case 'keyring':
      return trans.__('in the system keyring');
    case 'file':
      return trans.__('in a private file');
    default:
      return source;
  }
}
