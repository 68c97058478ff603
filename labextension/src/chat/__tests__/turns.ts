import type { CellView, RunState, StepView, TurnView } from '../../model/turn';
import type { Answer } from '../../wire';

const TOKENS = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  cache_write_1h_tokens: 0,
  reasoning_tokens: 0
};

/** A cell that ran. */
export function cell(other: Partial<CellView> = {}): CellView {
  return {
    callId: 'call-1',
    label: 'c1',
    purpose: 'top 10 houses',
    source: "housing.nlargest(10, 'area')",
    findings: [],
    cellId: 'cell-7',
    status: 'ok',
    executionCount: 7,
    problem: null,
    seconds: 0.1,
    repaired: 0,
    before: null,
    corrects: false,
    ...other
  };
}

/** A step that is booked. */
export function step(other: Partial<StepView> = {}): StepView {
  return {
    number: 1,
    agent: 'statistical_analytics_agent',
    live: false,
    model: 'offline:v1',
    tokens: TOKENS,
    costUsd: '0.00',
    estimated: false,
    seconds: 0.3,
    cells: [cell()],
    ...other
  };
}

/** The end of a run. */
export function answer(other: Partial<Answer> = {}): Answer {
  return {
    answer: 'The largest is 16200.',
    cells: [],
    chat_id: 'chat-1',
    check: null,
    claims: [{ text: '16200', value: 16200, cell: 'cell-7', path: 'c1[0].area', status: 'verified' }],
    cost_usd: '0.00',
    error: null,
    notebook: null,
    run_id: 'run-1',
    seconds: 0.3,
    status: 'answered',
    suggestions: [],
    usage: { cost_usd: '0.00', estimated_requests: 0, requests: 1, unpriced_requests: 0, tokens: TOKENS },
    ...other
  };
}

/** A run that was answered. */
export function run(other: Partial<RunState> = {}): RunState {
  return {
    id: 'run-1',
    phase: 'answered',
    seq: 9,
    agents: [],
    model: 'offline:v1',
    notebook: 'sales.ipynb',
    parked: null,
    plan: ['Sort housing by area.'],
    planDone: 0,
    notices: [],
    data: null,
    replayed: null,
    steps: [step()],
    text: '',
    approval: null,
    answer: answer(),
    error: null,
    ...other
  };
}

/** A question and its run. */
export function turn(other: Partial<TurnView> = {}): TurnView {
  return {
    id: 'turn-1',
    question: 'List top 10 houses by area',
    askedAt: '2026-11-22T10:00:00Z',
    run: run(),
    messageId: 'message-2',
    feedback: null,
    undone: false,
    sent: true,
    ...other
  };
}
