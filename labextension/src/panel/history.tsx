/** The history: chats by day, newest activity first, looked for by title. */
import { searchIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef, useState } from 'react';

import type { ChatEntry } from '../wire';
import type { PanelContext } from './context';
import { ProblemLine, TextButton } from './controls';
import { byDay, type Day } from './days';
import { HistoryRow } from './historyrow';
import { useChanges, usePanelState, useTask } from './hooks';
import type { PanelView } from './view';

/** How long the user must pause before titles are searched. */
const PAUSE_MS = 250;

/** Nothing while the chat is shown. */
export function HistoryPage(props: { context: PanelContext; view: PanelView }): React.ReactElement | null {
  useChanges(props.view.changed);
  return props.view.page === 'history' ? <History {...props} /> : null;
}

function History({ context, view }: { context: PanelContext; view: PanelView }): React.ReactElement {
  const { model, trans } = context;
  const { history, running } = usePanelState(model);
  const task = useTask();
  const [active, setActive] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);

  const open = async (entry: ChatEntry) => {
    if (await task.run(() => model.openChat(entry.id))) {
      view.show('chat');
    }
  };
  const remove = async (entry: ChatEntry) => {
    const after = nextTo(entry, history.entries);
    if (await task.run(() => model.deleteChat(entry.id))) {
      setActive(after);
      focusRow(list.current, after);
    }
  };
  const moved = (event: React.KeyboardEvent) => {
    const rows = rowsOf(list.current);
    const place = rows.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (place >= 0 && to !== undefined && rows[to]) {
      event.preventDefault();
      rows[to].focus();
    }
  };
  const escaped = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') {
      view.show('chat');
    }
  };
  const first = history.entries.some(entry => entry.id === active) ? active : history.entries[0]?.id;
  return (
    <section className="jp-Analyst-history" aria-label={trans.__('History')} onKeyDown={escaped}>
      <Search context={context} toList={() => rowsOf(list.current)[0]?.focus()} />
      <ProblemLine text={task.problem ?? history.problem} />
      <div ref={list} className="jp-Analyst-historyList" onKeyDown={moved} aria-busy={history.loading}>
        {byDay(history.entries, { now: new Date() }).map(group => (
          <section key={group.day} aria-label={dayWords(group.day, trans)}>
            <h3>{dayWords(group.day, trans)}</h3>
            <ul>
              {group.entries.map(entry => (
                <HistoryRow
                  key={entry.id}
                  entry={entry}
                  trans={trans}
                  running={running.some(run => run.chat === entry.id)}
                  tabbable={entry.id === first}
                  onFocus={() => setActive(entry.id)}
                  onOpen={() => void open(entry)}
                  onRename={title => void task.run(() => model.renameChat(entry.id, title))}
                  onDelete={() => void remove(entry)}
                />
              ))}
            </ul>
          </section>
        ))}
        <Foot context={context} />
      </div>
    </section>
  );
}

function Search({ context, toList }: { context: PanelContext; toList: () => void }): React.ReactElement {
  const { model, trans } = context;
  const [text, setText] = useState('');
  const first = useRef(true);
  useEffect(() => {
    const look = () => void model.loadHistory(text.trim());
    const timer = setTimeout(look, first.current ? 0 : PAUSE_MS);
    first.current = false;
    return () => clearTimeout(timer);
  }, [model, text]);

  const pressed = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape' && text !== '') {
      event.stopPropagation();
      setText('');
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      toList();
    }
  };
  return (
    <div className="jp-Analyst-search">
      <searchIcon.react tag="span" elementSize="normal" aria-hidden />
      <input
        type="search"
        value={text}
        aria-label={trans.__('Search titles')}
        placeholder={trans.__('Search titles')}
        onChange={event => setText(event.currentTarget.value)}
        onKeyDown={pressed}
        autoFocus
      />
    </div>
  );
}

/** The end of the list: more of it, or why it is empty. More is loaded when the end comes into view. */
function Foot({ context }: { context: PanelContext }): React.ReactElement | null {
  const { model, trans } = context;
  const { history } = usePanelState(model);
  const end = useRef<HTMLDivElement>(null);
  const { more, loading } = history;
  useEffect(() => {
    const node = end.current;
    if (!more || loading || node === null) {
      return;
    }
    const watcher = new IntersectionObserver(seen => {
      if (seen.some(entry => entry.isIntersecting)) {
        void model.loadMoreHistory();
      }
    });
    watcher.observe(node);
    return () => watcher.disconnect();
  }, [model, more, loading]);

  if (loading) {
    return <p role="status">{trans.__('Loading…')}</p>;
  }
  if (history.problem !== null) {
    return (
      <TextButton onClick={() => void model.loadHistory(history.search)}>{trans.__('Try again')}</TextButton>
    );
  }
  if (history.entries.length === 0) {
    return (
      <p>
        {history.search
          ? trans.__('No chat has “%1” in its title.', history.search)
          : trans.__('No chats yet. The first question begins one.')}
      </p>
    );
  }
  return more ? (
    <div ref={end}>
      <TextButton onClick={() => void model.loadMoreHistory()}>{trans.__('Earlier chats')}</TextButton>
    </div>
  ) : null;
}

function dayWords(day: Day, trans: TranslationBundle): string {
  return { today: trans.__('Today'), yesterday: trans.__('Yesterday'), earlier: trans.__('Earlier') }[day];
}

function rowsOf(list: HTMLElement | null): HTMLElement[] {
  return Array.from(list?.querySelectorAll<HTMLElement>('[data-chat]') ?? []);
}

function focusRow(list: HTMLElement | null, id: string | null): void {
  const row = rowsOf(list).find(each => each.dataset.chat === id);
  row?.focus();
}

/** The row that takes the focus when one goes: the one below, else the one above. */
function nextTo(entry: ChatEntry, entries: readonly ChatEntry[]): string | null {
  const place = entries.indexOf(entry);
  return (entries[place + 1] ?? entries[place - 1])?.id ?? null;
}
