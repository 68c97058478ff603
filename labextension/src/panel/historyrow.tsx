/** A chat in the history: opened by a click or Enter, renamed by F2, deleted by Delete, both by its menu. */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { ellipsesIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import React, { useRef, useState } from 'react';

import { stepCost } from '../chat/format';
import type { ChatEntry } from '../wire';
import { IconButton } from './controls';
import { longTime, shortTime } from './days';
import { TitleField } from './titlebar';
import { openBelow } from './usermenu';

/** What a row shows and can be told. */
export interface RowProps {
  entry: ChatEntry;
  trans: TranslationBundle;
  running: boolean;
  /** The one row that Tab reaches; the arrows reach the others. */
  tabbable: boolean;
  onFocus: () => void;
  onOpen: () => void;
  onRename: (title: string) => void;
  onDelete: () => void;
}

/** One row. */
export function HistoryRow(props: RowProps): React.ReactElement {
  const { entry, trans } = props;
  const [renaming, setRenaming] = useState(false);
  const row = useRef<HTMLButtonElement>(null);
  const rename = () => setRenaming(true);
  const renamed = () => {
    setRenaming(false);
    requestAnimationFrame(() => row.current?.focus());
  };
  const remove = async () => {
    if (await isSure(entry, trans)) {
      props.onDelete();
    }
  };
  const pressed = (event: React.KeyboardEvent) => {
    const does = { F2: rename, Delete: () => void remove() }[event.key];
    if (does) {
      event.preventDefault();
      event.stopPropagation();
      does();
    }
  };
  if (renaming) {
    const save = (title: string) => {
      renamed();
      props.onRename(title);
    };
    return (
      <li className="jp-Analyst-row">
        <TitleField
          title={entry.title}
          label={trans.__('Title of this chat')}
          onSave={save}
          onCancel={renamed}
        />
      </li>
    );
  }
  return (
    <li className="jp-Analyst-row">
      <button
        ref={row}
        type="button"
        data-chat={entry.id}
        className="jp-Analyst-chat"
        tabIndex={props.tabbable ? 0 : -1}
        title={about(entry, trans)}
        onFocus={props.onFocus}
        onClick={props.onOpen}
        onKeyDown={pressed}
      >
        <RowText {...props} />
      </button>
      <IconButton
        icon={ellipsesIcon}
        label={trans.__('Rename or delete “%1”', entry.title)}
        aria-haspopup="menu"
        tabIndex={props.tabbable ? 0 : -1}
        onClick={event => openRowMenu(event.currentTarget, trans, rename, () => void remove())}
      />
    </li>
  );
}

function RowText({ entry, trans, running }: RowProps): React.ReactElement {
  return (
    <>
      <span className="jp-Analyst-chatTitle" dir="auto">
        {entry.title}
      </span>
      <span className="jp-Analyst-aside">{shortTime(entry.active_at, { now: new Date() })}</span>
      <span className="jp-Analyst-summary" dir="auto">
        {running ? trans.__('Running…') : entry.summary}
      </span>
      <span className="jp-Analyst-aside" title={entry.cost_usd === null ? undefined : `$${entry.cost_usd}`}>
        {stepCost(entry.cost_usd, false, trans)}
      </span>
    </>
  );
}

/** What the row has no room for. */
function about(entry: ChatEntry, trans: TranslationBundle): string {
  return [
    entry.title,
    entry.agents.length > 0 ? trans.__('Answered by %1', entry.agents.join(', ')) : '',
    entry.notebook === null ? '' : trans.__('Notebook %1', entry.notebook),
    longTime(entry.active_at, { now: new Date() })
  ]
    .filter(line => line !== '')
    .join('\n');
}

async function isSure(entry: ChatEntry, trans: TranslationBundle): Promise<boolean> {
  const answer = await showDialog({
    title: trans.__('Delete this chat?'),
    body: trans.__(
      '“%1” and its messages are deleted for good. Its cells stay in the notebooks, and what it cost stays in your usage.',
      entry.title
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Delete') })
    ],
    defaultButton: 0
  });
  return answer.button.accept;
}

function openRowMenu(
  anchor: HTMLElement,
  trans: TranslationBundle,
  rename: () => void,
  remove: () => void
): void {
  const commands = new CommandRegistry();
  commands.addCommand('rename', { label: trans.__('Rename…'), execute: rename });
  commands.addCommand('delete', { label: trans.__('Delete…'), execute: remove });
  const menu = new Menu({ commands });
  menu.addClass('jp-Analyst-menu');
  menu.addItem({ command: 'rename' });
  menu.addItem({ command: 'delete' });
  openBelow(menu, anchor);
}
