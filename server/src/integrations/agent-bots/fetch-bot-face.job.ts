import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { Problem } from '../../platform/http/problem.js';
import { OutboundHttp } from '../../platform/outbound-http/outbound-http.js';
import { MAX_AVATAR_BYTES, ReceivedImage } from '../../platform/storage/avatars.js';
import { fetchImage } from '../../platform/storage/remote-image.js';
import { FETCH_BOT_FACE, KeepAgentBots, type WantedBotFace } from './keep-agent-bots.service.js';

const PATIENCE_MS = 10_000;

/** Fetches the face of a bot from where a program said that it is. What is not there, too large or no picture changes nothing. */
@Injectable()
@RunsJob({ name: FETCH_BOT_FACE, waitsForOthers: true })
export class FetchBotFace implements Job<WantedBotFace> {
  constructor(private readonly http: OutboundHttp, private readonly keep: KeepAgentBots, private readonly system: SystemWork) {}

  async run({ account_id: account, bot_id: id, address, key }: WantedBotFace): Promise<void> {
    const image = await fetchImage(this.http, address, { timeoutMs: PATIENCE_MS, maxBytes: MAX_AVATAR_BYTES });
    if (!image) return;
    await this.keep.withPicture(account, new ReceivedImage('face', image.bytes), (saved) => this.system.run((tx) => this.keep.setPicture(tx, id, account, saved!)), key).catch((error: unknown) => {
      // Nothing our decoder could read, or no such bot any more.
      if (!(error instanceof Problem)) throw error;
    });
  }
}
