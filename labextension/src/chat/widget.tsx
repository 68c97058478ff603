/**
 * The chat widget, with our parts in its places. Gives the parts that it makes names for screen readers,
 * hears keys first, and leaves dropped files to the panel around it.
 */
import { ChatWidget } from '@jupyter/chat';
import type { Chat } from '@jupyter/chat';
import { Signal } from '@lumino/signaling';
import React from 'react';

import type { Composer } from './composer';
import { Parts } from './context';
import type { ChatParts } from './context';
import type { Mirror } from './mirror';
import { Scroll } from './scroll';
import { ESTIMATE_ID } from './toolbar';

const LIST = '[id^="jupyter-chat-scroll-container-"]';

/** What the widget is made of. */
export interface WidgetOptions extends Chat.IOptions {
  readonly model: Mirror;
  readonly parts: ChatParts;
  readonly composer: Composer;
}

/** The chat: messages above, composer below. */
export class AnalystChat extends ChatWidget {
  constructor(private readonly options: WidgetOptions) {
    super(options);
    this.addClass('jp-AnalystChat');
    this.node.addEventListener('keydown', this.onKey, true);
    this.node.addEventListener('focusin', this.onFocus);
    options.model.stateChanged.connect(this.onState, this);
  }

  /** Whether the end of the messages is in view. */
  get atEnd(): boolean {
    return this.scroll?.atEnd ?? true;
  }

  /** The end has come into view, or has left it. */
  readonly atEndChanged = new Signal<this, void>(this);

  /** Show the last message; those that were scrolled through leave the page again. */
  toEnd(): void {
    this.options.model.showLast();
    this.scroll?.toEnd();
  }

  /** Put the cursor into the text field, also when it is not there yet. */
  focusComposer(): void {
    this.wantsFocus = this.field === null;
    this.field?.focus();
  }

  /** Our bar is in the page, and so is all that the chat widget makes. */
  furnish(bar: HTMLElement): void {
    const { words } = this.options.parts;
    this.field = bar.closest('.jp-chat-input-container')?.querySelector('textarea') ?? null;
    if (this.field !== null) {
      this.field.placeholder = words.__('Ask about your data. @ names agents.');
      this.field.setAttribute('aria-label', words.__('Question'));
      this.field.setAttribute('aria-describedby', ESTIMATE_ID);
    }
    const list = this.node.querySelector<HTMLElement>(LIST);
    if (list !== null && this.scroll === null) {
      list.setAttribute('role', 'log');
      list.setAttribute('aria-live', 'off');
      list.setAttribute('aria-label', words.__('Questions and answers'));
      list.tabIndex = 0;
      this.watch(new Scroll(list));
    }
    if (this.wantsFocus) {
      this.wantsFocus = false;
      this.field?.focus();
    }
  }

  override render(): React.JSX.Element {
    return <Parts.Provider value={this.options.parts}>{super.render()}</Parts.Provider>;
  }

  /** Files and cells that are dropped are the panel's. */
  override handleEvent(): void {
    return;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.node.removeEventListener('keydown', this.onKey, true);
      this.node.removeEventListener('focusin', this.onFocus);
      this.scroll?.dispose();
      this.options.composer.dispose();
      this.options.model.dispose();
      Signal.clearData(this);
      super.dispose();
    }
  }

  private watch(scroll: Scroll): void {
    this.scroll = scroll;
    scroll.atEndChanged.connect(() => this.atEndChanged.emit());
    scroll.startReached.connect(() => void this.loadEarlier());
    scroll.toEnd();
  }

  private async loadEarlier(): Promise<void> {
    const { model } = this.options;
    const { panel, state } = model;
    if (!model.showMore() && state.earlier && !this.isLoading) {
      this.isLoading = true;
      try {
        await panel.loadEarlier();
        model.showMore();
      } finally {
        this.isLoading = false;
      }
    }
  }

  /** A question that was just asked, or another chat, is shown from its end. */
  private onState(): void {
    const { chat, turns } = this.options.model.state;
    const last = turns.at(-1)?.id ?? null;
    const isNew = turns.length > this.turns && last !== this.last;
    const isOther = (chat?.id ?? null) !== this.chat;
    [this.chat, this.turns, this.last] = [chat?.id ?? null, turns.length, last];
    if (isNew || isOther) {
      this.options.model.showLast();
      this.scroll?.toEnd();
    }
  }

  /** The chat widget takes the focus whenever it makes a text field; nobody asked for that. */
  private readonly onFocus = (event: FocusEvent): void => {
    const { target, relatedTarget: before } = event;
    if (!(target instanceof HTMLTextAreaElement) || target === this.field || this.wantsFocus) {
      return;
    }
    if (before instanceof HTMLElement && before.isConnected) {
      before.focus();
    } else {
      target.blur();
    }
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.target !== this.field) {
      return;
    }
    const menuIsOpen = this.field?.getAttribute('aria-expanded') === 'true';
    if (menuIsOpen ? this.complete(event) : this.options.composer.press(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };

  /** Enter and Tab take the marked entry; the chat widget's own menu leaves it to the arrow keys to mark one. */
  private complete(event: KeyboardEvent): boolean {
    const isPlain =
      !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (!isPlain || (event.key !== 'Enter' && event.key !== 'Tab')) {
      return false;
    }
    const marked = document.getElementById(this.field?.getAttribute('aria-activedescendant') ?? '');
    marked?.click();
    return marked !== null;
  }

  private field: HTMLTextAreaElement | null = null;
  private scroll: Scroll | null = null;
  private wantsFocus = false;
  private isLoading = false;
  private chat: string | null = null;
  private turns = 0;
  private last: string | null = null;
}
