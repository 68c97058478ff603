/** The page's line: it comes back by itself and takes every run up where it was left. */
import type { Socket } from '../stream';
import { Stream, streamAddress } from '../stream';
import type { ServerMessage, TabMessage, TabWelcome } from '../wire';
import { VERSION } from '../version';
import { version } from '../../package.json';

const WELCOME: TabWelcome = {
  kind: 'welcome',
  protocol: 1,
  version: '0',
  who: 'ann',
  model: 'offline:offline',
  mode: 'auto',
  running: []
};

class MemorySocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  readonly sent: TabMessage[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as TabMessage);
  }

  close(): void {
    this.closed = true;
  }

  opens(): void {
    this.onopen?.(new Event('open'));
  }

  says(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  }

  breaks(): void {
    this.onclose?.({} as CloseEvent);
  }

  welcomes(): void {
    this.opens();
    this.says(WELCOME);
  }
}

function opened() {
  const sockets: MemorySocket[] = [];
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { hidden: false });
  const stream = new Stream({
    connect: () => {
      sockets.push(new MemorySocket());
      return sockets[sockets.length - 1];
    },
    version: VERSION,
    notebooks: () => [{ path: 'sales.ipynb', kernel: 'k' }],
    page: { window, document },
    random: () => 1
  });
  return { stream, sockets, window, document, last: () => sockets[sockets.length - 1] };
}

beforeEach(() => {
  jest.useFakeTimers();
});

test('the version that the engine is told is the package’s', () => {
  expect(VERSION).toBe(version);
});

test('a page says hello with its notebooks and is open when it is welcomed', () => {
  const { stream, last } = opened();
  stream.connect();
  expect(stream.connection).toBe('connecting');
  last().opens();
  expect(last().sent).toEqual([
    {
      kind: 'hello',
      protocol: 1,
      version,
      tab: stream.tab,
      notebooks: [{ path: 'sales.ipynb', kernel: 'k' }]
    }
  ]);
  expect(stream.send({ kind: 'unwatch', run: 'r' })).toBe(false);
  last().says(WELCOME);
  expect(stream.connection).toBe('open');
});

test('connecting twice opens one socket', () => {
  const { stream, sockets } = opened();
  stream.connect();
  stream.connect();
  expect(sockets).toHaveLength(1);
});

test('a lost line comes back with the same tab and watches on from what was heard', () => {
  const { stream, sockets, last } = opened();
  let heard = 0;
  stream.connect();
  stream.watch('r', () => heard);
  stream.watch('gone', () => 0);
  last().welcomes();
  expect(last().sent.slice(1)).toEqual([
    { kind: 'watch', run: 'r', after: 0 },
    { kind: 'watch', run: 'gone', after: 0 }
  ]);
  stream.unwatch('gone');
  heard = 7;
  last().breaks();
  expect(stream.connection).toBe('lost');
  jest.advanceTimersByTime(500);
  expect(sockets).toHaveLength(2);
  last().welcomes();
  expect(last().sent).toEqual([
    expect.objectContaining({ kind: 'hello', tab: stream.tab }),
    { kind: 'watch', run: 'r', after: 7 }
  ]);
});

test('each attempt waits longer, half a minute at most, and a welcome begins anew', () => {
  const { stream, sockets, last } = opened();
  stream.connect();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 9; attempt++) {
    const count = sockets.length;
    last().breaks();
    let wait = 0;
    while (sockets.length === count) {
      jest.advanceTimersByTime(100);
      wait += 100;
    }
    waits.push(wait);
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  last().welcomes();
  last().breaks();
  jest.advanceTimersByTime(500);
  expect(sockets).toHaveLength(11);
});

test('a browser that is online again does not wait, and does not trust its old socket', () => {
  const { stream, sockets, window, last } = opened();
  stream.connect();
  last().welcomes();
  const old = last();
  window.dispatchEvent(new Event('online'));
  expect(old.closed).toBe(true);
  expect(sockets).toHaveLength(2);
  old.breaks(); // late; it is not ours any more
  old.says(WELCOME);
  expect(stream.connection).toBe('lost');
  last().welcomes();
  expect(stream.connection).toBe('open');
});

test('a page that is seen again does not wait, and one that is hidden does', () => {
  const { stream, sockets, document, last } = opened();
  stream.connect();
  last().breaks();
  document.hidden = true;
  document.dispatchEvent(new Event('visibilitychange'));
  expect(sockets).toHaveLength(1);
  document.hidden = false;
  document.dispatchEvent(new Event('visibilitychange'));
  expect(sockets).toHaveLength(2);
});

test('an engine that refuses the page is asked again, rarely, and by hand at once', () => {
  const { stream, sockets, last } = opened();
  const heard: ServerMessage[] = [];
  stream.messageReceived.connect((_, message) => heard.push(message));
  const refuse = () => {
    last().opens();
    last().says({ kind: 'failed', run: null, code: 'bad_request', message: 'Not now.', detail: {} });
    last().breaks(); // it closes the socket, too
  };
  stream.connect();
  refuse();
  expect([stream.connection, heard.length]).toEqual(['lost', 1]);
  jest.advanceTimersByTime(7_999);
  expect(sockets).toHaveLength(1);
  jest.advanceTimersByTime(1);
  expect(sockets).toHaveLength(2);
  refuse();
  jest.advanceTimersByTime(15_999);
  expect(sockets).toHaveLength(2);
  stream.connect();
  expect(sockets).toHaveLength(3);
  last().welcomes();
  expect(stream.connection).toBe('open');
  jest.advanceTimersByTime(120_000);
  expect(sockets).toHaveLength(3);
});

test('a disposed line neither speaks nor comes back', () => {
  const { stream, sockets, last } = opened();
  stream.connect();
  last().breaks();
  stream.dispose();
  jest.advanceTimersByTime(60_000);
  stream.connect();
  expect(sockets).toHaveLength(1);
});

test.each([
  [
    { wsUrl: 'wss://host/base/', appendToken: true, token: 'a b' },
    'wss://host/base/autoanalyst/api/v1/stream?token=a%20b'
  ],
  [{ wsUrl: 'ws://host', appendToken: false, token: 'x' }, 'ws://host/autoanalyst/api/v1/stream'],
  [{ wsUrl: 'ws://host/', appendToken: true, token: '' }, 'ws://host/autoanalyst/api/v1/stream']
])('the address follows the server’s settings', (settings, address) => {
  expect(streamAddress(settings as Parameters<typeof streamAddress>[0])).toBe(address);
});
