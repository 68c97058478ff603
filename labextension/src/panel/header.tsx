/** The top of the panel: the chat's title, the history, a new chat, and the person. */
import { addIcon, userIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../tokens';
import type { PanelContext } from './context';
import { IconButton, ProblemLine } from './controls';
import { usePanelState, useChanges, useTask } from './hooks';
import { chatsIcon } from './icons';
import { PlaceLine } from './place';
import { StatusLines } from './status';
import { ChatTitle } from './titlebar';
import { openUserMenu } from './usermenu';
import type { PanelView } from './view';

/** Title, buttons, and the lines below them. */
export function Header(props: { context: PanelContext; view: PanelView }): React.ReactElement {
  const { context, view } = props;
  const { model, trans } = context;
  const state = usePanelState(model);
  const task = useTask();
  useChanges(view.changed);

  const save = (title: string) => {
    const { chat } = state;
    if (chat !== null) {
      void task.run(() => model.renameChat(chat.id, title));
    }
  };
  const inHistory = view.page === 'history';
  return (
    <>
      <header className="jp-Analyst-header">
        {inHistory ? (
          <h2 className="jp-Analyst-title">{trans.__('History')}</h2>
        ) : (
          <ChatTitle
            title={state.chat?.title ?? null}
            editing={view.renaming}
            trans={trans}
            onEdit={on => view.rename(on)}
            onSave={save}
          />
        )}
        <IconButton
          icon={chatsIcon}
          label={inHistory ? trans.__('Back to the chat') : trans.__('History')}
          aria-pressed={inHistory}
          onClick={() => view.show(inHistory ? 'chat' : 'history')}
        />
        <IconButton
          icon={addIcon}
          label={trans.__('New chat')}
          onClick={() => void context.commands.execute(CommandIDs.newChat)}
        />
        <IconButton
          icon={userIcon}
          label={
            state.me
              ? trans.__('%1: usage, keys, settings', state.me.name)
              : trans.__('Usage, keys, settings')
          }
          aria-haspopup="menu"
          onClick={event => openUserMenu(event.currentTarget, context)}
        />
      </header>
      <ProblemLine text={task.problem} />
      <StatusLines context={context} state={state} />
      {inHistory ? null : <PlaceLine context={context} state={state} />}
    </>
  );
}
