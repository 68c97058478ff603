/** What other extensions, and our own plugins, can ask for. */
import { Token } from '@lumino/coreutils';

import type { IPanelModel } from './model/panel';

/** The panel's model: one per page. */
export const IAnalyst = new Token<IPanelModel>('autoanalyst:IAnalyst', 'The analyst of this page.');

/** Ids of our commands. */
export namespace CommandIDs {
  /** Show the panel; args `{ "focus": true }` puts the cursor into the composer. */
  export const open = 'autoanalyst:open';
  export const newChat = 'autoanalyst:new-chat';
  /** Ask; args `{ "question": string }`. */
  export const ask = 'autoanalyst:ask';
  export const stop = 'autoanalyst:stop';
  /** Fix the active cell, which failed. */
  export const fixCell = 'autoanalyst:fix-cell';
  export const undoTurn = 'autoanalyst:undo-turn';
  /** Load a data file; args `{ "path": string }`. */
  export const loadData = 'autoanalyst:load-data';
}

/** Id of the plugin that the settings belong to. */
export const SETTINGS = 'autoanalyst:panel';
