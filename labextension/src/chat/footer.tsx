/** The last line of a turn: model, tokens, cost, time; undo, what was sent, stars. */
import React from 'react';

import type { RunState, TurnView } from '../model/turn';
import { useAction, usePanel, useParts, useTurn } from './context';
import { cost, count, duration, modelTitle, tokens, tokenSum } from './format';
import { halfOf } from './mapping';
import { Stars } from './stars';
import { isLive } from './telling';
import { Undo } from './undo';

/** The footer of a message; questions and runs under way have none. */
export function Footer({ message }: { readonly message: { readonly id: string } }): JSX.Element {
  return <Line id={message.id} />;
}

const Line = React.memo(function Line({ id }: { readonly id: string }) {
  const turn = useTurn(id);
  const run = turn?.run ?? null;
  if (turn === null || run === null || halfOf(id).half === 'question' || isLive(run.phase)) {
    return null;
  }
  return (
    <footer className="jp-AnalystChat-footer">
      <Spent run={run} />
      <Buttons turn={turn} run={run} />
    </footer>
  );
});

function Spent({ run }: { readonly run: RunState }): JSX.Element | null {
  const { words } = useParts();
  const models = usePanel(state => state.models);
  const { answer } = run;
  if (answer === null) {
    return null;
  }
  const used = tokenSum(answer.usage.tokens);
  const parts = [
    { text: modelTitle(run.model, models), title: run.model ?? '' },
    { text: used > 0 ? words.__('%1 tokens', tokens(used)) : '', title: words.__('%1 tokens', count(used)) },
    { text: duration(answer.seconds, words), title: '' },
    {
      text: cost(answer.usage, words),
      title: answer.usage.cost_usd === null ? '' : `$${answer.usage.cost_usd}`
    }
  ].filter(part => part.text !== '');
  return (
    <span className="jp-AnalystChat-spent">
      {parts.map(({ text, title }, index) => (
        <React.Fragment key={index}>
          {index > 0 && ' · '}
          <span title={title || undefined}>{text}</span>
        </React.Fragment>
      ))}
    </span>
  );
}

function Buttons({ turn, run }: { readonly turn: TurnView; readonly run: RunState }): JSX.Element {
  const { words, showSent } = useParts();
  const action = useAction();
  const { forget } = action;
  const { undone } = turn;
  React.useEffect(() => {
    if (!undone) {
      forget(); // its cells are back
    }
  }, [undone, forget]);
  return (
    <>
      <Undo turn={turn} action={action} label={words.__('Undo turn')} />
      {run.phase !== 'refused' && (
        <button type="button" className="jp-AnalystChat-textButton" onClick={() => showSent(run.id)}>
          {words.__('What was sent')}
        </button>
      )}
      {turn.messageId !== null && <Stars turn={turn} />}
      <span className="jp-AnalystChat-quiet" role="status">
        {action.said || (undone ? words.__('Undone') : '')}
      </span>
    </>
  );
}
