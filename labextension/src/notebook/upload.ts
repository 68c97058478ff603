/** Puts a file of the user's machine beside a notebook. It never takes the place of another file. */
import type { Contents } from '@jupyterlab/services';

const CHUNK_BYTES = 1024 * 1024;

/** Save `file` in `folder`; resolves to the name that it got there. */
export async function upload(contents: Contents.IManager, folder: string, file: File): Promise<string> {
  const listed = await contents.get(folder, { content: true });
  const taken = (listed.content as Contents.IModel[]).map(each => each.name);
  const name = freeName(file.name, taken);
  const path = folder ? `${folder}/${name}` : name;
  const chunks = Math.max(1, Math.ceil(file.size / CHUNK_BYTES));
  for (let at = 0; at < chunks; at++) {
    const content = await base64(file.slice(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES));
    const chunk = chunks === 1 ? undefined : at === chunks - 1 ? -1 : at + 1;
    await contents.save(path, { type: 'file', format: 'base64', name, content, chunk });
  }
  return name;
}

/** `sales.csv`, or where that is taken `sales-1.csv`. */
export function freeName(name: string, taken: readonly string[]): string {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  let free = name;
  for (let number = 1; taken.includes(free); number++) {
    free = `${stem}-${number}${ending}`;
  }
  return free;
}

function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
