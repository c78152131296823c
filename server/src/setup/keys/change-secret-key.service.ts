import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { chown, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { asOwner } from '../../operations/backup/owner-connection.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { demandStrongSecrets } from '../../platform/config/strong-secrets.js';
import { givenSecret } from '../../platform/crypto/given-secret.js';
import { wrapForNext } from '../../platform/crypto/installation-keys.js';
import { SetupError } from '../setup.errors.js';
import { DataKeys } from './data-keys.repository.js';

const SHORTEST = 32;

/** What became of it. `file` holds it already; without one, somebody has to set it. `made` when it was not given. */
export interface ChangedSecret { secret: string; made: boolean; file?: string }

/** Gives the installation another SECRET_KEY. Until that is used for the first time both open it, so an accident in between locks nobody out. */
@Injectable()
export class ChangeSecretKey {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Throws SetupError and ConfigError when the new one is not fit. */
  async change(): Promise<ChangedSecret> {
    const given = await givenSecret(this.config, 'NEW_SECRET_KEY');
    const secret = given ?? randomBytes(32).toString('hex');
    if (secret.length < SHORTEST) throw new SetupError(`NEW_SECRET_KEY has fewer than ${SHORTEST} characters. Leave it out and one is made.`);
    if (secret === this.config.SECRET_KEY) throw new SetupError('NEW_SECRET_KEY is the SECRET_KEY that is set already.');
    demandStrongSecrets({ ...this.config, SECRET_KEY: secret });
    await asOwner(this.config.DATABASE_URL, async (client) => {
      if (!await new DataKeys(client).lock()) throw new SetupError('The keys are being changed by somebody else just now.');
      await wrapForNext(client, this.config.SECRET_KEY, secret);
    });
    return { secret, made: given === undefined, file: await this.writeFile(secret) };
  }

  // Where this installation keeps its key itself, in the data folder, it is replaced there: whole or not at all.
  private async writeFile(secret: string): Promise<string | undefined> {
    const file = resolve(this.config.DATA_DIR, 'secrets.json');
    const kept = await readFile(file, 'utf8').then((text) => JSON.parse(text) as { secret_key?: string }, () => undefined);
    if (kept?.secret_key !== this.config.SECRET_KEY) return undefined;
    const draft = `${file}.${process.pid}`;
    try {
      const { uid, gid } = await stat(file);
      const handle = await open(draft, 'wx', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify({ ...kept, secret_key: secret }, null, 2)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      // Run by another user, the file stays that of whoever starts Porchlight.
      await chown(draft, uid, gid);
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    return file;
  }
}
