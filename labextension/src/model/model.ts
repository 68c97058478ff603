/**
 * The panel's model: puts chats, runs, notebooks and data together behind `IPanelModel`. Each part is in a
 * file of its own; here they only meet.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Api, UsageQuery } from '../api';
import type { Stream } from '../stream';
import type {
  BudgetStates,
  KeyEntry,
  NewBudget,
  OwnUsage,
  RunningRun,
  RunSettings,
  Sent,
  ServerMessage,
  TabFailed
} from '../wire';
import { Asking } from './asking';
import { Cells } from './cells';
import { Conversation } from './conversation';
import { Estimating } from './estimating';
import { History } from './history';
import { Looks } from './looks';
import type { Memory } from './memory';
import type { IPanelModel, Mode, PanelState } from './panel';
import { Standing } from './standing';
import { Store } from './store';
import { TargetNotebook } from './target';
import type { TurnView } from './turn';
import { withdrawnSentence } from './wording';
import type { Workplace } from './workplace';

export interface PanelModelOptions {
  readonly api: Api;
  readonly stream: Stream;
  readonly place: Workplace;
  readonly memory: Memory;
  readonly trans: TranslationBundle;
  /** What the user's settings say, now. */
  readonly settings: () => {
    model: string | null;
    mode: Mode | null;
    run: RunSettings;
    askAbove: number | null;
  };
  /** Ask the user something before a question is sent; resolves to whether to go on. */
  readonly confirm: (question: string, why: string) => Promise<boolean>;
}

/** The one implementation of `IPanelModel`. */
export class PanelModel implements IPanelModel {
  constructor(private readonly options: PanelModelOptions) {
    const { api, stream, place, memory, trans, settings } = options;
    this.store = new Store();
    this.history = new History(api, this.store);
    this.target = new TargetNotebook(place, this.store);
    this.looks = new Looks(api, this.store, place);
    this.cells = new Cells(api, this.store, place, trans);
    this.conversation = new Conversation({
      api,
      store: this.store,
      stream,
      refused: (question, why) => this.refuse(question, why),
      ended: () => this.onRunEnded()
    });
    this.estimating = new Estimating({
      api,
      store: this.store,
      trans,
      askAbove: () => settings().askAbove,
      confirm: options.confirm
    });
    this.asking = new Asking({
      api,
      store: this.store,
      place,
      conversation: this.conversation,
      trans,
      tab: stream.tab,
      settings: () => settings().run,
      refuse: (question, why) => this.refuse(question, why),
      stay: notebook => this.target.stay(notebook),
      allowed: question => this.estimating.allows(question),
      giveBack: question => this._draftWanted.emit(question),
      loaded: () => this.cells.loaded
    });
    this.standing = new Standing(place, this.store, turns => this.conversation.redraw(turns));
    this.store.changed.connect(this.onChanged, this);
    stream.connectionChanged.connect(this.onConnection, this);
    stream.messageReceived.connect(this.onMessage, this);
    this._restored = memory.load().then(() => this.restore());
  }

  get state(): PanelState {
    return this.store.state;
  }

  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  get draftWanted(): ISignal<this, string> {
    return this._draftWanted;
  }

  get spent(): ISignal<this, void> {
    return this._spent;
  }

  get isDisposed(): boolean {
    return this.store.isDisposed;
  }

  async open(): Promise<void> {
    this._isWanted = true;
    await this._restored;
    this.options.stream.connect();
    const learnt = this.state.me && !this.state.problem ? null : this.learn();
    await Promise.all([learnt, this.looks.ifNeeded()]);
  }

  // --- asking

  typed(text: string): void {
    this.estimating.typed(text);
  }

  async ask(question: string, options: { scope?: string[] } = {}): Promise<void> {
    await this.asking.ask(question, options);
  }

  async fix(cellId: string): Promise<void> {
    await this.open();
    await this.asking.fix(cellId);
  }

  async stop(): Promise<void> {
    const run = this.state.live?.run;
    if (run) {
      await this.options.api.cancel(run.id);
    }
  }

  async answerApproval(yes: boolean, remember = false): Promise<void> {
    const run = this.state.live?.run;
    if (run?.approval) {
      const { call_id, code_hash } = run.approval;
      await this.options.api.approve(run.id, call_id, { code_hash, yes, remember });
    }
  }

  async editApproval(): Promise<void> {
    const source = this.state.live?.run?.approval?.source;
    if (source !== undefined) {
      const runs = new Set(this.state.turns.map(turn => turn.run?.id));
      await this.answerApproval(false);
      await this.cells.insertCode(source, false, run => runs.has(run));
    }
  }

  async undo(turn: TurnView): Promise<string> {
    const run = turn.run?.id;
    if (run === undefined) {
      return this.options.trans.__('There is nothing to undo.');
    }
    const withdrawn = await this.options.api.undo(run);
    if (withdrawn.kept?.length === 0) {
      // Where the notebook is open in another page only, nobody sees it here.
      this.conversation.change(run, each => ({ ...each, undone: true }));
    }
    return withdrawnSentence(withdrawn, this.options.trans);
  }

