/** What a fix changed in the user's cell, and the way back. */
import React from 'react';

import type { TurnView } from '../model/turn';
import { Code } from './code';
import { useAction, useParts } from './context';
import { Undo } from './undo';

/** The corrected cell against the one that failed; nothing where none took the other's place. */
export function Corrected({ turn }: { readonly turn: TurnView }): JSX.Element | null {
  const { words } = useParts();
  const action = useAction();
  const cell = turn.run?.steps.flatMap(step => step.cells).find(each => each.corrects);
  if (cell === undefined) {
    return null;
  }
  return (
    <section className="jp-AnalystChat-corrected" aria-label={words.__('What was corrected')}>
      <p className="jp-AnalystChat-notice">
        {turn.undone
          ? words.__('The corrected cell is not in the notebook any more.')
          : words.__('The corrected cell stands in the place of the one that failed.')}{' '}
        <Undo turn={turn} action={action} label={words.__('Put the old cell back')} />{' '}
        <span role="status">{turn.undone ? '' : action.said}</span>
      </p>
      <Code source={cell.source} before={cell.before} label={words.__('What changed in the cell')} />
    </section>
  );
}
