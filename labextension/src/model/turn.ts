/**
 * What the panel shows of one question: made from a run's events, whether they come over the socket or from
 * the history. Types only; `reduce.ts` makes them.
 */
import type {
  Answer,
  ApprovalNeeded,
  DataLoaded,
  Feedback,
  Finding,
  Notice,
  Parked,
  Replayed,
  RunTold,
  TokenUsage
} from '../wire';

/** Everything a run can say. */
export type RunEvent = RunTold['event'];

/** How a cell of a run stands. */
export type CellStatus =
  | 'proposed' // the agent wants to run it
  | 'approval' // it waits for a yes or no
  | 'running'
  | 'ok'
  | 'error'
  | 'interrupted' // stopped, or it ran for too long, or its kernel died
  | 'not_run'; // shown or inserted, and not executed

/** A cell of a run. A repair takes the place of the cell that failed and counts its attempts. */
export interface CellView {
  readonly callId: string;
  /** What references call it: `c1`. */
  readonly label: string;
  readonly purpose: string;
  readonly source: string;
  /** What it could do beyond computing. */
  readonly findings: readonly Finding[];
  /** Its id in the notebook, once it is there. */
  readonly cellId: string | null;
  readonly status: CellStatus;
  readonly executionCount: number | null;
  /** Why it failed (`KeyError: 'pricee'`) or was not run; else null. */
  readonly problem: string | null;
  readonly seconds: number;
  /** Failed attempts before this one. */
  readonly repaired: number;
  /** The source of the attempt before, or of the cell whose place it took, for a diff; else null. */
  readonly before: string | null;
  /** It corrects a cell of the user's that had failed, and stands in its place. */
  readonly corrects: boolean;
}

/** A model call and the cells that it led to. */
export interface StepView {
  /** 1-based. */
  readonly number: number;
  readonly agent: string;
  /** True until the call is booked. */
  readonly live: boolean;
  /** `provider:model`. */
  readonly model: string | null;
  readonly tokens: TokenUsage | null;
  readonly costUsd: string | null;
  /** The tokens are an estimate. */
  readonly estimated: boolean;
  readonly seconds: number;
  readonly cells: readonly CellView[];
}

/** How a run stands. */
export type RunPhase =
  | 'sent' // accepted; nothing heard yet
  | 'running'
  | 'parked' // waits for something that is not its own; see `parked`
  | 'approval' // waits for a yes or no
  | 'answered'
  | 'abstained'
  | 'failed'
  | 'stopped' // by policy, a limit, a budget
  | 'interrupted' // by the user, or its process ended
  | 'refused'; // it did not begin: something is wrong with the question

/** A run, as far as it has been heard. */
export interface RunState {
  readonly id: string;
  readonly phase: RunPhase;
  /** Number of the last event heard. */
  readonly seq: number;
  readonly agents: readonly string[];
  readonly model: string | null;
  /** Path of the notebook that it acts on. */
  readonly notebook: string | null;
  readonly parked: Parked | null;
  /** One sentence, or one line per agent. */
  readonly plan: readonly string[];
  /** How many lines of the plan are done. */
  readonly planDone: number;
  readonly notices: readonly Notice[];
  readonly data: DataLoaded | null;
  readonly replayed: Replayed | null;
  readonly steps: readonly StepView[];
  /** Markdown that the live step has written so far; empty once there is an answer. */
  readonly text: string;
  readonly approval: ApprovalNeeded | null;
  readonly answer: Answer | null;
  /** Why it was refused or failed. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A question and what came of it. */
export interface TurnView {
  /** The question's message, or before that is known the run. */
  readonly id: string;
  readonly question: string;
  /** ISO 8601, UTC. */
  readonly askedAt: string;
  readonly run: RunState | null;
  /** The answer's message, for feedback; null until it is stored. */
  readonly messageId: string | null;
  readonly feedback: Feedback | null;
  /** None of its cells is in the notebook, as far as this page can see that. */
  readonly undone: boolean;
  /** It was asked in this page, and has no run until the server has taken it. A stored question is not. */
  readonly sent: boolean;
}
