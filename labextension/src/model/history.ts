/** The list of chats: pages, search, and the news that the engine tells of them. */
import type { Api } from '../api';
import type { Chat, ChatEntry, ChatPage, ChatTold } from '../wire';
import type { HistoryState } from './panel';
import type { Store } from './store';

/** Loads the list into the panel's state, and keeps it true. */
export class History {
  constructor(
    private readonly api: Api,
    private readonly store: Store
  ) {}

  /** The first page, or the titles that have `search`. */
  async load(search = ''): Promise<void> {
    this._cursor = null;
    await this.fetch(search, []);
  }

  async loadMore(): Promise<void> {
    const { search, entries, more, loading } = this.state;
    if (more && !loading) {
      await this.fetch(search, entries);
    }
  }

  /** A chat is new, renamed, on top, or gone. A page that is on its way may have been read before that. */
  take(told: ChatTold): void {
    this._underway.forEach(news => news.push(told));
    this.apply(told);
  }

  private apply({ chat, deleted }: ChatTold): void {
    const others = this.state.entries.filter(entry => entry.id !== chat.id);
    const known = this.state.entries.find(entry => entry.id === chat.id);
    if (deleted) {
      this.set({ entries: others });
    } else if (known || !this.state.search) {
      this.set({ entries: newestFirst([{ ...(known ?? NEW), ...bare(chat) }, ...others]) });
    }
  }

  /** An answer has come: its line, agents and cost are the server's to say. What was loaded further down stays. */
  async refresh(): Promise<void> {
    const { entries, search, loading } = this.state;
    if (!entries.length || search || loading) {
      return;
    }
    const call = ++this._call;
    try {
      await this.read({ cursor: null }, call, page => {
        const rest = this.state.entries.filter(entry => !page.chats.some(each => each.id === entry.id));
        this.set({ entries: newestFirst([...page.chats, ...rest]), problem: null });
      });
    } catch (error) {
      this.fail(call, error);
    }
  }

  private async fetch(search: string, before: readonly ChatEntry[]): Promise<void> {
    const call = ++this._call;
    this.set({ loading: true, search, problem: null });
    try {
      await this.read({ cursor: this._cursor, search }, call, page => {
        this._cursor = page.cursor;
        const fresh = page.chats.filter(entry => !before.some(each => each.id === entry.id));
        this.set({ entries: [...before, ...fresh], more: page.cursor !== null, loading: false });
      });
    } catch (error) {
      this.fail(call, error);
    }
  }

  /** A page, unless another was wanted meanwhile; then again what was told of chats since it was asked for. */
  private async read(
    wanted: Parameters<Api['chats']>[0],
    call: number,
    show: (page: ChatPage) => void
  ): Promise<void> {
    const news: ChatTold[] = [];
    this._underway.add(news);
    try {
      const page = await this.api.chats(wanted);
      if (call === this._call) {
        show(page);
        news.forEach(told => this.apply(told));
      }
    } finally {
      this._underway.delete(news);
    }
  }

  private fail(call: number, error: unknown): void {
    if (call === this._call) {
      this.set({ loading: false, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  private get state(): HistoryState {
    return this.store.state.history;
  }

  private set(change: Partial<HistoryState>): void {
    this.store.set({ history: { ...this.state, ...change } });
  }

  private _cursor: string | null = null;
  private _call = 0;
  /** What was told while each page was on its way. */
  private readonly _underway = new Set<ChatTold[]>();
}

const NEW = { summary: '', agents: [], notebook: null, cost_usd: '0.00' };

/** By their last activity; those of the same moment stay as they are. */
function newestFirst(entries: readonly ChatEntry[]): ChatEntry[] {
  return [...entries].sort((one, other) => Date.parse(other.active_at) - Date.parse(one.active_at));
}

function bare({ id, title, created_at, active_at }: Chat): Chat {
  return { id, title, created_at, active_at };
}
