import { Injectable, Module } from '@nestjs/common';
import { Pushes, type Audience, type Frame, type RealtimeSource } from '../src/realtime/realtime-source.js';
import { SystemWork } from '../src/platform/database/unit-of-work.js';
import { RunsJob, type Job } from '../src/delivery/job.js';
import type { StoredEvent } from '../src/delivery/event-types.js';
import { Subscribes, type Subscriber } from '../src/delivery/subscriber.js';

declare module '../src/delivery/event-types.js' {
  interface EventTypes {
    'test.happened': { n: number; fail?: 'twice' | 'always' | 'in company' };
    'test.pushed': { n: number; audience: Audience; broken?: boolean };
  }
}

/** Keeps what it hears; fails as the event asks. */
@Injectable()
@Subscribes({ name: 'test-listener', reaches: 'inside', hears: ['test.happened'] })
export class TestListener implements Subscriber<'test.happened'> {
  readonly heard: StoredEvent<'test.happened'>[] = [];
  private readonly tries = new Map<number, number>();

  async handle(event: StoredEvent<'test.happened'>): Promise<void> {
    const tries = (this.tries.get(event.id) ?? 0) + 1;
    this.tries.set(event.id, tries);
    if (event.payload.fail === 'twice' && tries <= 2) throw new Error('not yet');
    this.heard.push(event);
  }
}

/** Gives up at once when the event asks. */
@Injectable()
@Subscribes({ name: 'test-quitter', reaches: 'inside', hears: ['test.happened'], attempts: 1 })
export class TestQuitter implements Subscriber<'test.happened'> {
  readonly heard: number[] = [];
  broken = true;

  async handle(event: StoredEvent<'test.happened'>): Promise<void> {
    if (event.payload.fail === 'always' && this.broken) throw new Error('never');
    this.heard.push(event.payload.n);
  }
}

/** Is told of even numbers alone. */
@Injectable()
@Subscribes({ name: 'test-chooser', reaches: 'inside', hears: ['test.happened'], when: `(event.payload->>'n')::int % 2 = 0 AND EXISTS (SELECT FROM accounts a WHERE a.id = event.account_id)` })
export class TestChooser implements Subscriber<'test.happened'> {
  readonly heard: StoredEvent<'test.happened'>[] = [];

  async handle(event: StoredEvent<'test.happened'>): Promise<void> {
    this.heard.push(event);
  }
}

/** Takes events together; one that is poisoned fails whatever it is part of. */
@Injectable()
@Subscribes({ name: 'test-gatherer', reaches: 'inside', hears: ['test.happened'], together: 10, attempts: 1 })
export class TestGatherer implements Subscriber<'test.happened'> {
  readonly heard: StoredEvent<'test.happened'>[] = [];
  readonly sizes: number[] = [];
  broken = true;

  async handle(event: StoredEvent<'test.happened'>): Promise<void> {
    await this.handleAll([event]);
  }

  async handleAll(events: StoredEvent<'test.happened'>[]): Promise<void> {
    this.sizes.push(events.length);
    if (events.some((event) => event.payload.fail === 'in company') && this.broken) throw new Error('poisoned');
    this.heard.push(...events);
  }
}

/** Counts its runs, and how many ran at once for one key. */
@Injectable()
@RunsJob({ name: 'test-step', attempts: 1 })
export class TestStep implements Job<{ key: string; fail?: boolean; accountId?: number }> {
  runs = 0;
  overlaps = 0;
  private readonly active = new Set<string>();
  /** A run waits for it. */
  gate: Promise<void> = Promise.resolve();

  async run({ key, fail }: { key: string; fail?: boolean }): Promise<void> {
    if (fail) throw new Error('broken step');
    if (this.active.has(key)) this.overlaps += 1;
    this.active.add(key);
    this.runs += 1;
    await this.gate;
    this.active.delete(key);
  }
}

/** Runs by itself. */
@Injectable()
@RunsJob({ name: 'test-tick', everyMs: 1_000 })
export class TestTick implements Job {
  runs = 0;
  async run(): Promise<void> { this.runs += 1; }
}

/** Pushes what the event says to whom it says. */
@Injectable()
@Pushes('test.pushed')
export class TestSource implements RealtimeSource<'test.pushed'> {
  async frames(_account: number, events: StoredEvent<'test.pushed'>[]): Promise<Map<number, Frame[]>> {
    if (events.some((e) => e.payload.broken)) throw new Error('cannot be presented');
    return new Map(events.map((e) => [e.id, [{ audience: e.payload.audience, event: 'test.pushed', data: { n: e.payload.n } }]]));
  }
}

@Module({ providers: [TestSource, TestListener, TestQuitter, TestChooser, TestGatherer, TestStep, TestTick] })
export class TestSubscribersModule {}

/** Writes what it hears into a table of the test (test_ledger), where it outlives the process. */
@Injectable()
@Subscribes({ name: 'test-ledger', reaches: 'inside', hears: ['test.happened'], together: 20 })
export class TestLedger implements Subscriber<'test.happened'> {
  constructor(private readonly system: SystemWork) {}

  async handle(event: StoredEvent<'test.happened'>): Promise<void> {
    await this.handleAll([event]);
  }

  async handleAll(events: StoredEvent<'test.happened'>[]): Promise<void> {
    await this.system.sql('INSERT INTO test_ledger (account_id, event_id, seq, n) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])',
      [events.map((event) => event.account_id), events.map((event) => event.id), events.map((event) => event.seq), events.map((event) => event.payload.n)]);
  }
}

/** Runs by itself and notes when. */
@Injectable()
@RunsJob({ name: 'test-ledger-tick', everyMs: 1_000 })
export class TestLedgerTick implements Job {
  constructor(private readonly system: SystemWork) {}

  async run(): Promise<void> {
    await this.system.sql('INSERT INTO test_ledger (n) VALUES (-1)');
  }
}

@Module({ providers: [TestLedger, TestLedgerTick, TestSource] })
export class TestLedgerModule {}

export const LEDGER_TABLE = `CREATE TABLE test_ledger (account_id bigint, event_id bigint, seq bigint, n bigint, at timestamptz DEFAULT clock_timestamp());
  GRANT SELECT, INSERT ON test_ledger TO porchlight_system`;
