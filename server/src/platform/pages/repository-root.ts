import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this checkout or image, from the source tree and from the build alike: the nearest one above with both clients in it. */
export function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!(existsSync(join(folder, 'client')) && existsSync(join(folder, 'widget')))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The folders client and widget are missing.');
    folder = parent;
  }
  return folder;
}
