/**
 * Markdown's escapes and HTML's character references as the characters that they mean. What comes out goes
 * into text nodes only, so a reference can name any character and is never markup.
 */

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  times: '×',
  minus: '−',
  plusmn: '±',
  euro: '€',
  pound: '£',
  deg: '°',
  micro: 'µ',
  middot: '·',
  le: '≤',
  ge: '≥',
  ne: '≠'
};

/** The text with its character references replaced; unknown ones stay as they are. */
export function decoded(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));/g,
    (whole, decimal, hex, name) => {
      if (name !== undefined) {
        return Object.hasOwn(NAMED, name) ? NAMED[name] : whole;
      }
      return character(decimal !== undefined ? Number(decimal) : parseInt(hex, 16));
    }
  );
}

/** Markdown that holds no markup but escapes, as the text that it shows: what a claim's figure looks like. */
export function unescaped(markdown: string): string {
  return decoded(markdown.replace(/\\([!-/:-@[-`{-~])/g, '$1'));
}

function character(code: number): string {
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return code === 0 || code > 0x10ffff || isSurrogate ? '\ufffd' : String.fromCodePoint(code);
}
