/** The usage dashboard's place in the launcher and the palette. The dashboard itself lives in a notebook's cell. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, showErrorMessage } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ILauncher } from '@jupyterlab/launcher';
import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { SOURCE } from '../dashboard/content';
import { provideNotebook } from '../dashboard/notebook';
import { analystIcon } from '../panel/icons';

/** Opens the dashboard; args `{ "cwd": string }` name the folder that its notebook is in. */
export const OPEN_DASHBOARD = 'autoanalyst:open-dashboard';

/** The dashboard's command. */
export const dashboard: JupyterFrontEndPlugin<void> = {
  id: 'autoanalyst:dashboard',
  description: 'Opens the usage dashboard, a notebook.',
  autoStart: true,
  requires: [IDocumentManager],
  optional: [ITranslator, ICommandPalette, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null
  ) => {
    const trans = (translator ?? nullTranslator).load('autoanalyst');
    app.commands.addCommand(OPEN_DASHBOARD, {
      label: trans.__('Usage Dashboard'),
      caption: trans.__('What the analyst was used for, and what it cost'),
      icon: args => (args.isPalette ? undefined : analystIcon),
      describedBy: { args: { type: 'object', properties: { cwd: { type: 'string' } } } },
      execute: async args => {
        try {
          const folder = typeof args.cwd === 'string' ? args.cwd : '';
          const path = await provideNotebook(documents.services.contents, folder);
          const isOpen = documents.findWidget(path) !== undefined;
          const widget = documents.openOrReveal(path);
          if (widget instanceof NotebookPanel && !isOpen) {
            await runIfOurs(widget);
          }
        } catch (error) {
          const words = error instanceof Error ? error.message : String(error);
          await showErrorMessage(trans.__('The dashboard could not be opened'), words);
        }
      }
    });
    palette?.addItem({
      command: OPEN_DASHBOARD,
      category: trans.__('AutoAnalyst'),
      args: { isPalette: true }
    });
    launcher?.add({ command: OPEN_DASHBOARD, category: trans.__('Other') });
  }
};

/** Run the notebook's code where all of it is our own: nobody else's is run without being asked for. */
async function runIfOurs(panel: NotebookPanel): Promise<void> {
  await panel.context.ready;
  const code = [...panel.context.model.cells].filter(cell => cell.type === 'code');
  if (code.every(cell => cell.sharedModel.getSource() === SOURCE)) {
    await panel.sessionContext.ready;
    await panel.sessionContext.session?.kernel?.info;
    await NotebookActions.runAll(panel.content, panel.sessionContext);
  }
}
