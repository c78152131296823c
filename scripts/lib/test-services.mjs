import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { provideChromium } from './chromium.mjs';
import { provideDovecot } from './dovecot.mjs';
import { EmbeddedPostgres } from './embedded-postgres.mjs';
import { provideNginx } from './nginx.mjs';
import { say } from './progress.mjs';
import { provideRedis, startRedis } from './redis.mjs';

// The data is thrown away; many databases are made and dropped. Fault tests bring a PostgreSQL of their own.
// What a plan rests on (statistics, the place of rows) changes when a test says so, not when an autovacuum comes by.
const forgetful = { autovacuum: 'off', fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };

/**
 * What the tests talk to, outside our own process: PostgreSQL, Redis, a browser, and a folder for temporary files
 * that goes when they end, however they end. With `mayInstall` missing ones are
 * installed; without it the tests that need them say so themselves. Answers the environment and how to stop it all.
 */
export class TestServices {
  #undo = [];

  async start({ mayInstall, browser }) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'porchlight-test-'));
    // Others may walk through: a PostgreSQL that a test starts as root runs as another user.
    fs.chmodSync(folder, 0o755);
    this.#undo.push(() => removed(folder));
    // Theirs and that of all the processes of tests: none chooses a port that another one is about to listen on.
    process.env.PORTS_CLAIMED_IN = path.join(folder, 'ports');
    fs.mkdirSync(process.env.PORTS_CLAIMED_IN);
    try {
      const [postgres, redis, chromium, dovecot, nginx] = await Promise.all([
        this.#postgres(folder), this.#redis(mayInstall), provideChromium({ mayInstall: mayInstall && browser }), provideDovecot({ mayInstall }),
        provideNginx({ mayInstall: mayInstall && browser }),
      ]);
      return {
        TMPDIR: folder, PORTS_CLAIMED_IN: process.env.PORTS_CLAIMED_IN, TEST_DATABASE_URL: postgres, ...(redis && { TEST_REDIS_URL: redis }), ...(chromium && { TEST_CHROMIUM: chromium }),
        ...(dovecot && { TEST_DOVECOT: dovecot }), ...(nginx && { TEST_NGINX: nginx }),
      };
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop() {
    for (const step of this.#undo.splice(0).reverse()) await step();
  }

  async #postgres(folder) {
    const postgres = new EmbeddedPostgres({ folder: path.join(folder, 'postgres'), password: 'test', settings: forgetful });
    this.#undo.push(() => postgres.stop());
    await postgres.start();
    return postgres.urlOf('postgres');
  }

  async #redis(mayInstall) {
    const found = await provideRedis({ mayInstall });
    if (!found) return undefined;
    const redis = await startRedis(found);
    this.#undo.push(() => redis.stop());
    return redis.url;
  }
}

/** Takes a folder away. Whatever a test left running may still write there: that is said, and is no failed test. */
function removed(folder) {
  try {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    say(`${folder} could not be removed: ${error.message}`);
  }
}
