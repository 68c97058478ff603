/**
 * The page's line to the engine: one socket, opened again whenever it is lost, with every run that is
 * watched taken up where it was left. What the messages mean is not known here.
 */
import type { ServerConnection } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { OpenNotebook, ServerMessage, TabMessage } from './wire';

/** Both sides must name the same number. */
export const PROTOCOL = 1;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Who is refused waits as long as after so many lost connections. */
const REFUSED = 4;

/** What we need of a `WebSocket`. */
export interface Socket {
  onopen: ((event: Event) => unknown) | null;
  onmessage: ((event: MessageEvent) => unknown) | null;
  onclose: ((event: CloseEvent) => unknown) | null;
  send(text: string): void;
  close(): void;
}

/** How the line stands. */
export type Connection = 'connecting' | 'open' | 'lost';

export interface StreamOptions {
  /** Opens a socket to the server. */
  readonly connect: () => Socket;
  /** Version of this extension. */
  readonly version: string;
  /** The notebooks that the page has open now. */
  readonly notebooks: () => OpenNotebook[];
  /** Where the browser tells that it is online or visible again. */
  readonly page?: { readonly window: EventTarget; readonly document: EventTarget & { hidden: boolean } };
  /** From 0 to 1, for waits that do not come all at once. */
  readonly random?: () => number;
}

/** The address of the stream, with the token where the server wants it there. */
export function streamAddress(settings: ServerConnection.ISettings): string {
  const address = `${settings.wsUrl.replace(/\/$/, '')}/autoanalyst/api/v1/stream`;
  return settings.appendToken && settings.token
    ? `${address}?token=${encodeURIComponent(settings.token)}`
    : address;
}

/** The socket of this page. */
export class Stream implements IDisposable {
  constructor(private readonly options: StreamOptions) {
    options.page?.window.addEventListener('online', this.onOnline);
    options.page?.document.addEventListener('visibilitychange', this.onVisible);
  }

  /** Names this page for as long as it is loaded. */
  readonly tab = UUID.uuid4();

  get connection(): Connection {
    return this._connection;
  }

  get connectionChanged(): ISignal<this, Connection> {
    return this._connectionChanged;
  }

  /** What the engine says; a `welcome` also comes after each reconnect. */
  get messageReceived(): ISignal<this, ServerMessage> {
    return this._messageReceived;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Connect, and stay connected. Safe to call again: it does not wait for the next attempt. */
  connect(): void {
    if (this._isDisposed || this._socket) {
      return;
    }
    this.forgetWait();
    const socket = this.options.connect();
    this._socket = socket;
    this.become(this._attempts ? 'lost' : 'connecting');
    socket.onopen = () =>
      this.write({
        kind: 'hello',
        protocol: PROTOCOL,
        version: this.options.version,
        tab: this.tab,
        notebooks: this.options.notebooks()
      });
    socket.onmessage = event => this.take(socket, String(event.data));
    socket.onclose = () => this.lose(socket);
  }

  /** Tell the engine; nothing is kept for later. False: the line is not open. */
  send(message: TabMessage): boolean {
    if (this._connection !== 'open') {
      return false;
    }
    this.write(message);
    return true;
  }

  /** Have a run's events told, from the one after `heard()` on, now and after every reconnect. */
  watch(run: string, heard: () => number): void {
    this._watched.set(run, heard);
    this.send({ kind: 'watch', run, after: heard() });
  }

  unwatch(run: string): void {
    if (this._watched.delete(run)) {
      this.send({ kind: 'unwatch', run });
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this.options.page?.window.removeEventListener('online', this.onOnline);
    this.options.page?.document.removeEventListener('visibilitychange', this.onVisible);
    this.forgetWait();
    this.letGo();
    Signal.clearData(this);
  }

  private take(socket: Socket, text: string): void {
    if (socket !== this._socket) {
      return;
    }
    const message = JSON.parse(text) as ServerMessage;
    if (message.kind === 'welcome') {
      this._attempts = 0;
      this.become('open');
      for (const [run, heard] of this._watched) {
        this.write({ kind: 'watch', run, after: heard() });
      }
    } else if (message.kind === 'failed' && this._connection !== 'open') {
      // The engine cannot be asked now, or does not want this page before it is loaded anew: rarely, then.
      this.letGo();
      this._attempts = Math.max(REFUSED, this._attempts);
      this.become('lost');
      this.wait();
    }
    this._messageReceived.emit(message);
  }

  private lose(socket: Socket): void {
    if (socket !== this._socket) {
      return;
    }
    this._socket = null;
    this.become('lost');
    this.wait();
  }

  /** Connect again after a while, which gets longer. */
  private wait(): void {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this._attempts++);
    const random = (this.options.random ?? Math.random)();
    this._wait = setTimeout(() => this.connect(), longest * (0.5 + random / 2));
  }

  /** The network has changed: a socket that looks open may be dead. */
  private readonly onOnline = (): void => {
    if (this._socket || this._wait !== null) {
      this.letGo();
      this._attempts = Math.max(1, this._attempts);
      this.connect();
    }
  };

  private readonly onVisible = (): void => {
    if (!this.options.page?.document.hidden && this._wait !== null) {
      this.connect();
    }
  };

  private letGo(): void {
    const socket = this._socket;
    this._socket = null;
    socket?.close();
  }

  private write(message: TabMessage): void {
    this._socket?.send(JSON.stringify(message));
  }

  private forgetWait(): void {
    if (this._wait !== null) {
      clearTimeout(this._wait);
      this._wait = null;
    }
  }

  private become(connection: Connection): void {
    if (connection !== this._connection) {
      this._connection = connection;
      this._connectionChanged.emit(connection);
    }
  }

  private _connection: Connection = 'connecting';
  private _socket: Socket | null = null;
  private _attempts = 0;
  private _wait: ReturnType<typeof setTimeout> | null = null;
  private _isDisposed = false;
  private readonly _watched = new Map<string, () => number>();
  private readonly _connectionChanged = new Signal<this, Connection>(this);
  private readonly _messageReceived = new Signal<this, ServerMessage>(this);
}
