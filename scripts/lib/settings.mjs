import path from 'node:path';
import { Failure } from './failure.mjs';
import { repository } from './repository.mjs';

/**
 * The settings the scripts themselves need; everything else passes through to the server, which checks it.
 * Relative folders count from the checkout, wherever the command was called from.
 */
export function readSettings(env = process.env) {
  const port = env.PORT ? Number(env.PORT) : 3000;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Failure(`PORT is "${env.PORT}"; it must be a number from 1 to 65535.`);
  const publicUrl = (env.PUBLIC_URL || `http://localhost:${port}`).replace(/\/+$/, '');
  if (!/^https?:\/\/[^/]/.test(publicUrl)) throw new Failure(`PUBLIC_URL is "${env.PUBLIC_URL}"; it must start with http:// or https://`);
  return {
    port,
    host: env.HOST || '0.0.0.0',
    publicUrl,
    dataDir: path.resolve(repository, env.DATA_DIR || '.data'),
    databaseUrl: env.DATABASE_URL || undefined,
    redisUrl: env.REDIS_URL || undefined,
    allowUnsafePostgres: ['1', 'true'].includes(env.ALLOW_UNSAFE_POSTGRES ?? ''),
  };
}
