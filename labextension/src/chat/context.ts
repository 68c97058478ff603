/** What our components share: the panel's model, words, and what the rest of the panel does for them. */
import React from 'react';

import type { IPanelModel, PanelState } from '../model/panel';
import type { TurnView } from '../model/turn';
import type { Words } from './format';

/** What components read and call. */
export interface ChatParts {
  readonly model: IPanelModel;
  readonly words: Words;
  /** What is shown now: the same object until something changes. */
  readonly state: () => PanelState;
  /** Hear of changes; call what is returned to hear no more. */
  readonly subscribe: (listener: () => void) => () => void;
  /** The turn that a message shows. */
  readonly turn: (message: string) => TurnView | null;
  readonly showSent: (runId: string) => void;
  /** Put a text into the composer, and the cursor with it. */
  readonly draft: (text: string) => void;
  /** Whether the composer holds no text. */
  readonly composerIsEmpty: () => boolean;
  /** Let the user choose a model; the menu opens at this element. */
  readonly chooseModel: (anchor: HTMLElement) => void;
  /** Lets the user add a provider's key; null where nothing here can. */
  readonly addKey: () => (() => void) | null;
  /** Shows the user's usage and budgets; null where nothing here can. */
  readonly showUsage: () => (() => void) | null;
}

/** The parts, for all components below the chat widget. */
export const Parts = React.createContext<ChatParts | null>(null);

/** The parts. */
export function useParts(): ChatParts {
  const parts = React.useContext(Parts);
  if (parts === null) {
    throw new Error('The chat component stands outside of the chat.');
  }
  return parts;
}

/** A piece of the panel's state; the component is drawn anew when that piece is another. */
export function usePanel<T>(select: (state: PanelState) => T): T {
  const parts = useParts();
  return React.useSyncExternalStore(parts.subscribe, () => select(parts.state()));
}

/** The turn of a message; the component is drawn anew when it has changed. */
export function useTurn(message: string): TurnView | null {
  const parts = useParts();
  return React.useSyncExternalStore(parts.subscribe, () => parts.turn(message));
}

/** Something that a click began: whether it is under way, and what it said or why it failed. */
export interface Action {
  readonly busy: boolean;
  readonly said: string;
  /** Words that the work resolves to are shown. */
  readonly act: (work: () => Promise<unknown>) => void;
  /** What was said is not true any more. */
  readonly forget: () => void;
}

/** Carry out what a click begins, one at a time, and show how it went. */
export function useAction(): Action {
  const [busy, setBusy] = React.useState(false);
  const [said, setSaid] = React.useState('');
  const act = React.useCallback((work: () => Promise<unknown>) => {
    setBusy(true);
    setSaid('');
    work()
      .then(words => setSaid(typeof words === 'string' ? words : ''))
      .catch((error: unknown) => setSaid(error instanceof Error ? error.message : String(error)))
      .finally(() => setBusy(false));
  }, []);
  const forget = React.useCallback(() => setSaid(''), []);
  return { busy, said, act, forget };
}
