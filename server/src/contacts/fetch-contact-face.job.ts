import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../delivery/job.js';
import { accountId } from '../platform/database/account-id.js';
import { Problem } from '../platform/http/problem.js';
import { OutboundHttp } from '../platform/outbound-http/outbound-http.js';
import { MAX_AVATAR_BYTES, ReceivedImage } from '../platform/storage/avatars.js';
import { fetchImage } from '../platform/storage/remote-image.js';
import { ContactAvatars } from './contact-avatars.service.js';

export const FETCH_CONTACT_FACE = 'fetch-contact-face';
/** Which face is fetched for whom; `key` is where it will be stored. */
export interface WantedFace { account_id: number; contact_id: number; address: string; key: string }

const PATIENCE_MS = 10_000;

/** Fetches the face of a contact from where a program said that it is. What is not there, too large or no picture changes nothing. */
@Injectable()
@RunsJob({ name: FETCH_CONTACT_FACE, waitsForOthers: true })
export class FetchContactFace implements Job<WantedFace> {
  constructor(private readonly http: OutboundHttp, private readonly avatars: ContactAvatars) {}

  async run({ account_id: account, contact_id: id, address, key }: WantedFace): Promise<void> {
    const image = await fetchImage(this.http, address, { timeoutMs: PATIENCE_MS, maxBytes: MAX_AVATAR_BYTES });
    if (!image) return;
    await this.avatars.save(accountId(account), new ReceivedImage('face', image.bytes), (tx, saved) => this.avatars.set(tx, id, saved!), key).catch((error: unknown) => {
      // Nothing our decoder could read, or nobody there any more.
      if (!(error instanceof Problem)) throw error;
    });
  }
}
