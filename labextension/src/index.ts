/** The plugins of this extension. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { analyst } from './plugins/analyst';
import { cells } from './plugins/cells';
import { panel } from './plugins/panel';

const plugins: JupyterFrontEndPlugin<unknown>[] = [analyst, cells, panel];

export default plugins;
