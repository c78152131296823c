import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { Clock } from '../../platform/clock/clock.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { ArticlePictures } from './article-pictures.service.js';

const DAY = 86_400_000;
/** So long a picture is kept that stands in no article: the text may be taken back to where it was. */
const GRACE_MS = 14 * DAY;
const BATCH = 500;
const IS_USED = 'EXISTS (SELECT FROM articles a WHERE a.account_id = p.account_id AND strpos(a.content, p.name) > 0)';

/** Removes pictures that no article has shown for two weeks, whether it is a draft, published or archived. */
@Injectable()
@RunsJob({ name: 'sweep-article-pictures', everyMs: DAY })
export class SweepPictures implements Job {
  constructor(private readonly system: SystemWork, private readonly pictures: ArticlePictures, private readonly clock: Clock) {}

  async run(): Promise<void> {
    const now = this.clock.date();
    await this.system.sql(`UPDATE article_pictures p SET unused_since = NULL WHERE unused_since IS NOT NULL AND ${IS_USED}`);
    await this.system.sql(`UPDATE article_pictures p SET unused_since = $1 WHERE unused_since IS NULL AND NOT ${IS_USED}`, [now]);
    for (;;) {
      const due = await this.system.sql<{ account_id: number; name: string }>(
        `SELECT account_id, name FROM article_pictures WHERE unused_since <= $1 ORDER BY unused_since LIMIT ${BATCH}`, [new Date(now.getTime() - GRACE_MS)]);
      for (const { account_id, name } of due) {
        await this.pictures.remove(account_id, name);
        await this.system.sql('DELETE FROM article_pictures WHERE account_id = $1 AND name = $2', [account_id, name]);
      }
      if (due.length < BATCH) return;
    }
  }
}
