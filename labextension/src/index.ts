/** The plugins of this extension. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { analyst } from './plugins/analyst';
import { cells } from './plugins/cells';
import { cost } from './plugins/cost';
import { dashboard } from './plugins/dashboard';
import { panel } from './plugins/panel';

const plugins: JupyterFrontEndPlugin<unknown>[] = [analyst, cells, cost, dashboard, panel];

export default plugins;
