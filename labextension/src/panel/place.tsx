/** The line that says which notebook this chat acts on, and what else runs. */
import React from 'react';

import type { PanelState, Target } from '../model/panel';
import type { PanelContext } from './context';
import { ProblemLine, TextButton } from './controls';
import { type Task, useTask } from './hooks';
import { baseName, shortKernel } from './names';

const NEW_NOTEBOOK = 'notebook:create-new';

interface Part {
  context: PanelContext;
  state: PanelState;
}

/** The notebook and its kernel; the state of runs elsewhere. */
export function PlaceLine(props: Part): React.ReactElement {
  const task = useTask();
  const { target } = props.state;
  return (
    <>
      {target === null ? (
        <NoNotebook context={props.context} task={task} />
      ) : (
        <Acting context={props.context} target={target} task={task} />
      )}
      <OtherRuns {...props} task={task} />
      <ProblemLine text={task.problem} />
    </>
  );
}

function NoNotebook({ context, task }: { context: PanelContext; task: Task }): React.ReactElement {
  const { commands, trans } = context;
  return (
    <p className="jp-Analyst-place">
      <span>{trans.__('Open a notebook to begin.')}</span>
      {commands.hasCommand(NEW_NOTEBOOK) ? (
        <TextButton disabled={task.busy} onClick={() => void task.run(() => commands.execute(NEW_NOTEBOOK))}>
          {trans.__('New notebook')}
        </TextButton>
      ) : null}
    </p>
  );
}

function Acting(props: { context: PanelContext; target: Target; task: Task }): React.ReactElement {
  const { target, task } = props;
  const { model, trans } = props.context;
  const kernel = target.kernel === null ? trans.__('no kernel') : shortKernel(target.kernelName);
  return (
    <p className={`jp-Analyst-place ${target.inFront ? '' : 'jp-mod-elsewhere'}`}>
      <span title={target.path}>
        {trans.__('Acting on')}{' '}
        {target.inFront ? (
          <bdi className="jp-Analyst-file">{baseName(target.path)}</bdi>
        ) : (
          <TextButton
            title={trans.__('Show %1', target.path)}
            onClick={() => void task.run(() => model.openNotebook(target.path))}
          >
            <bdi>{baseName(target.path)}</bdi>
          </TextButton>
        )}
        {kernel ? <span title={target.kernelName}> ({kernel})</span> : null}
      </span>
      {target.inFront ? null : (
        <span>
          {trans.__('Another notebook is in front.')}{' '}
          <TextButton onClick={() => model.followFront()}>{trans.__('Switch to it')}</TextButton>
        </span>
      )}
    </p>
  );
}

function OtherRuns({ context, state, task }: Part & { task: Task }): React.ReactElement | null {
  const { model, trans } = context;
  const others = state.running.filter(run => run.chat !== state.chat?.id);
  if (others.length === 0) {
    return null;
  }
  return (
    <p className="jp-Analyst-place">
      <span>{trans._n('%1 more run in', '%1 more runs in', others.length)}</span>
      {others.map(run => (
        <TextButton
          key={run.run}
          title={trans.__('%1 — show this chat', run.question)}
          onClick={() => void task.run(() => model.openChat(run.chat))}
        >
          <bdi>{baseName(run.notebook)}</bdi>
        </TextButton>
      ))}
    </p>
  );
}
