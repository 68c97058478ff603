/** Line by line: what a repair or a changed cell takes out and puts in. */

/** A line of a diff. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Longer texts are compared at their two ends only. */
const LONGEST = 400;

/** The lines of both texts, those in common once. */
export function diff(before: string, after: string): DiffLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) {
    start++;
  }
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old.at(-1 - end) === fresh.at(-1 - end)) {
    end++;
  }
  const inner = middle(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end));
  return [...marked(' ', old.slice(0, start)), ...inner, ...marked(' ', old.slice(old.length - end))];
}

function marked(sign: DiffLine['sign'], lines: readonly string[]): DiffLine[] {
  return lines.map(text => ({ sign, text }));
}

function middle(old: readonly string[], fresh: readonly string[]): DiffLine[] {
  if (old.length > LONGEST || fresh.length > LONGEST) {
    return [...marked('-', old), ...marked('+', fresh)];
  }
  const common = lengths(old, fresh);
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < old.length && column < fresh.length) {
    if (old[row] === fresh[column]) {
      lines.push({ sign: ' ', text: old[row] });
      row++;
      column++;
    } else if (common[row + 1][column] >= common[row][column + 1]) {
      lines.push({ sign: '-', text: old[row++] });
    } else {
      lines.push({ sign: '+', text: fresh[column++] });
    }
  }
  return [...lines, ...marked('-', old.slice(row)), ...marked('+', fresh.slice(column))];
}

/** How long the longest common run of lines is from each pair of positions on. */
function lengths(old: readonly string[], fresh: readonly string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = fresh.length - 1; column >= 0; column--) {
      table[row][column] =
        old[row] === fresh[column]
          ? table[row + 1][column + 1] + 1
          : Math.max(table[row + 1][column], table[row][column + 1]);
    }
  }
  return table;
}
