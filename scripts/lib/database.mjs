import path from 'node:path';
import { readSecrets } from './data-folder.mjs';
import { requireUsableDatabase } from './database-check.mjs';
import { EmbeddedPostgres } from './embedded-postgres.mjs';

/**
 * The database of this installation, running: the one of DATABASE_URL, else the embedded one in the data folder.
 * Answers {url, secretKey, close(), keepRunning(tell)}; `close` stops what was started here.
 */
export async function openDatabase(settings, env = process.env) {
  const folder = path.join(settings.dataDir, 'postgres');
  if (settings.databaseUrl) {
    await requireUsableDatabase(settings.databaseUrl, { allowUnsafe: settings.allowUnsafePostgres });
    const secretKey = env.SECRET_KEY || readSecrets(settings.dataDir, { mayCreate: true }).secret_key;
    return { url: settings.databaseUrl, secretKey, close: async () => undefined, keepRunning: () => new Promise(() => undefined) };
  }
  const secrets = readSecrets(settings.dataDir, { mayCreate: !EmbeddedPostgres.exists(folder) });
  const postgres = new EmbeddedPostgres({ folder, password: secrets.postgres_password });
  await postgres.start();
  return {
    url: postgres.url,
    secretKey: env.SECRET_KEY || secrets.secret_key,
    close: () => postgres.stop(),
    keepRunning: (tell) => postgres.keepRunning(tell),
  };
}
