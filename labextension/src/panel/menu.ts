/** The entries of the person's menu: who, what was used, keys, what runs unasked, settings, sign out. */
import type { Words } from '../chat/format';
import type { Me, OwnUsage } from '../wire';
import { PanelCommands } from './commandids';
import { usageLine } from './figures';

/** One line of the menu. */
export interface MenuEntry {
  /** Of a command; `who` and `sign-out` are the menu's own. */
  readonly id: string;
  readonly label: string;
  readonly enabled: boolean;
}

/** What the menu depends on. */
export interface MenuFacts {
  readonly me: Me | null;
  /** Null: not known yet, or not to be had. */
  readonly usage: OwnUsage | null;
  /** There is a settings editor. */
  readonly settings: boolean;
}

/** The menu, in groups that a line separates. */
export function userMenu(facts: MenuFacts, trans: Words): readonly (readonly MenuEntry[])[] {
  const { me, usage } = facts;
  const known = usage !== null;
  const today = known ? usageLine(usage.today, trans) : '…';
  const month = known ? usageLine(usage.month, trans) : '…';
  const settings = { id: PanelCommands.settings, label: trans.__('Settings…'), enabled: true };
  return [
    [{ id: 'who', label: who(me, trans), enabled: false }],
    [
      { id: PanelCommands.usage, label: trans.__('Today: %1', today), enabled: true },
      { id: PanelCommands.usage, label: trans.__('This month: %1', month), enabled: true }
    ],
    [
      { id: PanelCommands.keys, label: trans.__('Keys…'), enabled: true },
      { id: PanelCommands.remembered, label: trans.__('What runs without asking…'), enabled: true },
      ...(facts.settings ? [settings] : [])
    ],
    [{ id: 'sign-out', label: trans.__('Sign out'), enabled: true }]
  ];
}

function who(me: Me | null, trans: Words): string {
  if (me === null) {
    return trans.__('Not connected');
  }
  return me.source === 'account' ? trans.__('%1 (account of this computer)', me.name) : me.name;
}
