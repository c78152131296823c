import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { fileKeys } from '../../operations/backup/file-keys.js';
import { asOwner, seesEverything } from '../../operations/backup/owner-connection.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Blobs } from '../../platform/storage/blobs.js';
import { HEADER, keyIdOfHeader } from '../../platform/storage/sealed-format.js';
import { SealedValues } from './sealed-values.repository.js';
import { SEALED_COLUMNS } from './sealed-columns.js';

const FILES_AT_ONCE = 16;

/** What a key still opens. */
export interface Uses { sealed: number; files: number; recovery_codes: number }

/** Looks through everything that is kept for the keys it needs. */
@Injectable()
export class StoredUses {
  constructor(@Inject(CONFIG) private readonly config: Config, private readonly values: SealedValues, private readonly blobs: Blobs) {}

  /** By the id of the key. */
  async count(told: (files: number) => void): Promise<Map<string, Uses>> {
    const uses = new Map<string, Uses>();
    const add = (id: string, kind: keyof Uses, n: number): void => {
      const found = uses.get(id) ?? { sealed: 0, files: 0, recovery_codes: 0 };
      found[kind] += n;
      uses.set(id, found);
    };
    for (const column of SEALED_COLUMNS) for (const { id, n } of await this.values.count(column)) add(id, 'sealed', n);
    for (const { id, n } of await this.values.countRecoveryCodes()) add(id, 'recovery_codes', n);
    let looked = 0;
    await asOwner(this.config.DATABASE_URL, async (client) => {
      for await (const some of this.storedFiles(client)) {
        for (const id of await Promise.all(some.map((key) => this.keyIdOfFile(key)))) if (id !== undefined) add(id, 'files', 1);
        told(looked += some.length);
      }
    });
    return uses;
  }

  private async* storedFiles(client: pg.Client): AsyncGenerator<string[]> {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    if (!await seesEverything(client)) await client.query('SET LOCAL ROLE porchlight_system');
    let some: string[] = [];
    for await (const key of fileKeys(client)) {
      some.push(key);
      if (some.length < FILES_AT_ONCE) continue;
      yield some;
      some = [];
    }
    yield some;
  }

  // Undefined for one that was erased meanwhile. Whatever else is wrong with one must not look as if it needed no key.
  private async keyIdOfFile(key: string): Promise<string | undefined> {
    if (await this.blobs.size(key) === undefined) return undefined;
    const parts: Buffer[] = [];
    for await (const part of await this.blobs.read(key, 0, HEADER - 1)) parts.push(part as Buffer);
    return keyIdOfHeader(Buffer.concat(parts));
  }
}