  pickModel(model: string | null): void {
    this.store.set({ model });
    this.keepPicks();
  }

  pickMode(mode: Mode | null): void {
    this.store.set({ mode });
    this.keepPicks();
  }

  // --- cells

  async showCell(notebook: string | null, cellId: string): Promise<boolean> {
    const path = notebook ?? this.state.target?.path;
    return path !== undefined && this.options.place.show(path, cellId);
  }

  async runCell(notebook: string | null, cellId: string): Promise<boolean> {
    const path = notebook ?? this.state.target?.path;
    return path !== undefined && this.cells.run(path, cellId);
  }

  async insertCode(source: string, run: boolean): Promise<void> {
    await this.cells.insertCode(source, run);
  }

  followFront(): void {
    this.target.follow();
  }

  openNotebook(path: string): Promise<void> {
    return this.options.place.open(path);
  }

  // --- data

  load(path: string | null): Promise<void> {
    return this.cells.load(path);
  }

  upload(files: readonly File[]): Promise<void> {
    return this.cells.upload(files);
  }

  look(): Promise<void> {
    return this.looks.now();
  }

  // --- chats

  newChat(): void {
    this._choice += 1;
    this._isRestoring = false;
    this.conversation.clear();
    this.target.stay(null);
    this.takePicks(null);
  }

  async openChat(id: string): Promise<void> {
    const choice = ++this._choice;
    const notebook = await this.conversation.open(id);
    if (choice === this._choice) {
      this._isRestoring = false;
      this.target.stay(notebook ?? this.options.place.frontPath);
      this.takePicks(id);
    }
  }

  async renameChat(id: string, title: string): Promise<void> {
    const chat = await this.options.api.changeChat(id, { title });
    this.onMessage(this, { kind: 'chat', chat, deleted: false });
  }

  async deleteChat(id: string): Promise<void> {
    await this.options.api.deleteChat(id);
    const entry = this.state.history.entries.find(each => each.id === id);
    if (entry) {
      this.history.take({ kind: 'chat', chat: entry, deleted: true });
    }
    if (this.state.chat?.id === id) {
      this.newChat();
    }
  }

  loadEarlier(): Promise<void> {
    return this.conversation.loadEarlier();
  }

  loadHistory(search = ''): Promise<void> {
    return this.history.load(search);
  }

  loadMoreHistory(): Promise<void> {
    return this.history.loadMore();
  }

  async rate(turn: TurnView, rating: number, comment: string): Promise<void> {
    if (turn.run && turn.messageId !== null) {
      const feedback = await this.options.api.rate(turn.messageId, { rating, comment });
      this.conversation.change(turn.run.id, each => ({ ...each, feedback }));
    }
  }

  // --- self

  sent(runId: string): Promise<Sent> {
    return this.options.api.sent(runId);
  }

  usage(query: UsageQuery = {}): Promise<OwnUsage> {
    return this.options.api.usage(query);
  }

  async budgets(): Promise<BudgetStates> {
    const { target, chat } = this.state;
    const states = await this.options.api.budgets({ notebook: target?.path, chat: chat?.id });
    this.store.set({ paidOff: states.paid_calls.on ? null : states.paid_calls });
    return states;
  }

  async addBudget(budget: NewBudget): Promise<void> {
    await this.options.api.addBudget(budget);
  }

  endBudget(id: string): Promise<void> {
    return this.options.api.endBudget(id);
  }

  async keys(): Promise<readonly KeyEntry[]> {
    return (await this.options.api.keys()).keys;
  }

  async setKey(provider: string, key: string): Promise<void> {
    await this.options.api.setKey(provider, { key });
    await this.learn();
  }

  async forgetKey(provider: string): Promise<void> {
    await this.options.api.forgetKey(provider);
    await this.learn();
  }

  async remembered(): Promise<readonly string[]> {
    return (await this.options.api.remembered()).notebooks;
  }

  forgetRemembered(notebook: string): Promise<void> {
    return this.options.api.forgetRemembered(notebook);
  }

  signOut(): void {
    this.options.place.signOut();
  }

  /** The user's settings have changed: a chat without picks of its own follows. */
  settingsChanged(): void {
    const chat = this.state.chat?.id ?? null;
    if (chat === null || !this.options.memory.now.picks[chat]) {
      this.takePicks(chat);
    }
  }

  dispose(): void {
    this.options.stream.connectionChanged.disconnect(this.onConnection, this);
    this.options.stream.messageReceived.disconnect(this.onMessage, this);
    this.target.dispose();
    this.standing.dispose();
    this.looks.dispose();
    this.estimating.dispose();
    this.store.dispose();
    Signal.clearData(this);
  }

