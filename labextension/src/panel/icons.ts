/** Our own icons, in JupyterLab's colours. */
import { LabIcon } from '@jupyterlab/ui-components';

import analyst from '../../style/icons/analyst.svg';
import history from '../../style/icons/history.svg';

/** The panel, its launcher card and its settings. */
export const analystIcon = new LabIcon({ name: 'autoanalyst:icon', svgstr: analyst });

/** The list of chats. */
export const chatsIcon = new LabIcon({ name: 'autoanalyst:chats', svgstr: history });
