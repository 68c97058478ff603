/** Finished cells of a magic: below their question, in place of the last ones, with the receipt. */
import { YNotebook } from '@jupyter/ydoc';

import { finishedOf, noteStanding, putBelow } from '../finished';

// ydoc fills a cell before it is in the document, and yjs warns of that.
beforeAll(() => jest.spyOn(console, 'warn').mockImplementation());

const OUTPUT = { output_type: 'stream', name: 'stdout', text: '4\n' };

function asked(): YNotebook {
  const made = YNotebook.create();
  made.addCell({ id: 'q', cell_type: 'code', source: '%%analyst\nHow many?' });
  made.addCell({ id: 'u', cell_type: 'code', source: 'mine' });
  made.addCell({ id: 'q2', cell_type: 'code', source: '%%analyst\nAnd then?' });
  made.clearUndoHistory();
  return made;
}

function message(run: string, ...ids: string[]): unknown {
  const cells = ids.map(id => ({
    id,
    source: `# ${id}`,
    outputs: [OUTPUT],
    execution_count: 2,
    metadata: {}
  }));
  const receipt = {
    run_id: run,
    cells: ids.map(id => ({ id, label: 'c1', source: `# ${id}`, purpose: '' }))
  };
  return { insert: { after: 'q', run, receipt, cells } };
}

function put(made: YNotebook, data: unknown): boolean {
  const finished = finishedOf(data);
  return finished !== null && putBelow(made, finished);
}

const ids = (made: YNotebook) => made.cells.map(each => each.getId());
const held = (made: YNotebook) => made.cells[0].getMetadata('autoanalyst') as Record<string, unknown>;

test('cells and receipt are put below the question in one step', () => {
  const made = asked();
  expect(put(made, message('r1', 'n1', 'n2'))).toBe(true);
  expect(ids(made)).toEqual(['q', 'n1', 'n2', 'u', 'q2']);
  expect((made.cells[1].toJSON() as { outputs: unknown[] }).outputs).toEqual([OUTPUT]);
  expect(held(made)).toMatchObject({ standing: true, receipt: { run_id: 'r1' } });
  put(made, message('r1', 'n1', 'n2')); // two comms of one page
  expect(ids(made)).toHaveLength(5);
  made.undo();
  made.undo();
  expect(ids(made)).toEqual(['q', 'u', 'q2']);
});

test('a new answer takes the place of the last one, but not of what somebody changed', () => {
  const made = asked();
  put(made, message('r1', 'n1', 'n2'));
  made.cells[2].setSource('# n2, by me');
  put(made, message('r2', 'm1'));
  expect(ids(made)).toEqual(['q', 'm1', 'n2', 'u', 'q2']);
  expect(held(made)).toMatchObject({ receipt: { run_id: 'r2' } });
});

test('several cells of the last answer are replaced, wherever they were moved below it', () => {
  const made = asked();
  put(made, message('r1', 'n1', 'n2', 'n3'));
  made.moveCell(1, 3);
  put(made, message('r2', 'm1', 'm2'));
  expect(ids(made)).toEqual(['q', 'm1', 'm2', 'u', 'q2']);
});

test('whether the cells stand is said before the question runs', () => {
  const made = asked();
  put(made, message('r1', 'n1'));
  made.clearUndoHistory();
  noteStanding(made, made.cells[0]);
  expect(held(made).standing).toBe(true);
  made.cells[1].setSource('# edited');
  noteStanding(made, made.cells[0]);
  expect(held(made).standing).toBe(false);
  made.undo();
  expect(made.cells[1].getSource()).toBe('# n1');
  noteStanding(made, made.cells[0]);
  expect(held(made)).toMatchObject({ standing: true, receipt: { run_id: 'r1' } });
  made.moveCell(1, 3); // below the next question they are somebody else's
  noteStanding(made, made.cells[0]);
  expect(held(made).standing).toBe(false);
});

test('a cell without a receipt is not touched', () => {
  const made = asked();
  noteStanding(made, made.cells[1]);
  expect(made.cells[1].getMetadata('autoanalyst')).toBeUndefined();
});

test.each([
  null,
  'insert',
  {},
  { insert: null },
  { insert: { after: 3, cells: [] } },
  { insert: { after: 'q', cells: 'x' } },
  { insert: { after: 'elsewhere', cells: [], receipt: null } }
])('what makes no sense changes nothing: %j', data => {
  const made = asked();
  expect(put(made, data)).toBe(false);
  expect(ids(made)).toEqual(['q', 'u', 'q2']);
});