  /** After a reload: the chat that was open, and the hands if a run wants them. */
  private async restore(): Promise<void> {
    const { memory, stream } = this.options;
    const { chat, notebook, live } = memory.now;
    this.takePicks(chat);
    this._isRestoring = chat !== null;
    if (chat !== null) {
      this.target.stay(notebook);
    }
    if (live) {
      stream.connect();
    }
  }

  /** The chat that was open before the reload; it may have been deleted since. */
  private async reopen(): Promise<void> {
    const { chat } = this.options.memory.now;
    if (!this._isRestoring || chat === null) {
      return;
    }
    try {
      await this.openChat(chat);
    } catch (error) {
      if ((error as { status?: unknown }).status !== 404) {
        throw error;
      }
      this.newChat();
    }
  }

  /** A page reloaded too soon to remember its chat: the run in the notebook in front is what it was about. */
  private takeUp(running: readonly RunningRun[]): void {
    const { chat, turns, target } = this.state;
    const run = running.find(each => each.notebook === target?.path);
    if (run && !this._isWelcome && !this._isRestoring && !chat && !turns.length) {
      void this.openChat(run.chat);
    }
    this._isWelcome = true;
  }

  /** Who the user is, and whom they can ask. */
  private async learn(): Promise<void> {
    const { api, trans } = this.options;
    try {
      const [me, agents, models] = await Promise.all([api.me(), api.agents(), api.models(), this.reopen()]);
      this.store.set({ me, agents: agents.agents, models: models.models, problem: null });
      this.lookAtBudgets();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const action = { label: trans.__('Try again'), run: () => void this.open() };
      this.store.set({ problem: { message, action } });
    }
  }

  /** Whether paid calls are off; where nobody can say, a refused question will. */
  private lookAtBudgets(): void {
    this.budgets().catch(reason => console.warn('AutoAnalyst: budgets', reason));
  }

  private onMessage(_: unknown, message: ServerMessage): void {
    switch (message.kind) {
      case 'welcome':
        this.conversation.running(message.running);
        return this.takeUp(message.running);
      case 'running':
        return this.conversation.running(message.running);
      case 'event':
      case 'refused':
        return this.conversation.take(message);
      case 'chat':
        this.history.take(message);
        this._spent.emit();
        if (message.chat.id === this.state.chat?.id) {
          return message.deleted ? this.newChat() : this.store.set({ chat: message.chat });
        }
        return;
      case 'failed':
        return this.onFailed(message);
      case 'request':
        return; // the hands'
    }
  }

  private onFailed({ run, message }: TabFailed): void {
    if (run !== null) {
      void this.conversation.lost(run);
    } else {
      const action = { label: this.options.trans.__('Try again'), run: () => this.options.stream.connect() };
      this.store.set({ problem: { message, action } });
    }
  }

  private onConnection(): void {
    const { connection } = this.options.stream;
    this.store.set({ connection });
    if (connection === 'open' && this._isWanted && this.state.problem) {
      void this.learn();
    }
  }

  private onRunEnded(): void {
    this.looks.soon();
    this.estimating.forget();
    this._spent.emit();
    this.lookAtBudgets();
    void this.history.refresh();
  }

  private refuse(question: string, refused: string): void {
    if (!this.state.turns.length) {
      this.store.set({ chat: null });
    }
    this.store.set({ refused });
    if (question) {
      this._draftWanted.emit(question);
    }
  }

  private onChanged(): void {
    const { chat, target, running } = this.state;
    if (!this._isRestoring) {
      const notebook = chat ? (target?.path ?? null) : null;
      this.options.memory.keep({ chat: chat?.id ?? null, notebook, live: running.length > 0 });
    }
    if (chat && chat.id !== this._picked) {
      this.keepPicks();
    }
    this._stateChanged.emit();
  }

  /** The picks of a chat, or what the settings say. */
  private takePicks(chat: string | null): void {
    const { memory, settings } = this.options;
    const picks = chat === null ? null : memory.now.picks[chat];
    this._picked = chat;
    this.store.set({ model: picks?.model ?? settings().model, mode: picks?.mode ?? settings().mode });
  }

  private keepPicks(): void {
    const { chat, model, mode } = this.state;
    if (chat) {
      this._picked = chat.id;
      this.options.memory.keepPicks(chat.id, { model, mode });
    }
  }

  private readonly store: Store;
  private readonly history: History;
  private readonly target: TargetNotebook;
  private readonly looks: Looks;
  private readonly cells: Cells;
  private readonly conversation: Conversation;
  private readonly standing: Standing;
  private readonly asking: Asking;
  private readonly estimating: Estimating;
  private readonly _restored: Promise<void>;
  private _isRestoring = true;
  private _isWanted = false;
  private _isWelcome = false;
  /** Counts the chats that were chosen, so that a slow one does not come after its time. */
  private _choice = 0;
  /** The chat that the picks in the state belong to. */
  private _picked: string | null = null;
  private readonly _stateChanged = new Signal<this, void>(this);
  private readonly _spent = new Signal<this, void>(this);
  private readonly _draftWanted = new Signal<this, string>(this);
}
