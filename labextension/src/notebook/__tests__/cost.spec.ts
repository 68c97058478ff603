/** The badge of a notebook: asks when something may have been spent, shows nothing while nothing was. */
import './dragging';

import { Signal } from '@lumino/signaling';

import { words } from '../../chat/__tests__/words';
import type { IPanelModel } from '../../model/panel';
import { NOTHING } from '../../model/store';
import type { OwnUsage, Usage } from '../../wire';
import { NotebookCost } from '../cost';

const PAUSE = 300;

function usage(cost: string | null, more: Partial<Usage> = {}): Usage {
  const tokens = {
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    cache_write_1h_tokens: 0,
    reasoning_tokens: 0
  };
  return { requests: 1, tokens, cost_usd: cost, unpriced_requests: 0, estimated_requests: 0, ...more };
}

function own(today: Usage, all: Usage): OwnUsage {
  return { ...all, today, week: today, month: today, all, rows: [], bill: null };
}

function made(first: OwnUsage) {
  const asked: (string | undefined)[] = [];
  const owner = {};
  const model = {
    state: { ...NOTHING, connection: 'connecting' as 'connecting' | 'open' | 'lost' },
    stateChanged: new Signal<unknown, void>(owner),
    spent: new Signal<unknown, void>(owner),
    usage: (query?: { notebook?: string }) => {
      asked.push(query?.notebook);
      return Promise.resolve(now.usage);
    }
  };
  const now = { usage: first, path: 'a.ipynb', isWanted: true };
  const [pathChanged, wantedChanged] = [new Signal<object, void>({}), new Signal<object, void>({})];
  const open = jest.fn();
  const badge = new NotebookCost({
    path: () => now.path,
    pathChanged,
    model: model as unknown as IPanelModel,
    words,
    isWanted: () => now.isWanted,
    wantedChanged,
    open
  });
  const connect = async () => {
    model.state.connection = 'open';
    model.stateChanged.emit();
    await jest.advanceTimersByTimeAsync(PAUSE);
  };
  const spend = async (usage: OwnUsage) => {
    now.usage = usage;
    model.spent.emit();
    await jest.advanceTimersByTimeAsync(PAUSE);
  };
  const button = badge.node.querySelector('button') as HTMLButtonElement;
  return { badge, button, model, now, asked, connect, spend, open, pathChanged, wantedChanged };
}

const NONE = own(usage('0.00'), usage('0.00'));
const SOME = own(usage('0.01'), usage('0.3500'));

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('it asks nothing before the panel is connected, and is hidden while nothing was spent', async () => {
  const { badge, model, asked, connect, spend } = made(NONE);
  model.spent.emit();
  await jest.advanceTimersByTimeAsync(PAUSE);
  expect([asked, badge.isHidden]).toEqual([[], true]);
  await connect();
  expect([asked, badge.isHidden]).toEqual([['a.ipynb'], true]);
  await spend(SOME);
  expect([asked.length, badge.isHidden]).toEqual([2, false]);
});

test('it says what it cost, how much of it today, and opens the usage', async () => {
  const { button, connect, spend, open } = made(SOME);
  await connect();
  expect(button.textContent).toBe('$0.35');
  expect(button.title).toContain('$0.35 in this notebook, $0.01 of it today');
  await spend(own(usage('0.00'), usage('0.35')));
  expect(button.getAttribute('aria-label')).toContain('$0.35 in this notebook, nothing today');
  await spend(own(usage(null), usage(null, { unpriced_requests: 2 })));
  expect(button.textContent).toBe('unpriced');
  button.click();
  expect(open).toHaveBeenCalledTimes(1);
});

test('news that come together are asked for once, and nothing is polled', async () => {
  const { model, asked, connect } = made(SOME);
  await connect();
  model.spent.emit();
  model.spent.emit();
  model.stateChanged.emit();
  await jest.advanceTimersByTimeAsync(60 * 60_000);
  expect(asked).toHaveLength(2);
});

test('it follows the notebook to another name, and the setting', async () => {
  const { badge, now, asked, connect, pathChanged, wantedChanged } = made(SOME);
  await connect();
  now.path = 'b.ipynb';
  pathChanged.emit();
  await jest.advanceTimersByTimeAsync(PAUSE);
  expect(asked).toEqual(['a.ipynb', 'b.ipynb']);
  now.isWanted = false;
  wantedChanged.emit();
  await jest.advanceTimersByTimeAsync(PAUSE);
  expect([asked.length, badge.isHidden]).toEqual([2, true]);
});

test('disposed, it hears and asks nothing', async () => {
  const { badge, model, asked, connect } = made(SOME);
  await connect();
  model.spent.emit();
  badge.dispose();
  badge.dispose();
  model.spent.emit();
  await jest.advanceTimersByTimeAsync(PAUSE);
  expect(asked).toHaveLength(1);
});
