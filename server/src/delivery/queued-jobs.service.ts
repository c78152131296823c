import { Injectable } from '@nestjs/common';
import { Queues, type Lane, type NewJob } from '../platform/queue/queues.js';
import { DeliveryRegistry } from './delivery-registry.js';
import { Jobs, type JobOptions } from './job.js';

const ATTEMPTS = 8;

/** The jobs of the registry, put into the queues. */
@Injectable()
export class QueuedJobs extends Jobs {
  constructor(private readonly registry: DeliveryRegistry, private readonly queues: Queues) {
    super();
  }

  async add<Payload extends object>(name: string, payload: Payload, { key, delayMs }: { key?: string; delayMs?: number } = {}): Promise<void> {
    const { options } = this.registry.job(name);
    await this.queues.add(laneOf(options), [{ ...newJob(options, payload, key), delayMs }]);
  }

  async addAll<Payload extends object>(name: string, jobs: { payload: Payload; key?: string }[]): Promise<void> {
    const { options } = this.registry.job(name);
    await this.queues.add(laneOf(options), jobs.map(({ payload, key }) => newJob(options, payload, key)));
  }

  /** One run of a repeated job, unless one waits or runs already. */
  async tick(name: string): Promise<void> {
    const { options } = this.registry.job(name);
    await this.queues.add(laneOf(options), [{ name, data: {}, attempts: 1, onlyOne: name }]);
  }
}

const laneOf = (options: JobOptions): Lane => options.waitsForOthers ? 'outside' : 'jobs';

function newJob(options: JobOptions, payload: object, key: string | undefined): NewJob {
  return { name: options.name, data: payload, attempts: options.attempts ?? ATTEMPTS, ...(key === undefined ? {} : { key: `${options.name}-${key}` }) };
}
