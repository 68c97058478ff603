/**
 * Looks at what there is to ask about: when the panel opens, when the notebook or its kernel is another, and
 * when the user has run a cell. Never by a timer, and not while nobody sees the panel.
 */
import type { Api } from '../api';
import type { Store } from './store';
import type { Workplace } from './workplace';

const PAUSE_MS = 500;

/** Keeps `state.surroundings` true. */
export class Looks {
  constructor(
    private readonly api: Api,
    private readonly store: Store,
    private readonly place: Workplace
  ) {
    store.changed.connect(this.onChanged, this);
    place.worked.connect(this.onWorked, this);
  }

  /** Look now. */
  async now(): Promise<void> {
    const target = this.store.state.target;
    this._looked = key(target);
    this.forgetWait();
    const call = ++this._call;
    if (!target) {
      this.store.set({ surroundings: null, looking: false });
      return;
    }
    this.store.set({ looking: true });
    try {
      const surroundings = await this.api.surroundings({ notebook: target.path, kernel: target.kernel });
      if (call === this._call) {
        this.store.set({ surroundings, looking: false });
      }
    } catch (error) {
      if (call === this._call) {
        const problem = error instanceof Error ? error.message : String(error);
        const none = { tables: [], files: [], sample: false, starters: [], problem };
        this.store.set({ surroundings: none, looking: false });
      }
    }
  }

  /** Look once nothing has happened for a moment. A panel that is not seen looks when it is opened. */
  soon(): void {
    this.forgetWait();
    this._wait = setTimeout(() => {
      this._wait = null;
      if (this.place.isPanelShown) {
        void this.now();
      } else {
        this._looked = null;
      }
    }, PAUSE_MS);
  }

  /** The panel is seen: look, unless what is known is still true. */
  async ifNeeded(): Promise<void> {
    if (this._looked !== key(this.store.state.target)) {
      await this.now();
    }
  }

  dispose(): void {
    this.forgetWait();
    this.store.changed.disconnect(this.onChanged, this);
    this.place.worked.disconnect(this.onWorked, this);
  }

  private onChanged(): void {
    const target = key(this.store.state.target);
    if (target !== this._seen) {
      this._seen = target;
      if (this._looked !== undefined) {
        this.soon();
      }
    }
  }

  private onWorked(_: unknown, path: string): void {
    const { target, live } = this.store.state;
    // When a run ends it is looked anyway.
    if (path === target?.path && !live && this._looked !== undefined) {
      this.soon();
    }
  }

  private forgetWait(): void {
    if (this._wait !== null) {
      clearTimeout(this._wait);
      this._wait = null;
    }
  }

  /** Notebook and kernel of the last look; null: it is out of date; undefined: nobody has looked yet. */
  private _looked: string | null | undefined = undefined;
  private _seen = '';
  private _call = 0;
  private _wait: ReturnType<typeof setTimeout> | null = null;
}

function key(target: { path: string; kernel: string | null } | null): string {
  return target ? `${target.kernel ?? ''} ${target.path}` : '';
}
