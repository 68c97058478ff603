import type { Usage } from '../../wire';
import { PanelCommands } from '../commandids';
import { bytes, size, usageLine } from '../figures';
import { helps, nextHint, seenHints } from '../hints';
import { userMenu } from '../menu';
import { words } from './words';

const nothing: Usage = {
  requests: 0,
  unpriced_requests: 0,
  estimated_requests: 0,
  cost_usd: null,
  tokens: {
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    cache_write_1h_tokens: 0,
    reasoning_tokens: 0
  }
};
const some: Usage = { ...nothing, requests: 3, cost_usd: '0.004210000' };
const me = {
  name: 'Ada',
  source: 'account',
  model: 'offline:analyst',
  mode: 'auto',
  version: '0.1.0'
} as const;

const labels = (facts: Parameters<typeof userMenu>[0]) =>
  userMenu(facts, words)
    .flat()
    .map(entry => entry.label);

describe('the menu of the person', () => {
  it('says who and what was used', () => {
    const shown = labels({
      me,
      usage: { ...some, today: nothing, week: some, month: some, all: some, rows: [], bill: null },
      settings: true
    });
    expect(shown).toContain('Ada (account of this computer)');
    expect(shown).toContain('Today: nothing');
    expect(shown).toContain('This month: 3 requests · $0.0042');
  });

  it('opens before the figures are there', () => {
    expect(labels({ me: null, usage: null, settings: true })).toEqual(
      expect.arrayContaining(['Not connected', 'Today: …', 'This month: …'])
    );
  });

  it('names somebody who has signed in as they are named there', () => {
    expect(labels({ me: { ...me, source: 'identity' }, usage: null, settings: true })[0]).toBe('Ada');
  });

  it('leads to the settings only where there is an editor', () => {
    const has = (settings: boolean) =>
      userMenu({ me, usage: null, settings }, words)
        .flat()
        .some(entry => entry.id === PanelCommands.settings);
    expect(has(true)).toBe(true);
    expect(has(false)).toBe(false);
  });

  it('offers everything but the name', () => {
    const entries = userMenu({ me, usage: null, settings: true }, words).flat();
    expect(entries.filter(entry => !entry.enabled).map(entry => entry.id)).toEqual(['who']);
    expect(entries.at(-1)?.id).toBe('sign-out');
  });
});

describe('figures', () => {
  it('say when a price is unknown or the tokens are an estimate', () => {
    expect(usageLine({ ...some, cost_usd: null, unpriced_requests: 3 }, words)).toBe('3 requests · unpriced');
    expect(usageLine({ ...some, unpriced_requests: 1 }, words)).toBe('3 requests · $0.0042 + 1 unpriced');
    expect(usageLine({ ...some, requests: 1, estimated_requests: 1 }, words)).toBe(
      '1 request · ~$0.0042 (estimate)'
    );
  });

  it('give a table its size', () => {
    expect(size({ name: 'a', rows: 10_000_000, columns: ['x'], starters: [] }, words)).toBe(
      '10,000,000 rows × 1 column'
    );
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [29_981, '30 kB'],
    [999_600, '1.0 MB'],
    [5e15, '5000 TB']
  ])('give %d bytes a unit', (figure, text) => expect(bytes(figure)).toBe(text));
});

describe('hints', () => {
  const offline = [
    { name: 'offline:analyst', title: 'Offline', local: true, ready: true, default: true, why: '' }
  ];
  const keyed = [...offline, { ...offline[0], name: 'openai:gpt', local: false, default: false }];

  it('come one after the other, each once', () => {
    const shown: string[] = [];
    for (let hint = nextHint(shown, { tables: 1, models: offline }); hint !== null;) {
      shown.push(hint);
      hint = nextHint(shown, { tables: 1, models: offline });
    }
    expect(shown).toEqual(['mentions', 'key', 'magic']);
  });

  it('come where they help', () => {
    expect(nextHint([], { tables: 0, models: keyed })).toBeNull();
    expect(nextHint(['mentions'], { tables: 1, models: keyed })).toBe('magic');
    expect(nextHint([], { tables: 0, models: offline })).toBe('key');
    expect(helps('key', { tables: 0, models: keyed })).toBe(false);
  });

  it('survive whatever the state database holds', () => {
    expect(seenHints(undefined)).toEqual([]);
    expect(seenHints({ seen: 1 })).toEqual([]);
    expect(seenHints(['key', 7])).toEqual(['key']);
  });
});
