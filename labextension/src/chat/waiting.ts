/**
 * Questions that were asked while another was being answered. Each is asked when the one before has its
 * answer; where that does not come, or the chat is left, they go back to the composer and nothing is lost.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IPanelModel } from '../model/panel';
import { isOnItsWay } from '../model/turns';

/** The line of a chat, in the order of asking. */
export class Waiting implements IDisposable {
  constructor(
    private readonly model: IPanelModel,
    private readonly giveBack: (text: string) => void
  ) {
    model.stateChanged.connect(this.onState, this);
  }

  /** Who comes next stands first. */
  get questions(): readonly string[] {
    return this._questions;
  }

  /** The line has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Whether a question of this chat is on its way or being answered, so that another has to wait. */
  get isNeeded(): boolean {
    const { live, turns } = this.model.state;
    return live !== null || this._questions.length > 0 || isOnItsWay(turns.at(-1));
  }

  /** Let a question wait for its turn. */
  add(question: string): void {
    if (this._questions.length === 0) {
      this.chat = this.model.state.chat?.id ?? null;
    }
    this.set([...this._questions, question]);
  }

  /** Give one back, to be changed or dropped. */
  takeBack(place: number): void {
    const question = this._questions[place];
    if (question !== undefined) {
      this.set(this._questions.filter((_, index) => index !== place));
      this.giveBack(question);
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.model.stateChanged.disconnect(this.onState, this);
      Signal.clearData(this);
    }
  }

  private onState(): void {
    const { chat, live, turns, refused } = this.model.state;
    if (this._questions.length === 0) {
      return;
    }
    this.chat ??= chat?.id ?? null; // a new chat has its id only when its first question is accepted
    const last = turns.at(-1);
    if ((chat?.id ?? null) !== this.chat) {
      this.giveAllBack();
    } else if (live === null && !isOnItsWay(last)) {
      const isAnswered = last?.run?.phase === 'answered' || last?.run?.phase === 'abstained';
      if (isAnswered && refused === null) {
        this.askNext();
      } else {
        this.giveAllBack();
      }
    }
  }

  private askNext(): void {
    const [next, ...others] = this._questions;
    this.set(others);
    void this.model.ask(next);
  }

  private giveAllBack(): void {
    const all = this._questions.join('\n');
    this.set([]);
    this.giveBack(all);
  }

  private set(questions: readonly string[]): void {
    this._questions = questions;
    this._changed.emit();
  }

  /** The chat that they are asked in. */
  private chat: string | null = null;
  private _questions: readonly string[] = [];
  private readonly _changed = new Signal<this, void>(this);
  private _isDisposed = false;
}
