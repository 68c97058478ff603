/** What runs said, for the tests of the model. */
import type {
  Answer,
  CellFinished,
  CellProposed,
  RunTold,
  RunView,
  StepFinished,
  TokenUsage
} from '../../wire';
import type { RunEvent } from '../turn';

const TOKENS: TokenUsage = {
  input_tokens: 900,
  output_tokens: 40,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  cache_write_1h_tokens: 0,
  reasoning_tokens: 0
};

export function answer(status: Answer['status'], more: Partial<Answer> = {}): Answer {
  return {
    status,
    answer: 'The mean is 4.',
    claims: [],
    check: null,
    cells: [],
    notebook: null,
    run_id: 'r',
    chat_id: 'c',
    usage: { requests: 2, estimated_requests: 0, unpriced_requests: 0, tokens: TOKENS, cost_usd: '0.0042' },
    cost_usd: '0.0042',
    seconds: 1.5,
    suggestions: [],
    error: null,
    ...more
  };
}

export function stepFinished(step: number, agent = 'analyst'): StepFinished {
  return {
    kind: 'step_finished',
    step,
    agent,
    attempt_id: `a${step}`,
    model: 'fake:m',
    tokens: TOKENS,
    cost_usd: '0.0021',
    estimated: false,
    seconds: 0.5
  };
}

export function proposed(call: string, source: string, replaces: string | null = null): CellProposed {
  return {
    kind: 'cell_proposed',
    call_id: call,
    label: 'c1',
    purpose: 'mean price',
    source,
    findings: [],
    replaces
  };
}

export function cellFinished(call: string, source: string, error: string | null = null): CellFinished {
  return {
    kind: 'cell_finished',
    call_id: call,
    label: 'c1',
    repairing: error !== null,
    execution: {
      cell_id: 'n1',
      source,
      status: error === null ? 'ok' : 'error',
      execution_count: error === null ? 8 : 7,
      outputs: [],
      ename: error === null ? null : 'KeyError',
      evalue: error,
      result: null,
      tables: [],
      seconds: 0.1
    }
  };
}

export const STARTED: RunEvent = {
  kind: 'run_started',
  run_id: 'r',
  chat_id: 'c',
  agents: ['analyst'],
  model: 'fake:m'
};

/** A cell fails, is repaired, and the repair asks for a yes. */
export const REPAIRED: readonly RunEvent[] = [
  { kind: 'parked', why: 'queued', text: 'Another question is answered first.' },
  { kind: 'resumed' },
  { kind: 'data_loaded', cell_id: 'd1', source: 'df = 1', name: 'df', path: 'a.csv', note: '' },
  STARTED,
  { kind: 'notice', code: 'first_use', text: 'What leaves.' },
  { kind: 'step_started', step: 1, agent: 'analyst' },
  { kind: 'text_delta', step: 1, text: 'I look ' },
  { kind: 'text_delta', step: 1, text: 'first.' },
  stepFinished(1),
  proposed('t1', "df['pricee']"),
  { kind: 'cell_started', call_id: 't1', cell_id: 'n1', label: 'c1' },
  cellFinished('t1', "df['pricee']", "'pricee'"),
  { kind: 'step_started', step: 2, agent: 'analyst' },
  stepFinished(2),
  proposed('t2', "df['price'] = 1", 'n1'),
  {
    kind: 'approval_needed',
    call_id: 't2',
    code_hash: 'h',
    source: "df['price'] = 1",
    reason: 'It changes df.',
    findings: []
  },
  { kind: 'cell_started', call_id: 't2', cell_id: 'n1', label: 'c1' },
  cellFinished('t2', "df['price'] = 1"),
  { kind: 'step_started', step: 3, agent: 'analyst' },
  { kind: 'text_delta', step: 3, text: 'The mean' },
  { kind: 'text_delta', step: 3, text: ' is 4.' },
  stepFinished(3),
  { kind: 'run_finished', answer: answer('answered') }
];

/** A plan of three, stopped in the last one's cell. */
export const PLANNED: readonly RunEvent[] = [
  { ...STARTED, agents: ['planner'] } as RunEvent,
  { kind: 'step_started', step: 1, agent: 'planner' },
  stepFinished(1, 'planner'),
  { kind: 'plan_made', lines: ['@cleaning_agent: look', '@stats_agent: test', '@plot_agent: draw'] },
  { kind: 'step_started', step: 2, agent: 'cleaning_agent' },
  stepFinished(2, 'cleaning_agent'),
  { kind: 'step_started', step: 3, agent: 'stats_agent' },
  { kind: 'text_delta', step: 3, text: 'Testing' },
  stepFinished(3, 'stats_agent'),
  { kind: 'step_started', step: 4, agent: 'plot_agent' },
  stepFinished(4, 'plot_agent'),
  proposed('t1', 'fig'),
  { kind: 'cell_started', call_id: 't1', cell_id: 'n1', label: 'c1' },
  {
    kind: 'run_finished',
    answer: answer('stopped', { error: { code: 'limit_reached', message: 'Out of time.', detail: {} } })
  }
];

/** The same as it comes over the socket. */
export function told(events: readonly RunEvent[], run = 'r'): RunTold[] {
  return events.map((event, index) => ({ kind: 'event', run, seq: index + 1, event }));
}

/** The same as the history has it: without pieces of text. */
export function viewed(events: readonly RunEvent[], status: RunView['status']): RunView {
  return {
    id: 'r',
    chat_id: 'c',
    status,
    agents: ['analyst'],
    model: 'fake:m',
    notebook: 'sales.ipynb',
    started_at: '2026-11-22T12:00:00Z',
    ended_at: null,
    events: events.filter(event => event.kind !== 'text_delta')
  };
}
