/** Asks whether code may run: the code, what it could do in words, and four answers. The keyboard comes first. */
import React from 'react';

import type { RunState } from '../model/turn';
import type { ApprovalNeeded } from '../wire';
import { Code } from './code';
import { plain } from './format';
import { useAction, useParts } from './context';

/** The card of the question whether code may run. */
export function Approval(props: { readonly run: RunState; readonly needed: ApprovalNeeded }): JSX.Element {
  const { run, needed } = props;
  const { model, words, composerIsEmpty } = useParts();
  const action = useAction();
  const first = React.useRef<HTMLButtonElement>(null);
  const name = `jp-AnalystChat-approval-${React.useId()}`;
  React.useEffect(() => {
    // Who types, here or in the notebook, goes on typing.
    if (composerIsEmpty() && !isTyping(document.activeElement)) {
      first.current?.focus();
    }
  }, [needed.call_id, composerIsEmpty]);
  const cell = run.steps.flatMap(step => step.cells).find(found => found.callId === needed.call_id);
  const answer = (label: string, work: () => Promise<void>, ref?: React.Ref<HTMLButtonElement>) => (
    <button
      ref={ref}
      type="button"
      className="jp-AnalystChat-button"
      disabled={action.busy}
      onClick={() => action.act(work)}
    >
      {label}
    </button>
  );
  return (
    <section className="jp-AnalystChat-approval" role="group" aria-labelledby={name}>
      <p id={name}>{plain(needed.reason) || words.__('May this code run?')}</p>
      {needed.findings.length > 0 && (
        <ul>
          {needed.findings.map((finding, index) => (
            <li key={index}>
              {plain(finding.words)}{' '}
              <span className="jp-AnalystChat-quiet">{words.__('line %1', finding.line)}</span>
            </li>
          ))}
        </ul>
      )}
      <Code source={needed.source} before={cell?.before} label={words.__('The code')} />
      <div className="jp-AnalystChat-buttons">
        {answer(words.__('Run'), () => model.answerApproval(true), first)}
        {answer(words.__('Run, and safe cells from now on in this notebook'), () =>
          model.answerApproval(true, true)
        )}
        {answer(words.__('Edit'), () => model.editApproval())}
        {answer(words.__('Skip'), () => model.answerApproval(false))}
      </div>
      <div className="jp-AnalystChat-remark" role="status">
        {action.said}
      </div>
    </section>
  );
}

function isTyping(focused: Element | null): boolean {
  const isOurs = focused?.closest('.jp-AnalystChat') != null;
  return !isOurs && focused?.matches('input, textarea, [contenteditable="true"]') === true;
}
