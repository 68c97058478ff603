/** One message: a question as plain text, or what came of it. */
import React from 'react';

import type { RunState } from '../model/turn';
import { Answer } from './answer';
import { Approval } from './approval';
import { useParts, useTurn } from './context';
import { HandOver } from './handover';
import { halfOf } from './mapping';
import { Corrected } from './corrected';
import { RunCard } from './runcard';
import { Trouble } from './trouble';

/** What a message shows. */
export function Turn({ message }: { readonly message: { readonly id: string } }): JSX.Element {
  return <Half id={message.id} />;
}

/** The chat widget draws its whole list anew for each new message; what has not changed is not drawn again. */
const Half = React.memo(function Half({ id }: { readonly id: string }) {
  const { words } = useParts();
  const turn = useTurn(id);
  if (turn === null) {
    return null;
  }
  if (halfOf(id).half === 'question') {
    return (
      <div className="jp-AnalystChat-question" role="article" aria-label={words.__('Your question')}>
        {turn.question}
      </div>
    );
  }
  return (
    <div className="jp-AnalystChat-turn" role="article" aria-label={words.__('The analyst’s answer')}>
      {turn.run && <Outcome run={turn.run} question={turn.question} />}
      <Corrected turn={turn} />
    </div>
  );
});

const Outcome = React.memo(function Outcome(props: { readonly run: RunState; readonly question: string }) {
  const { run, question } = props;
  return (
    <>
      <RunCard run={run} />
      {run.phase === 'approval' && run.approval !== null && (
        <Approval key={run.approval.call_id} run={run} needed={run.approval} />
      )}
      <Answer run={run} />
      <HandOver run={run} question={question} />
      <Trouble run={run} question={question} />
    </>
  );
});
