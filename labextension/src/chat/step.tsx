/** One line of a run: agent, what it does, its cells, time, cost; and the code that was asked for. */
import React from 'react';

import type { StepView } from '../model/turn';
import { Chip } from './chip';
import { Code } from './code';
import { useAction, usePanel, useParts } from './context';
import { duration, stepCost } from './format';
import { Icon } from './icons';
import { agentTitle, repairs, stepWords } from './telling';

/** A step as a line of the list. */
export function Step(props: {
  readonly step: StepView;
  readonly notebook: string | null;
  readonly live: boolean;
  readonly hasText: boolean;
}): JSX.Element {
  const { step, notebook, live, hasText } = props;
  const { words } = useParts();
  const agents = usePanel(state => state.agents);
  const action = useAction();
  const [open, setOpen] = React.useState<string | null>(null);
  const shown = step.cells.find(cell => cell.callId === open);
  const spent = step.live
    ? ''
    : [duration(step.seconds, words), stepCost(step.costUsd, step.estimated, words)].join(' · ');
  return (
    <li className="jp-AnalystChat-step">
      <div className="jp-AnalystChat-stepLine">
        <StepSign step={step} live={live} />
        <span className="jp-AnalystChat-stepText">
          <strong>{agentTitle(step.agent, agents)}</strong> {stepWords(step, live, hasText, words)}
        </span>
        {step.cells.map(cell => (
          <Chip
            key={cell.callId}
            cell={cell}
            notebook={notebook}
            action={action}
            onDiff={() => setOpen(open === cell.callId ? null : cell.callId)}
          />
        ))}
        <span className="jp-AnalystChat-quiet">{spent}</span>
      </div>
      <Remarks step={step} said={action.said} />
      {shown && <Code source={shown.source} before={shown.before} label={shown.purpose || shown.label} />}
    </li>
  );
}

function StepSign({ step, live }: { readonly step: StepView; readonly live: boolean }): JSX.Element {
  const status = step.cells.at(-1)?.status;
  if (status === 'approval') {
    return <Icon sign="waits" className="jp-AnalystChat-stepSign" />;
  }
  if (live) {
    return <span className="jp-AnalystChat-spinner" aria-hidden="true" />;
  }
  const hasFailed = status === 'error' || status === 'interrupted';
  return (
    <Icon
      sign={hasFailed ? 'failed' : status === 'not_run' ? 'open' : 'done'}
      className="jp-AnalystChat-stepSign"
    />
  );
}

function Remarks({ step, said }: { readonly step: StepView; readonly said: string }): JSX.Element | null {
  const { words } = useParts();
  const problems = step.cells.flatMap(cell => (cell.problem === null ? [] : [cell.problem]));
  const remarks = [repairs([step], words), ...problems].filter(remark => remark !== '');
  return (
    <>
      {remarks.map((remark, index) => (
        <div key={index} className="jp-AnalystChat-remark">
          {remark}
        </div>
      ))}
      <div className="jp-AnalystChat-remark" role="status">
        {said}
      </div>
    </>
  );
}
