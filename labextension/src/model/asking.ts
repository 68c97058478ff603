/**
 * Sends a question: where its cells will stand is settled at that moment, then a kernel is started if there
 * is none, a chat is made if there is none, and the run is ordered. What it says is the conversation's.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Api } from '../api';
import { cellOf, errorOf, placeAfter } from '../notebook/shared';
import type { FailedCell, RunSettings } from '../wire';
import type { Conversation } from './conversation';
import type { Store } from './store';
import type { Workplace } from './workplace';

export interface AskingOptions {
  readonly api: Api;
  readonly store: Store;
  readonly place: Workplace;
  readonly conversation: Conversation;
  readonly trans: TranslationBundle;
  /** Names this page. */
  readonly tab: string;
  /** What the user's settings say about runs. */
  readonly settings: () => RunSettings;
  /** The question goes back to the composer, and why. */
  readonly refuse: (question: string, why: string) => void;
  /** The chat stays on this notebook from now on. */
  readonly stay: (notebook: string) => void;
  /** Whether the question may be sent: it is not dear, or the user says so. */
  readonly allowed: (question: string) => Promise<boolean>;
  /** Put a question that is not sent after all back into the composer. */
  readonly giveBack: (question: string) => void;
  /** Done when the data is there that the user is just loading: the question may be about it. */
  readonly loaded: () => Promise<unknown>;
}

/** What a question may carry. */
export interface Asked {
  readonly scope?: string[];
  readonly fix?: FailedCell;
}

/** Asks in the open chat about the target notebook. */
export class Asking {
  constructor(private readonly options: AskingOptions) {}

  async ask(question: string, asked: Asked = {}): Promise<void> {
    const { store, conversation, refuse, trans } = this.options;
    const { target, live } = store.state;
    const hindrance =
      this._isSending || live ? trans.__('The question before is still being answered.') : null;
    if (hindrance || !target) {
      refuse(question, hindrance ?? trans.__('Open a notebook to ask about.'));
      return;
    }
    this._isSending = true;
    store.set({ refused: null });
    const turn = conversation.begin(question);
    try {
      if (!(await this.options.allowed(question))) {
        conversation.drop(turn);
        this.options.giveBack(question);
        return;
      }
      await this.options.loaded();
      const active = this.options.place.activeCell(target.path);
      await this.send(turn, question, target.path, active, asked);
    } catch (error) {
      conversation.drop(turn);
      refuse(question, error instanceof Error ? error.message : String(error));
    } finally {
      this._isSending = false;
    }
  }

  /** Ask for a fix of a cell that failed. */
  async fix(cellId: string): Promise<void> {
    const { store, place, trans, refuse } = this.options;
    const path = store.state.target?.path;
    const bench = path === undefined ? null : await place.bench(path);
    const cell = bench && cellOf(bench.shared, cellId);
    const error = cell && errorOf(cell);
    if (!cell || !error) {
      refuse('', trans.__('This cell has not failed.'));
      return;
    }
    const fix = { cell_id: cellId, source: cell.getSource(), ...error };
    const why = [error.ename, error.evalue].filter(Boolean).join(': ').split('\n')[0];
    await this.ask(trans.__('Fix the cell that failed: %1', shortened(why)), { fix });
  }

  private async send(
    turn: string,
    question: string,
    path: string,
    active: string | null,
    { scope = [], fix }: Asked
  ): Promise<void> {
    const { api, store, place, conversation, trans, tab, settings } = this.options;
    const bench = await place.bench(path);
    if (!bench) {
      throw new Error(
        trans.__('The chat acts on %1, which is not open. Open it, or switch to another.', path)
      );
    }
    const runs = new Set(store.state.turns.map(each => each.run?.id));
    const after = fix ? fix.cell_id : placeAfter(bench.shared, active, run => runs.has(run));
    const kernel = await place.startKernel(path);
    if (!kernel) {
      throw new Error(trans.__('The notebook has no kernel. Choose one and ask again.'));
    }
    const { model, mode, chat: open } = store.state;
    const chat = open ?? (await api.createChat({ question }));
    const ticket = await api.start(chat.id, {
      question,
      tab,
      notebook: { path, kernel: kernel.id, after },
      model,
      mode,
      scope,
      settings: settings(),
      fix: fix ?? null
    });
    this.options.stay(path);
    conversation.accepted(turn, chat, ticket.run, path);
  }

  private _isSending = false;
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
