/** When the server is asked what a question may cost, and when the user is asked before it is sent. */
import { words as trans } from '../../chat/__tests__/words';
import type { Estimate, EstimateOrder, ModelEntry } from '../../wire';
import { Estimating, orderOf } from '../estimating';
import { Store } from '../store';

const PAUSE = 400;

function priced(high: string): Estimate {
  return {
    model: 'openai:gpt-5',
    kind: 'priced',
    low_usd: '0.0042',
    typical_usd: '0.008',
    high_usd: high,
    basis: 'From your last 12 answers.'
  };
}

const FREE: Estimate = { ...priced(''), kind: 'free', low_usd: null, typical_usd: null, high_usd: null };

function model(name: string, isDefault = false): ModelEntry {
  return { name, title: name, default: isDefault, local: false, ready: true, why: '' };
}

function made(answer: Estimate | Error = priced('0.012'), askAbove: number | null = 0.5, yes = true) {
  const store = new Store();
  store.set({
    model: 'openai:gpt-5',
    target: { path: 'a.ipynb', kernel: 'k', kernelName: '', inFront: true }
  });
  const asked: EstimateOrder[] = [];
  const confirmed: string[] = [];
  const api = {
    estimate: (order: EstimateOrder) => {
      asked.push(order);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    }
  };
  const confirm = (question: string) => {
    confirmed.push(question);
    return Promise.resolve(yes);
  };
  const estimating = new Estimating({ api, store, trans, askAbove: () => askAbove, confirm });
  return { store, estimating, asked, confirmed };
}

const paused = () => jest.advanceTimersByTimeAsync(PAUSE);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('the server is asked once, when the writing pauses', async () => {
  const { store, estimating, asked } = made();
  for (const text of ['W', 'Wh', 'Who', 'Who is ahead?']) {
    estimating.typed(text);
    await jest.advanceTimersByTimeAsync(PAUSE - 1);
  }
  expect(asked).toEqual([]);
  await paused();
  expect(asked).toHaveLength(1);
  expect(store.state.estimate).toEqual(priced('0.012'));
});

test('a few characters more ask nothing, a much longer text does', async () => {
  const { estimating, asked } = made();
  estimating.typed('Who?');
  await paused();
  estimating.typed('Who is ahead of all the others?');
  await paused();
  expect(asked).toHaveLength(1);
  estimating.typed('x'.repeat(201));
  await paused();
  expect(asked.map(order => order.length)).toEqual([200, 400]);
});

test('another model or chat is estimated anew, and nothing is shown when the text is gone', async () => {
  const { store, estimating, asked } = made();
  estimating.typed('Who?');
  await paused();
  store.set({ model: 'openai:gpt-5-mini' });
  await jest.advanceTimersByTimeAsync(PAUSE + 50);
  expect(asked.map(order => order.model)).toEqual(['openai:gpt-5', 'openai:gpt-5-mini']);
  estimating.typed('');
  expect(store.state.estimate).toBeNull();
  store.set({ model: null });
  await jest.advanceTimersByTimeAsync(PAUSE + 50);
  expect(asked).toHaveLength(2);
});

test('an answer makes the chat longer, so the next question is estimated anew', async () => {
  const { estimating, asked } = made();
  estimating.typed('Who?');
  await paused();
  estimating.forget();
  await paused();
  expect(asked).toHaveLength(2);
});

test('a free model is asked about once, the offline analyst never', async () => {
  const { store, estimating, asked } = made(FREE);
  estimating.typed('Who?');
  await paused();
  estimating.forget();
  estimating.typed('x'.repeat(500));
  await paused();
  expect(asked).toHaveLength(1);
  store.set({ model: null, models: [model('offline:analyst', true)] });
  await jest.advanceTimersByTimeAsync(PAUSE + 50);
  expect(asked).toHaveLength(1);
  expect(store.state.estimate).toMatchObject({ kind: 'free', model: 'offline:analyst' });
});

test('only agents that there are count as mentions', () => {
  const { store } = made();
  const agent = (name: string, aliases: string[]) => ({ name, aliases, title: '', description: '' });
  store.set({ agents: [agent('statistics', ['stats']), agent('charts', [])] });
  const order = orderOf('@Stats how many rows has @sales of me@charts.org?', store.state);
  expect(order).toEqual({
    length: 200,
    chat: null,
    notebook: 'a.ipynb',
    model: 'openai:gpt-5',
    agents: ['statistics']
  });
});

describe('before a question is sent', () => {
  test('a cheap one is just sent', async () => {
    const { estimating, confirmed } = made(priced('0.50'));
    expect(await estimating.allows('Who?')).toBe(true);
    expect(confirmed).toEqual([]);
  });

  test.each([true, false])('a dear one asks, and the answer holds: %s', async yes => {
    const { estimating, confirmed } = made(priced('1.40'), 0.5, yes);
    expect(await estimating.allows('Who?')).toBe(yes);
    expect(confirmed).toEqual(['This may cost $0.0042 to $1.40. Ask anyway?']);
  });

  test('what was just estimated is not asked for again', async () => {
    const { estimating, asked } = made();
    estimating.typed('Who?');
    await paused();
    await estimating.allows('Who?');
    expect(asked).toHaveLength(1);
  });

  test('without a limit nobody is asked anything', async () => {
    const { estimating, asked, confirmed } = made(priced('100.00'), null);
    expect(await estimating.allows('Who?')).toBe(true);
    expect([asked, confirmed]).toEqual([[], []]);
  });

  test('an estimate that cannot be had keeps nobody from asking', async () => {
    const { estimating } = made(new Error('gone'));
    expect(await estimating.allows('Who?')).toBe(true);
  });
});
