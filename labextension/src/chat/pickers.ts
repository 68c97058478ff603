/** The menus of the composer: which model answers, and when code may run. */
import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';

import type { IPanelModel, Mode } from '../model/panel';
import { modeTitle } from './composing';
import { modelTitle, type Words } from './format';

/** An entry of a menu. */
export interface Choice {
  readonly label: string;
  readonly about: string;
  readonly on: boolean;
  readonly enabled: boolean;
  readonly pick: () => void;
}

/** The models that are ready, and the way to more; `addKey` is null where nothing here can add one. */
export function modelChoices(model: IPanelModel, words: Words, addKey: (() => void) | null): Choice[] {
  const { models, model: picked } = model.state;
  if (models.length === 0) {
    const label = words.__('The server has not said yet which models there are.');
    return [{ label, about: label, on: false, enabled: false, pick: () => undefined }];
  }
  const ready = models.filter(entry => entry.ready);
  const choices = ready.map(entry => ({
    label: entry.name.startsWith('offline:')
      ? entry.title
      : words.__('%1 (%2)', modelTitle(entry.name, models), entry.title),
    about: entry.local ? words.__('Nothing leaves this machine.') : entry.name,
    on: picked === null ? entry.default : picked === entry.name,
    enabled: true,
    pick: () => model.pickModel(entry.default ? null : entry.name)
  }));
  if (addKey === null || ready.length === models.length) {
    return choices;
  }
  const about = words.__('Keys stay on the server.');
  return [
    ...choices,
    { label: words.__('Other models: add a key…'), about, on: false, enabled: true, pick: addKey }
  ];
}

/** The modes. */
export function modeChoices(model: IPanelModel, words: Words): Choice[] {
  const about: Readonly<Record<Mode, string>> = {
    auto: words.__('Safe code runs by itself, anything else asks.'),
    ask: words.__('Everything asks.'),
    suggest: words.__('Code is inserted and never run.')
  };
  const current = currentMode(model);
  return (['auto', 'ask', 'suggest'] as const).map(mode => ({
    label: words.__('%1: %2', modeTitle(mode, words), about[mode]),
    about: about[mode],
    on: mode === current,
    enabled: true,
    pick: () => model.pickMode(mode)
  }));
}

/** The mode that holds for the next question. */
export function currentMode({ state }: IPanelModel): Mode {
  return state.mode ?? state.me?.mode ?? 'auto';
}

/** Open a menu at an element; the menu goes when it is closed. */
export function openMenu(anchor: HTMLElement, choices: readonly Choice[]): void {
  const commands = new CommandRegistry();
  const menu = new MenuSvg({ commands });
  menu.addClass('jp-ThemedContainer');
  choices.forEach((choice, index) => {
    const id = `pick-${index}`;
    commands.addCommand(id, {
      label: choice.label,
      caption: choice.about,
      isToggled: () => choice.on,
      isToggleable: true,
      isEnabled: () => choice.enabled,
      execute: choice.pick
    });
    menu.addItem({ command: id });
  });
  const box = anchor.getBoundingClientRect();
  menu.aboutToClose.connect(() => {
    anchor.focus();
    // Lumino is not done with the menu yet.
    requestAnimationFrame(() => menu.dispose());
  });
  menu.open(box.left, box.top);
  // The arrow keys begin at what holds now.
  menu.activeIndex = choices.findIndex(choice => choice.on);
}
