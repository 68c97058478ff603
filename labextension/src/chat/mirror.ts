/**
 * The panel's turns as `@jupyter/chat` wants them: two messages a turn, made once and never replaced while
 * they stream. The messages are empty; our components (`turn.tsx`) show the turn and hear here of its changes.
 */
import { AbstractChatContext, AbstractChatModel } from '@jupyter/chat';
import type { IChatContext, IMessageContent, INewMessage, IUser } from '@jupyter/chat';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IPanelModel, PanelState } from '../model/panel';
import type { TurnView } from '../model/turn';
import { halfOf, messageId, splice, TurnNames } from './mapping';

/** Our own type of message body; its renderer shows nothing. */
export const TURN_MIME = 'application/vnd.autoanalyst.turn';

const PERSON: IUser = { username: 'person' };
const ANALYST: IUser = { username: 'analyst', bot: true };

class Context extends AbstractChatContext {
  get users(): IUser[] {
    return [PERSON];
  }
}

/** How many turns are on the page at first, and how many more come when the reader reaches the first of them. */
const PORTION = 40;

/** The model behind the chat widget. */
export class Mirror extends AbstractChatModel {
  constructor(
    readonly panel: IPanelModel,
    private readonly submit: (text: string) => void
  ) {
    super({ config: { stackMessages: false, unreadNotifications: false, sendTypingNotification: false } });
    this.name = 'autoanalyst';
    this.lastRead = Number.MAX_SAFE_INTEGER; // nothing is ever unread here
    this._state = panel.state;
    panel.stateChanged.connect(this.sync, this);
    this.sync();
    this.setReady();
  }

  readonly user = PERSON;

  /** The panel's state as it was last told: the same object until it changes. */
  get state(): PanelState {
    return this._state;
  }

  /** The panel's state has changed, and the messages with it. */
  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  /** The turn that a message shows. */
  turn(message: string): TurnView | null {
    return this.turns.get(halfOf(message).turn) ?? null;
  }

  /** Put more of the turns that are known on the page. False: all of them are. */
  showMore(): boolean {
    const isMore = this.portion < this._state.turns.length;
    if (isMore) {
      this.portion += PORTION;
      this.sync();
    }
    return isMore;
  }

  /** Only the last turns stay on the page: a long chat is as quick as a short one. */
  showLast(): void {
    if (this.portion > PORTION) {
      this.portion = PORTION;
      this.sync();
    }
  }

  sendMessage(message: INewMessage): void {
    this.submit(message.body);
  }

  createChatContext(): IChatContext {
    return new Context({ model: this });
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.panel.stateChanged.disconnect(this.sync, this);
      Signal.clearData(this);
      super.dispose();
    }
  }

  private sync(): void {
    this._state = this.panel.state;
    const turns = this._state.turns.slice(-this.portion);
    const names = this.names.take(turns);
    this.turns = new Map(names.map((name, index) => [name, turns[index]]));
    const wanted = names.flatMap(name => [messageId(name, 'question'), messageId(name, 'answer')]);
    const change = splice(
      this.messages.map(message => message.id),
      wanted
    );
    if (change !== null && change.remove > 0) {
      this.messagesDeleted(change.index, change.remove);
    }
    if (change !== null && change.insert.length > 0) {
      this.messagesInserted(
        change.index,
        change.insert.map(id => this.content(id))
      );
    }
    this._stateChanged.emit();
  }

  private content(id: string): IMessageContent {
    return {
      type: 'msg',
      id,
      body: { data: { [TURN_MIME]: '' } },
      time: Date.parse(this.turn(id)?.askedAt ?? '') / 1000 || 0,
      sender: halfOf(id).half === 'question' ? PERSON : ANALYST,
      stacked: true // no header: who speaks is plain to see
    };
  }

  private _state: PanelState;
  private portion = PORTION;
  private readonly names = new TurnNames();
  private turns: ReadonlyMap<string, TurnView> = new Map();
  private readonly _stateChanged = new Signal<this, void>(this);
}
