/** The person's menu on the screen. */
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

import type { OwnUsage } from '../wire';
import type { PanelContext } from './context';
import { userMenu } from './menu';

/** Open it below its button. The figures of usage come in when the server has said them. */
export function openUserMenu(anchor: HTMLElement, context: PanelContext): void {
  const { model, trans, commands } = context;
  const settings = commands.hasCommand('settingeditor:open');
  const own = new CommandRegistry();
  const menu = new Menu({ commands: own });
  menu.addClass('jp-Analyst-menu');
  menu.addClass('jp-mod-user');
  menu.node.setAttribute('aria-label', trans.__('Usage, keys, settings'));

  let usage: OwnUsage | null = null;
  const groups = () => userMenu({ me: model.state.me, usage, settings }, trans);
  groups().forEach((group, row) => {
    if (row > 0) {
      menu.addItem({ type: 'separator' });
    }
    group.forEach((entry, place) => {
      const command = `${row}.${place}`;
      own.addCommand(command, {
        label: () => groups()[row][place].label,
        isEnabled: () => entry.enabled,
        execute: () => (entry.id === 'sign-out' ? model.signOut() : commands.execute(entry.id))
      });
      menu.addItem({ command });
    });
  });
  openBelow(menu, anchor);

  const fill = async () => {
    usage = await model.usage();
    if (menu.isAttached) {
      menu.update();
    }
  };
  // Without figures the menu is as good; the usage dialog says why there are none.
  fill().catch(reason => console.warn('AutoAnalyst: usage', reason));
}

/** Open a menu whose end is at the end of its button, and dispose of it when it closes. */
export function openBelow(menu: Menu, anchor: HTMLElement): void {
  const box = anchor.getBoundingClientRect();
  const rtl = getComputedStyle(anchor).direction === 'rtl';
  menu.aboutToClose.connect(() => {
    // Its command is executed after it has closed.
    requestAnimationFrame(() => menu.dispose());
    anchor.focus();
  });
  menu.open(rtl ? box.left : box.right, box.bottom, { horizontalAlignment: rtl ? 'left' : 'right' });
  menu.activateNextItem();
}
