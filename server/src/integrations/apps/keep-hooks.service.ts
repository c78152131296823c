import { Injectable } from '@nestjs/common';
import { KeepAnswerers } from '../../inboxes/keep-answerers.service.js';
import type { Tx } from '../../platform/database/transaction.js';
import { INTEGRATION_APPS } from './catalogue.js';
import { HooksRepository, type HookChange, type HookRow, type NewHook } from './hooks.repository.js';

/** Makes, changes and removes hooks. Their inbox knows whether one of them answers in it: it is asked with every message. */
@Injectable()
export class KeepHooks {
  constructor(private readonly hooks: HooksRepository, private readonly answerers: KeepAnswerers) {}

  add(tx: Tx, hook: NewHook): Promise<number> {
    return this.telling(tx, hook.appId, hook.inboxId, () => this.hooks.insert(tx, hook));
  }

  change(tx: Tx, hook: HookRow, change: HookChange): Promise<void> {
    return this.telling(tx, hook.app_id, hook.inbox_id, () => this.hooks.update(tx, hook.id, change));
  }

  remove(tx: Tx, hook: HookRow): Promise<void> {
    return this.telling(tx, hook.app_id, hook.inbox_id, () => this.hooks.remove(tx, hook.id));
  }

  /** Switches off what cannot work, and says why, unless its settings have changed since it was read. Call it with no conversation locked. */
  stop(tx: Tx, hook: HookRow, reason: string): Promise<void> {
    return this.telling(tx, hook.app_id, hook.inbox_id, () => this.hooks.stop(tx, hook, reason));
  }

  /** The inbox is locked first: a hook refers to it, and two that are made at once would each wait for the other. */
  private async telling<T>(tx: Tx, appId: string, inboxId: number | null, work: () => Promise<T>): Promise<T> {
    if (inboxId === null) return work();
    const { name } = INTEGRATION_APPS.find(({ id }) => id === appId)!;
    let done: T | undefined;
    const isThere = await this.answerers.change(tx, inboxId, name, async () => {
      done = await work();
      return { has_answering_hook: await this.hooks.answering(tx, inboxId) !== undefined };
    });
    // What belongs to an inbox that is being deleted answers nobody.
    return isThere ? done as T : work();
  }
}
