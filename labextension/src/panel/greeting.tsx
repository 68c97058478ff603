/** What the panel says before the first question: the data it sees, and what one could ask about it. */
import { HTMLSelect } from '@jupyterlab/ui-components';
import React, { useRef, useState } from 'react';

import { plain } from '../chat/format';
import type { PanelState } from '../model/panel';
import type { FileEntry, Surroundings } from '../wire';
import type { PanelContext } from './context';
import { ProblemLine, TextButton } from './controls';
import { bytes, size } from './figures';
import { unloaded } from './files';
import { HintLine } from './hintline';
import { type Task, usePanelState, useTask } from './hooks';

/** How many files are offered where there is a table already: the newest ones. */
const OTHERS = 3;

interface Part {
  context: PanelContext;
  task: Task;
}

/** Shown while the chat has no turns. */
export function Greeting({ context }: { context: PanelContext }): React.ReactElement | null {
  const state = usePanelState(context.model);
  const isEmpty = state.turns.length === 0 && state.live === null;
  return isEmpty ? <Welcome context={context} state={state} /> : null;
}

function Welcome({ context, state }: { context: PanelContext; state: PanelState }): React.ReactElement {
  const { trans } = context;
  const task = useTask();
  return (
    <section className="jp-Analyst-greeting" aria-label={trans.__('What to ask')}>
      {state.target === null ? (
        <p className="jp-Analyst-lead">
          {trans.__('Ask about the data of a notebook; the answer comes as cells that you keep.')}
        </p>
      ) : (
        <Around context={context} task={task} state={state} />
      )}
      <ProblemLine text={task.problem} />
      <HintLine context={context} state={state} />
    </section>
  );
}

function Around({ context, task, state }: Part & { state: PanelState }): React.ReactElement {
  const { trans } = context;
  const found = state.surroundings;
  if (found === null) {
    return (
      <p className="jp-Analyst-lead" role="status">
        {state.looking || state.connection === 'connecting'
          ? trans.__('Looking at the notebook’s data…')
          : ''}
      </p>
    );
  }
  return (
    <>
      {found.tables.length > 0 ? (
        <Tables context={context} task={task} found={found} />
      ) : (
        <NoTables context={context} task={task} found={found} />
      )}
      {found.problem ? <Unasked context={context} task={task} problem={found.problem} /> : null}
    </>
  );
}

function Unasked({ context, task, problem }: Part & { problem: string }): React.ReactElement {
  const { model, trans } = context;
  return (
    <p className="jp-Analyst-note">
      <span>{problem}</span>{' '}
      <TextButton disabled={task.busy} onClick={() => void task.run(() => model.look())}>
        {trans.__('Look again')}
      </TextButton>
    </p>
  );
}

function Tables({ context, task, found }: Part & { found: Surroundings }): React.ReactElement {
  const { trans } = context;
  const { tables } = found;
  const others = unloaded(found.files, tables).slice(0, OTHERS);
  const [picked, setPicked] = useState<string | null>(null);
  const table = tables.find(each => each.name === picked) ?? tables[0];
  const several = tables.length > 1;
  return (
    <>
      <p className="jp-Analyst-lead">{trans.__('Ask about the data in this notebook.')}</p>
      {several ? (
        <HTMLSelect
          className="jp-Analyst-tables"
          aria-label={trans.__('Table')}
          value={table.name}
          onChange={event => setPicked(event.currentTarget.value)}
          options={tables.map(each => ({ value: each.name, label: `${each.name}, ${size(each, trans)}` }))}
        />
      ) : (
        <p className="jp-Analyst-table">
          <code>{table.name}</code>, {size(table, trans)}
        </p>
      )}
      <Starters
        context={context}
        task={task}
        questions={table.starters}
        scope={several ? [table.name] : undefined}
      />
      {others.length > 0 ? <Files context={context} task={task} files={others} /> : null}
    </>
  );
}

function Starters(
  props: Part & { questions: readonly string[]; scope?: string[] }
): React.ReactElement | null {
  const { context, task, questions, scope } = props;
  const { model, trans } = context;
  if (questions.length === 0) {
    return null;
  }
  return (
    <ul className="jp-Analyst-starters" aria-label={trans.__('Questions to begin with')}>
      {questions.map(question => (
        <li key={question}>
          <button
            type="button"
            disabled={task.busy}
            onClick={() => void task.run(() => model.ask(question, scope ? { scope } : undefined))}
          >
            {plain(question)}
          </button>
        </li>
      ))}
    </ul>
  );
}

function NoTables({ context, task, found }: Part & { found: Surroundings }): React.ReactElement {
  const { trans } = context;
  const files = found.files.length > 0;
  return (
    <>
      <p className="jp-Analyst-lead">
        {found.sample ? trans.__('Try it with 545 houses:') : lead(files, trans)}
      </p>
      <Starters context={context} task={task} questions={found.starters} />
      {found.sample ? <Sample context={context} task={task} /> : null}
      {files && !found.sample ? <Files context={context} task={task} files={found.files} /> : null}
      <PathField context={context} task={task} />
      <p className="jp-Analyst-note">
        {trans.__('Or drop a CSV, Excel, Parquet or JSON file on this panel.')}
      </p>
    </>
  );
}

function lead(files: boolean, trans: PanelContext['trans']): string {
  return files
    ? trans.__('No table is loaded yet. Load a file of this folder:')
    : trans.__('No table is loaded yet, and there is no data file beside this notebook.');
}

function Sample({ context, task }: Part): React.ReactElement {
  return (
    <button
      type="button"
      className="jp-Analyst-sample"
      disabled={task.busy}
      onClick={() => void task.run(() => context.model.load(null))}
    >
      {context.trans.__('Load the houses')}
    </button>
  );
}

function Files({ context, task, files }: Part & { files: readonly FileEntry[] }): React.ReactElement {
  const { model, trans } = context;
  return (
    <ul className="jp-Analyst-starters" aria-label={trans.__('Data files')}>
      {files.map(file => (
        <li key={file.path}>
          <button
            type="button"
            disabled={task.busy}
            onClick={() => void task.run(() => model.load(file.path))}
          >
            <span>{trans.__('Load %1', file.name)}</span>
            <span className="jp-Analyst-aside">{bytes(file.bytes)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function PathField({ context, task }: Part): React.ReactElement {
  const { model, trans } = context;
  const field = useRef<HTMLInputElement>(null);
  const load = async (event: React.FormEvent) => {
    event.preventDefault();
    const path = field.current?.value.trim() ?? '';
    if (path !== '') {
      await task.run(() => model.load(path));
    }
  };
  return (
    <form className="jp-Analyst-path" onSubmit={event => void load(event)}>
      <input
        ref={field}
        className="jp-mod-styled"
        aria-label={trans.__('Path of a data file')}
        placeholder={trans.__('Path of a data file')}
        spellCheck={false}
      />
      <button type="submit" className="jp-Button jp-mod-styled" disabled={task.busy}>
        {trans.__('Load')}
      </button>
    </form>
  );
}
