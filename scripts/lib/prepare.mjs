import { requireUsableDatabase } from './database-check.mjs';
import { Failure } from './failure.mjs';
import { openDataFolder } from './data-folder.mjs';
import { migrate } from './migrations.mjs';
import { requireUsableRedis } from './redis-check.mjs';
import { readSettings } from './settings.mjs';

/** Makes ready what a server process finds around it. Throws a Failure, one line with the cure; nothing is changed then. */
export async function prepare(env = process.env) {
  const settings = readSettings(env);
  if (!settings.databaseUrl) throw new Failure('DATABASE_URL is missing. In a container the database is another one: see docker-compose.yml.');
  if (!env.SECRET_KEY) throw new Failure('SECRET_KEY is missing. Write it into .env with "sh scripts/write-env.sh"; an installation that has data needs the one it had.');
  openDataFolder(settings.dataDir);
  if (settings.redisUrl) await requireUsableRedis(settings.redisUrl);
  await requireUsableDatabase(settings.databaseUrl, { allowUnsafe: settings.allowUnsafePostgres });
  await migrate(env);
}
