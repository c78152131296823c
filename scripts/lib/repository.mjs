import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder this checkout lives in, absolute. */
export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Absolute path of a file of this checkout. */
export const inRepository = (...parts) => path.join(repository, ...parts);

/** What the build makes and the other commands run. */
export const built = {
  main: inRepository('server/dist/server/src/main.js'),
  migrate: inRepository('server/dist/server/src/migrate.js'),
  migrations: inRepository('server/dist/migrations'),
  setup: inRepository('server/dist/server/src/setup/main.js'),
  openapi: inRepository('server/dist/server/src/openapi.js'),
  demo: inRepository('server/dist/server/src/demo/seed.js'),
};
