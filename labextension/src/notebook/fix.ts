/** Which cell can be fixed: the active one, if its last run failed. */
import type { Cell, ICellModel } from '@jupyterlab/cells';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';

import { errorOf } from './shared';

/** The active cell, if it failed. */
export function failedCell(tracker: INotebookTracker): Cell | null {
  const cell = tracker.activeCell;
  return cell?.model && errorOf(cell.model.sharedModel) ? cell : null;
}

/** Call `changed` whenever the answer may be another. */
export function whenFailureChanges(tracker: INotebookTracker, changed: () => void): void {
  // A cell that was closed has no model any more.
  let active: ICellModel | null = null;
  tracker.activeCellChanged.connect((_, cell) => {
    active?.contentChanged.disconnect(changed);
    active = cell?.model ?? null;
    active?.contentChanged.connect(changed);
    changed();
  });
  NotebookActions.executed.connect(changed);
}
