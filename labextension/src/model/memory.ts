/** What the panel remembers of a workspace over a reload: no text of anybody, only ids and picks. */
import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { Mode } from './panel';

const KEY = 'autoanalyst:panel';
const MOST_PICKS = 50;

/** Model and mode that the user chose for a chat. */
export interface Picks {
  readonly model: string | null;
  readonly mode: Mode | null;
}

/** What is remembered. */
export interface Remembrance {
  /** The chat that is open. */
  readonly chat: string | null;
  /** Path of the notebook that it acts on. */
  readonly notebook: string | null;
  /** A run was under way, so the page is wanted as its hands even before the panel is shown. */
  readonly live: boolean;
  /** By chat, the latest last. */
  readonly picks: Readonly<Record<string, Picks>>;
}

const BLANK: Remembrance = { chat: null, notebook: null, live: false, picks: {} };

/** Reads once, writes what changes. Without a state database it forgets at reload. */
export class Memory {
  constructor(private readonly db: IStateDB | null) {}

  get now(): Remembrance {
    return this._now;
  }

  async load(): Promise<Remembrance> {
    const saved = await this.db?.fetch(KEY);
    if (typeof saved === 'object' && saved !== null) {
      const { chat, notebook, live, picks } = saved as Partial<Record<keyof Remembrance, unknown>>;
      this._now = {
        chat: typeof chat === 'string' ? chat : null,
        notebook: typeof notebook === 'string' ? notebook : null,
        live: live === true,
        picks: (picks ?? {}) as Record<string, Picks>
      };
    }
    return this._now;
  }

  keep(change: Partial<Remembrance>): void {
    const names = Object.keys(change) as (keyof Remembrance)[];
    if (names.every(name => this._now[name] === change[name])) {
      return;
    }
    this._now = { ...this._now, ...change };
    void this.db?.save(KEY, this._now as unknown as ReadonlyPartialJSONObject);
  }

  keepPicks(chat: string, picks: Picks): void {
    const others = Object.entries(this._now.picks).filter(([id]) => id !== chat);
    this.keep({ picks: Object.fromEntries([...others, [chat, picks] as const].slice(-MOST_PICKS)) });
  }

  private _now = BLANK;
}
