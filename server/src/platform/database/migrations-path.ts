import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Finds the migrations from the source tree and from the build alike: the nearest migrations folder above this file. */
export function migrationsGlob(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'migrations'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The migrations folder is missing.');
    folder = parent;
  }
  return join(folder, 'migrations', '*.{ts,js}');
}
