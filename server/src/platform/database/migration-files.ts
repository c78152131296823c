import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { MigrationInterface } from 'typeorm';

export type MigrationClass = new () => MigrationInterface;

/** Finds the migrations from the source tree and from the build alike: the nearest migrations folder above this file. */
export function migrationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'migrations'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The migrations folder is missing.');
    folder = parent;
  }
  return join(folder, 'migrations');
}

/**
 * All migrations of this version, in order. Imported here and not by TypeORM from a pattern: it imports through eval, which Node keeps for the
 * process, so a second world of modules (each test file is one) would get the first one's import.
 */
export async function loadMigrations(): Promise<MigrationClass[]> {
  const files = readdirSync(migrationsFolder()).filter((name) => /^\d+-.*\.(ts|js)$/.test(name) && !name.endsWith('.d.ts')).sort();
  const modules = await Promise.all(files.map((name) => import(pathToFileURL(join(migrationsFolder(), name)).href) as Promise<Record<string, MigrationClass>>));
  return modules.flatMap((module) => Object.values(module));
}
