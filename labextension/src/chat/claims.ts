/**
 * Puts an answer's claims into its text: each figure becomes a button that leads to the cell that proves it,
 * and says how far it is proven. Claims of references come in the order of the text, and so do those of
 * figures that a model wrote itself; each is looked for behind the one before it.
 */
import type { Claim } from '../wire';
import { unescaped } from './entities';

/** What is said of a claim. */
export interface ClaimWords {
  /** For the tooltip and for screen readers: `verified, from cell [7]`. */
  readonly about: (claim: Claim) => string;
  /** Below a table that is a claim as a whole: `from cell [7]`. */
  readonly source: (claim: Claim) => string;
}

const NOT_PROSE = 'pre, code, a, button';
const CLASS = 'jp-AnalystChat-claim';

interface Place {
  readonly claim: number;
  readonly node: number;
  readonly start: number;
  readonly end: number;
}

/** Mark the claims in these blocks. Returns how many found their place. */
export function place(blocks: readonly HTMLElement[], claims: readonly Claim[], words: ClaimWords): number {
  blocks.forEach(block => block.normalize());
  const texts = blocks.flatMap(block => prose(block));
  const places: Place[] = [];
  const tables = new Set<Element>();
  for (const isReference of [true, false]) {
    let [node, offset] = [0, 0];
    claims.forEach((claim, index) => {
      if ((claim.path !== null) !== isReference) {
        return;
      }
      const table = isWhole(claim) ? nextTable(texts, node, tables) : null;
      if (table !== null) {
        tables.add(table);
        table.after(button(claim, index, words.source(claim), words));
        node = texts.reduce((next, text, at) => (table.contains(text) ? at + 1 : next), node);
        offset = 0;
        return;
      }
      const found = find(texts, unescaped(claim.text), node, offset, places);
      if (found !== null) {
        places.push({ claim: index, ...found });
        [node, offset] = [found.node, found.end];
      }
    });
  }
  cut(texts, places, claims, words);
  return places.length + tables.size;
}

function prose(block: HTMLElement): Text[] {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Text && node.parentElement?.closest(NOT_PROSE) === null) {
      found.push(node);
    }
  }
  return found;
}

function isWhole(claim: Claim): boolean {
  return claim.value === null && claim.status === 'verified' && claim.path !== null;
}

function nextTable(texts: readonly Text[], from: number, taken: ReadonlySet<Element>): Element | null {
  for (const text of texts.slice(from)) {
    const table = text.parentElement?.closest('table') ?? null;
    if (table !== null && !taken.has(table)) {
      return table;
    }
  }
  return null;
}

function find(
  texts: readonly Text[],
  figure: string,
  from: number,
  offset: number,
  taken: readonly Place[]
): Omit<Place, 'claim'> | null {
  if (figure.trim() === '') {
    return null;
  }
  for (let node = from; node < texts.length; node++) {
    const { data } = texts[node];
    let start = data.indexOf(figure, node === from ? offset : 0);
    for (; start >= 0; start = data.indexOf(figure, start + 1)) {
      const end = start + figure.length;
      const isFree = !taken.some(place => place.node === node && place.start < end && start < place.end);
      if (isFree && standsAlone(data, start, end)) {
        return { node, start, end };
      }
    }
  }
  return null;
}

/** Whether the figure is not a part of a longer one, or of a word. */
function standsAlone(text: string, start: number, end: number): boolean {
  const [before, after] = [text.slice(0, start), text.slice(end)];
  const isWord = (sign: string) => /[\p{L}\p{N}_]/u.test(sign);
  const [first, last] = [text.slice(start, start + 1), text.slice(end - 1, end)];
  return !(
    (isWord(first) && (/[\p{L}\p{N}_]$/u.test(before) || /\d[.,]$/.test(before))) ||
    (isWord(last) && (/^[\p{L}\p{N}_]/u.test(after) || (/\d/.test(last) && /^[.,]\d/.test(after))))
  );
}

/** Last ones first, so that what stands before keeps its place. */
function cut(
  texts: readonly Text[],
  places: readonly Place[],
  claims: readonly Claim[],
  words: ClaimWords
): void {
  const backwards = [...places].sort((one, other) => other.node - one.node || other.start - one.start);
  for (const { node, start, end, claim } of backwards) {
    const figure = texts[node].splitText(start);
    figure.splitText(end - start);
    figure.replaceWith(button(claims[claim], claim, figure.data, words));
  }
  for (const text of texts) {
    text.parentNode?.normalize();
  }
}

function button(claim: Claim, index: number, text: string, words: ClaimWords): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = CLASS;
  made.dataset.claim = String(index);
  made.dataset.status = claim.status;
  made.disabled = claim.cell === null;
  made.title = words.about(claim);
  made.setAttribute('aria-label', `${text}, ${words.about(claim)}`);
  made.append(text);
  return made;
}
