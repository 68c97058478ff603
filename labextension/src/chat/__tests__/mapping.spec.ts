import type { RunState, TurnView } from '../../model/turn';
import { halfOf, messageId, splice, TurnNames } from '../mapping';

function turn(id: string, run: string | null = null): TurnView {
  return {
    id,
    question: id,
    askedAt: '2026-11-22T10:00:00Z',
    run: run === null ? null : ({ id: run } as RunState),
    messageId: null,
    feedback: null,
    undone: false,
    sent: true
  };
}

test('a new turn is put at the end, an earlier one at the start', () => {
  expect(splice(['a', 'b'], ['a', 'b', 'c'])).toEqual({ index: 2, remove: 0, insert: ['c'] });
  expect(splice(['b', 'c'], ['a', 'b', 'c'])).toEqual({ index: 0, remove: 0, insert: ['a'] });
});

test('nothing is touched when nothing has changed', () => expect(splice(['a', 'b'], ['a', 'b'])).toBeNull());

test('another chat takes the place of all', () => {
  expect(splice(['a', 'b'], ['x'])).toEqual({ index: 0, remove: 2, insert: ['x'] });
  expect(splice(['a'], [])).toEqual({ index: 0, remove: 1, insert: [] });
});

test('repeated names are no trouble', () => {
  expect(splice(['a', 'a'], ['a', 'a', 'a'])).toEqual({ index: 2, remove: 0, insert: ['a'] });
});

test('a turn keeps its name when its question is stored', () => {
  const names = new TurnNames();
  expect(names.take([turn('run-1', 'run-1')])).toEqual(['run-1']);
  expect(names.take([turn('message-1', 'run-1')])).toEqual(['run-1']);
  expect(names.take([turn('message-0', 'run-0'), turn('message-1', 'run-1')])).toEqual([
    'message-0',
    'run-1'
  ]);
  expect(names.take([turn('message-1')])).toEqual(['run-1']);
});

test('a turn that is gone is forgotten', () => {
  const names = new TurnNames();
  names.take([turn('run-1', 'run-1')]);
  names.take([]);
  expect(names.take([turn('message-1', 'run-1')])).toEqual(['message-1']);
});

test('a message names its turn and its half', () => {
  expect(halfOf(messageId('a:b', 'answer'))).toEqual({ turn: 'a:b', half: 'answer' });
});
