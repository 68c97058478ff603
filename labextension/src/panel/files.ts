/** Which files can be loaded as tables: the kinds that the server knows loading cells for. */

const TEXT = ['.csv', '.tsv', '.tab', '.txt', '.json', '.jsonl', '.ndjson'];
const BINARY = ['.xlsx', '.xlsm', '.xls', '.parquet', '.pq', '.feather', '.arrow'];

/** For file choosers: `.csv,.tsv,...`. */
export const LOADABLE = [...TEXT, ...TEXT.map(kind => `${kind}.gz`), ...BINARY].join(',');

/** True for a name of a file that can be loaded. */
export function isLoadable(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    [...TEXT, ...BINARY].some(kind => lower.endsWith(kind)) || TEXT.some(kind => lower.endsWith(`${kind}.gz`))
  );
}

/** The files that no table is named after: those that are not loaded yet, as far as names tell. */
export function unloaded<T extends { name: string }>(
  files: readonly T[],
  tables: readonly { name: string }[]
): T[] {
  const known = new Set(tables.map(table => table.name.toLowerCase()));
  return files.filter(file => !known.has(variable(file.name)));
}

function variable(name: string): string {
  return name
    .split('.')[0]
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_');
}

/** Names of dropped files, sorted into what can be loaded and what cannot. */
export function sorted<T>(
  files: readonly T[],
  name: (file: T) => string
): { loadable: T[]; refused: string[] } {
  return {
    loadable: files.filter(file => isLoadable(name(file))),
    refused: files.map(name).filter(each => !isLoadable(each))
  };
}
