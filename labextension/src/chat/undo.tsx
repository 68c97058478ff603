/** The button that takes a turn's cells out of the notebook again; nothing where there are none. */
import React from 'react';

import type { TurnView } from '../model/turn';
import { canUndo } from './composing';
import type { Action } from './context';
import { useParts } from './context';

interface UndoProps {
  readonly turn: TurnView;
  readonly action: Action;
  readonly label: string;
}

/** What the notebook says to it is shown by whoever owns the action. */
export function Undo({ turn, action, label }: UndoProps): JSX.Element | null {
  const { model } = useParts();
  if (!canUndo(turn)) {
    return null;
  }
  return (
    <button
      type="button"
      className="jp-AnalystChat-textButton"
      disabled={action.busy}
      onClick={() => action.act(() => model.undo(turn))}
    >
      {label}
    </button>
  );
}
