/**
 * `IPanelModel`: everything that the panel shows and does. Components read `state` and call methods; they
 * never fetch. `model.ts` is the one implementation.
 */
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

import type { UsageQuery } from '../api';
import type {
  AgentEntry,
  BudgetStates,
  Chat,
  ChatEntry,
  Estimate,
  KeyEntry,
  Me,
  ModelEntry,
  NewBudget,
  OwnUsage,
  PaidCalls,
  RunningRun,
  Sent,
  Surroundings
} from '../wire';
import type { TurnView } from './turn';

export type Mode = 'auto' | 'ask' | 'suggest';

/** The notebook that the chat acts on. */
export interface Target {
  readonly path: string;
  /** Null: it has no kernel (yet). */
  readonly kernel: string | null;
  /** Its kernel's name for people; empty where there is none. */
  readonly kernelName: string;
  /** False: another notebook is in front. */
  readonly inFront: boolean;
}

/** One sentence for the user, and one thing they can do about it. */
export interface Problem {
  readonly message: string;
  /** Label of the button, and what it does. */
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

export interface HistoryState {
  readonly entries: readonly ChatEntry[];
  readonly more: boolean;
  readonly loading: boolean;
  readonly search: string;
  readonly problem: string | null;
}

export interface PanelState {
  readonly connection: 'connecting' | 'open' | 'lost';
  /** Something is wrong that holds for the whole panel; null where all is well. */
  readonly problem: Problem | null;
  readonly me: Me | null;
  readonly agents: readonly AgentEntry[];
  readonly models: readonly ModelEntry[];
  /** The user's pick for the next question; null: the default. */
  readonly model: string | null;
  readonly mode: Mode | null;
  /** Null: no notebook is open. */
  readonly target: Target | null;
  /** What there is to ask about; null until it is known. */
  readonly surroundings: Surroundings | null;
  readonly looking: boolean;
  /** Null: a new chat, nothing asked yet. */
  readonly chat: Chat | null;
  readonly turns: readonly TurnView[];
  /** There are earlier turns to load. */
  readonly earlier: boolean;
  /** The run of this chat that is under way. */
  readonly live: TurnView | null;
  /** This person's runs, in all chats. */
  readonly running: readonly RunningRun[];
  /** What is wrong with what was just sent; the text is back in the composer. */
  readonly refused: string | null;
  /** What the question that is being written may cost; null: none is, or nobody knows. */
  readonly estimate: Estimate | null;
  /** Since when and why paid calls are off; null: they are on. */
  readonly paidOff: PaidCalls | null;
  readonly history: HistoryState;
}

export interface IPanelModel extends IDisposable {
  readonly state: PanelState;
  /** Emitted at most every 50 ms. */
  readonly stateChanged: ISignal<this, void>;
  /** The composer should hold this text: a refused question, a recalled one, a suggestion to edit. */
  readonly draftWanted: ISignal<this, string>;
  /** Something may have been spent: a run has ended, or a chat was added to. */
  readonly spent: ISignal<this, void>;

  /** The panel is shown: connect, warm up, look around. Safe to call again. */
  open(): Promise<void>;

  // --- asking
  /** A question is being written; empty: none is. */
  typed(text: string): void;
  /** Ask in the current chat about the target notebook. Resolves when the run is accepted or refused. */
  ask(question: string, options?: { scope?: string[] }): Promise<void>;
  /** Ask for a fix of the failed cell with this id, in the target notebook. */
  fix(cellId: string): Promise<void>;
  stop(): Promise<void>;
  answerApproval(yes: boolean, remember?: boolean): Promise<void>;
  /** Say no, and leave the code as a cell for the user to edit and run. */
  editApproval(): Promise<void>;
  /** Take the turn's cells out of its notebook; one step of JupyterLab's undo. Resolves to a sentence. */
  undo(turn: TurnView): Promise<string>;
  pickModel(name: string | null): void;
  pickMode(mode: Mode | null): void;

  // --- cells
  /** Show a cell of a run in its notebook, and flash it. False: it is not there any more. */
  showCell(notebook: string | null, cellId: string): Promise<boolean>;
  runCell(notebook: string | null, cellId: string): Promise<boolean>;
  /** Put code below the active cell of the target notebook; `run` runs it too. */
  insertCode(source: string, run: boolean): Promise<void>;
  /** Go on with the notebook in front instead of the one the chat acts on. */
  followFront(): void;
  /** Open the notebook that a run acts on. */
  openNotebook(path: string): Promise<void>;

  // --- data
  /** Insert and run a cell that loads a file; null: the sample. */
  load(path: string | null): Promise<void>;
  /** Put files of the user's machine beside the notebook, and load them. */
  upload(files: readonly File[]): Promise<void>;
  /** Look again at what there is to ask about. */
  look(): Promise<void>;

  // --- chats
  newChat(): void;
  openChat(id: string): Promise<void>;
  renameChat(id: string, title: string): Promise<void>;
  deleteChat(id: string): Promise<void>;
  loadEarlier(): Promise<void>;
  /** Load the first page of the history, or look for `search` in titles. */
  loadHistory(search?: string): Promise<void>;
  loadMoreHistory(): Promise<void>;
  rate(turn: TurnView, rating: number, comment: string): Promise<void>;

  // --- self
  sent(runId: string): Promise<Sent>;
  /** What one has used. */
  usage(query?: UsageQuery): Promise<OwnUsage>;
  /** The budgets that apply here, and whether paid calls are on. */
  budgets(): Promise<BudgetStates>;
  addBudget(budget: NewBudget): Promise<void>;
  endBudget(id: string): Promise<void>;
  keys(): Promise<readonly KeyEntry[]>;
  setKey(provider: string, key: string): Promise<void>;
  forgetKey(provider: string): Promise<void>;
  /** Notebooks where safe cells run without asking. */
  remembered(): Promise<readonly string[]>;
  forgetRemembered(notebook: string): Promise<void>;
  signOut(): void;
}
