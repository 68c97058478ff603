/** Notebooks where safe cells run without asking, and taking that back. */
import React, { useRef, useState } from 'react';

import type { PanelContext } from './context';
import { ProblemLine } from './controls';
import { Loaded, showBody } from './dialog';
import { useTask } from './hooks';

/** Open the dialog. */
export function showRemembered(context: PanelContext): Promise<void> {
  const { trans } = context;
  return showBody(trans.__('What runs without asking'), () => <Notebooks context={context} />, trans);
}

function Notebooks({ context }: { context: PanelContext }): React.ReactElement {
  const { model, trans } = context;
  const [load] = useState(() => () => model.remembered());
  const task = useTask();
  const top = useRef<HTMLParagraphElement>(null);
  const revoke = async (notebook: string, reload: () => Promise<void>) => {
    await task.run(() => model.forgetRemembered(notebook));
    top.current?.focus(); // its button goes; the keyboard stays in the dialog
    await reload();
  };
  return (
    <>
      <p ref={top} tabIndex={-1}>
        {trans.__(
          'In these notebooks safe cells run by themselves, though the mode is to ask first. Anything else still asks.'
        )}
      </p>
      <Loaded load={load} trans={trans}>
        {(notebooks, reload) =>
          notebooks.length === 0 ? (
            <p>{trans.__('There are none.')}</p>
          ) : (
            <ul className="jp-Analyst-keys">
              {notebooks.map(notebook => (
                <li key={notebook} className="jp-mod-notebook">
                  <bdi>{notebook}</bdi>
                  <button
                    type="button"
                    className="jp-Button jp-mod-styled"
                    aria-label={trans.__('Ask again in %1', notebook)}
                    disabled={task.busy}
                    onClick={() => void revoke(notebook, reload)}
                  >
                    {trans.__('Ask again')}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <ProblemLine text={task.problem} />
    </>
  );
}
