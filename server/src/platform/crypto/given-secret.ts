import { readFile } from 'node:fs/promises';
import { ConfigError, type Config } from '../config/config.js';

/** A key that a command is given by the environment, as it is or as the path of a file: never by arguments, which all users of a machine can read. */
export async function givenSecret(config: Config, name: 'OLD_SECRET_KEY' | 'NEW_SECRET_KEY'): Promise<string | undefined> {
  const file = config[`${name}_FILE`];
  if (config[name] !== undefined || file === undefined) return config[name];
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`${name}_FILE leads to ${file}, which cannot be read (${error.code}).`);
  });
  return text.trim();
}
