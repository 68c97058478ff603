/** Changes to a real shared notebook: each is one step of the user's undo, and nobody's cell is overwritten. */
import { YNotebook } from '@jupyter/ydoc';

import type { TabInsert } from '../../wire';
import { withdraw } from '../places';
import { errorOf, insert, placeAfter, replace, restore } from '../shared';

// ydoc fills a cell before it is in the document, and yjs warns of that.
beforeAll(() => jest.spyOn(console, 'warn').mockImplementation());

const OUTPUT = { output_type: 'stream' as const, name: 'stdout' as const, text: '4\n' };

function notebook(...sources: string[]): YNotebook {
  const made = YNotebook.create();
  sources.forEach((source, at) => made.addCell({ id: `u${at}`, cell_type: 'code', source }));
  made.clearUndoHistory();
  return made;
}

function cell(id: string, after: string | null, more: Partial<TabInsert> = {}): TabInsert {
  return { op: 'insert', cell_id: id, after, source: `# ${id}`, cell_type: 'code', metadata: {}, ...more };
}

const ids = (made: YNotebook) => made.cells.map(each => each.getId());
const sources = (made: YNotebook) => made.cells.map(each => each.getSource());

test('a cell goes below the one it was asked for, or to the end, once', () => {
  const made = notebook('a', 'b');
  insert(made, cell('n1', 'u0', { metadata: { autoanalyst: { run: 'r' } } }));
  insert(made, cell('n2', 'gone', { cell_type: 'markdown' }));
  insert(made, cell('n1', 'u1', { source: 'again' }));
  expect(ids(made)).toEqual(['u0', 'n1', 'u1', 'n2']);
  expect(sources(made)).toEqual(['a', '# n1', 'b', '# n2']);
  expect(made.cells[1].getMetadata('autoanalyst')).toEqual({ run: 'r' });
  expect(made.cells[3].cell_type).toBe('markdown');
});

test('an inserted cell is a step of its own, apart from what was typed just before', () => {
  const made = notebook('a');
  made.cells[0].setSource('ab');
  insert(made, cell('n1', 'u0'));
  made.cells[0].setSource('abc');
  made.undo();
  expect(sources(made)).toEqual(['ab', '# n1']);
  made.undo();
  expect(sources(made)).toEqual(['ab']);
});

test('a repair replaces a cell that is as the run left it, and takes its outputs away', () => {
  const made = notebook('bad');
  const failed = made.cells[0] as unknown as {
    setOutputs(o: unknown[]): void;
    getOutputs(): unknown[];
    execution_count: number | null;
  };
  failed.setOutputs([OUTPUT]);
  failed.execution_count = 3;
  const wish = { op: 'replace' as const, cell_id: 'u0', source: 'good', expected: 'bad' };
  expect(replace(made, wish)).toBeNull();
  expect([sources(made), failed.getOutputs(), failed.execution_count]).toEqual([['good'], [], null]);
  expect(replace(made, wish)).toBeNull(); // asked again: it is so already
  made.cells[0].setSource('mine');
  expect(replace(made, wish)).toBe('changed');
  expect(sources(made)).toEqual(['mine']);
  expect(replace(made, { ...wish, cell_id: 'gone' })).toBe('missing');
});

test('the cells of a turn go in one step, without those that somebody changed, and undo brings them back', () => {
  const made = notebook('a');
  insert(made, cell('n1', 'u0'));
  insert(made, cell('n2', 'n1'));
  insert(made, cell('n3', 'n2'));
  made.cells[2].setSource('mine now');
  const left = ['n1', 'n2', 'n3', 'gone'].map(id => ({ cell_id: id, expected: `# ${id}` }));
  expect(withdraw(made, left)).toEqual({ removed: ['n1', 'n3'], kept: ['n2'] });
  expect(ids(made)).toEqual(['u0', 'n2']);
  made.undo();
  expect(ids(made)).toEqual(['u0', 'n1', 'n2', 'n3']);
  made.redo();
  expect(ids(made)).toEqual(['u0', 'n2']);
});

test('cells of a run come back with their outputs and do not become a step of the undo', () => {
  const made = notebook('a', 'b');
  insert(made, cell('n2', 'u0'));
  made.cells[1].setSource('mine');
  made.clearUndoHistory();
  const cells = ['n1', 'n2', 'n3'].map(id => ({
    cell_id: id,
    source: `# ${id}`,
    cell_type: 'code' as const,
    metadata: { autoanalyst: { run: 'r' } },
    outputs: [OUTPUT],
    execution_count: 5
  }));
  expect(restore(made, 'u0', cells)).toEqual([]);
  expect(restore(made, 'u0', cells)).toEqual([]);
  // n2 is somebody's now: it keeps its place below n1's, its source and its outputs.
  expect(ids(made)).toEqual(['u0', 'n1', 'n2', 'n3', 'u1']);
  const shown = made.cells.map(each => (each.toJSON() as { outputs?: unknown[] }).outputs);
  expect(shown).toEqual([[], [OUTPUT], [], [OUTPUT], []]);
  expect(made.cells[1].getMetadata('trusted')).toBe(true);
  expect(made.canUndo()).toBe(false);
});

test('a cell that is as the run left it and shows less is told', () => {
  const made = notebook('# u0', 'mine');
  const cells = ['u0', 'u1'].map(id => ({
    cell_id: id,
    source: `# ${id}`,
    outputs: [OUTPUT],
    execution_count: 1
  }));
  expect(restore(made, null, cells)).toEqual([cells[0]]);
  expect(ids(made)).toEqual(['u0', 'u1']);
});

test('a chat’s next cells go below its last ones, unless another cell was chosen', () => {
  const made = notebook('a', 'b');
  const own = (run: string) => run === 'r';
  insert(made, cell('n1', 'u0', { metadata: { autoanalyst: { run: 'r' } } }));
  insert(made, cell('n2', 'n1', { metadata: { autoanalyst: { run: 'r' } } }));
  insert(made, cell('x', 'n2', { metadata: { autoanalyst: { run: 'of another chat' } } }));
  expect(placeAfter(made, 'u0', own)).toBe('n2');
  expect(placeAfter(made, 'n1', own)).toBe('n1');
  expect(placeAfter(made, 'u1', own)).toBe('u1');
  expect(placeAfter(made, 'gone', own)).toBeNull();
  expect(placeAfter(made, null, own)).toBeNull();
});

test('only a cell whose run ended with an error has failed', () => {
  const made = notebook('a', 'b');
  const error = { output_type: 'error', ename: 'KeyError', evalue: "'x'", traceback: [] };
  (made.cells[1] as unknown as { setOutputs(o: unknown[]): void }).setOutputs([OUTPUT, error]);
  expect(made.cells.map(errorOf)).toEqual([null, { ename: 'KeyError', evalue: "'x'" }]);
});
