import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { Log } from '../../platform/logging/log.js';
import { DiskRoom } from '../../platform/storage/disk-room.js';
import { FileStore } from '../../platform/storage/file-store.js';
import { ResealedFiles } from '../../platform/storage/resealed-files.repository.js';
import { DamagedFile } from '../../platform/storage/sealed-format.js';
import { fileKeysAfter } from '../backup/file-keys.js';
import { ResealingRepository } from './resealing.repository.js';

/** By then nothing is still arriving that was begun with the key of before. */
const SETTLED_MS = 3_600_000;
const LOOKED_AT_ONCE = 500;
/** So many in succession that cannot be read or written: it is not the files. */
const PATIENCE = 5;

/**
 * Brings stored files under the current key, one at a time and in the order of their storage keys. Each file is whole at every moment, under one key or the
 * other; whoever is killed is followed by the next, who goes on a few files before.
 */
@Injectable()
export class ResealFiles {
  constructor(
    private readonly resealing: ResealingRepository, private readonly resealed: ResealedFiles, private readonly store: FileStore, private readonly keyring: Keyring,
    private readonly system: SystemWork, private readonly room: DiskRoom, private readonly clock: Clock, private readonly log: Log,
  ) {}

  /** Goes on for so long. Does nothing where no key was replaced, and while it could do harm. */
  async step(ms: number): Promise<void> {
    if (!this.keyring.holdsFormer) return;
    const until = Date.now() + ms;
    const state = await this.resealing.of(this.keyring.keyId, this.clock.date());
    // A second round looks for what was arriving while the keys changed.
    if (state.finished_at || state.begins_at.getTime() > this.clock.now()) return;
    await this.mend();
    let { after } = state;
    while (Date.now() < until) {
      // A backup that began before there was this key does not have it: it must find the files as they were then.
      if (await this.resealing.backupIsMade() || await this.room.isScarce()) return;
      const keys = await fileKeysAfter(this.system, after, LOOKED_AT_ONCE);
      if (keys.length === 0) return this.endRound(state.key_id);
      after = await this.stretch(state.key_id, keys, until);
    }
  }

  private async stretch(keyId: string, keys: readonly string[], until: number): Promise<string> {
    const done = { after: '', sealed: 0, unreadable: 0, leftOver: 0 };
    let failures = 0;
    try {
      for (const key of keys) {
        const outcome = await this.one(key);
        failures = outcome === 'leftOver' ? failures + 1 : 0;
        if (failures > PATIENCE) throw new Error('Stored files cannot be sealed again just now.');
        if (outcome) done[outcome] += 1;
        done.after = key;
        if (Date.now() >= until) break;
      }
      return done.after;
    } finally {
      if (done.after) await this.resealing.advance(keyId, done);
    }
  }

  private async one(key: string): Promise<'sealed' | 'unreadable' | 'leftOver' | undefined> {
    try {
      return await this.store.sealAgain(key) ? 'sealed' : undefined;
    } catch (error) {
      // It stays as it is, and its key on the ring.
      if (error instanceof DamagedFile) return 'unreadable';
      this.log.warn('a file could not be sealed again', { error });
      return 'leftOver';
    }
  }

  /** Whoever was killed may have put a file back in place that was removed in the same moment. */
  private async mend(): Promise<void> {
    for (const key of await this.resealed.unfinished()) await this.store.settle(key);
    await this.resealed.forget();
  }

  private async endRound(keyId: string): Promise<void> {
    const state = (await this.resealing.look())!;
    const settled = state.noticed_at.getTime() + SETTLED_MS;
    if (state.begins_at.getTime() >= settled && state.left_over === 0) return this.resealing.finish(keyId, this.clock.date());
    await this.resealing.beginAgain(keyId, new Date(Math.max(settled, this.clock.now() + (state.left_over > 0 ? SETTLED_MS : 0))));
  }
}
