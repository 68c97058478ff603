/** The chat of the side panel: everything that imports `@jupyter/chat` lives in this folder. */
import type { IThemeManager } from '@jupyterlab/apputils';
import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  ChatCommandRegistry,
  InputToolbarRegistry,
  MessageFooterRegistry,
  MessagePreambleRegistry
} from '@jupyter/chat';
import type { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';

import type { IPanelModel } from '../model/panel';
import { Completer } from './completions';
import { Composer } from './composer';
import type { Desk } from './composing';
import type { ChatParts } from './context';
import { Footer } from './footer';
import { lineOf } from './line';
import { Mirror, TURN_MIME } from './mirror';
import { modelChoices, openMenu } from './pickers';
import { barOf } from './toolbar';
import { Turn } from './turn';
import { AnalystChat } from './widget';

/** Opens the dialog of the providers' keys. */
const KEYS_COMMAND = 'autoanalyst:keys';
/** Opens the dialog of usage and budgets. */
const USAGE_COMMAND = 'autoanalyst:usage';

/** What the chat needs. */
export interface ChatOptions {
  readonly model: IPanelModel;
  readonly trans: TranslationBundle;
  readonly rendermime: IRenderMimeRegistry;
  readonly themeManager: IThemeManager | null;
  readonly commands: CommandRegistry;
  /** Show what a run has sent to a provider. */
  readonly showSent: (runId: string) => void;
}

/** The chat as a widget. */
export function createChat(options: ChatOptions): Widget & { focusComposer(): void } {
  const { model, trans, showSent } = options;
  const desk: Desk = { model, words: trans, showSent };
  const composer = new Composer(desk);
  const mirror = new Mirror(model, text => void composer.submit(text));
  const chatCommandRegistry = new ChatCommandRegistry();
  chatCommandRegistry.addProvider(new Completer(desk));
  const messagePreambleRegistry = new MessagePreambleRegistry();
  messagePreambleRegistry.addComponent(Turn);
  const messageFooterRegistry = new MessageFooterRegistry();
  messageFooterRegistry.addSection({ component: Footer, position: 'left' });
  const inputToolbarRegistry = new InputToolbarRegistry();
  const widget: AnalystChat = new AnalystChat({
    model: mirror,
    parts: partsOf(options, mirror, composer),
    composer,
    rmRegistry: withTurns(options.rendermime),
    themeManager: options.themeManager,
    area: 'sidebar',
    chatCommandRegistry,
    messagePreambleRegistry,
    messageFooterRegistry,
    inputToolbarRegistry
  });
  const end = {
    inView: () => widget.atEnd,
    subscribe: (listener: () => void) => {
      widget.atEndChanged.connect(listener);
      return () => void widget.atEndChanged.disconnect(listener);
    },
    show: () => widget.toEnd()
  };
  const element = barOf({ composer, end, onReady: bar => widget.furnish(bar) });
  inputToolbarRegistry.addItem('autoanalyst-waiting', { element: lineOf(composer.waiting), position: -1 });
  inputToolbarRegistry.addItem('autoanalyst', { element, position: 0 });
  return widget;
}

function partsOf(options: ChatOptions, mirror: Mirror, composer: Composer): ChatParts {
  const { model, trans, commands, showSent } = options;
  const opens = (command: string) => () =>
    commands.hasCommand(command) ? () => void commands.execute(command) : null;
  const addKey = opens(KEYS_COMMAND);
  return {
    model,
    words: trans,
    state: () => mirror.state,
    subscribe: listener => {
      mirror.stateChanged.connect(listener);
      return () => void mirror.stateChanged.disconnect(listener);
    },
    turn: message => mirror.turn(message),
    showSent,
    draft: text => composer.draft(text),
    composerIsEmpty: () => composer.isEmpty(),
    chooseModel: anchor => openMenu(anchor, modelChoices(model, trans, addKey())),
    addKey,
    showUsage: opens(USAGE_COMMAND)
  };
}

/** Shows nothing: our components above the body show the turn, so that nothing is drawn anew by the widget. */
class Nothing extends Widget implements IRenderMime.IRenderer {
  renderModel(): Promise<void> {
    return Promise.resolve();
  }
}

/** A copy of the registry that knows our messages' type; the one of the page is left as it is. */
function withTurns(rendermime: IRenderMimeRegistry): IRenderMimeRegistry {
  const copy = rendermime.clone();
  copy.addFactory({ safe: true, mimeTypes: [TURN_MIME], createRenderer: () => new Nothing() }, 0);
  return copy;
}
