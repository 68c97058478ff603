/** What a run's state reads like: what a step does, what a chip shows, what a run needs next. No components. */
import type { CellView, RunPhase, RunState, StepView } from '../model/turn';
import type { AgentEntry, Answer, Claim } from '../wire';
import { plain } from './format';
import type { Words } from './format';

/** Whether a run is under way. */
export function isLive(phase: RunPhase): boolean {
  return phase === 'sent' || phase === 'running' || phase === 'parked' || phase === 'approval';
}

/** What a chip shows: `[7]`, `[*]` while it runs, `[ ]` where it has not run. */
export function chipText(cell: Pick<CellView, 'status' | 'executionCount'>): string {
  if (cell.status === 'running') {
    return '[*]';
  }
  return cell.status === 'approval' ? '[?]' : `[${cell.executionCount ?? ' '}]`;
}

/** How a cell stands, in a word or two. */
export function cellStatus(cell: CellView, words: Words): string {
  switch (cell.status) {
    case 'proposed':
      return words.__('proposed');
    case 'approval':
      return words.__('waits for your yes');
    case 'running':
      return words.__('running');
    case 'ok':
      return words.__('done');
    case 'error':
      return words.__('failed');
    case 'interrupted':
      return words.__('interrupted');
    case 'not_run':
      return words.__('not run');
  }
}

/** An agent's name for people. */
export function agentTitle(name: string, agents: readonly AgentEntry[]): string {
  return agents.find(agent => agent.name === name)?.title ?? name.replaceAll('_', ' ');
}

/** What a step does, or did. */
export function stepWords(step: StepView, isLastLive: boolean, hasText: boolean, words: Words): string {
  const last = step.cells.at(-1);
  if (last !== undefined) {
    const purposes = step.cells.map(cell => plain(cell.purpose) || words.__('code'));
    const open = last.status === 'approval' ? words.__('waits for your yes: %1', plain(last.purpose)) : '';
    return open || purposes.join(', ');
  }
  if (isLastLive) {
    return hasText ? words.__('answering') : words.__('thinking');
  }
  return words.__('answer');
}

/** `2 attempts repaired`, or nothing. */
export function repairs(steps: readonly StepView[], words: Words): string {
  const repaired = steps.flatMap(step => step.cells).reduce((sum, cell) => sum + cell.repaired, 0);
  return repaired > 0 ? words._n('%1 attempt repaired', '%1 attempts repaired', repaired) : '';
}

/** One line for the steps of a run that has ended. */
export function stepsLine(run: RunState, words: Words): string {
  const cells = run.steps.flatMap(step => step.cells);
  const parts = [
    words._n('%1 step', '%1 steps', run.steps.length),
    cells.length > 0 ? words._n('%1 cell', '%1 cells', cells.length) : '',
    repairs(run.steps, words)
  ];
  return parts.filter(part => part !== '').join(' · ');
}

/** How far a figure is proven, in a word. */
export function claimStatus(status: Claim['status'], words: Words): string {
  return {
    verified: words.__('verified'),
    unverified: words.__('unverified: no output shows this figure'),
    contradicted: words.__('contradicted: there is no such value')
  }[status];
}

interface Doubt {
  readonly status: Claim['status'];
  readonly text: string;
}

/** How many of an answer's figures are proven and which are not, and what the offline analyst says of it. */
export function doubts({ claims, check }: Pick<Answer, 'claims' | 'check'>, words: Words): Doubt[] {
  const counted = (status: Claim['status']) => claims.filter(claim => claim.status === status).length;
  const figures = (number: number) => words._n('%1 figure', '%1 figures', number);
  const lines: Doubt[] = [
    { status: 'verified', text: words.__('%1 verified', figures(counted('verified'))) },
    { status: 'unverified', text: words.__('%1 unverified', figures(counted('unverified'))) },
    { status: 'contradicted', text: words.__('%1 contradicted', figures(counted('contradicted'))) }
  ];
  const checked: Doubt[] = !check
    ? []
    : check.agrees
      ? [{ status: 'verified', text: words.__('Offline check agrees') }]
      : [{ status: 'unverified', text: plain(check.text) }];
  return [...lines.filter(line => counted(line.status) > 0), ...checked];
}

/** What a user can do about a run that ended without an answer. */
export type Remedy = 'again' | 'key' | 'model' | 'edit' | 'budget';

const BY_CODE: Readonly<Record<string, Remedy>> = {
  key_missing: 'key',
  key_rejected: 'key',
  model_unavailable: 'model',
  unknown_model: 'model',
  paid_calls_off: 'model',
  unpriced: 'model',
  budget_reached: 'budget',
  unknown_agent: 'edit',
  bad_request: 'edit',
  invalid_body: 'edit',
  data_unreadable: 'edit'
};

/** The one thing to offer after an error. */
export function remedy(code: string | null): Remedy {
  return code === null ? 'again' : (BY_CODE[code] ?? 'again');
}

/** What went wrong, where something did: its code and what is to be said. */
export function trouble(run: RunState): { code: string | null; text: string } | null {
  if (isLive(run.phase) || run.phase === 'answered' || run.phase === 'abstained') {
    return null;
  }
  const error = run.error ?? storedError(run.answer);
  return { code: error?.code ?? null, text: run.answer?.answer || error?.message || '' };
}

function storedError(answer: Answer | null): { code: string; message: string } | null {
  const { code, message } = answer?.error ?? {};
  return typeof code === 'string' ? { code, message: typeof message === 'string' ? message : '' } : null;
}

/** What a screen reader is told when a run goes on or ends. */
export function announcement(run: RunState | null, words: Words): string {
  switch (run?.phase) {
    case 'sent':
    case 'running':
      return words.__('The analyst is at work.');
    case 'parked':
      return run.parked?.text ?? '';
    case 'approval':
      return words.__('The analyst asks whether it may run code.');
    case 'answered':
      return words.__('The answer is there.');
    case 'abstained':
      return words.__('The analyst did not answer, and says why.');
    case 'failed':
    case 'stopped':
    case 'interrupted':
    case 'refused':
      return trouble(run)?.text || words.__('The run has ended without an answer.');
    case undefined:
      return '';
  }
}
