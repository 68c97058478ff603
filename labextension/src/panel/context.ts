/** What every part of the panel is given. */
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { IPanelModel } from '../model/panel';

/** The panel's surroundings. */
export interface PanelContext {
  readonly model: IPanelModel;
  readonly trans: TranslationBundle;
  /** The application's commands. */
  readonly commands: CommandRegistry;
  /** Where hints that were shown are kept; null: nowhere. */
  readonly state: IStateDB | null;
}
