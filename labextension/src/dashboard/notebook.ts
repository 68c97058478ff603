/** Finds the dashboard's notebook in a folder, or makes it there. What is there is never written over. */
import { PathExt } from '@jupyterlab/coreutils';
import type { Contents } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';

import { NAME, notebook } from './content';

type Files = Pick<Contents.IManager, 'get' | 'newUntitled' | 'save' | 'rename' | 'delete'>;

/** Path of the notebook in `folder`; resolves when it is there. */
export async function provideNotebook(files: Files, folder: string): Promise<string> {
  const path = PathExt.join(folder, NAME);
  if (await exists(files, path)) {
    return path;
  }
  // Saving would write over what somebody else has made since; renaming is refused then.
  const made = await files.newUntitled({ path: folder, type: 'notebook' });
  await files.save(made.path, { type: 'notebook', format: 'json', content: notebook() });
  try {
    await files.rename(made.path, path);
  } catch (error) {
    await files.delete(made.path);
    if (!(await exists(files, path))) {
      throw error;
    }
  }
  return path;
}

async function exists(files: Files, path: string): Promise<boolean> {
  try {
    await files.get(path, { content: false });
    return true;
  } catch (error) {
    if (error instanceof ServerConnection.ResponseError && error.response.status === 404) {
      return false;
    }
    throw error;
  }
}
