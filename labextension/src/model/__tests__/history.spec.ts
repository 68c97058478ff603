/** The list of chats stays true while the engine tells what has changed. */
import type { Api } from '../../api';
import type { ChatEntry, ChatPage } from '../../wire';
import { History } from '../history';
import { Store } from '../store';

function entry(id: string, minute: number, title = `Chat ${id}`): ChatEntry {
  const at = `2026-11-22T12:${String(minute).padStart(2, '0')}:00Z`;
  return {
    id,
    title,
    created_at: at,
    active_at: at,
    summary: '',
    agents: [],
    notebook: null,
    cost_usd: '0.00'
  };
}

/** Pages that the test answers when it wants. */
function listed() {
  const store = new Store();
  const asked: { cursor?: string | null; search?: string }[] = [];
  const answers: ((page: ChatPage) => void)[] = [];
  const api = {
    chats: (query: { cursor?: string | null; search?: string }) => {
      asked.push(query);
      return new Promise<ChatPage>(resolve => answers.push(resolve));
    }
  };
  const history = new History(api as unknown as Api, store);
  const ids = () => store.state.history.entries.map(each => each.id);
  return { history, store, asked, answers, ids };
}

test('pages follow each other, and a chat that has moved is listed once', async () => {
  const { history, store, asked, answers, ids } = listed();
  const first = history.load();
  expect(store.state.history.loading).toBe(true);
  answers[0]({ chats: [entry('c', 3), entry('b', 2)], cursor: 'next' });
  await first;
  const second = history.loadMore();
  answers[1]({ chats: [entry('b', 2), entry('a', 1)], cursor: null });
  await second;
  expect([ids(), asked[1].cursor, store.state.history.more]).toEqual([['c', 'b', 'a'], 'next', false]);
  await history.loadMore();
  expect(asked).toHaveLength(2);
});

test('the answer to an earlier search comes too late', async () => {
  const { history, answers, ids } = listed();
  const loads = [history.load('h'), history.load('ho')];
  answers[1]({ chats: [entry('b', 2)], cursor: null });
  answers[0]({ chats: [entry('a', 1)], cursor: null });
  await Promise.all(loads);
  expect(ids()).toEqual(['b']);
});

test('a chat is new, renamed, on top, or gone', async () => {
  const { history, store, answers, ids } = listed();
  const load = history.load();
  answers[0]({ chats: [entry('b', 2), entry('a', 1)], cursor: null });
  await load;
  history.take({ kind: 'chat', chat: entry('c', 3), deleted: false });
  expect(ids()).toEqual(['c', 'b', 'a']);
  history.take({ kind: 'chat', chat: entry('b', 2, 'Renamed'), deleted: false });
  expect([ids(), store.state.history.entries[1].title]).toEqual([['c', 'b', 'a'], 'Renamed']);
  history.take({ kind: 'chat', chat: entry('a', 9), deleted: false });
  expect(ids()).toEqual(['a', 'c', 'b']);
  history.take({ kind: 'chat', chat: entry('c', 3), deleted: true });
  expect(ids()).toEqual(['a', 'b']);
});

test('an answer brings its line to the top, and what was loaded further down stays', async () => {
  const { history, store, asked, answers, ids } = listed();
  const load = history.load();
  answers[0]({ chats: [entry('c', 3), entry('b', 2)], cursor: 'next' });
  await load;
  const more = history.loadMore();
  answers[1]({ chats: [entry('a', 1)], cursor: 'last' });
  await more;
  const refreshed = history.refresh();
  answers[2]({ chats: [{ ...entry('a', 9), summary: 'It is 42.' }, entry('c', 3)], cursor: 'other' });
  await refreshed;
  expect([ids(), store.state.history.entries[0].summary]).toEqual([['a', 'c', 'b'], 'It is 42.']);
  void history.loadMore();
  expect(asked[3].cursor).toBe('last');
});

test.each(['load', 'refresh'] as const)(
  'what is told while a page is on its way outlives that page: %s',
  async way => {
    const { history, store, answers, ids } = listed();
    const load = history.load();
    answers[0]({ chats: [entry('b', 2), entry('a', 1)], cursor: null });
    await load;
    const again = history[way]();
    history.take({ kind: 'chat', chat: entry('b', 2, 'Renamed'), deleted: false });
    history.take({ kind: 'chat', chat: entry('a', 1), deleted: true });
    history.take({ kind: 'chat', chat: entry('c', 3), deleted: false });
    answers[1]({ chats: [entry('b', 2), entry('a', 1)], cursor: null });
    await again;
    expect([ids(), store.state.history.entries[1].title]).toEqual([['c', 'b'], 'Renamed']);
  }
);

test('the answers of two questions come in the wrong order', async () => {
  const { history, store, answers } = listed();
  const load = history.load();
  answers[0]({ chats: [entry('a', 1)], cursor: null });
  await load;
  const both = [history.refresh(), history.refresh()];
  answers[2]({ chats: [{ ...entry('a', 1), summary: 'second' }], cursor: null });
  answers[1]({ chats: [{ ...entry('a', 1), summary: 'first' }], cursor: null });
  await Promise.all(both);
  expect(store.state.history.entries[0].summary).toBe('second');
});
