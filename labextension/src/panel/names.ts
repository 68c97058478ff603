/** Names as the panel shows them: titles of chats, notebooks by the last part of their path. */

/** The longest title that the server takes. */
const LONGEST = 200;

/** A title as it is kept: one line, no space around it, not too long; empty where nothing is left. */
export function tidyTitle(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return Array.from(line).slice(0, LONGEST).join('').trim();
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** A kernel's name without what it is made of: `Python 3 (ipykernel)` is Python 3. */
export function shortKernel(name: string): string {
  return name.replace(/\s*\([^()]*\)$/u, '') || name;
}

/**
 * A contents path as code in the notebook's folder names it. The contents manager's drive (`RTC:`) is no
 * part of a file's name.
 */
export function besideNotebook(path: string, notebook: string): string {
  const file = parts(path);
  const folder = parts(notebook).slice(0, -1);
  const same = file.findIndex((part, place) => place === file.length - 1 || part !== folder[place]);
  return [...folder.slice(same).map(() => '..'), ...file.slice(same)].join('/');
}

function parts(path: string): string[] {
  return path
    .replace(/^[A-Za-z]+:(?!\\)/u, '')
    .split('/')
    .filter(part => part !== '');
}
