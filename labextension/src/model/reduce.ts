/**
 * What a run has come to, from what it has said. Pure: the same events give the same state, live or from
 * the history. Cells of a run are in `steps.ts`.
 */
import type { Answer, RunRefused, RunTold, RunView } from '../wire';
import { beginStep, changeCell, closeSteps, finishStep, proposeCell, takePlace } from './steps';
import type { RunEvent, RunPhase, RunState } from './turn';

/** A run of which nothing has been heard. */
export function unheard(id: string, notebook: string | null = null): RunState {
  return {
    id,
    phase: 'sent',
    seq: 0,
    agents: [],
    model: null,
    notebook,
    parked: null,
    plan: [],
    planDone: 0,
    notices: [],
    data: null,
    replayed: null,
    steps: [],
    text: '',
    approval: null,
    answer: null,
    error: null
  };
}

/** Whether nothing more comes. */
export function hasEnded(run: RunState): boolean {
  return !['sent', 'running', 'parked', 'approval'].includes(run.phase);
}

/** Whether something between what was heard and this item is missing. */
export function isGap(run: RunState, item: RunTold | RunRefused): boolean {
  return item.seq > run.seq + 1;
}

/** The run after one more item. What was heard already changes nothing. */
export function reduce(run: RunState, item: RunTold | RunRefused): RunState {
  if (item.run !== run.id || item.seq <= run.seq) {
    return run;
  }
  // A run that was first seen in the history is told again from its beginning.
  const before = item.seq === 1 ? unheard(run.id, run.notebook) : run;
  const after = item.kind === 'refused' ? refused(before, item) : said(before, item.event);
  return { ...after, seq: item.seq };
}

/** A run of the history. One that is still under way has number 0: it is told again when it is watched. */
export function shown(view: RunView): RunState {
  const heard = view.events.reduce(said, unheard(view.id, view.notebook));
  const known: RunState = {
    ...heard,
    agents: heard.agents.length ? heard.agents : view.agents,
    model: heard.model ?? view.model
  };
  if (view.status === 'running' || view.status === 'waiting') {
    return known;
  }
  const ended = hasEnded(known) ? known : end(known, view.status);
  return { ...ended, seq: view.events.length };
}

function refused(run: RunState, item: RunRefused): RunState {
  return { ...end(run, 'refused'), error: { code: item.code, message: item.message } };
}

function said(run: RunState, event: RunEvent): RunState {
  switch (event.kind) {
    case 'run_started':
      return { ...run, phase: 'running', parked: null, agents: event.agents, model: event.model };
    case 'plan_made':
      return { ...run, plan: [...run.plan, ...event.lines] };
    case 'step_started':
      return {
        ...run,
        phase: 'running',
        text: '',
        planDone: planDone(run, event.agent),
        steps: beginStep(run.steps, event)
      };
    case 'text_delta':
      return { ...run, text: run.text + event.text };
    case 'step_finished':
      return { ...run, steps: finishStep(run.steps, event) };
    case 'cell_proposed':
      return { ...run, steps: proposeCell(run.steps, event, run.agents[0] ?? '') };
    case 'approval_needed':
      return { ...run, phase: 'approval', approval: event, steps: changeCell(run.steps, event) };
    case 'cell_started':
    case 'cell_not_run':
      return { ...run, phase: 'running', approval: null, steps: changeCell(run.steps, event) };
    case 'cell_finished':
      return { ...run, steps: changeCell(run.steps, event) };
    case 'cell_replaced':
      return { ...run, steps: takePlace(run.steps, event) };
    case 'notice':
      return noticed(run, event);
    case 'data_loaded':
      return { ...run, data: event };
    case 'parked':
      return { ...run, phase: 'parked', parked: event };
    case 'resumed':
      return { ...run, phase: 'running', parked: null };
    case 'replayed':
      return { ...run, replayed: event };
    case 'run_finished':
      return finished(run, event.answer);
    case 'tables_seen':
    case 'cell_output':
    case 'receipt_made':
      return run;
  }
}

function noticed(run: RunState, notice: Extract<RunEvent, { kind: 'notice' }>): RunState {
  const known = run.notices.some(each => each.text === notice.text);
  return {
    ...run,
    replayed: notice.code === 'replay_failed' ? null : run.replayed,
    notices: known ? run.notices : [...run.notices, notice]
  };
}

/** A plan's line names its agent; those before the line of the agent that works now are done. */
function planDone(run: RunState, agent: string): number {
  const names = run.plan.map(line => /^@([\w-]+):/.exec(line)?.[1]);
  if (!names.some(Boolean)) {
    return run.planDone;
  }
  const at = names.findIndex((name, index) => index >= run.planDone && name === agent);
  return at === -1 ? run.plan.length : at;
}

function finished(run: RunState, answer: Answer): RunState {
  const { code, message } = answer.error ?? {};
  // The user's own Stop is told apart from one by policy or a limit.
  const ended = end(run, code === 'interrupted' ? 'interrupted' : answer.status);
  return {
    ...ended,
    answer,
    planDone: answer.status === 'answered' ? run.plan.length : run.planDone,
    error: typeof code === 'string' ? { code, message: typeof message === 'string' ? message : '' } : null
  };
}

function end(run: RunState, phase: RunPhase): RunState {
  return { ...run, phase, parked: null, approval: null, text: '', steps: closeSteps(run.steps) };
}
