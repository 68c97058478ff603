/** The plugins of this extension. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { analyst } from './plugins/analyst';
import { cells } from './plugins/cells';
import { dashboard } from './plugins/dashboard';
import { panel } from './plugins/panel';

const plugins: JupyterFrontEndPlugin<unknown>[] = [analyst, cells, dashboard, panel];

export default plugins;
