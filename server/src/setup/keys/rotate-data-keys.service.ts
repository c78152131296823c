import { Inject, Injectable } from '@nestjs/common';
import { asOwner } from '../../operations/backup/owner-connection.js';
import { ResealingRepository } from '../../operations/resealing/resealing.repository.js';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { readKeys } from '../../platform/crypto/installation-keys.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import type { SealedRow } from '../../platform/crypto/sealed-column.js';
import { SetupError } from '../setup.errors.js';
import { DataKeys } from './data-keys.repository.js';
import { SEALED_COLUMNS } from './sealed-columns.js';
import { SealedValues } from './sealed-values.repository.js';
import { StoredUses, type Uses } from './stored-uses.service.js';

/** So long processes may take to learn of a key, and so long after it one that had lost its connection is back. */
const PATIENCE_MS = 30_000;
const BACK_AGAIN_MS = 1_500;
const LOOK_MS = 50;
/** Whoever had read a value before the change may write it back as it was: looked for again, but not for ever. */
const PASSES = 5;

/** A key that was replaced, and what it is still kept for. */
export interface OldKey extends Uses { id: string; replaced_at: Date; links_until: Date }
/** Stored files follow in the background: how many have, how many are still under earlier keys, and how many of these are damaged. */
export interface FilesReport { sealedAgain: number; left: number; unreadable: number }
export interface RotationReport { keyId: string; added: boolean; resealed: number; left: number; unreadable: number; files: FilesReport; old: OldKey[]; removed: string[] }
export interface RotationWish { /** Only finish what is begun and look what can go. */ tidy: boolean; /** Somebody may have the old keys: what they signed ends at once. */ compromised: boolean }

/** Gives the installation a new key while it works, and brings what is sealed in the database under it. The working installation brings its files, see operations/resealing. */
@Injectable()
export class RotateDataKeys {
  constructor(
    @Inject(CONFIG) private readonly config: Config, private readonly keyring: Keyring, private readonly values: SealedValues, private readonly uses: StoredUses,
    private readonly resealing: ResealingRepository, private readonly clock: Clock,
  ) {}

  /** Killed at any moment, it goes on where it was when it is run again. Throws SetupError. */
  rotate(wish: RotationWish, told: (text: string) => void): Promise<RotationReport> {
    return asOwner(this.config.DATABASE_URL, async (client) => {
      const keys = new DataKeys(client);
      if (!await keys.lock()) throw new SetupError('The keys are being changed by somebody else just now.');
      await readKeys(client, this.config.SECRET_KEY);
      if (await keys.secretIsChanging()) throw new SetupError('A new SECRET_KEY waits to be used for the first time. Set it and restart all processes, then run this again.');
      const { id, added } = await this.nextKey(keys, wish.tidy);
      if ((await keys.all()).find((key) => key.id === id)!.current_since === null) {
        told(`Waiting until every process knows the key ${id}`);
        await this.until(keys, 'open', id);
        await keys.makeCurrent(id);
      }
      if (wish.compromised) await keys.endLinks();
      await this.until(keys, 'seal', id);
      const { resealed, left, unreadable } = await this.reseal(id, told);
      // What nobody can open any more does not hold up the next rotation; its key stays on the ring.
      if (left === unreadable) await keys.noteResealed(id);
      const stock = await this.takeStock(keys, told);
      return { keyId: id, added, resealed, left, unreadable, ...stock, files: await this.filesUnder(id, stock.old) };
    });
  }

  // One that a killed run has begun with is finished first.
  private async nextKey(keys: DataKeys, tidy: boolean): Promise<{ id: string; added: boolean }> {
    const all = await keys.all();
    const begun = all.find((key) => key.replaced_at === null && (key.current_since === null || key.resealed_at === null));
    const current = all.find((key) => key.current_since !== null && key.replaced_at === null);
    if (begun ?? (tidy ? current : undefined)) return { id: (begun ?? current)!.id, added: false };
    return { id: await keys.add(this.config.SECRET_KEY), added: true };
  }

  private async until(keys: DataKeys, kind: 'open' | 'seal', id: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    const everybody = async (): Promise<void> => {
      for (let behind; (behind = await keys.behind(kind, id)) > 0; await pause(LOOK_MS)) {
        if (Date.now() > deadline) throw new SetupError(`${behind} process${behind === 1 ? ' does' : 'es do'} not take up the new key: restart what still runs with an earlier SECRET_KEY or in an earlier version, then run this again. Nothing has been sealed again.`);
      }
    };
    await everybody();
    if (kind === 'seal') return;
    await pause(BACK_AGAIN_MS);
    await everybody();
  }

  private async reseal(id: string, told: (text: string) => void): Promise<{ resealed: number; left: number; unreadable: number }> {
    let resealed = 0;
    for (let pass = 1; ; pass++) {
      let [seen, moved, unreadable] = [0, 0, 0];
      for (const column of SEALED_COLUMNS) {
        for (let after: SealedRow | undefined; ;) {
          const some = await this.values.underOthers(column, id, after);
          if (some.length === 0) break;
          after = some.at(-1)!.row;
          seen += some.length;
          for (const value of some) {
            const plain = this.opened(value.sealed, column.context(value.row));
            if (plain === undefined) unreadable += 1;
            else if (await this.values.replace(column, value, this.keyring.seal(plain, column.context(value.row)))) moved += 1;
          }
          told(`Sealing again: ${resealed + moved} done, now ${column.table}`);
        }
      }
      resealed += moved;
      if (seen === unreadable || pass === PASSES) return { resealed, left: seen - moved, unreadable };
    }
  }

  // One that does not open must not keep the others from being sealed again; it stays as it is and is told of.
  private opened(sealed: string, context: string): string | undefined {
    try {
      return this.keyring.open(sealed, context);
    } catch {
      return undefined;
    }
  }

  private async takeStock(keys: DataKeys, told: (text: string) => void): Promise<Pick<RotationReport, 'old' | 'removed'>> {
    const uses = await this.uses.count((files) => told(`Looking which keys are needed: ${files} files`));
    const old: OldKey[] = [];
    const removed: string[] = [];
    for (const key of (await keys.all()).filter(({ replaced_at: replaced }) => replaced !== null)) {
      const found = uses.get(key.id) ?? { sealed: 0, files: 0, recovery_codes: 0 };
      if (key.removable && found.sealed + found.files + found.recovery_codes === 0) {
        await keys.remove(key.id);
        removed.push(key.id);
      } else old.push({ id: key.id, replaced_at: key.replaced_at!, links_until: key.verifies_until!, ...found });
    }
    return { old, removed };
  }

  // Files that the last round has not seen were on their way while it went on: another one finds them.
  private async filesUnder(id: string, old: readonly OldKey[]): Promise<FilesReport> {
    const left = old.reduce((sum, { files }) => sum + files, 0);
    const state = await this.resealing.of(id, this.clock.date());
    if (state.finished_at && left > state.unreadable) await this.resealing.beginAgain(id, this.clock.date());
    return { sealedAgain: state.sealed_again, left, unreadable: Math.min(left, state.unreadable) };
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
