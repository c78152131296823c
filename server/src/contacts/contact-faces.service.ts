import { Injectable } from '@nestjs/common';
import { Jobs } from '../delivery/job.js';
import type { Tx } from '../platform/database/transaction.js';
import { Log } from '../platform/logging/log.js';
import { Avatars } from '../platform/storage/avatars.js';
import { FETCH_CONTACT_FACE, type WantedFace } from './fetch-contact-face.job.js';

/** Faces that programs name by an address elsewhere. */
@Injectable()
export class ContactFaces {
  constructor(private readonly jobs: Jobs, private readonly avatars: Avatars, private readonly log: Log) {}

  /** Fetches the face after the commit, unless it is the one the contact has. A queue that is away costs the face, and nothing else. */
  fetchLater(tx: Tx, contact: { id: number; avatar_key: string | null }, address: string | null | undefined): void {
    if (!address) return;
    const key = this.avatars.keyOf({ accountId: tx.accountId }, `contact ${contact.id}`, address);
    if (contact.avatar_key === key) return;
    const wanted: WantedFace = { account_id: tx.accountId, contact_id: contact.id, address, key };
    tx.afterCommit(() => {
      this.jobs.add(FETCH_CONTACT_FACE, wanted, { key }).catch((error: unknown) => this.log.warn('a face will not be fetched', { account_id: tx.accountId, contact_id: contact.id, error }));
    });
  }
}
