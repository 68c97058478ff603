/** Cells: finished ones of a magic are put into the notebook, and a failed one can be fixed. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { INotebookTracker as Tracker } from '@jupyterlab/notebook';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { IPanelModel, PanelState } from '../model/panel';
import { isOnItsWay } from '../model/turns';
import { noteStanding } from '../notebook/finished';
import { failedCell, whenFailureChanges } from '../notebook/fix';
import { listenToMagics } from '../notebook/magic';
import { FixOffers } from '../notebook/offers';
import { contentsPath } from '../notebook/opened';
import { CommandIDs, IAnalyst } from '../tokens';

/** What the analyst does at the user's own cells. */
export const cells: JupyterFrontEndPlugin<void> = {
  id: 'autoanalyst:cells',
  description: 'Puts finished cells of a magic into the notebook, and offers to fix a failed one.',
  autoStart: true,
  requires: [INotebookTracker, IAnalyst],
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, tracker: Tracker, model: IPanelModel, translator: ITranslator | null) => {
    const { commands } = app;
    const trans = (translator ?? nullTranslator).load('autoanalyst');
    listenToMagics(tracker);
    // The metadata that is sent with the execute request is read just after this.
    NotebookActions.executionScheduled.connect((_, { notebook, cell }) => {
      if (notebook.model) {
        noteStanding(notebook.model.sharedModel, cell.model.sharedModel);
      }
    });
    commands.addCommand(CommandIDs.fixCell, {
      label: args => (args.toolbar ? trans.__('Fix') : trans.__('Fix This Cell')),
      caption: trans.__('Ask the analyst to fix this cell'),
      describedBy: { args: { type: 'object', properties: { toolbar: { type: 'boolean' } } } },
      isEnabled: () => failedCell(tracker) !== null,
      isVisible: () => failedCell(tracker) !== null,
      execute: async () => {
        const [cell, panel] = [failedCell(tracker), tracker.currentWidget];
        if (cell && panel) {
          await fix(app, model, contentsPath(panel.context.path), cell.model.id);
        }
      }
    });
    const offers = new FixOffers({
      tracker,
      trans,
      fix: (path, cellId) => void fix(app, model, path, cellId),
      isAtWork: path => isAtWork(model.state, path)
    });
    model.stateChanged.connect(() => offers.update());
    whenFailureChanges(tracker, () => commands.notifyCommandChanged(CommandIDs.fixCell));
  }
};

/** Whether a run acts on this notebook; one that is only being sent will. */
function isAtWork({ running, live, target, turns }: PanelState, path: string): boolean {
  const own = isOnItsWay(turns.at(-1)) ? target?.path : live?.run?.notebook;
  return own === path || running.some(run => run.notebook === path);
}

async function fix(app: JupyterFrontEnd, model: IPanelModel, path: string, cellId: string): Promise<void> {
  if (app.commands.hasCommand(CommandIDs.open)) {
    await app.commands.execute(CommandIDs.open);
  }
  await model.open();
  if (model.state.target?.path !== path) {
    model.newChat(); // a chat acts on one notebook only
  }
  await model.fix(cellId);
}
