/** Turns of a chat from what is stored of it. */
import type { ShownMessage } from '../../wire';
import { isOnItsWay, liveTurn, sentTurn, turnsOf, withItem, withRunning } from '../turns';
import { REPAIRED, told, viewed } from './recorded';

function message(id: string, role: 'user' | 'analyst', more: Partial<ShownMessage> = {}): ShownMessage {
  return {
    id,
    role,
    chat_id: 'c',
    text: `text of ${id}`,
    created_at: '2026-11-22T12:00:00Z',
    run_id: null,
    run: null,
    feedback: null,
    ...more
  };
}

const NOW = '2026-11-22T13:00:00Z';

test('a question and its answer are one turn', () => {
  const run = viewed(REPAIRED, 'answered');
  const feedback = { rating: 4, comment: '' };
  const turns = turnsOf([message('1', 'user'), message('2', 'analyst', { run, run_id: 'r', feedback })]);
  expect(turns).toMatchObject([
    { id: '1', question: 'text of 1', messageId: '2', feedback, run: { phase: 'answered' } }
  ]);
  expect(liveTurn(turns)).toBeNull();
});

test('a question whose run goes on is live, and one without a run is not', () => {
  const run = viewed(REPAIRED.slice(0, 6), 'running');
  const turns = turnsOf([message('1', 'user'), message('2', 'user', { run })]);
  expect(liveTurn(turns)?.id).toBe('2');
});

test('a question is on its way until it has a run; one that was stored without a run is not', () => {
  expect(isOnItsWay(sentTurn('1', 'why', NOW))).toBe(true);
  expect(isOnItsWay(turnsOf([message('1', 'user')])[0])).toBe(false);
  expect(isOnItsWay(undefined)).toBe(false);
});

test('an answer whose question is on an earlier page waits for it', () => {
  const answer = message('2', 'analyst', { run: viewed(REPAIRED, 'answered') });
  expect(turnsOf([answer, message('3', 'user')]).map(turn => turn.id)).toEqual(['3']);
  expect(turnsOf([message('1', 'user'), answer, message('3', 'user')])).toHaveLength(2);
});

test('a run that waits for its turn is shown, once', () => {
  const running = [{ run: 'r', chat: 'c', notebook: 'sales.ipynb', question: 'How many?' }];
  const turns = withRunning([], running, NOW);
  expect(turns).toMatchObject([{ id: 'r', question: 'How many?', run: { id: 'r', phase: 'sent' } }]);
  expect(withRunning(turns, running, NOW)).toBe(turns);
});

test('what a run says changes its turn and no other', () => {
  const before = [
    sentTurn('a', 'A?', NOW),
    ...withRunning([], [{ run: 'r', chat: 'c', notebook: 'n', question: 'B?' }], NOW)
  ];
  const after = told(REPAIRED).reduce(withItem, before as ReturnType<typeof withItem>);
  expect(after[0]).toBe(before[0]);
  expect(after[1].run?.phase).toBe('answered');
});
