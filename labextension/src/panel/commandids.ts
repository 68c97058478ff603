/** Ids of commands that only this panel has; those that others call are in `tokens.ts`. */
export namespace PanelCommands {
  /** Keys of providers, and the way to the settings. */
  export const keys = 'autoanalyst:keys';
  /** What one has used. */
  export const usage = 'autoanalyst:usage';
  /** Notebooks where safe cells run without asking. */
  export const remembered = 'autoanalyst:remembered';
  /** The settings editor at our settings. */
  export const settings = 'autoanalyst:settings';
  /** The list of chats. */
  export const history = 'autoanalyst:history';
}
