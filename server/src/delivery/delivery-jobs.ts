import type { NewJob, QueuedJob } from '../platform/queue/queues.js';
import type { StoredEvent } from './event-types.js';
import type { SubscriberOptions } from './subscriber.js';

/** An event that one subscriber is to be told of. */
export interface Delivery { subscriber: string; event: StoredEvent }

const ATTEMPTS = 8;

/** The job of one delivery. While it waits or runs, queueing it again does nothing. */
export const jobOf = ({ subscriber, event }: Delivery, options: SubscriberOptions | undefined): NewJob =>
  ({ name: subscriber, data: event, id: `ev-${event.id}-${subscriber}`, attempts: options?.attempts ?? ATTEMPTS });

/** Jobs for deliveries: one each, except that events of one account share a job where the subscriber takes them together. A subscriber of another version has no options here. */
export function jobsOf(deliveries: readonly Delivery[], optionsOf: (subscriber: string) => SubscriberOptions | undefined): NewJob[] {
  const jobs: NewJob[] = [];
  const groups = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const options = optionsOf(delivery.subscriber);
    if ((options?.together ?? 1) === 1) {
      jobs.push(jobOf(delivery, options));
      continue;
    }
    const key = `${delivery.subscriber} ${delivery.event.account_id}`;
    const group = groups.get(key) ?? [];
    if (group.push(delivery) === 1) groups.set(key, group);
    if (group.length < options!.together!) continue;
    jobs.push(sharedJob(group, options!));
    groups.delete(key);
  }
  return [...jobs, ...[...groups.values()].map((group) => sharedJob(group, optionsOf(group[0]!.subscriber)!))];
}

function sharedJob(group: Delivery[], options: SubscriberOptions): NewJob {
  if (group.length === 1) return jobOf(group[0]!, options);
  const { subscriber } = group[0]!;
  const events = group.map(({ event }) => event);
  return { name: subscriber, data: { events }, id: `evs-${events[0]!.id}-${events.at(-1)!.id}-${events.length}-${subscriber}`, attempts: options.attempts ?? ATTEMPTS };
}

/** The events that a job delivers. */
export function eventsOf(job: QueuedJob): StoredEvent[] {
  const data = job.data as unknown as StoredEvent | { events: StoredEvent[] };
  return ('events' in data ? data.events : [data]).map((event) => ({ ...event, created_at: new Date(event.created_at) }));
}
