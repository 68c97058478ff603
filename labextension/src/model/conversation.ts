/**
 * The open chat: its turns, from the messages of the store and from what its runs say meanwhile. Runs that
 * are under way are watched; what was missed while the line was lost is told again.
 */
import { UUID } from '@lumino/coreutils';

import type { Api } from '../api';
import type { Stream } from '../stream';
import type { Chat, RunningRun, RunRefused, RunTold, ShownMessage } from '../wire';
import type { PanelState } from './panel';
import { hasEnded, isGap, shown, unheard } from './reduce';
import type { Store } from './store';
import type { TurnView } from './turn';
import { changeTurn, isOnItsWay, liveTurn, sentTurn, turnsOf, withItem, withRunning } from './turns';

export interface ConversationOptions {
  readonly api: Api;
  readonly store: Store;
  readonly stream: Stream;
  /** A run did not begin: its question goes back to the composer. */
  readonly refused: (question: string, why: string) => void;
  /** A run has ended. */
  readonly ended: () => void;
}

/** Keeps `state.chat`, `state.turns`, `state.live` and `state.running` true. */
export class Conversation {
  constructor(private readonly options: ConversationOptions) {}

  /** A new chat: nothing is asked yet. */
  clear(): void {
    this._opened += 1;
    this.letGo();
    this._messages = [];
    this._cursor = null;
    this.options.store.set({ chat: null, turns: [], live: null, earlier: false, refused: null });
  }

  /** Show a chat. Resolves to the notebook that it acts on, or null where nobody knows. */
  async open(id: string): Promise<string | null> {
    const opened = ++this._opened;
    const [chat, page] = await Promise.all([this.options.api.chat(id), this.options.api.messages(id, {})]);
    if (opened !== this._opened) {
      return null; // the user has gone on to another chat
    }
    this.letGo();
    this._messages = page.messages;
    this._cursor = page.cursor;
    const turns = this.known(turnsOf(page.messages), chat.id);
    this.options.store.set({ chat, refused: null, earlier: page.cursor !== null });
    this.show(turns);
    turns.forEach(turn => this.watch(turn));
    return [...turns].reverse().find(turn => turn.run?.notebook)?.run?.notebook ?? null;
  }

  async loadEarlier(): Promise<void> {
    const { api, store } = this.options;
    const { chat, turns } = store.state;
    const [cursor, opened] = [this._cursor, this._opened];
    if (!chat || cursor === null) {
      return;
    }
    const page = await api.messages(chat.id, { cursor });
    if (opened !== this._opened || cursor !== this._cursor) {
      return;
    }
    this._cursor = page.cursor;
    this._messages = [...page.messages, ...this._messages];
    const earlier = turnsOf(this._messages).filter(turn => !turns.some(each => isSame(each, turn)));
    store.set({ earlier: page.cursor !== null });
    this.show([...earlier, ...store.state.turns]);
  }

  /** Show a question that is being sent. Returns its turn's id. */
  begin(question: string): string {
    const id = UUID.uuid4();
    this.show([...this.turns, sentTurn(id, question, new Date().toISOString())]);
    return id;
  }

  /** The question was accepted. */
  accepted(id: string, chat: Chat, run: string, notebook: string): void {
    const { store } = this.options;
    if (!this.turns.some(turn => turn.id === id)) {
      return; // another chat was opened meanwhile; the run goes on without us
    }
    store.set({ chat });
    // The news that it is under way may have come before the reply.
    const others = this.turns.filter(turn => turn.id === id || turn.run?.id !== run);
    const early = this.turns.find(turn => turn.id !== id && turn.run?.id === run)?.run;
    const turns = others.map(turn =>
      turn.id === id ? { ...turn, run: early ?? unheard(run, notebook) } : turn
    );
    this.show(turns);
    turns.filter(turn => turn.id === id).forEach(turn => this.watch(turn));
  }

