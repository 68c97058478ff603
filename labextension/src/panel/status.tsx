/** What holds for the whole panel: the connection, and a problem with its one way out. */
import React from 'react';

import type { PanelState } from '../model/panel';
import type { PanelContext } from './context';
import { TextButton } from './controls';
import { paidOffWords } from './figures';

/** Nothing where all is well. Read out when it changes. */
export function StatusLines(props: { context: PanelContext; state: PanelState }): React.ReactElement {
  const { trans } = props.context;
  const { connection, problem, paidOff } = props.state;
  return (
    <div className="jp-Analyst-status" role="status">
      {connection === 'lost' ? <p>{trans.__('Connection lost. Runs go on; trying again…')}</p> : null}
      {paidOff === null ? null : <p>{paidOffWords(paidOff, trans)}</p>}
      {problem === null ? null : (
        <p className="jp-mod-problem">
          <span>{problem.message}</span>{' '}
          {problem.action === null ? null : (
            <TextButton onClick={() => problem.action?.run()}>{problem.action.label}</TextButton>
          )}
        </p>
      )}
    </div>
  );
}
