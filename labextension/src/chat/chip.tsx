/** A cell of a run as a small button: click or Enter shows it in its notebook, other keys use its code. */
import React from 'react';

import type { CellView } from '../model/turn';
import { useParts } from './context';
import type { Action } from './context';
import { cellStatus, chipText } from './telling';

/** The chip of a cell. `onDiff` shows or hides its code, or what changed in it. */
export function Chip(props: {
  readonly cell: CellView;
  readonly notebook: string | null;
  readonly action: Action;
  readonly onDiff: () => void;
}): JSX.Element {
  const { cell, notebook, action, onDiff } = props;
  const { model, words } = useParts();
  const show = () =>
    action.act(async () => {
      const isThere = cell.cellId !== null && (await model.showCell(notebook, cell.cellId));
      return isThere ? undefined : words.__('This cell is not in the notebook any more.');
    });
  const keys: Readonly<Record<string, () => void>> = {
    c: () => action.act(() => navigator.clipboard.writeText(cell.source).then(() => words.__('Copied.'))),
    r: () =>
      action.act(async () => {
        const hasRun = cell.cellId !== null && (await model.runCell(notebook, cell.cellId));
        return hasRun ? undefined : words.__('This cell is not in the notebook any more.');
      }),
    i: () => action.act(() => model.insertCode(cell.source, false)),
    d: onDiff
  };
  const pressed = (event: React.KeyboardEvent) => {
    const work = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key.toLowerCase()];
    if (work !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      work();
    }
  };
  const about = words.__(
    'Cell %1: %2, %3',
    cell.executionCount ?? cell.label,
    cell.purpose,
    cellStatus(cell, words)
  );
  const hint = words.__(
    'Enter: show in the notebook · C: copy · R: run · I: insert below · D: code or changes'
  );
  return (
    <span className="jp-AnalystChat-chipBox">
      <button
        type="button"
        className="jp-AnalystChat-chip"
        data-status={cell.status}
        aria-label={`${about}. ${hint}`}
        aria-keyshortcuts="C R I D"
        onClick={show}
        onKeyDown={pressed}
      >
        {chipText(cell)}
      </button>
      <span className="jp-AnalystChat-peek" role="presentation" aria-hidden="true">
        <code>{cell.source}</code>
        <small>{hint}</small>
      </span>
    </span>
  );
}
