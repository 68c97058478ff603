/** The server's REST routes. Nothing else in this extension fetches. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type * as wire from './wire';

/** What the server answered instead of a success. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0: the server could not be reached. */
    readonly status: number,
    /** Stable code, e.g. `unknown_agent`. */
    readonly code: string,
    /** For the user. */
    message: string,
    readonly detail: Record<string, unknown> = {}
  ) {
    super(message);
  }
}

/** Which of one's model calls are summed up, and how. What is left out takes all. */
export interface UsageQuery {
  readonly period?: 'today' | 'week' | 'month' | 'all';
  readonly chat?: string;
  /** Path of a notebook. */
  readonly notebook?: string;
  /** Add rows. */
  readonly by?: 'day' | 'chat' | 'notebook' | 'agent' | 'model';
  /** Add what the same tokens cost at this model, as `provider:model`. */
  readonly as?: string;
}

/** The IANA name of the time zone of whoever looks at this page. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** The routes, typed. Each raises `ApiError`. */
export class Api {
  constructor(readonly settings: ServerConnection.ISettings) {}

  /** Address of a route under `autoanalyst/api/v1`. */
  address(...parts: string[]): string {
    return URLExt.join(this.settings.baseUrl, 'autoanalyst/api/v1', ...parts.map(encodeURIComponent));
  }

  async call<T>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    parts: string[],
    options: { body?: unknown; query?: Record<string, string | number | null | undefined> } = {}
  ): Promise<T> {
    const query = Object.entries(options.query ?? {}).flatMap(([key, value]) =>
      value === null || value === undefined ? [] : [[key, String(value)]]
    );
    const address = this.address(...parts) + (query.length ? `?${new URLSearchParams(query)}` : '');
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    let reply: Response;
    try {
      reply = await ServerConnection.makeRequest(address, { method, body }, this.settings);
    } catch {
      throw new ApiError(0, 'unreachable', 'The Jupyter server cannot be reached.');
    }
    const text = await reply.text();
    if (reply.ok) {
      return (text ? JSON.parse(text) : undefined) as T;
    }
    throw failure(reply.status, text);
  }

  me(): Promise<wire.Me> {
    return this.call('GET', ['me']);
  }

  agents(): Promise<wire.Agents> {
    return this.call('GET', ['agents']);
  }

  models(): Promise<wire.Models> {
    return this.call('GET', ['models']);
  }

  chats(query: { cursor?: string | null; limit?: number; search?: string }): Promise<wire.ChatPage> {
    return this.call('GET', ['chats'], { query });
  }

  createChat(body: wire.NewChat): Promise<wire.Chat> {
    return this.call('POST', ['chats'], { body });
  }

  chat(id: string): Promise<wire.Chat> {
    return this.call('GET', ['chats', id]);
  }

  changeChat(id: string, body: wire.ChatChange): Promise<wire.Chat> {
    return this.call('PATCH', ['chats', id], { body });
  }

  deleteChat(id: string): Promise<void> {
    return this.call('DELETE', ['chats', id]);
  }

  messages(id: string, query: { cursor?: string | null; limit?: number }): Promise<wire.MessagePage> {
    return this.call('GET', ['chats', id, 'messages'], { query });
  }

  start(chat: string, body: wire.RunOrder): Promise<wire.RunTicket> {
    return this.call('POST', ['chats', chat, 'runs'], { body });
  }

  run(id: string): Promise<wire.RunView> {
    return this.call('GET', ['runs', id]);
  }

  cancel(run: string): Promise<void> {
    return this.call('POST', ['runs', run, 'cancel']);
  }

  approve(run: string, call: string, body: wire.ApprovalAnswer): Promise<void> {
    return this.call('POST', ['runs', run, 'approvals', call], { body });
  }

  undo(run: string): Promise<wire.Withdrawn> {
    return this.call('POST', ['runs', run, 'undo']);
  }

  sent(run: string): Promise<wire.Sent> {
    return this.call('GET', ['runs', run, 'sent']);
  }

  rate(message: string, body: wire.Feedback): Promise<wire.Feedback> {
    return this.call('PUT', ['messages', message, 'feedback'], { body });
  }

  surroundings(query: { notebook: string; kernel: string | null }): Promise<wire.Surroundings> {
    return this.call('GET', ['datasets'], { query });
  }

  loading(body: wire.LoadOrder): Promise<wire.LoadingSource> {
    return this.call('POST', ['datasets'], { body });
  }

  keys(): Promise<wire.Keys> {
    return this.call('GET', ['keys']);
  }

  setKey(provider: string, body: wire.NewKey): Promise<void> {
    return this.call('PUT', ['keys', provider], { body });
  }

  forgetKey(provider: string): Promise<void> {
    return this.call('DELETE', ['keys', provider]);
  }

  /** What one has used; `query` says of what and how, see `UsageQuery`. */
  usage(query: UsageQuery = {}): Promise<wire.OwnUsage> {
    return this.call('GET', ['usage'], { query: { zone: timeZone(), ...query } });
  }

  /** What the next question may cost. */
  estimate(body: wire.EstimateOrder): Promise<wire.Estimate> {
    return this.call('POST', ['estimate'], { body });
  }

  /** The budgets that apply, and whether paid calls are on. */
  budgets(query: { notebook?: string | null; chat?: string | null }): Promise<wire.BudgetStates> {
    return this.call('GET', ['budgets'], { query });
  }

  addBudget(body: wire.NewBudget): Promise<wire.BudgetState> {
    return this.call('POST', ['budgets'], { body });
  }

  endBudget(id: string): Promise<void> {
    return this.call('DELETE', ['budgets', id]);
  }

  remembered(): Promise<wire.Remembered> {
    return this.call('GET', ['remembered']);
  }

  forgetRemembered(notebook: string): Promise<void> {
    return this.call('DELETE', ['remembered'], { query: { notebook } });
  }
}

function failure(status: number, text: string): ApiError {
  try {
    const { code, message, detail } = (JSON.parse(text) as wire.ErrorReply).error;
    return new ApiError(status, code, message, detail);
  } catch {
    return new ApiError(status, 'unknown', `The Jupyter server answered ${status}.`);
  }
}
