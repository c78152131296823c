import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { JOB, type Job, type JobOptions } from './job.js';
import type { RouteCondition } from './relay.sql.js';
import { SUBSCRIBER, type Subscriber, type SubscriberOptions } from './subscriber.js';

export interface Routes { types: string[]; subscribers: string[]; conditions: RouteCondition[] }

/** Every subscriber and job of this build, found at start by their decorators. Two of one name stop the start. */
@Injectable()
export class DeliveryRegistry implements OnModuleInit {
  private readonly subscribers = new Map<string, { options: SubscriberOptions; subscriber: Subscriber }>();
  private readonly jobs = new Map<string, { options: JobOptions; job: Job }>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const seen = new Set<unknown>();
    for (const { metatype, instance } of this.discovery.getProviders() as { metatype: object | null; instance: unknown }[]) {
      // An alias of a provider is the same instance again.
      if (!metatype || !instance || seen.has(instance)) continue;
      seen.add(instance);
      const subscribes = Reflect.getMetadata(SUBSCRIBER, metatype) as SubscriberOptions | undefined;
      if (subscribes) this.addSubscriber(subscribes, instance as Subscriber);
      const runs = Reflect.getMetadata(JOB, metatype) as JobOptions | undefined;
      if (runs) this.addJob(runs, instance as Job);
    }
  }

  private addSubscriber(options: SubscriberOptions, subscriber: Subscriber): void {
    if (this.subscribers.has(options.name)) throw new Error(`Two subscribers are named ${options.name}.`);
    if (!/^[a-z][a-z0-9-]*$/.test(options.name)) throw new Error(`A subscriber's name is lower case with dashes, not "${options.name}".`);
    if (options.hears.length === 0 || typeof subscriber.handle !== 'function') throw new Error(`Subscriber ${options.name} hears nothing or handles nothing.`);
    if (options.when !== undefined && options.when.trim() === '') throw new Error(`Subscriber ${options.name} has an empty condition.`);
    if ((options.together ?? 1) > 1 !== (typeof subscriber.handleAll === 'function')) throw new Error(`Subscriber ${options.name} takes events together only with both "together" and handleAll().`);
    this.subscribers.set(options.name, { options, subscriber });
  }

  private addJob(options: JobOptions, job: Job): void {
    if (this.jobs.has(options.name)) throw new Error(`Two jobs are named ${options.name}.`);
    if (typeof job.run !== 'function') throw new Error(`Job ${options.name} has no run().`);
    this.jobs.set(options.name, { options, job });
  }

  /** Who hears what: pairs of event type and subscriber as two columns for SQL, and the conditions of those who have one. */
  routes(): Routes {
    const options = [...this.subscribers.values()].map((known) => known.options);
    const pairs = options.flatMap(({ name, hears }) => hears.map((type) => ({ type, name })));
    return {
      types: pairs.map((p) => p.type), subscribers: pairs.map((p) => p.name),
      conditions: options.flatMap(({ name, when }) => (when === undefined ? [] : [{ subscriber: name, when }])),
    };
  }

  knows(subscriber: string): boolean {
    return this.subscribers.has(subscriber);
  }

  knowsJob(name: string): boolean {
    return this.jobs.has(name);
  }

  /** Throws when this build has no such subscriber: a newer process queued it, and the job is tried again later. */
  subscriber(name: string): { options: SubscriberOptions; subscriber: Subscriber } {
    const found = this.subscribers.get(name);
    if (!found) throw new Error(`No subscriber is named ${name}.`);
    return found;
  }

  /** Throws when this build has no such job. */
  job(name: string): { options: JobOptions; job: Job } {
    const found = this.jobs.get(name);
    if (!found) throw new Error(`No job is named ${name}.`);
    return found;
  }

  repeated(): (JobOptions & { everyMs: number })[] {
    return [...this.jobs.values()].map(({ options }) => options).filter((o): o is JobOptions & { everyMs: number } => o.everyMs !== undefined);
  }
}
