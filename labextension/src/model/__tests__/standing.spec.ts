/** What the notebook holds says whether a turn is undone; what cannot be seen changes nothing. */
import { unheard } from '../reduce';
import { cellsOf, withStanding } from '../standing';
import { beginStep, changeCell, proposeCell } from '../steps';
import type { RunState, TurnView } from '../turn';
import { sentTurn } from '../turns';

function run(notebook: string | null, ...cells: string[]): RunState {
  const steps = cells.reduce(
    (made, cell, at) => {
      const call = { call_id: `call${at}`, label: `c${at}` };
      const proposed = { ...call, purpose: '', source: '1', findings: [], replaces: null };
      const all = proposeCell(made, { kind: 'cell_proposed', ...proposed }, 'planner');
      return changeCell(all, { kind: 'cell_started', cell_id: cell, ...call });
    },
    beginStep([], { kind: 'step_started', step: 1, agent: 'planner' })
  );
  return { ...unheard('r', notebook), phase: 'answered', steps };
}

function turn(made: RunState, undone = false): TurnView {
  return { ...sentTurn('m', 'why', '2026-11-22T00:00:00Z'), run: made, undone };
}

const holding =
  (...ids: string[]) =>
  () =>
    new Set(ids);

test('cells that are gone, by whatever way, are an undone turn; they may come back', () => {
  const turns = [turn(run('a.ipynb', 'x', 'y'))];
  expect(withStanding(turns, holding('y'))).toBe(turns);
  const gone = withStanding(turns, holding('other'));
  expect(gone[0].undone).toBe(true);
  expect(withStanding(gone, holding('x'))[0].undone).toBe(false);
});

test('loaded data counts; a run that has put nothing there is never undone', () => {
  const data = { kind: 'data_loaded' as const, cell_id: 'd', source: '', name: 't', path: 't.csv', note: '' };
  expect(cellsOf({ ...run('a.ipynb', 'x'), data })).toEqual(['d', 'x']);
  const bare = [turn(run('a.ipynb'))];
  expect(withStanding(bare, holding())).toBe(bare);
});

test('a notebook that is not open, and a run that is under way, change nothing', () => {
  const live = [turn({ ...run('a.ipynb', 'x'), phase: 'running' })];
  expect(withStanding(live, holding())).toBe(live);
  for (const turns of [[turn(run('a.ipynb', 'x'), true)], [turn(run(null, 'x'))]]) {
    expect(withStanding(turns, () => null)).toBe(turns);
  }
});
