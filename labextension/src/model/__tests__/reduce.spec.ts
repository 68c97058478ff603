/** A run's state: the same live, after any resume, and from the history. */
import type { RunTold } from '../../wire';
import { hasEnded, isGap, reduce, shown, unheard } from '../reduce';
import type { RunEvent, RunState } from '../turn';
import { PLANNED, REPAIRED, STARTED, answer, proposed, told, viewed } from './recorded';

const RUNS = { repaired: REPAIRED, planned: PLANNED };

function after(items: readonly RunTold[], run: RunState = unheard('r', 'sales.ipynb')): RunState {
  return items.reduce(reduce, run);
}

describe.each(Object.entries(RUNS))('the run %s', (_, events) => {
  const items = told(events);
  const whole = after(items);

  test('is the same wherever the line broke and however far back it is told again', () => {
    for (let broke = 0; broke <= items.length; broke++) {
      for (let from = 0; from <= broke; from++) {
        const again = [...items.slice(0, broke), ...items.slice(from)];
        expect(after(again)).toEqual(whole);
      }
    }
  });

  test('is the same when a page that knows it from the history watches it from the beginning', () => {
    for (let known = 0; known <= events.length; known++) {
      const seen = shown(viewed(events.slice(0, known), 'running'));
      if (!hasEnded(seen)) {
        expect(after(items, seen)).toEqual(whole);
      }
    }
  });

  test('is the same in the history', () => {
    const status = whole.phase as 'answered' | 'stopped';
    expect({ ...shown(viewed(events, status)), seq: 0 }).toEqual({ ...whole, seq: 0 });
  });

  test('never changes what it was', () => {
    const deepFrozen = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? Object.freeze(Object.values(value).map(deepFrozen)) && Object.freeze(value)
        : value;
    let run = unheard('r', 'sales.ipynb');
    items.forEach(item => (run = reduce(deepFrozen(run) as RunState, deepFrozen(item) as RunTold)));
    expect(run).toEqual(whole);
  });
});

test('a repair takes the place of the cell that failed and remembers it', () => {
  const run = after(told(REPAIRED));
  expect(run.steps.map(step => step.cells.length)).toEqual([1, 0, 0]);
  expect(run.steps[0].cells[0]).toMatchObject({
    callId: 't2',
    status: 'ok',
    repaired: 1,
    before: "df['pricee']",
    source: "df['price'] = 1",
    cellId: 'n1',
    executionCount: 8,
    problem: null
  });
});

test('a failed cell says why until it is repaired', () => {
  const failed = after(told(REPAIRED).slice(0, 12));
  expect(failed.steps[0].cells[0]).toMatchObject({ status: 'error', problem: "KeyError: 'pricee'" });
});

test('a run is parked, waits for a yes, and goes on', () => {
  const items = told(REPAIRED);
  const phases = items.map((_, index) => after(items.slice(0, index + 1)).phase);
  expect(phases.slice(0, 4)).toEqual(['parked', 'running', 'running', 'running']);
  const waiting = after(items.slice(0, 16));
  expect([waiting.phase, waiting.approval?.code_hash, waiting.steps[0].cells[0].status]).toEqual([
    'approval',
    'h',
    'approval'
  ]);
  expect(after(items.slice(0, 17))).toMatchObject({ phase: 'running', approval: null });
  expect(phases[phases.length - 1]).toBe('answered');
});

test('text grows while a step writes and is empty once there is an answer', () => {
  const items = told(REPAIRED);
  expect(after(items.slice(0, 8)).text).toBe('I look first.');
  expect(after(items.slice(0, 13)).text).toBe('');
  expect(after(items.slice(0, -1)).text).toBe('The mean is 4.');
  expect(after(items).text).toBe('');
});

test('the lines of a plan are done when the agent of the next one works', () => {
  const items = told(PLANNED);
  expect(items.map((_, index) => after(items.slice(0, index + 1)).planDone)).toEqual([
    0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2
  ]);
});

test('a run that was cut off leaves nothing running', () => {
  const run = after(told(PLANNED));
  expect(run).toMatchObject({
    phase: 'stopped',
    planDone: 2,
    error: { code: 'limit_reached', message: 'Out of time.' }
  });
  expect(run.steps.some(step => step.live)).toBe(false);
  expect(run.steps[3].cells[0].status).toBe('interrupted');
});

test('a run whose process has ended is interrupted in the history, with what it had done', () => {
  const run = shown(viewed(REPAIRED.slice(0, 16), 'interrupted'));
  expect(run).toMatchObject({ phase: 'interrupted', approval: null, answer: null });
  expect(run.steps[0].cells[0].status).toBe('not_run');
  expect(hasEnded(run)).toBe(true);
});

test('a question that did not begin says why', () => {
  const run = reduce(unheard('r'), {
    kind: 'refused',
    run: 'r',
    seq: 1,
    code: 'unknown_agent',
    message: 'There is no agent @x.',
    detail: {}
  });
  expect(run).toMatchObject({ phase: 'refused', error: { message: 'There is no agent @x.' } });
});

test('a gap is noticed, and what belongs to another run is not heard', () => {
  const [first, second, third] = told(REPAIRED);
  const run = after([first]);
  expect([isGap(run, second), isGap(run, third), isGap(run, first)]).toEqual([false, true, false]);
  expect(reduce(run, { ...second, run: 'other' })).toBe(run);
});

test('a notice is told once, and one takes a replay back', () => {
  const replayed: RunEvent = {
    kind: 'replayed',
    at: '2026-11-22T12:00:00Z',
    answered_by: 'fake:m',
    pending: []
  };
  const notice = { kind: 'notice', code: 'asked_anew', text: 'Asked anew.' } as const;
  const failed = { kind: 'notice', code: 'replay_failed', text: 'The data has changed.' } as const;
  expect(after(told([STARTED, replayed, notice, notice]))).toMatchObject({ replayed, notices: [notice] });
  expect(after(told([STARTED, replayed, notice, failed])).replayed).toBeNull();
});

test('a replay has cells without a model call', () => {
  const run = after(told([STARTED, proposed('t1', 'x')]));
  expect(run.steps).toMatchObject([{ number: 0, agent: 'analyst', live: false, cells: [{ callId: 't1' }] }]);
});

test('code that nobody allowed is not run, and says why', () => {
  const items = told([
    STARTED,
    proposed('t1', 'x'),
    { kind: 'cell_not_run', call_id: 't1', cell_id: '', source: 'x', reason: 'You said no.' },
    { kind: 'run_finished', answer: answer('abstained') }
  ]);
  const run = after(items);
  expect(run.phase).toBe('abstained');
  expect(run.steps[0].cells[0]).toMatchObject({ status: 'not_run', cellId: null, problem: 'You said no.' });
});

test("the user's own stop is told apart from one by policy or a limit", () => {
  const ending = (error: Record<string, unknown> | null) =>
    after(told([STARTED, { kind: 'run_finished', answer: answer('stopped', { error }) }])).phase;
  expect(ending({ code: 'interrupted', message: 'Stopped.', detail: {} })).toBe('interrupted');
  expect(ending({ code: 'limit_reached', message: 'Too long.', detail: {} })).toBe('stopped');
  expect(ending(null)).toBe('stopped');
});
