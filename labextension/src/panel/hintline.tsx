/** The one hint of a greeting. */
import React, { useEffect, useState } from 'react';

import type { PanelState } from '../model/panel';
import { TextButton } from './controls';
import { PanelCommands } from './commandids';
import type { PanelContext } from './context';
import { type Hint, helps, HINTS, nextHint, seenHints } from './hints';

/** The next hint that helps; chosen once and kept until the panel is loaded again. */
export function HintLine(props: { context: PanelContext; state: PanelState }): React.ReactElement | null {
  const { context, state } = props;
  const [seen, setSeen] = useState<readonly string[] | null>(null);
  const [hint, setHint] = useState<Hint | null>(null);
  const db = context.state;

  useEffect(() => {
    let here = true;
    const read = async () => {
      const kept = seenHints(await db?.fetch(HINTS));
      if (here) {
        setSeen(kept);
      }
    };
    void read();
    return () => {
      here = false;
    };
  }, [db]);

  const now =
    state.surroundings === null ? null : { tables: state.surroundings.tables.length, models: state.models };
  const next = hint === null && seen !== null && now !== null ? nextHint(seen, now) : null;
  useEffect(() => {
    if (next !== null && seen !== null) {
      setHint(next);
      void db?.save(HINTS, [...seen, next]);
    }
  }, [next, seen, db]);

  // Once there is a key, nothing is to be said of having none.
  const isOver = hint === 'key' && now !== null && !helps(hint, now);
  return hint === null || isOver ? null : <p className="jp-Analyst-hint">{words(hint, context)}</p>;
}

function words(hint: Hint, { trans, commands }: PanelContext): React.ReactNode {
  switch (hint) {
    case 'mentions':
      return trans.__('Type @ to name an agent or a table.');
    case 'magic':
      return trans.__('%1 on the first line of a cell asks from the notebook.', '%%analyst');
    case 'key':
      return (
        <>
          {trans.__('The offline analyst answers. With a model key, any question can be asked.')}{' '}
          <TextButton onClick={() => void commands.execute(PanelCommands.keys)}>
            {trans.__('Add a key')}
          </TextButton>
        </>
      );
  }
}
