/** The hands: every request once, every request answered. */
import { YNotebook } from '@jupyter/ydoc';

import type { TabExecuted, TabMessage, TabWanted } from '../../wire';
import type { Bench } from '../bench';
import { Hands } from '../hands';
import { insert } from '../shared';

// ydoc fills a cell before it is in the document, and yjs warns of that.
beforeAll(() => jest.spyOn(console, 'warn').mockImplementation());

const trans = { __: (text: string, ...args: unknown[]) => text.replace('%1', String(args[0])) };

/** A bench whose cells end when the test says so. */
class TestBench implements Bench {
  readonly shared = YNotebook.create();
  hindrance: string | null = null;
  readonly executed: string[] = [];
  readonly revealed: string[] = [];
  end: (ended: TabExecuted) => void = () => undefined;

  execute(cellId: string) {
    this.executed.push(cellId);
    const ended = new Promise<TabExecuted>(resolve => (this.end = resolve));
    return { message: `m${this.executed.length}`, ended };
  }

  running = '';
  readonly finished: string[] = [];

  isRunning(cellId: string): boolean {
    return cellId === this.running;
  }

  finish(cell: { cell_id: string }): void {
    this.finished.push(cell.cell_id);
  }

  reveal(cellId: string): void {
    this.revealed.push(cellId);
  }
}

function handed() {
  const bench = new TestBench();
  bench.shared.addCell({ id: 'u', cell_type: 'code', source: 'a' });
  const said: TabMessage[] = [];
  const hands = new Hands({
    find: async path => (path === 'sales.ipynb' ? bench : null),
    say: message => said.push(message),
    trans: trans as never
  });
  return { bench, said, hands };
}

function wanted(request: string, wish: TabWanted['do'], notebook = 'sales.ipynb'): TabWanted {
  return { kind: 'request', run: 'r', request, notebook, do: wish };
}

const EXECUTE = { op: 'execute' as const, cell_id: 'u', expected: 'a' };
const INSERT = {
  op: 'insert' as const,
  cell_id: 'n',
  after: 'u',
  source: 'b',
  cell_type: 'code' as const,
  metadata: {}
};

test('a cell is inserted, shown and answered', async () => {
  const { bench, said, hands } = handed();
  await hands.take(wanted('1', INSERT));
  expect(bench.shared.cells.map(cell => cell.getSource())).toEqual(['a', 'b']);
  expect([said, bench.revealed]).toEqual([[{ kind: 'replied', request: '1', value: {} }], ['n']]);
});

test('an execution names its message at once and its end when it comes', async () => {
  const { bench, said, hands } = handed();
  const taken = hands.take(wanted('1', EXECUTE));
  await Promise.resolve();
  await Promise.resolve();
  expect(said).toEqual([{ kind: 'sent', request: '1', message: 'm1' }]);
  bench.end({ status: 'error', execution_count: 3 });
  await taken;
  expect(said[1]).toEqual({ kind: 'replied', request: '1', value: { status: 'error', execution_count: 3 } });
});

test('a request that comes again is carried out once and answered again, also in mid-run', async () => {
  const { bench, said, hands } = handed();
  const taken = hands.take(wanted('1', EXECUTE));
  await Promise.resolve();
  await Promise.resolve();
  await hands.take(wanted('1', EXECUTE));
  expect(said.map(each => each.kind)).toEqual(['sent', 'sent']);
  bench.end({ status: 'ok' });
  await taken;
  await hands.take(wanted('1', EXECUTE));
  expect(said.map(each => each.kind)).toEqual(['sent', 'sent', 'replied', 'sent', 'replied']);
  expect(bench.executed).toEqual(['u']);
});

test.each([
  [
    'a changed cell',
    { ...EXECUTE, expected: 'other' },
    'The cell was changed meanwhile, so it was left as it is.'
  ],
  ['a cell that is gone', { ...EXECUTE, cell_id: 'x' }, 'The cell is not in the notebook any more.'],
  [
    'a changed cell to remove',
    { op: 'remove' as const, cell_id: 'u', expected: 'b' },
    'The cell was changed meanwhile, so it was left as it is.'
  ]
])('%s is left alone, and that is said', async (_, wish, error) => {
  const { bench, said, hands } = handed();
  await hands.take(wanted('1', wish));
  expect(said).toEqual([{ kind: 'replied', request: '1', error }]);
  expect([bench.executed, bench.shared.cells.length]).toEqual([[], 1]);
});

test('removing what is gone already is done', async () => {
  const { said, hands } = handed();
  await hands.take(wanted('1', { op: 'remove', cell_id: 'x', expected: 'b' }));
  expect(said).toEqual([{ kind: 'replied', request: '1', value: {} }]);
});

test('a notebook that is not open here may be open in another page', async () => {
  const { said, hands } = handed();
  await hands.take(wanted('1', INSERT, 'other.ipynb'));
  expect(said).toEqual([
    { kind: 'replied', request: '1', error: 'The notebook other.ipynb is not open in this page.', gone: true }
  ]);
});

test('a notebook that cannot run a cell says why', async () => {
  const { bench, said, hands } = handed();
  bench.hindrance = 'The notebook has no kernel.';
  await hands.take(wanted('1', EXECUTE));
  expect(said).toEqual([{ kind: 'replied', request: '1', error: 'The notebook has no kernel.' }]);
});

test('whatever goes wrong is told, so that the run does not wait for ever', async () => {
  const { bench, said, hands } = handed();
  bench.execute = () => {
    throw new Error('The page is broken.');
  };
  await hands.take(wanted('1', EXECUTE));
  expect(said).toEqual([{ kind: 'replied', request: '1', error: 'The page is broken.' }]);
});

test('a cell that ran elsewhere gets its outputs, one that runs here gets them from the kernel', async () => {
  const { bench, hands } = handed();
  const cell = {
    cell_id: 'u',
    source: 'a',
    cell_type: 'code' as const,
    metadata: {},
    outputs: [{ output_type: 'stream' as const, name: 'stdout' as const, text: '4' }],
    execution_count: 1,
    former: null
  };
  bench.running = 'u';
  await hands.take(wanted('1', { op: 'restore', after: null, cells: [cell] }));
  expect(bench.finished).toEqual([]);
  bench.running = '';
  await hands.take(wanted('2', { op: 'restore', after: null, cells: [cell] }));
  await hands.take(wanted('3', { op: 'restore', after: null, cells: [{ ...cell, source: 'not mine' }] }));
  expect(bench.finished).toEqual(['u']);
});

test('a cell that was changed keeps its place, and that is said', async () => {
  const { bench, said, hands } = handed();
  insert(bench.shared, {
    op: 'insert',
    cell_id: 'n',
    after: 'u',
    source: 'b',
    cell_type: 'code',
    metadata: {}
  });
  const former = { cell_id: 'u', source: 'what it was' };
  await hands.take(wanted('1', { op: 'take_place', cell_id: 'n', former }));
  expect(said).toMatchObject([{ error: 'The cell was changed meanwhile, so it was left as it is.' }]);
  await hands.take(wanted('2', { op: 'take_place', cell_id: 'n', former: { ...former, source: 'a' } }));
  expect(said[1]).toEqual({ kind: 'replied', request: '2', value: {} });
  expect(bench.shared.cells.map(each => each.getId())).toEqual(['n']);
});

test('the cells of a turn are taken out and counted', async () => {
  const { said, hands } = handed();
  await hands.take(wanted('1', { op: 'withdraw', cells: [{ cell_id: 'u', expected: 'a', former: null }] }));
  expect(said).toEqual([{ kind: 'replied', request: '1', value: { removed: ['u'], kept: [] } }]);
});
