/** A run that ended without an answer: what happened, what was kept, and one button for what to do. */
import React from 'react';

import type { RunState } from '../model/turn';
import { Suggestions, Words } from './answer';
import { usePanel, useParts } from './context';
import { Icon } from './icons';
import { isLive, remedy, trouble } from './telling';

/** What is said after a failure, a stop or a refusal; nothing where all went well. */
export function Trouble(props: { readonly run: RunState; readonly question: string }): JSX.Element | null {
  const { run, question } = props;
  const { words } = useParts();
  const found = trouble(run);
  if (found === null) {
    return null;
  }
  const text = found.text || words.__('The run has ended without an answer. Your question is kept.');
  const wasStopped = run.phase === 'interrupted' || run.phase === 'stopped';
  return (
    <section className="jp-AnalystChat-trouble" data-phase={run.phase}>
      <div className="jp-AnalystChat-troubleText">
        <Icon sign={wasStopped ? 'stop' : 'failed'} />
        <div>
          <Words run={run} text={text} />
        </div>
      </div>
      <Remedy code={found.code} question={question} />
      {run.answer && <Suggestions answer={run.answer} />}
    </section>
  );
}

function Remedy(props: { readonly code: string | null; readonly question: string }): JSX.Element {
  const { code, question } = props;
  const { model, words, draft, chooseModel, addKey, showUsage } = useParts();
  const isBusy = usePanel(state => state.live !== null && isLive(state.live.run?.phase ?? 'sent'));
  const button = (label: string, onClick: (event: React.MouseEvent<HTMLElement>) => void) => (
    <button type="button" className="jp-AnalystChat-button" disabled={isBusy} onClick={onClick}>
      {label}
    </button>
  );
  const kind = remedy(code);
  const add = kind === 'key' ? addKey() : null;
  if (add !== null) {
    return button(words.__('Add a key'), add);
  }
  const show = kind === 'budget' ? showUsage() : null;
  if (kind === 'key' || kind === 'model' || kind === 'budget') {
    return (
      <span className="jp-AnalystChat-remedies">
        {button(words.__('Switch model'), event => chooseModel(event.currentTarget))}
        {show !== null && button(words.__('Show budgets'), show)}
      </span>
    );
  }
  return kind === 'edit'
    ? button(words.__('Edit the question'), () => draft(question))
    : button(words.__('Try again'), () => void model.ask(question));
}
