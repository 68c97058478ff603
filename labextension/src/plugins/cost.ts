/** Puts what the analyst has cost in a notebook into that notebook's toolbar. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import type { IPanelModel } from '../model/panel';
import { NotebookCost } from '../notebook/cost';
import { contentsPath } from '../notebook/opened';
import { PanelCommands } from '../panel/commandids';
import { IAnalyst, SETTINGS } from '../tokens';

/** Name of the toolbar's item, in `schema/panel.json` too. */
const ITEM = 'autoanalyst-cost';

/** The badge in notebooks' toolbars. */
export const cost: JupyterFrontEndPlugin<void> = {
  id: 'autoanalyst:cost',
  description: 'Shows in a notebook’s toolbar what the analyst has cost in it.',
  autoStart: true,
  requires: [IAnalyst, IToolbarWidgetRegistry],
  optional: [ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    model: IPanelModel,
    toolbars: IToolbarWidgetRegistry,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ) => {
    const words = (translator ?? nullTranslator).load('autoanalyst');
    const wantedChanged = new Signal<object, void>({});
    let isWanted = true;
    void registry?.load(SETTINGS).then(settings => {
      const take = () => {
        isWanted = settings.composite.notebookCost !== false;
        wantedChanged.emit();
      };
      settings.changed.connect(take);
      take();
    });
    toolbars.addFactory<NotebookPanel>(
      'Notebook',
      ITEM,
      panel =>
        new NotebookCost({
          path: () => contentsPath(panel.context.path),
          pathChanged: panel.context.pathChanged,
          model,
          words,
          isWanted: () => isWanted,
          wantedChanged,
          open: () => void app.commands.execute(PanelCommands.usage)
        })
    );
  }
};
