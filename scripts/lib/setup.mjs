import fs from 'node:fs';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildChanged } from './build.mjs';
import { DataFolderLock, openDataFolder, readSecrets } from './data-folder.mjs';
import { openDatabase } from './database.mjs';
import { EmbeddedPostgres } from './embedded-postgres.mjs';
import { Failure } from './failure.mjs';
import { migrate } from './migrations.mjs';
import { installPackages } from './packages.mjs';
import { progressToStderr } from './progress.mjs';
import { built, repository } from './repository.mjs';
import { serverEnvironment } from './server-process.mjs';
import { readSettings } from './settings.mjs';

/**
 * Runs one administration command of the server against this installation's database, which need not be running.
 * Answers the command's exit code.
 */
export async function setup(args) {
  // stdout belongs to the command: with --json a program reads it.
  progressToStderr();
  const settings = readSettings();
  openDataFolder(settings.dataDir);
  // Under a running server nothing may be exchanged: it goes on with the files and the schema it started with.
  const serving = DataFolderLock.isHeld(settings.dataDir) && fs.existsSync(built.setup);
  if (!serving) {
    await installPackages();
    await buildChanged(['server']);
  }
  if (!fs.existsSync(built.setup)) throw new Failure('This version has no setup commands.');
  if (args.length === 0 || /^(--)?help$|^-h$/.test(args[0])) return runCommandOf(built.setup, ['help'], {});
  const { database, close } = await reachDatabase(settings);
  try {
    const env = serverEnvironment(settings, database);
    if (!serving) await migrate(env);
    return await runCommandOf(built.setup, args, env);
  } finally {
    await close();
  }
}

/** The database of a running Porchlight, else started for this command alone. */
async function reachDatabase(settings) {
  const running = await runningDatabase(settings);
  if (running) return { database: running, close: async () => undefined };
  const lock = new DataFolderLock(settings.dataDir);
  await lock.take();
  try {
    const database = await openDatabase(settings);
    return { database, close: async () => { await database.close(); lock.release(); } };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function runningDatabase(settings) {
  if (settings.databaseUrl) return openDatabase(settings);
  const folder = path.join(settings.dataDir, 'postgres');
  if (!EmbeddedPostgres.exists(folder) || !DataFolderLock.isHeld(settings.dataDir)) return undefined;
  const secrets = readSecrets(settings.dataDir, { mayCreate: false });
  const postgres = new EmbeddedPostgres({ folder, password: secrets.postgres_password });
  return await postgres.adopt() ? { url: postgres.url, secretKey: process.env.SECRET_KEY || secrets.secret_key } : undefined;
}

/** Interactive: the command asks on the terminal itself, and Ctrl-C is its own to handle. */
function runCommandOf(program, args, env) {
  process.on('SIGINT', () => undefined);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], { cwd: repository, stdio: 'inherit', env: { ...process.env, ...env } });
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
