import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { publicUrl } from '../../platform/config/public-url.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import { accountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Log } from '../../platform/logging/log.js';
import { OutboundHttp, type OutboundOutcome } from '../../platform/outbound-http/outbound-http.js';
import { askedPause, pauseAfter, quoted } from '../../platform/outbound-http/retry-pauses.js';
import { DevicesRepository, type BrowserRow } from '../devices/devices.repository.js';
import { hasFlag, kindOf, type Kind } from '../notification-kinds.js';
import { NotificationPresenter } from '../notification.presenter.js';
import { NotificationsRepository } from '../notifications.repository.js';
import { NotificationSettingsRepository } from '../settings/settings.repository.js';
import { PushKeysRepository } from './push-keys.repository.js';
import { PushMessagesRepository, type PushKey, type PushMessageRow } from './push-messages.repository.js';
import { pushRequest } from './web-push.client.js';
import { writePush, type PushPayload } from './write-push.js';

/** An attempt has ended by then, or its process died. */
export const LEASE_MS = 30_000;
const DAY = 86_400_000;
/** What was not told within a day is no news; push services keep it no longer either. */
const NEWS_FOR_MS = DAY;
/** A device that has taken nothing for so long is not there any more. */
const PATIENCE_MS = 30 * DAY;
const KEPT_ANSWER = 512;
const GONE = [404, 410];
const BUSY = [408, 425, 429];

type Verdict = { is: 'told' } | { is: 'gone' } | { is: 'refused'; why: string } | { is: 'later'; pauseMs: number; forAll: boolean };

/** Tells one device one thing: claims it, calls outside of any transaction, writes down how it went. */
@Injectable()
export class SendPush {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly messages: PushMessagesRepository, private readonly devices: DevicesRepository, private readonly notifications: NotificationsRepository,
    private readonly settings: NotificationSettingsRepository, private readonly presenter: NotificationPresenter, private readonly keys: PushKeysRepository, private readonly keyring: Keyring,
    private readonly http: OutboundHttp, private readonly clock: Clock, private readonly log: Log, @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Does the next step for a device. False when there is nothing to do now. */
  async next({ accountId: account, subscriptionId }: PushKey): Promise<boolean> {
    const device = await this.devices.browser(subscriptionId);
    const now = this.clock.date();
    if (!device || (device.wait_until && device.wait_until > now)) return false;
    const claimed = await this.unitOfWork.run(accountId(account), async (tx) => {
      const row = await this.messages.claim(tx, subscriptionId, now, LEASE_MS);
      if (!row) return undefined;
      const told = await this.toBeTold(tx, row, device);
      if (!told) await this.messages.finish(tx, row);
      return { row, told };
    });
    if (!claimed) return false;
    if (claimed.told) await this.tell(claimed.row, claimed.told, device);
    return true;
  }

  /** Nothing of what was read or put off meanwhile, what is not theirs to see or not wanted any more. */
  private async toBeTold(tx: Tx, row: PushMessageRow, device: BrowserRow): Promise<{ payload: PushPayload; kind: Kind } | undefined> {
    if (this.clock.now() - row.created_at.getTime() >= NEWS_FOR_MS) return undefined;
    const [notification] = await this.notifications.byIds(tx, [row.notification_id]);
    // What is wanted here and not in the dashboard is there as read from the beginning.
    const isRead = notification?.read_at && notification.read_at.getTime() !== notification.created_at.getTime();
    if (!notification || notification.user_id !== device.user_id || isRead || notification.snoozed_until) return undefined;
    const kind = kindOf(notification.kind);
    if (!hasFlag((await this.settings.of(tx, device.user_id)).push_flags, kind) || !await this.notifications.isAccountOpen(tx)) return undefined;
    const [shown] = await this.presenter.list(tx, [notification]);
    return shown && { kind, payload: writePush(tx.accountId, notification.locale, shown, device.attributes['shows_text'] === true) };
  }

  private async tell(row: PushMessageRow, { payload, kind }: { payload: PushPayload; kind: Kind }, device: BrowserRow): Promise<void> {
    const { publicKey, privateKey } = await this.keys.get();
    const outcome = await this.http.send({
      ...pushRequest(device.subscription, JSON.stringify(payload), {
        keys: { publicKey, privateKey }, subject: this.subject(), urgency: kind === 'conversation_creation' ? 'normal' : 'high', topic: this.topic(row),
        ttlSeconds: Math.ceil((row.created_at.getTime() + NEWS_FOR_MS - this.clock.now()) / 1_000),
      }), maxBytes: KEPT_ANSWER,
    });
    const verdict = this.judge(outcome, row.attempts);
    const now = this.clock.date();
    if (verdict.is === 'refused') this.log.warn('a push service refused a message', { account_id: row.account_id, subscription_id: row.subscription_id, host: new URL(device.subscription.endpoint).host, why: verdict.why });
    // With the device goes what waits for it.
    if (verdict.is === 'gone' || (verdict.is !== 'told' && device.failing_since && now.getTime() - device.failing_since.getTime() >= PATIENCE_MS)) return this.devices.remove(device.user_id, device.id).then(() => undefined);
    await this.devices.note(device.id, { told: verdict.is === 'told', now, waitUntil: verdict.is === 'later' && verdict.forAll ? new Date(now.getTime() + verdict.pauseMs) : null });
    await this.unitOfWork.run(accountId(row.account_id), (tx) => (verdict.is === 'later' ? this.messages.putOff(tx, row, new Date(now.getTime() + verdict.pauseMs)) : this.messages.finish(tx, row)));
  }

  private judge(outcome: OutboundOutcome, attempts: number): Verdict {
    const pauseMs = pauseAfter(attempts) ?? DAY;
    if (outcome.kind === 'refused') return { is: 'refused', why: outcome.reason };
    // When an answer is lost it may be told twice: the same topic and tag let the browser show it once.
    if (outcome.kind !== 'answered') return { is: 'later', pauseMs, forAll: false };
    const { status } = outcome;
    if (status >= 200 && status < 300) return { is: 'told' };
    if (GONE.includes(status)) return { is: 'gone' };
    if (status < 500 && !BUSY.includes(status)) return { is: 'refused', why: `The server answered ${status}. ${quoted(outcome.body, KEPT_ANSWER)}`.trim() };
    const asked = askedPause(outcome.headers['retry-after'], this.clock.now());
    return { is: 'later', pauseMs: asked ?? pauseMs, forAll: asked !== undefined };
  }

  /** Whom a push service can turn to. */
  private subject(): string {
    const url = new URL(publicUrl(this.config));
    return url.protocol === 'https:' ? url.origin : `mailto:admin@${url.hostname}`;
  }

  /** Of one conversation the service keeps only the newest message. It learns nothing from the name. */
  private topic(row: PushMessageRow): string {
    return this.keyring.mac('push topic', `${row.account_id}/${row.subscription_id}/${row.conversation_id}`).subarray(0, 24).toString('base64url');
  }
}
