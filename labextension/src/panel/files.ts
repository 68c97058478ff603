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
