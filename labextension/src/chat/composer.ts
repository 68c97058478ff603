/**
 * The composer: what happens to what is typed. Holds the line above the text field (what a command answered,
 * why a question was refused), lets questions wait (`waiting.ts`), and hears keys before the chat widget does.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { carryOut, isCommand, Recall } from './composing';
import type { Desk, Reply } from './composing';
import { Waiting } from './waiting';

/** As much of the chat widget's input as the composer needs. */
export interface ComposerInput {
  value: string;
  focus(): void;
}

/** What becomes of typed text. */
export class Composer implements IDisposable {
  constructor(private readonly desk: Desk) {
    this.waiting = new Waiting(desk.model, text => this.draft(text));
    desk.model.draftWanted.connect(this.onDraft, this);
  }

  /** Questions that were sent while another was being answered. */
  readonly waiting: Waiting;

  /** The line above the text field. */
  get reply(): Reply {
    return this._reply;
  }

  /** The line above the text field has changed. */
  get replyChanged(): ISignal<this, void> {
    return this._replyChanged;
  }

  /** Use this text field. */
  attach(input: ComposerInput): void {
    this.input = input;
  }

  /** Put a text into the field, and the cursor with it. What is being typed there stays below it. */
  draft(text: string): void {
    if (this.input !== null) {
      const own = this.input.value;
      this.input.value = own.trim() === '' || own === text ? text : `${text}\n${own}`;
      this.input.focus();
    }
  }

  /** The text field has another text. A command costs nothing. */
  typed(text: string): void {
    this.desk.model.typed(isCommand(text) ? '' : text.trim());
  }

  /** Whether there is no text. */
  isEmpty(): boolean {
    return (this.input?.value ?? '').trim() === '';
  }

  /** Ask, now or when it is its turn; or carry out a command. */
  async submit(text: string): Promise<void> {
    this.say([]);
    if (!isCommand(text)) {
      if (this.waiting.isNeeded) {
        this.waiting.add(text.trim());
      } else {
        await this.desk.model.ask(text.trim());
      }
      return;
    }
    try {
      this.say(await carryOut(text, this.desk));
    } catch (error: unknown) {
      this.say([error instanceof Error ? error.message : String(error)]);
    }
  }

  /** A key was pressed in the text field while no menu is open; true: it is done with. */
  press(event: KeyboardEvent): boolean {
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.isComposing || !isPlain || this.input === null) {
      return false;
    }
    switch (event.key) {
      case 'ArrowUp':
      case 'ArrowDown':
        return this.recall(event.key === 'ArrowUp', this.input);
      case 'Escape':
        this.say([]);
        return false;
      default:
        return false;
    }
  }

  /** Show something above the text field. */
  say(reply: Reply): void {
    if (reply.length > 0 || this._reply.length > 0) {
      this._reply = reply;
      this._replyChanged.emit();
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.desk.model.draftWanted.disconnect(this.onDraft, this);
      this.waiting.dispose();
      Signal.clearData(this);
    }
  }

  private recall(back: boolean, input: ComposerInput): boolean {
    const questions = this.desk.model.state.turns.map(turn => turn.question);
    const found = this.recalled.step(back, input.value, questions);
    if (found !== null) {
      input.value = found;
    }
    return found !== null;
  }

  private onDraft(_: unknown, text: string): void {
    this.draft(text);
  }

  private input: ComposerInput | null = null;
  private readonly recalled = new Recall();
  private _reply: Reply = [];
  private readonly _replyChanged = new Signal<this, void>(this);
  private _isDisposed = false;
}
