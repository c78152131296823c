import { Injectable } from '@nestjs/common';
import { Keyring } from '../../platform/crypto/keyring.js';
import type { SealedColumn } from '../../platform/crypto/sealed-column.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { makePushKeys, type PushKeys } from './web-push.client.js';

const CONTEXT = 'push_keys:private_key';

export const PUSH_KEYS: SealedColumn = { table: 'push_keys', column: 'private_key', row: ['only_row'], context: () => CONTEXT };

/** By which key push services know this installation. It is made at first need, and stays: browsers accept nothing that another one signed. */
@Injectable()
export class PushKeysRepository {
  constructor(private readonly system: SystemWork, private readonly keyring: Keyring) {}

  async get(): Promise<PushKeys> {
    const kept = await this.kept();
    if (kept) return kept;
    const { publicKey, privateKey } = makePushKeys();
    // Of two processes that need it at once the first one makes it.
    await this.system.sql('INSERT INTO push_keys (public_key, private_key) VALUES ($1, $2) ON CONFLICT DO NOTHING', [publicKey, this.keyring.seal(privateKey, CONTEXT)]);
    return (await this.kept())!;
  }

  private async kept(): Promise<PushKeys | undefined> {
    const [row] = await this.system.sql<{ public_key: string; private_key: string }>('SELECT public_key, private_key FROM push_keys');
    return row && { publicKey: row.public_key, privateKey: this.keyring.open(row.private_key, CONTEXT) };
  }
}
