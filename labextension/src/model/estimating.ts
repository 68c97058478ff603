/**
 * What the question that is being written may cost, and the guard before a dear one is sent. The server is
 * asked when the writing pauses and something has changed that the estimate depends on, never per key.
 */
import type { IDisposable } from '@lumino/disposable';

import type { Api } from '../api';
import { range, type Words } from '../chat/format';
import { exceeds } from '../decimal';
import type { Estimate, EstimateOrder } from '../wire';
import type { PanelState } from './panel';
import type { Store } from './store';

const PAUSE_MS = 400;
/** A question's length is rounded up to this: a few characters more cost no other amount. */
const STEP = 200;
const OFFLINE = 'offline:';

export interface EstimatingOptions {
  readonly api: Pick<Api, 'estimate'>;
  readonly store: Store;
  readonly trans: Words;
  /** Dollars above which sending asks first; null: never. */
  readonly askAbove: () => number | null;
  /** Ask the user; resolves to whether to go on. */
  readonly confirm: (question: string, why: string) => Promise<boolean>;
}

/** Keeps `state.estimate` true. */
export class Estimating implements IDisposable {
  constructor(private readonly options: EstimatingOptions) {
    options.store.changed.connect(this.onChanged, this);
  }

  /** This is in the composer now; empty: no question is. */
  typed(text: string): void {
    this._text = text;
    this.look();
  }

  /** A run has ended: the chat is longer now. */
  forget(): void {
    this._known = null;
    this.look();
  }

  /** Whether a question may be sent: it is not dear, or the user says so. Who cannot know does not ask. */
  async allows(question: string): Promise<boolean> {
    const { askAbove, confirm, trans } = this.options;
    const most = askAbove();
    const found = most === null ? null : await this.of(question);
    if (most === null || !found?.high_usd || !exceeds(found.high_usd, String(most))) {
      return true;
    }
    return confirm(trans.__('This may cost %1. Ask anyway?', range(found, trans)), found.basis);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.options.store.changed.disconnect(this.onChanged, this);
      this.forgetWait();
    }
  }

  /** What a question may cost; null: it cannot be known now. */
  private async of(question: string): Promise<Estimate | null> {
    const { api, store } = this.options;
    const model = modelOf(store.state);
    const free = model === null ? undefined : this._free.get(model);
    if (free) {
      return free;
    }
    if (model?.startsWith(OFFLINE)) {
      return { ...FREE, model };
    }
    const order = orderOf(question, store.state);
    const key = JSON.stringify(order);
    if (this._known?.key !== key) {
      // A guard that cannot look must not keep anybody from asking; budgets hold at the server.
      this._known = { key, estimate: api.estimate(order).catch(() => null) };
    }
    const found = await this._known.estimate;
    if (found?.kind === 'free' && model !== null) {
      this._free.set(model, found);
    }
    return found;
  }

  private onChanged(): void {
    const order = this._text === '' ? '' : JSON.stringify(orderOf(this._text, this.options.store.state));
    if (order !== this._order) {
      this.look();
    }
  }

  private look(): void {
    const { store } = this.options;
    this.forgetWait();
    this._order = this._text === '' ? '' : JSON.stringify(orderOf(this._text, store.state));
    if (this._text === '') {
      this._call += 1;
      store.set({ estimate: null });
      return;
    }
    this._wait = setTimeout(() => {
      this._wait = null;
      void this.show();
    }, PAUSE_MS);
  }

  private async show(): Promise<void> {
    const call = ++this._call;
    const estimate = await this.of(this._text);
    if (call === this._call && !this._isDisposed) {
      this.options.store.set({ estimate });
    }
  }

  private forgetWait(): void {
    if (this._wait !== null) {
      clearTimeout(this._wait);
      this._wait = null;
    }
  }

  private _text = '';
  /** What is to be estimated now, as the server is asked. */
  private _order = '';
  private _call = 0;
  private _known: { readonly key: string; readonly estimate: Promise<Estimate | null> } | null = null;
  /** By model, of this page's life: what costs nothing does so in every chat. */
  private readonly _free = new Map<string, Estimate>();
  private _wait: ReturnType<typeof setTimeout> | null = null;
  private _isDisposed = false;
}

const FREE = { kind: 'free', low_usd: null, typical_usd: null, high_usd: null, basis: '' } as const;

/** The model that answers next; null: the server has not said yet which. */
function modelOf({ model, models, me }: PanelState): string | null {
  return model ?? models.find(entry => entry.default)?.name ?? me?.model ?? null;
}

/** What the server is asked about a question. */
export function orderOf(question: string, state: PanelState): EstimateOrder {
  const named = [...question.matchAll(/(?<![\w.@/+-])@([A-Za-z_]\w*)/gu)].map(([, name]) =>
    name.toLowerCase()
  );
  const agents = state.agents.filter(({ name, aliases }) =>
    [name, ...aliases].some(each => named.includes(each.toLowerCase()))
  );
  return {
    length: Math.min(100_000, Math.ceil(question.length / STEP) * STEP),
    chat: state.chat?.id ?? null,
    notebook: state.target?.path ?? null,
    model: state.model,
    agents: agents.map(({ name }) => name)
  };
}
