/**
 * Markdown as DOM nodes. `marked` only reads (its lexer); every node is made here, of a fixed set of
 * elements, and every word of the text becomes a text node. So nothing that a model or the data wrote is ever
 * markup: raw HTML shows as the text that it is, pictures as their words, links lead to the web or to mail.
 */
import { lexer } from 'marked';
import type { Token, Tokens } from 'marked';

import { decoded } from './entities';

/** Labels of the buttons below a code block. */
export interface CodeLabels {
  readonly insert: string;
  readonly run: string;
  readonly copy: string;
}

/** What a button below a code block does: its `data-act`. */
export type CodeAct = 'insert' | 'run' | 'copy';

/** Elements that a text can lead to. */
export const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'a blockquote br button code del div em figure h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead ' +
    'tr ul'
  ).split(' ')
);

const CLASS = 'jp-AnalystChat';
/** Text like `>>>>>...` nests as deep as it is long; nobody means that. */
const TOO_DEEP = /(?:[>*+-][ \t]*){60}|(?:[[!(][ \t]*){200}/;
const PYTHON: ReadonlySet<string> = new Set(['', 'python', 'python3', 'py', 'ipython', 'ipython3']);

/** The blocks of a text. Without labels, code blocks have no buttons. */
export function blocks(text: string, labels: CodeLabels | null = null): HTMLElement[] {
  if (TOO_DEEP.test(text)) {
    return [element('p', [text])];
  }
  return new Writer(labels).blocks(lexer(text, { gfm: true }));
}

/** Where a link may lead; null: nowhere. A browser that reads one of these beginnings reads no other scheme. */
export function address(href: string): string | null {
  const found = decoded(href);
  return /^(?:https?:\/\/|mailto:)[^\s]+$/i.test(found) ? found : null;
}

type Content = readonly (Node | string)[];

function element(tag: string, content: Content, name = ''): HTMLElement {
  const made = document.createElement(tag);
  if (name) {
    made.className = `${CLASS}-${name}`;
  }
  made.append(...content);
  return made;
}

class Writer {
  constructor(private readonly labels: CodeLabels | null) {}

  blocks(tokens: readonly Token[]): HTMLElement[] {
    return tokens.flatMap(token => this.block(token as Tokens.Generic));
  }

  private block(token: Tokens.Generic): HTMLElement[] {
    switch (token.type) {
      case 'space':
      case 'def':
        return [];
      case 'heading':
        return [element(`h${Math.min(6, token.depth + 2)}`, this.inline(token.tokens))];
      case 'hr':
        return [element('hr', [])];
      case 'code':
        return [this.code(token as Tokens.Code)];
      case 'blockquote':
        return [element('blockquote', this.blocks(token.tokens ?? []))];
      case 'list':
        return [this.list(token as Tokens.List)];
      case 'table':
        return [this.table(token as Tokens.Table)];
      case 'html':
        return [element('p', [token.raw.trim()])];
      default:
        return [element('p', this.inline(token.tokens, token.text ?? token.raw))];
    }
  }

  private inline(tokens: readonly Token[] | undefined, text = ''): (Node | string)[] {
    return tokens === undefined
      ? [decoded(text)]
      : tokens.flatMap(token => this.piece(token as Tokens.Generic));
  }

  private piece(token: Tokens.Generic): (Node | string)[] {
    switch (token.type) {
      case 'strong':
      case 'em':
      case 'del':
        return [element(token.type, this.inline(token.tokens))];
      case 'codespan':
        return [element('code', [token.text])];
      case 'br':
        return [element('br', [])];
      case 'link':
        return this.link(token as Tokens.Link);
      case 'image':
        return [decoded(token.text)];
      case 'html':
        return [token.raw];
      case 'escape':
        return [token.text];
      case 'checkbox':
        return [token.checked ? '[x] ' : '[ ] '];
      default:
        return this.inline(token.tokens, token.text ?? token.raw);
    }
  }

  private link(token: Tokens.Link): (Node | string)[] {
    const content = this.inline(token.tokens, token.text);
    const href = address(token.href);
    if (href === null) {
      return content;
    }
    const made = element('a', content) as HTMLAnchorElement;
    made.href = href;
    made.rel = 'noopener noreferrer';
    made.target = '_blank';
    return [made];
  }

  private list(token: Tokens.List): HTMLElement {
    const items = token.items.map(item => element('li', this.item(item)));
    const made = element(token.ordered ? 'ol' : 'ul', items);
    if (token.ordered && typeof token.start === 'number' && token.start !== 1) {
      (made as HTMLOListElement).start = token.start;
    }
    return made;
  }

  /** A tight item's text stands in the item itself, not in a paragraph. */
  private item(item: Tokens.ListItem): (Node | string)[] {
    return item.tokens.flatMap(token => {
      const inner = token as Tokens.Generic;
      return inner.type === 'text' ? this.inline(inner.tokens, inner.text) : this.listed(inner);
    });
  }

  private listed(token: Tokens.Generic): (Node | string)[] {
    return token.type === 'checkbox' ? this.piece(token) : this.block(token);
  }

  private table(token: Tokens.Table): HTMLElement {
    const cell = (tag: string, found: Tokens.TableCell) =>
      element(tag, this.inline(found.tokens, found.text), found.align === 'right' ? 'right' : '');
    const head = element(
      'tr',
      token.header.map(found => cell('th', found))
    );
    const rows = token.rows.map(row =>
      element(
        'tr',
        row.map(found => cell('td', found))
      )
    );
    const made = element('table', [element('thead', [head]), element('tbody', rows)]);
    const wrapper = element('div', [made], 'table');
    wrapper.tabIndex = 0; // it scrolls, so the keyboard must reach it
    return wrapper;
  }

  private code(token: Tokens.Code): HTMLElement {
    const made = element('figure', [element('pre', [element('code', [token.text])])], 'codeBlock');
    if (this.labels !== null) {
      const language = (token.lang ?? '').trim().split(/\s/)[0].toLowerCase();
      const acts: CodeAct[] = PYTHON.has(language) ? ['insert', 'run', 'copy'] : ['copy'];
      made.append(
        element(
          'div',
          acts.map(act => button(act, this.labels?.[act] ?? '')),
          'codeBar'
        )
      );
    }
    return made;
  }
}

function button(act: CodeAct, label: string): HTMLElement {
  const made = element('button', [label], 'textButton') as HTMLButtonElement;
  made.type = 'button';
  made.dataset.act = act;
  return made;
}
