/** What the panel shows: the chat or the history, and whether the title is being edited. */
import { Signal, type ISignal } from '@lumino/signaling';

/** A page of the panel. */
export type Page = 'chat' | 'history';

/** The state of the panel that is no business of the model. */
export class PanelView {
  /** Emitted when the page or the editing changes. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get page(): Page {
    return this._page;
  }

  /** The title of the chat is being edited. */
  get renaming(): boolean {
    return this._renaming;
  }

  show(page: Page): void {
    this._set(page, false);
  }

  rename(on: boolean): void {
    this._set('chat', on);
  }

  private _set(page: Page, renaming: boolean): void {
    if (page !== this._page || renaming !== this._renaming) {
      this._page = page;
      this._renaming = renaming;
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _page: Page = 'chat';
  private _renaming = false;
}
