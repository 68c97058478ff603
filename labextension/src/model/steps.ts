/** The steps of a run and their cells, after one more event. Pure; a part of `reduce.ts`. */
import type { CellProposed, CellReplaced, StepFinished, StepStarted } from '../wire';
import type { CellView, RunEvent, StepView } from './turn';

type Steps = readonly StepView[];
type CellEvent = Extract<
  RunEvent,
  { kind: 'approval_needed' | 'cell_started' | 'cell_not_run' | 'cell_finished' }
>;

/** A model call begins. */
export function beginStep(steps: Steps, event: StepStarted): Steps {
  return [...steps.map(settled), empty(event.step, event.agent, true)];
}

/** A model call is booked. */
export function finishStep(steps: Steps, event: StepFinished): Steps {
  return steps.map(step =>
    step.number === event.step
      ? {
          ...step,
          live: false,
          model: event.model,
          tokens: event.tokens,
          costUsd: event.cost_usd,
          estimated: event.estimated,
          seconds: event.seconds
        }
      : step
  );
}

/** A new cell belongs to the last step; a repair takes the place of the cell that failed. */
export function proposeCell(steps: Steps, event: CellProposed, agent: string): Steps {
  const failed = event.replaces === null ? null : lastWithId(steps, event.replaces);
  if (failed) {
    const repair = { ...cellOf(event), repaired: failed.repaired + 1, before: failed.source };
    return replaceCell(steps, failed, repair);
  }
  // A replay has cells without a model call.
  const all = steps.length ? steps : [empty(0, agent, false)];
  const last = all[all.length - 1];
  return [...all.slice(0, -1), { ...last, cells: [...last.cells, cellOf(event)] }];
}

/** What became of a proposed cell. */
export function changeCell(steps: Steps, event: CellEvent): Steps {
  return steps.map(step =>
    step.cells.some(cell => cell.callId === event.call_id)
      ? {
          ...step,
          cells: step.cells.map(cell => (cell.callId === event.call_id ? changed(cell, event) : cell))
        }
      : step
  );
}

/** A cell took the place of one of the user's. */
export function takePlace(steps: Steps, event: CellReplaced): Steps {
  const corrected = lastWithId(steps, event.cell_id);
  return corrected
    ? replaceCell(steps, corrected, { ...corrected, before: event.source, corrects: true })
    : steps;
}

/** The run has ended: nothing works any more. */
export function closeSteps(steps: Steps): Steps {
  return steps.map(step => ({ ...settled(step), cells: step.cells.map(closed) }));
}

function changed(cell: CellView, event: CellEvent): CellView {
  switch (event.kind) {
    case 'approval_needed':
      return { ...cell, status: 'approval' };
    case 'cell_started':
      return { ...cell, status: 'running', cellId: event.cell_id };
    case 'cell_not_run':
      return { ...cell, status: 'not_run', cellId: event.cell_id || null, problem: event.reason };
    case 'cell_finished': {
      const { status, execution_count, ename, evalue, seconds } = event.execution;
      return {
        ...cell,
        status: status === 'ok' || status === 'error' ? status : 'interrupted',
        executionCount: execution_count,
        problem: status === 'ok' ? null : [ename, evalue].filter(Boolean).join(': ') || null,
        seconds
      };
    }
  }
}

function closed(cell: CellView): CellView {
  switch (cell.status) {
    case 'running':
      return { ...cell, status: 'interrupted' };
    case 'proposed':
    case 'approval':
      return { ...cell, status: 'not_run' };
    default:
      return cell;
  }
}

function cellOf(event: CellProposed): CellView {
  return {
    callId: event.call_id,
    label: event.label,
    purpose: event.purpose,
    source: event.source,
    findings: event.findings,
    cellId: null,
    status: 'proposed',
    executionCount: null,
    problem: null,
    seconds: 0,
    repaired: 0,
    before: null,
    corrects: false
  };
}

function empty(number: number, agent: string, live: boolean): StepView {
  return {
    number,
    agent,
    live,
    model: null,
    tokens: null,
    costUsd: null,
    estimated: false,
    seconds: 0,
    cells: []
  };
}

function settled(step: StepView): StepView {
  return step.live ? { ...step, live: false } : step;
}

function lastWithId(steps: Steps, id: string): CellView | undefined {
  return steps
    .flatMap(step => step.cells)
    .reverse()
    .find(cell => cell.cellId === id);
}

function replaceCell(steps: Steps, old: CellView, made: CellView): Steps {
  return steps.map(step =>
    step.cells.includes(old) ? { ...step, cells: step.cells.map(cell => (cell === old ? made : cell)) } : step
  );
}
