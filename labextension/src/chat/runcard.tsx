/** How a run goes and went: plan, what it loaded, notices, steps, what it waits for. Quiet once it has ended. */
import React from 'react';

import type { RunState } from '../model/turn';
import { Chip } from './chip';
import { Code } from './code';
import { useAction, useParts } from './context';
import { Icon } from './icons';
import { Step } from './step';
import { isLive, stepsLine } from './telling';

/** The card of a run. */
export function RunCard({ run }: { readonly run: RunState }): JSX.Element {
  const { words } = useParts();
  const live = isLive(run.phase);
  return (
    <section className="jp-AnalystChat-card" aria-label={words.__('How the question was answered')}>
      <Plan run={run} />
      <Background run={run} />
      {live ? <Steps run={run} /> : run.steps.length > 0 && <FoldedSteps run={run} />}
      {live && <Waiting run={run} />}
    </section>
  );
}

function Plan({ run }: { readonly run: RunState }): JSX.Element | null {
  const { words } = useParts();
  if (run.plan.length < 2) {
    return run.plan.length === 0 ? null : <p className="jp-AnalystChat-plan">{run.plan[0]}</p>;
  }
  return (
    <ol className="jp-AnalystChat-checklist" aria-label={words.__('Plan')}>
      {run.plan.map((line, index) => (
        <li key={index} data-done={index < run.planDone}>
          <Icon sign={index < run.planDone ? 'done' : 'open'} />
          <span className="jp-AnalystChat-hidden">
            {index < run.planDone ? words.__('done:') : words.__('to do:')}{' '}
          </span>
          {line}
        </li>
      ))}
    </ol>
  );
}

function Background({ run }: { readonly run: RunState }): JSX.Element {
  const { words } = useParts();
  return (
    <>
      {run.notices.map((notice, index) => (
        <p key={index} className="jp-AnalystChat-notice" data-code={notice.code}>
          {notice.text}
        </p>
      ))}
      {run.replayed && (
        <p className="jp-AnalystChat-notice">
          {words.__(
            'Answered as %1 did on %2. No model was asked.',
            run.replayed.answered_by,
            run.replayed.at.slice(0, 10)
          )}
        </p>
      )}
      {run.data && <Loaded run={run} />}
    </>
  );
}

function Loaded({ run }: { readonly run: RunState }): JSX.Element | null {
  const { model, words } = useParts();
  const action = useAction();
  const { data } = run;
  if (data === null) {
    return null;
  }
  const show = () =>
    action.act(async () =>
      (await model.showCell(run.notebook, data.cell_id))
        ? undefined
        : words.__('This cell is not in the notebook any more.')
    );
  return (
    <p className="jp-AnalystChat-notice">
      {words.__('Loaded %1 as', data.path)} <code>{data.name}</code>. {data.note}{' '}
      <button type="button" className="jp-AnalystChat-textButton" onClick={show}>
        {words.__('Show cell')}
      </button>{' '}
      <span role="status">{action.said}</span>
    </p>
  );
}

function Steps({ run }: { readonly run: RunState }): JSX.Element {
  const { words } = useParts();
  const isWorking = run.phase === 'running' || run.phase === 'sent';
  return (
    <ol className="jp-AnalystChat-steps" aria-label={words.__('Steps')}>
      {run.steps.map((step, index) => (
        <Step
          key={step.number}
          step={step}
          notebook={run.notebook}
          live={isWorking && index === run.steps.length - 1}
          hasText={run.text !== ''}
        />
      ))}
    </ol>
  );
}

function FoldedSteps({ run }: { readonly run: RunState }): JSX.Element {
  const [isOpen, setOpen] = React.useState(false);
  const [shown, setShown] = React.useState<string | null>(null);
  const { words } = useParts();
  const action = useAction();
  const cells = isOpen ? [] : run.steps.flatMap(step => step.cells);
  const code = cells.find(cell => cell.callId === shown);
  return (
    <>
      <div className="jp-AnalystChat-stepLine">
        <button
          type="button"
          className="jp-AnalystChat-fold"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon sign="fold" /> {stepsLine(run, words)}
        </button>
        {cells.map(cell => (
          <Chip
            key={cell.callId}
            cell={cell}
            notebook={run.notebook}
            action={action}
            onDiff={() => setShown(shown === cell.callId ? null : cell.callId)}
          />
        ))}
      </div>
      {code && <Code source={code.source} before={code.before} label={code.purpose || code.label} />}
      <div className="jp-AnalystChat-remark" role="status">
        {action.said}
      </div>
      {isOpen && <Steps run={run} />}
    </>
  );
}

/** Why nothing moves just now. */
function Waiting({ run }: { readonly run: RunState }): JSX.Element | null {
  const { model, words } = useParts();
  if (run.phase === 'parked' && run.parked !== null) {
    const { notebook } = run;
    return (
      <p className="jp-AnalystChat-parked">
        <Icon sign="waits" /> {run.parked.text}{' '}
        {run.parked.why === 'notebook_closed' && notebook !== null && (
          <button
            type="button"
            className="jp-AnalystChat-textButton"
            onClick={() => void model.openNotebook(notebook)}
          >
            {words.__('Open it')}
          </button>
        )}
      </p>
    );
  }
  if (run.steps.length > 0 || run.phase === 'approval') {
    return null;
  }
  return (
    <p className="jp-AnalystChat-waiting">
      <span className="jp-AnalystChat-spinner" aria-hidden="true" />{' '}
      {run.phase === 'sent' ? words.__('Sent') : words.__('Looking at the data')}
    </p>
  );
}
