/** The side panel: its widget, its commands, and its places in JupyterLab. */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IThemeManager } from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import { ILauncher } from '@jupyterlab/launcher';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { IPanelModel } from '../model/panel';
import { addCommands, IN_PALETTE } from '../panel/commands';
import type { PanelContext } from '../panel/context';
import { SIDE_ID, SidePanel } from '../panel/side';
import { CommandIDs, IAnalyst, SETTINGS } from '../tokens';

/** Set by `autoanalyst lab`: the panel is open from the start. */
const OPEN_OPTION = 'autoanalyst_open';

/** The side panel. */
export const panel: JupyterFrontEndPlugin<void> = {
  id: SETTINGS,
  description: 'The side panel that answers questions about data beside the notebook.',
  autoStart: true,
  requires: [IAnalyst],
  optional: [
    ITranslator,
    ILayoutRestorer,
    ICommandPalette,
    ILauncher,
    IRenderMimeRegistry,
    IThemeManager,
    IStateDB
  ],
  activate: (
    app: JupyterFrontEnd,
    model: IPanelModel,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    rendermime: IRenderMimeRegistry | null,
    themeManager: IThemeManager | null,
    state: IStateDB | null
  ) => {
    const trans = (translator ?? nullTranslator).load('autoanalyst');
    const context: PanelContext = { model, trans, commands: app.commands, state };
    const load = async () => {
      const { PanelBody } = await import('../panel/body');
      return new PanelBody({ ...context, rendermime, themeManager });
    };
    const widget = new SidePanel(context, load, app.restored);
    app.shell.add(widget, 'right', { rank: 900, type: 'AutoAnalyst' });
    restorer?.add(widget, SIDE_ID);

    addCommands(context, () => {
      app.shell.activateById(widget.id);
      return widget.body();
    });
    const category = trans.__('AutoAnalyst');
    IN_PALETTE.forEach(command => palette?.addItem({ command, category, args: { isPalette: true } }));
    launcher?.add({ command: CommandIDs.open, category: trans.__('Other') });
    if (PageConfig.getOption(OPEN_OPTION) === 'true') {
      // Where a reload has brought it back, the cursor stays in the notebook.
      void app.restored.then(() => widget.isVisible || app.shell.activateById(widget.id));
    }
  }
};
