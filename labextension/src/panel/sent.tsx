/** "What was sent": for each model call of a run, everything that the model was given, as plain text. */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import type { Sent, SentCall } from '../wire';
import type { PanelContext } from './context';
import { Loaded, showBody } from './dialog';
import { levelWords, partWords } from './levels';

/** Open the dialog for a run. */
export function showSent(context: PanelContext, runId: string): Promise<void> {
  const { trans } = context;
  return showBody(trans.__('What was sent'), () => <SentCalls context={context} runId={runId} />, trans);
}

function SentCalls({ context, runId }: { context: PanelContext; runId: string }): React.ReactElement {
  const { model, trans } = context;
  const [load] = useState(() => () => model.sent(runId));
  return (
    <Loaded load={load} trans={trans}>
      {(sent: Sent) => (
        <>
          {sent.calls.some(call => call.left) ? null : <p>{trans.__('Nothing left this machine.')}</p>}
          <ol className="jp-Analyst-calls">
            {sent.calls.map((call, place) => (
              <Call key={call.attempt_id} call={call} open={place === sent.calls.length - 1} trans={trans} />
            ))}
          </ol>
        </>
      )}
    </Loaded>
  );
}

function Call(props: { call: SentCall; open: boolean; trans: TranslationBundle }): React.ReactElement {
  const { call, open, trans } = props;
  return (
    <li>
      <p>
        <strong>{call.model}</strong>
        {' · '}
        {call.left ? trans.__('left this machine') : trans.__('stayed on this machine')}
        {call.left ? ` · ${levelWords(call.level, trans)}` : ''}
      </p>
      {call.parts.map((part, place) => (
        <details key={place} open={open && part.role === 'user'}>
          <summary>{partWords(part, trans)}</summary>
          <pre>{part.text}</pre>
        </details>
      ))}
      {call.cut ? <p>{trans.__('This call was too long to be kept whole.')}</p> : null}
      {call.digest ? (
        <p className="jp-Analyst-aside">
          {trans.__('SHA-256 of all of it:')} <code>{call.digest}</code>
        </p>
      ) : null}
    </li>
  );
}
