/** The panel's commands: what the palette, menus, shortcuts and other extensions can call. */
import { InputDialog, Notification } from '@jupyterlab/apputils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { DisposableSet, type IDisposable } from '@lumino/disposable';

import type { TurnView } from '../model/turn';
import { CommandIDs } from '../tokens';
import type { PanelBody } from './body';
import { PanelCommands } from './commandids';
import type { PanelContext } from './context';
import { sentence } from './hooks';
import { analystIcon } from './icons';

/** Commands for the palette, in its order. */
export const IN_PALETTE: readonly string[] = [
  CommandIDs.open,
  CommandIDs.newChat,
  CommandIDs.stop,
  CommandIDs.undoTurn,
  CommandIDs.loadData,
  PanelCommands.history,
  PanelCommands.keys,
  PanelCommands.usage,
  PanelCommands.remembered
];

/** Brings the panel to the front, with the cursor in it; resolves to what is inside. */
export type Reveal = () => Promise<PanelBody>;

/** Add all of them. */
export function addCommands(context: PanelContext, reveal: Reveal): IDisposable {
  const added = new DisposableSet();
  [...chatCommands(context, reveal), ...selfCommands(context, reveal)].forEach(([id, options]) =>
    added.add(context.commands.addCommand(id, options))
  );
  return added;
}

type Entry = [string, Parameters<PanelContext['commands']['addCommand']>[1]];

function chatCommands(context: PanelContext, reveal: Reveal): Entry[] {
  const { model, trans } = context;
  const open = async () => {
    await reveal();
  };
  const newChat = async () => {
    model.newChat();
    (await reveal()).view.show('chat');
  };
  const ask = async (args: ReadonlyPartialJSONObject) => {
    (await reveal()).view.show('chat');
    await model.open();
    if (typeof args.question === 'string' && args.question.trim() !== '') {
      await model.ask(args.question);
    }
  };
  const load = async (args: ReadonlyPartialJSONObject) => {
    const path = typeof args.path === 'string' ? args.path : await askForPath(context);
    if (path) {
      (await reveal()).view.show('chat');
      await model.open();
      await said(() => model.load(path));
    }
  };
  const undo = async () => {
    const turn = undoable(model.state.turns);
    if (turn) {
      await said(async () => Notification.info(await model.undo(turn), { autoClose: 5000 }));
    }
  };
  const running = () => model.state.live !== null;
  return [
    [
      CommandIDs.open,
      {
        label: trans.__('AutoAnalyst'),
        caption: trans.__('Ask about data'),
        icon: analystIcon,
        execute: open
      }
    ],
    [CommandIDs.newChat, { label: trans.__('New Chat'), execute: newChat }],
    [CommandIDs.ask, { label: trans.__('Ask AutoAnalyst'), execute: ask }],
    [
      CommandIDs.stop,
      { label: trans.__('Stop the Answer'), isEnabled: running, execute: () => said(() => model.stop()) }
    ],
    [
      CommandIDs.undoTurn,
      {
        label: trans.__('Take Out the Cells of the Last Answer'),
        isEnabled: () => !running() && undoable(model.state.turns) !== undefined,
        execute: undo
      }
    ],
    [CommandIDs.loadData, { label: trans.__('Load a Data File…'), execute: load }]
  ];
}

function selfCommands(context: PanelContext, reveal: Reveal): Entry[] {
  const { trans, commands } = context;
  const history = async () => {
    (await reveal()).view.show('history');
  };
  return [
    [PanelCommands.history, { label: trans.__('History'), execute: history }],
    [
      PanelCommands.keys,
      {
        label: args => (args.isPalette ? trans.__('Keys…') : trans.__('AutoAnalyst: Keys and Settings…')),
        execute: async () => (await import('./keys')).showKeys(context)
      }
    ],
    [
      PanelCommands.usage,
      { label: trans.__('Your Usage…'), execute: async () => (await import('./usage')).showUsage(context) }
    ],
    [
      PanelCommands.remembered,
      {
        label: trans.__('What Runs Without Asking…'),
        execute: async () => (await import('./remembered')).showRemembered(context)
      }
    ],
    [
      PanelCommands.settings,
      {
        label: trans.__('Settings…'),
        isVisible: () => commands.hasCommand('settingeditor:open'),
        execute: () => commands.execute('settingeditor:open', { query: 'AutoAnalyst' })
      }
    ]
  ];
}

/** The last turn whose cells can be taken out. */
function undoable(turns: readonly TurnView[]): TurnView | undefined {
  const last = turns.at(-1);
  return last?.run && !last.undone ? last : undefined;
}

async function askForPath({ trans }: PanelContext): Promise<string | null> {
  const answer = await InputDialog.getText({
    title: trans.__('Load a data file'),
    label: trans.__('Path, from the notebook’s folder:'),
    okLabel: trans.__('Load')
  });
  return answer.value?.trim() || null;
}

/** There may be no panel in sight to show what went wrong. */
async function said(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (reason) {
    Notification.error(sentence(reason), { autoClose: 10_000 });
  }
}
