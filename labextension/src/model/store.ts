/** The panel's state, and the news that it has changed: at most one every 50 ms, the first at once. */
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { PanelState } from './panel';

const PAUSE_MS = 50;

/** Nothing is known yet. */
export const NOTHING: PanelState = {
  connection: 'connecting',
  problem: null,
  me: null,
  agents: [],
  models: [],
  model: null,
  mode: null,
  target: null,
  surroundings: null,
  looking: false,
  chat: null,
  turns: [],
  earlier: false,
  live: null,
  running: [],
  refused: null,
  estimate: null,
  paidOff: null,
  history: { entries: [], more: false, loading: false, search: '', problem: null }
};

/** Holds the state. Each change makes a new one. */
export class Store implements IDisposable {
  get state(): PanelState {
    return this._state;
  }

  /** The state has changed; what lies within 50 ms is told at once. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  set(change: Partial<PanelState>): void {
    const state = this._state;
    const names = Object.keys(change) as (keyof PanelState)[];
    if (this._isDisposed || names.every(name => state[name] === change[name])) {
      return;
    }
    this._state = { ...state, ...change };
    if (this._pause === null) {
      this.tell();
    } else {
      this._waiting = true;
    }
  }

  dispose(): void {
    this._isDisposed = true;
    if (this._pause !== null) {
      clearTimeout(this._pause);
    }
    Signal.clearData(this);
  }

  private tell(): void {
    this._waiting = false;
    this._pause = setTimeout(() => {
      this._pause = null;
      if (this._waiting) {
        this.tell();
      }
    }, PAUSE_MS);
    this._changed.emit();
  }

  private _state = NOTHING;
  private _pause: ReturnType<typeof setTimeout> | null = null;
  private _waiting = false;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
