/** A corrected cell in the place of the one that failed: one step each way, and nothing of the user's is lost. */
import { YNotebook } from '@jupyter/ydoc';

import { takePlace, withdraw } from '../places';
import { insert, isCode, restore } from '../shared';

// ydoc fills a cell before it is in the document, and yjs warns of that.
beforeAll(() => jest.spyOn(console, 'warn').mockImplementation());

const ERROR = { output_type: 'error' as const, ename: 'KeyError', evalue: 'pricee', traceback: [] };
const FORMER = { cell_id: 'bad', source: 'pricee' };
const LEFT = [{ cell_id: 'good', expected: 'price', former: FORMER }];
const TAKE = { op: 'take_place' as const, cell_id: 'good', former: FORMER };

function failed(): YNotebook {
  const made = YNotebook.create();
  for (const [id, source] of [
    ['top', 'a'],
    ['bad', 'pricee'],
    ['end', 'z']
  ]) {
    made.addCell({ id, cell_type: 'code', source });
  }
  const [, bad] = made.cells;
  if (isCode(bad)) {
    bad.setOutputs([ERROR]);
  }
  bad.setMetadata('tags', ['mine']);
  insert(made, {
    op: 'insert',
    cell_id: 'good',
    after: 'bad',
    source: 'price',
    cell_type: 'code',
    metadata: { autoanalyst: { run: 'r' } }
  });
  made.clearUndoHistory();
  return made;
}

const ids = (made: YNotebook) => made.cells.map(each => each.getId());

test('the corrected cell stands where the failed one stood, with its tags; one undo brings that back', () => {
  const made = failed();
  expect(takePlace(made, TAKE)).toBeNull();
  expect(ids(made)).toEqual(['top', 'good', 'end']);
  expect(made.cells[1].getMetadata()).toEqual({ tags: ['mine'], autoanalyst: { run: 'r' } });
  made.undo();
  expect(ids(made)).toEqual(['top', 'bad', 'good', 'end']);
  expect(made.cells[2].getMetadata()).toEqual({ autoanalyst: { run: 'r' } });
  made.redo();
  expect(ids(made)).toEqual(['top', 'good', 'end']);
});

test('an undone turn puts the failed cell back as it was, in one step', () => {
  const made = failed();
  const before = made.cells[1].toJSON();
  takePlace(made, TAKE);
  expect(withdraw(made, LEFT)).toEqual({ removed: ['good'], kept: [] });
  expect(ids(made)).toEqual(['top', 'bad', 'end']);
  expect(made.cells[1].toJSON()).toEqual(before);
  made.undo();
  expect(ids(made)).toEqual(['top', 'good', 'end']);
});

test('after a reload the failed cell comes back with its source and its tags', () => {
  const saved = failed();
  takePlace(saved, TAKE);
  const loaded = YNotebook.create();
  loaded.fromJSON(saved.toJSON());
  withdraw(loaded, LEFT);
  expect(ids(loaded)).toEqual(['top', 'bad', 'end']);
  const { source, metadata } = loaded.cells[1].toJSON();
  expect([source, metadata]).toEqual(['pricee', { tags: ['mine'] }]);
});

test('a failed cell that is back already is not put there twice', () => {
  const made = failed();
  takePlace(made, TAKE);
  made.undo();
  withdraw(made, LEFT);
  expect(ids(made)).toEqual(['top', 'bad', 'end']);
});

test('a failed cell that was edited, or a corrected one that is gone, changes nothing', () => {
  const made = failed();
  made.cells[1].setSource('mine now');
  expect(takePlace(made, TAKE)).toBe('changed');
  expect(takePlace(made, { ...TAKE, cell_id: 'gone' })).toBe('missing');
  expect(ids(made)).toEqual(['top', 'bad', 'good', 'end']);
});

test('a page that loaded the notebook of before the fix is put right', () => {
  const made = failed();
  made.deleteCell(2);
  restore(made, 'bad', [{ cell_id: 'good', source: 'price', former: FORMER }]);
  expect(ids(made)).toEqual(['top', 'good', 'end']);
});