  /** The question was not accepted. */
  drop(id: string): void {
    this.show(this.turns.filter(turn => turn.id !== id));
  }

  /** A run has said something. */
  take(item: RunTold | RunRefused): void {
    const run = this.turns.find(turn => turn.run?.id === item.run)?.run;
    if (!run) {
      return;
    }
    if (isGap(run, item)) {
      this.options.stream.unwatch(run.id);
      this.options.stream.watch(run.id, () => this.heard(run.id));
      return;
    }
    this.show(withItem(this.turns, item));
    const turn = this.turns.find(each => each.run?.id === item.run);
    if (turn?.run && hasEnded(turn.run) && !hasEnded(run)) {
      this.end(turn);
    }
  }

  /** Which runs are under way has changed; one of this chat may have been begun by another page. */
  running(running: readonly RunningRun[]): void {
    const { store } = this.options;
    store.set({ running });
    const { chat } = store.state;
    if (chat) {
      const before = this.turns;
      // A question that is just being sent gets its run from the reply.
      const turns = before.some(isOnItsWay) ? before : this.known(before, chat.id);
      this.show(turns);
      turns.filter(turn => !before.includes(turn)).forEach(turn => this.watch(turn));
    }
  }

  /** The engine does not know a run that we watch: it has ended meanwhile, or its process has. */
  async lost(run: string): Promise<void> {
    const { api, stream } = this.options;
    stream.unwatch(run);
    const view = await api.run(run).catch(() => null);
    this.change(run, turn => ({
      ...turn,
      run: view ? shown(view) : turn.run && { ...turn.run, phase: 'interrupted' }
    }));
    this.options.ended();
  }

  /** Show these turns instead, of the same chat. */
  redraw(turns: readonly TurnView[]): void {
    this.show(turns);
  }

  /** Change the turn of a run. */
  change(run: string, change: (turn: TurnView) => TurnView): void {
    this.show(changeTurn(this.turns, run, change));
  }

  private end(turn: TurnView): void {
    const { stream, refused, ended } = this.options;
    const run = turn.run;
    if (!run) {
      return;
    }
    stream.unwatch(run.id);
    if (run.phase === 'refused') {
      this.drop(turn.id);
      refused(turn.question, run.error?.message ?? '');
    } else {
      void this.nameAnswer(run.id);
    }
    ended();
  }

  /** The answer is stored: find its id, for feedback. */
  private async nameAnswer(run: string): Promise<void> {
    const { chat } = this.options.store.state;
    const page = chat && (await this.options.api.messages(chat.id, { limit: 4 }).catch(() => null));
    const message = page?.messages.find(each => each.role === 'analyst' && each.run_id === run);
    if (message) {
      this.change(run, turn => ({ ...turn, messageId: message.id, feedback: message.feedback }));
    }
  }

  private watch(turn: TurnView): void {
    const run = turn.run;
    if (run && !hasEnded(run)) {
      this.options.stream.watch(run.id, () => this.heard(run.id));
    }
  }

  private heard(run: string): number {
    return this.turns.find(turn => turn.run?.id === run)?.run?.seq ?? 0;
  }

  private letGo(): void {
    this.turns.forEach(turn => turn.run && this.options.stream.unwatch(turn.run.id));
  }

  private known(turns: readonly TurnView[], chat: string): readonly TurnView[] {
    const running = this.options.store.state.running.filter(each => each.chat === chat);
    return withRunning(turns, running, new Date().toISOString());
  }

  private get turns(): PanelState['turns'] {
    return this.options.store.state.turns;
  }

  private show(turns: readonly TurnView[]): void {
    this.options.store.set({ turns, live: liveTurn(turns) });
  }

  private _messages: readonly ShownMessage[] = [];
  private _cursor: string | null = null;
  private _opened = 0;
}

function isSame(one: TurnView, other: TurnView): boolean {
  return one.id === other.id || (one.run !== null && one.run.id === other.run?.id);
}
